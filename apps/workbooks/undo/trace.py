"""What an import wrote, kept with it: which rows are new, and what changed and deleted ones held before."""

import base64
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models.fields.files import FieldFile

from apps.core.fields import digest
from apps.core.journal import PORTION, Journal, values_of
from apps.core.models import Record
from apps.workbooks.models import ImportBatch, ImportChange
from apps.workbooks.planning.overview import RESEARCHERS
from apps.workbooks.planning.workbook import give_back
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.reading.references import parents

# So many rows are packed at once.
PIECE = 500
# Fields that every write sets anew.
OWN = {"version", "created_at", "updated_at"}


# How a changed row was left: its version, and a digest of its values. Of new rows, very many, the version does.
Left = tuple[int, str]


class Exact(DjangoJSONEncoder):
    """Writes moments to the microsecond, as the database keeps them, and files by their names."""

    def default(self, o: Any) -> Any:
        """Return what JSON can hold."""
        if isinstance(o, FieldFile):
            return o.name
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _json(value: Any) -> str:
    return json.dumps(value, cls=Exact, ensure_ascii=False, separators=(",", ":"))


@dataclass
class Trace:
    """What an import wrote of one model.

    `created` maps ids to the versions that the import left; `changed` to how it left the rows, and the values that
    differed before; `deleted` holds all values of rows that are gone, `joined` the ids of rows that were tied to the
    township.
    """

    model: type[Record]
    created: dict[int, int] = field(default_factory=dict)
    changed: dict[int, tuple[Left, dict[str, Any]]] = field(default_factory=dict)
    deleted: dict[int, dict[str, Any]] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)

    def packed(self) -> str:
        """Return the trace as compressed text, made piece by piece: of many rows it is long."""
        packing, packed = zlib.compressobj(1), bytearray()
        for piece in self._pieces():
            packed += packing.compress(piece.encode())
        packed += packing.flush()
        return base64.b64encode(packed).decode()

    def _pieces(self) -> Iterator[str]:
        for name in ("created", "changed", "deleted"):
            yield f'{"," if name != "created" else "{"}"{name}":'
            rows, sign = iter(getattr(self, name).items()), "{"
            while piece := dict(islice(rows, PIECE)):
                yield sign + _json(piece)[1:-1]
                sign = ","
            yield "}" if sign == "," else "{}"
        yield f',"joined":{_json(self.joined)}}}'

    @classmethod
    def unpacked(cls, change: ImportChange) -> "Trace":
        """Return the trace that is kept."""
        model = apps.get_model(change.kind)
        parts = json.loads(zlib.decompress(base64.b64decode(change.rows)))
        return cls(
            model,
            {int(pk): version for pk, version in parts["created"].items()},
            {int(pk): (_left(left), _read(model, values)) for pk, (left, values) in parts["changed"].items()},
            {int(pk): _read(model, values) for pk, values in parts["deleted"].items()},
            parts["joined"],
        )


def _left(kept: list[Any] | int) -> Left:
    """Return how a row was left; imports of old kept nothing but its version."""
    return (kept[0], kept[1]) if isinstance(kept, list) else (kept, "")


def _read(model: type[Record], values: dict[str, Any]) -> dict[str, Any]:
    by_column = {f.attname: f for f in model._meta.concrete_fields}
    return {name: by_column[name].to_python(value) for name, value in values.items() if name in by_column}


def stored(model: type[Record], ids: list[int], *, named: bool = False) -> Iterator[Record]:
    """Yield the rows of these ids that are there; `named` ones come with the rows that their names are made of."""
    rows = model._base_manager.select_related(*parents(model)) if named else model._base_manager
    for start in range(0, len(ids), PORTION):
        yield from rows.filter(pk__in=ids[start : start + PORTION])


def versions(model: type[Record], ids: list[int]) -> dict[int, int]:
    """Return id → version of the rows that are there."""
    found: dict[int, int] = {}
    for start in range(0, len(ids), PORTION):
        found |= dict(model._base_manager.filter(pk__in=ids[start : start + PORTION]).values_list("pk", "version"))
    return found


