"""What an import wrote, kept with it: which rows are new, and what changed and deleted ones held before."""

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.core.journal import PORTION, Journal, values_of

from .importing import Plan
from .models import ImportBatch, ImportChange
from .overview import RESEARCHERS
from .resolving import parents

# Fields that every write sets anew.
OWN = {"version", "created_at", "updated_at"}


class Exact(DjangoJSONEncoder):
    """Writes moments to the microsecond, as the database keeps them."""

    def default(self, o: Any) -> Any:
        """Return what JSON can hold."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


@dataclass
class Trace:
    """What an import wrote of one model.

    `created` maps ids to the versions that the import left; `changed` the same with the values that differed before;
    `deleted` holds all values of rows that are gone, `joined` the ids of rows that were tied to the township.
    """

    model: type[models.Model]
    created: dict[int, int] = field(default_factory=dict)
    changed: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    deleted: dict[int, dict[str, Any]] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)

    def packed(self) -> str:
        """Return the trace as compressed text."""
        parts = {name: getattr(self, name) for name in ("created", "changed", "deleted", "joined")}
        text = json.dumps(parts, cls=Exact, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(zlib.compress(text.encode(), 1)).decode()

    @classmethod
    def unpacked(cls, change: ImportChange) -> "Trace":
        """Return the trace that is kept."""
        model = apps.get_model(change.kind)
        parts = json.loads(zlib.decompress(base64.b64decode(change.rows)))
        return cls(
            model,
            {int(pk): version for pk, version in parts["created"].items()},
            {int(pk): (version, _read(model, values)) for pk, (version, values) in parts["changed"].items()},
            {int(pk): _read(model, values) for pk, values in parts["deleted"].items()},
            parts["joined"],
        )


def _read(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    by_column = {f.attname: f for f in model._meta.concrete_fields}
    return {name: by_column[name].to_python(value) for name, value in values.items() if name in by_column}


def stored(model: type[models.Model], ids: list[int], *, named: bool = False) -> Iterator[models.Model]:
    """Yield the rows of these ids that are there; `named` ones come with the rows that their names are made of."""
    rows = model._base_manager.select_related(*parents(model)) if named else model._base_manager
    for start in range(0, len(ids), PORTION):
        yield from rows.filter(pk__in=ids[start : start + PORTION])


def versions(model: type[models.Model], ids: list[int]) -> dict[int, int]:
    """Return id → version of the rows that are there."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), PORTION):
        found |= dict(model._base_manager.filter(pk__in=ids[start : start + PORTION]).values_list("pk", "version"))
    return found


def keep_trace(*, batch: ImportBatch, kept: Journal, plan: Plan) -> None:
    """Keep with an import what it wrote."""
    joined = [pk for part in plan.parts if part.sheet is RESEARCHERS for pk in part.joined]
    models_touched = dict.fromkeys([*kept.created, *kept.before, *([RESEARCHERS.model] if joined else [])])
    changes = []
    for place, model in enumerate(models_touched):
        trace = _trace(model, kept)
        if model is RESEARCHERS.model:
            trace.joined = joined
        if trace.created or trace.changed or trace.deleted or trace.joined:
            changes.append(
                ImportChange(
                    batch=batch,
                    kind=model._meta.label_lower,
                    place=place,
                    created=len(trace.created),
                    changed=len(trace.changed),
                    deleted=len(trace.deleted),
                    rows=trace.packed(),
                )
            )
    ImportChange.objects.bulk_create(changes)


def _trace(model: type[models.Model], kept: Journal) -> Trace:
    trace = Trace(model, versions(model, list(kept.created.get(model, ()))))
    gone = kept.deleted.get(model, {})
    before = kept.before.get(model, {})
    trace.deleted = {pk: before[pk] for pk in gone}
    for row in stored(model, [pk for pk in before if pk not in gone]):
        differing = {
            name: before[row.pk][name]
            for name, value in values_of(row).items()
            if name not in OWN and value != before[row.pk][name]
        }
        if differing or row.version != before[row.pk]["version"]:
            trace.changed[row.pk] = (row.version, differing)
    return trace
