"""The records' list of a version: which records each figure counted when it was finalised, and what came of them."""

import gzip
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper

from apps.core.models import Record
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Figure, Tally
from apps.figures.filters import RecordFilter
from apps.reports.models import AnnualSummary, SummaryVersion
from apps.webui.pages import REGISTRY

from .document import all_chapters

# Texts and addresses of records.
Named = tuple[tuple[str, str], ...]
# How many records of a kind the page of drift names; the rest is said as a number.
NAMED = 20


@dataclass(frozen=True)
class Drift:
    """A figure as it was finalised and as it is, and the records that came in, went out or were changed since.

    Records are (text, address), without an address those that are gone; `more` says how many are not named.
    """

    was: Figure
    now: Figure
    came: Named = ()
    went: Named = ()
    changed: Named = ()
    more: int = 0


def _tallies(kind: str) -> dict[type[RecordFilter], list[Tally]]:
    groups: dict[type[RecordFilter], list[Tally]] = {}
    for chapter in all_chapters():
        for tally in chapter.tallies_at(kind):
            groups.setdefault(tally.filterset, []).append(tally)
    return groups


def counted_records(scope: Scope, period: Period) -> dict[str, Any]:
    """Return what a version keeps: the records of each kind (id → version, text), and the ids that a figure counted.

    One query for each list that figures link to.
    """
    records: dict[str, dict[str, list[Any]]] = {}
    figures: dict[str, list[int]] = {}
    for filterset, tallies in _tallies(scope.kind).items():
        model = filterset._meta.model
        fetch = REGISTRY[model.label].fetch if model.label in REGISTRY else ()
        flags = {
            f"counted_{number}": ExpressionWrapper(filterset.where(tally.where, period), output_field=BooleanField())
            for number, tally in enumerate(tallies)
            if filterset.where(tally.where, period)
        }
        kept = records.setdefault(model.label, {})
        for tally in tallies:
            figures[tally.key] = []
        rows = filterset.base(scope, period).select_related(*fetch).order_by("pk").annotate(**flags)
        for row in rows.iterator(chunk_size=2000):
            for number, tally in enumerate(tallies):
                if getattr(row, f"counted_{number}", True):
                    figures[tally.key].append(row.pk)
                    kept[str(row.pk)] = [row.version, str(row)]
    return {"records": records, "figures": figures}


def packed(counted: dict[str, Any]) -> bytes:
    """Return a records' list compressed; the same list gives the same bytes."""
    return gzip.compress(json.dumps(counted, ensure_ascii=False).encode(), mtime=0)


def kept_records(version: SummaryVersion) -> dict[str, Any]:
    """Return the records' list of a version, an empty one where none was kept."""
    if not version.records:
        return {"records": {}, "figures": {}}
    with version.records.open("rb") as file:
        kept: dict[str, Any] = json.loads(gzip.decompress(file.read()))
    return kept


def drift_of(summary: AnnualSummary, version: SummaryVersion, pairs: list[tuple[Figure, Figure]]) -> list[Drift]:
    """Return what came of the records behind each pair of figures (as finalised, as now). One query a figure."""
    kept = kept_records(version)
    by_key = {tally.key: tally for tallies in _tallies(summary.kind).values() for tally in tallies}
    scope, period = summary.scope, summary.period
    found = []
    for was, now in pairs:
        tally = by_key.get(was.key)
        if tally is None or was.key not in kept["figures"]:
            found.append(Drift(was, now))
            continue
        model: type[Record] = tally.filterset._meta.model
        then = {int(pk): kept["records"][model.label][str(pk)] for pk in kept["figures"][was.key]}
        fetch = REGISTRY[model.label].fetch if model.label in REGISTRY else ()
        rows = tally.filterset.base(scope, period).filter(tally.filterset.where(tally.where, period))
        live = {row.pk: row for row in rows.select_related(*fetch)}
        came = [(str(row), row.get_absolute_url()) for pk, row in live.items() if pk not in then]
        went = [(text, "") for pk, (_number, text) in then.items() if pk not in live]
        changed = [
            (str(row), row.get_absolute_url()) for pk, row in live.items() if pk in then and row.version != then[pk][0]
        ]
        more = sum(max(len(records) - NAMED, 0) for records in (came, went, changed))
        found.append(Drift(was, now, tuple(came[:NAMED]), tuple(went[:NAMED]), tuple(changed[:NAMED]), more))
    return found