def left_as(row: Record) -> Left:
    """Return how a row is now."""
    values = {name: value for name, value in values_of(row).items() if name not in OWN}
    text = json.dumps(values, cls=Exact, ensure_ascii=False, sort_keys=True)
    return row.version, digest(text)[:24]


def touched(model: type[Record], left: dict[int, Left], since: datetime) -> Iterator[Record]:
    """Yield the rows that are there and not as they were left then; what was changed and put back is as it was."""
    newer: list[int] = []
    for start in range(0, len(left), PORTION):
        found = model._base_manager.filter(pk__in=list(left)[start : start + PORTION])
        newer += [pk for pk, version in found.values_list("pk", "version") if version != left[pk][0]]
    put_back = _put_back(model, [pk for pk in newer if not left[pk][1]], since)
    for row in stored(model, newer):
        kept = left[row.pk][1]
        if row.pk not in put_back if not kept else left_as(row)[1] != kept:
            yield row


def _put_back(model: type[Record], ids: list[int], since: datetime) -> set[int]:
    """Return those of the rows whose changes since then, as the audit knows them, end where they began.

    What the audit does not show, such as a phone, may have stayed another.
    """
    if not auditlog.contains(model):
        return set()
    masked = set(auditlog.get_model_fields(model)["mask_fields"])
    changes: dict[int, dict[str, tuple[str, str]]] = {}
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(model), action=LogEntry.Action.UPDATE, timestamp__gt=since
    )
    for start in range(0, len(ids), PORTION):
        found = entries.filter(object_id__in=ids[start : start + PORTION]).order_by("pk")
        for pk, changed in found.values_list("object_id", "changes"):
            known = changes.setdefault(pk, {})
            for name, (was, now) in (changed or {}).items():
                known[name] = (known[name][0] if name in known else was, now)
    return {
        pk
        for pk, fields in changes.items()
        if not masked & fields.keys() and all(was == now for was, now in fields.values())
    }


def gone(trace: Trace) -> list[int]:
    """Return the ids of rows that the import changed and that have been deleted since."""
    ids = set(trace.changed)
    for start in range(0, len(trace.changed), PORTION):
        found = trace.model._base_manager.filter(pk__in=list(trace.changed)[start : start + PORTION])
        ids -= set(found.values_list("pk", flat=True))
    return sorted(ids)


def keep_trace(*, batch: ImportBatch, kept: Journal, plan: Plan) -> None:
    """Keep with an import what it wrote; the journal is empty afterwards."""
    joined = [pk for part in plan.parts if part.sheet is RESEARCHERS for pk in part.joined]
    touched_models = dict.fromkeys([*kept.created, *kept.before, *([RESEARCHERS.model] if joined else [])])
    changes = []
    for place, model in enumerate(model for model in touched_models if issubclass(model, Record)):
        trace = _trace(model, kept)
        if model is RESEARCHERS.model:
            trace.joined = joined
        if trace.created or trace.changed or trace.deleted or trace.joined:
            changes.append(_packed(batch, place, trace))
        del trace
    give_back()
    ImportChange.objects.bulk_create(changes)


def _packed(batch: ImportBatch, place: int, trace: Trace) -> ImportChange:
    return ImportChange(
        batch=batch,
        kind=trace.model._meta.label_lower,
        place=place,
        created=len(trace.created),
        changed=len(trace.changed),
        deleted=len(trace.deleted),
        rows=trace.packed(),
    )


def _trace(model: type[Record], kept: Journal) -> Trace:
    trace = Trace(model, versions(model, list(kept.created.get(model, ()))))
    gone = kept.deleted.get(model, {})
    before = kept.before.get(model, {})
    trace.deleted = {pk: before.pop(pk) for pk in gone}
    for row in stored(model, list(before)):
        was = before.pop(row.pk)
        differing = {
            name: was[name] for name, value in values_of(row).items() if name not in OWN and value != was[name]
        }
        if differing or row.version != was["version"]:
            trace.changed[row.pk] = (left_as(row), differing)
    return trace
