"""An import taken back: what it created goes, what it changed or deleted is as before, unless something newer is on it.

All in one transaction, and in the audit like any other writing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from auditlog.context import set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import write_records
from apps.core.journal import PORTION
from apps.webui.pages import REGISTRY
from apps.workbooks.models import ImportBatch
from apps.workbooks.undo.trace import Trace, gone, stored, touched

# So many of what forbids the undoing are named.
NAMED = 50


@dataclass(frozen=True)
class Blocker:
    """A record that forbids taking an import back: its kind, its name, its page, and why."""

    kind: str
    name: str
    url: str
    why: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.why}"


class Blocked(ValidationError):
    """An import cannot be taken back; `blockers` names the records."""

    def __init__(self, blockers: list[Blocker]) -> None:
        super().__init__([str(blocker) for blocker in blockers])
        self.blockers = blockers


def traces_of(batch: ImportBatch) -> list[Trace]:
    """Return what an import wrote, in the order of writing."""
    return [Trace.unpacked(change) for change in batch.written.order_by("place")]


def blockers(batch: ImportBatch, by: Any, traces: list[Trace] | None = None) -> list[Blocker]:
    """Return what forbids taking an import back, the first of very many."""
    found: list[Blocker] = []
    traces = traces_of(batch) if traces is None else traces
    for blocker in _blockers(batch, traces, by):
        found.append(blocker)
        if len(found) >= NAMED:
            break
    return found


def _blockers(batch: ImportBatch, traces: list[Trace], by: Any) -> Iterator[Blocker]:
    by_model = {trace.model: trace for trace in traces}
    for trace in traces:
        left = {pk: (version, "") for pk, version in trace.created.items()}
        left |= {pk: as_left for pk, (as_left, _before) in trace.changed.items()}
        for row in touched(trace.model, left, batch.ended):
            yield _blocker(row, by, _("It has been changed since the import."))
        for relation in trace.model._meta.related_objects:
            if relation.related_model not in (ImportBatch, *_joining(trace.model)):
                yield from _hanging(relation, trace, by_model.get(relation.related_model), by)
    yield from _later_imports(batch, by_model)


def _hanging(relation: Any, trace: Trace, own: Trace | None, by: Any) -> Iterator[Blocker]:
    """Yield rows that refer to what the import created, and are not its own."""
    model, column, created = relation.related_model, relation.field.attname, list(trace.created)
    for start in range(0, len(created), PORTION):
        rows = model._base_manager.filter(**{f"{column}__in": created[start : start + PORTION]})
        for row in rows:
            if own and (row.pk in own.created or column in own.changed.get(row.pk, (0, {}))[1]):
                continue
            yield _blocker(row, by, _("It refers to what the import brought."))


def _later_imports(batch: ImportBatch, by_model: dict[type[models.Model], Trace]) -> Iterator[Blocker]:
    """Yield other imports into a township, school or school year that this one founded."""
    for f in ImportBatch._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.related_model in by_model:
            others = ImportBatch.objects.filter(
                **{f"{f.attname}__in": list(by_model[f.related_model].created)[:PORTION]}
            )
            for other in others.exclude(pk=batch.pk).exclude(status=ImportBatch.Status.UNDONE):
                yield Blocker(
                    _name(ImportBatch), str(other), other.get_absolute_url(), _("It refers to what the import brought.")
                )


def _joining(model: type[models.Model]) -> list[type[models.Model]]:
    """Return the tables that only join two models."""
    ways = [*model._meta.many_to_many, *(r.field for r in model._meta.related_objects if r.many_to_many)]
    return [way.remote_field.through for way in ways if way.remote_field.through._meta.auto_created]


def _blocker(row: models.Model, by: Any, why: str) -> Blocker:
    kind = _name(type(row))
    queryset = type(row)._default_manager.all()
    seen = by is None or not hasattr(queryset, "visible_to") or queryset.visible_to(by).filter(pk=row.pk).exists()
    if not seen:
        return Blocker(kind, _("(of another school)"), "", why)
    linked = row._meta.label_lower in REGISTRY and by is not None and REGISTRY[row._meta.label_lower].may(by, "view")
    return Blocker(kind, str(row), row.get_absolute_url() if linked else "", why)


def _name(model: type[models.Model]) -> str:
    return str(model._meta.verbose_name)


def left_aside(traces: list[Trace]) -> list[str]:
    """Return in sentences what the import changed and somebody has deleted since: it stays deleted."""
    said = []
    for trace in traces:
        ids = gone(trace)
        entries = LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(trace.model),
            object_id__in=ids[:NAMED],
            action=LogEntry.Action.DELETE,
        )
        names = dict(entries.order_by("pk").values_list("object_id", "object_repr"))
        said += [
            _("%(kind)s %(name)s has been deleted since the import and is not put back.")
            % {"kind": _name(trace.model), "name": names.get(pk, f"#{pk}")}
            for pk in ids[:NAMED]
        ]
        if more := len(ids[NAMED:]):
            said.append(
                _("%(number)d more of %(kind)s have been deleted since and are not put back.")
                % {"number": more, "kind": _name(trace.model)}
            )
    return said


def undo_import(*, batch: ImportBatch, by: Any) -> ImportBatch:
    """Take an import back, all of it or nothing, and return it.

    Raises Blocked naming what newer records depend on it, ValidationError if it was not imported or a rule forbids it.
    """
    try:
        with transaction.atomic(), set_actor(by):
            held = ImportBatch.objects.select_for_update().filter(pk=batch.pk, status=ImportBatch.Status.COMMITTED)
            if not held.exists():
                raise ValidationError(_("Only a finished import can be taken back."))
            traces = traces_of(batch)
            if found := blockers(batch, by, traces):
                raise Blocked(found)
            batch.notes = [*held.get().notes, *left_aside(traces)]
            _take_back(batch, traces, by)
            batch.status, batch.undone_at, batch.undone_by = ImportBatch.Status.UNDONE, timezone.now(), by
            batch.save()
    except IntegrityError as error:
        raise ValidationError(
            _("It cannot be taken back: what was there before contradicts a record that is newer.")
        ) from error
    return batch


def _take_back(batch: ImportBatch, traces: list[Trace], by: Any) -> None:
    founded = {trace.model: trace.created for trace in traces}
    for f in ImportBatch._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.related_model in founded:
            # Imports into it that are taken back already stay on record, without the place.
            for other in ImportBatch.objects.filter(**{f"{f.attname}__in": list(founded[f.related_model])[:PORTION]}):
                setattr(other, f.name, None)
                other.save()
            if getattr(batch, f.attname) in founded[f.related_model]:
                setattr(batch, f.name, None)
    batch.save()
    for trace in reversed(traces):
        if trace.joined and batch.township_id:
            batch.township.researchers.remove(*trace.joined)
        _delete(trace, by)
    for trace in traces:
        _restore(trace, by)
    returning = {trace.model: set(trace.deleted) for trace in traces}
    for trace in traces:
        rows = [trace.model(**values) for values in _with_their_owners(trace, returning)]
        write_records(records=rows, by=by)
        for row in rows:
            row.created_at = trace.deleted[row.pk]["created_at"]  # writing it anew set it to now
        trace.model._base_manager.bulk_update(rows, ["created_at"], batch_size=200)
    connection.check_constraints([trace.model._meta.db_table for trace in traces])


def _with_their_owners(trace: Trace, returning: dict[type[models.Model], set[int]]) -> list[dict[str, Any]]:
    """Return the values of deleted rows without those whose owner has been deleted since: they would have gone too.

    Owners that are `returning` themselves may come later.
    """
    values = list(trace.deleted.values())
    for f in trace.model._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is models.CASCADE:
            ids = {row[f.attname] for row in values}
            there = {row.pk for row in stored(f.related_model, sorted(ids - {None}))} | {None}
            there |= returning.get(f.related_model, set())
            values = [row for row in values if row[f.attname] in there]
    return values


def _delete(trace: Trace, by: Any) -> None:
    """Delete what the import created, without asking anew what hangs on it, and note it in the audit."""
    rows = list(stored(trace.model, list(trace.created), named=True))
    if auditlog.contains(trace.model):
        _audit(rows, by)
    for start in range(0, len(rows), PORTION):
        ids = [row.pk for row in rows[start : start + PORTION]]
        for table in _joining(trace.model):
            for f in table._meta.concrete_fields:
                if f.related_model is trace.model:
                    table._base_manager.filter(**{f"{f.name}__in": ids}).delete()
        going = trace.model._base_manager.filter(pk__in=ids)
        going._raw_delete(going.db)


def _audit(rows: Iterable[models.Model], by: Any) -> None:
    rows = list(rows)
    if not rows:
        return
    content_type = ContentType.objects.get_for_model(rows[0])
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=content_type,
                object_pk=str(row.pk),
                object_id=row.pk,
                object_repr=str(row)[:200],
                action=LogEntry.Action.DELETE,
                changes=_values_gone(row),
                actor=by,
            )
            for row in rows
        ],
        batch_size=500,
    )


def _values_gone(row: models.Model) -> dict[str, list[str]]:
    """Return field → value and nothing, as the audit writes a deletion; personal data is masked as it is registered."""
    told = auditlog.get_model_fields(type(row))
    values = {
        f.name: getattr(row, f.attname) for f in row._meta.concrete_fields if f.name not in told["exclude_fields"]
    }
    return {
        name: ["***" if name in told["mask_fields"] else str(value), "None"]
        for name, value in values.items()
        if value not in (None, "")
    }


def _restore(trace: Trace, by: Any) -> None:
    """Write back what changed rows held before."""
    by_column = {f.attname: f.name for f in trace.model._meta.concrete_fields}
    rows, fields = [], set()
    for row in stored(trace.model, [pk for pk, (_v, before) in trace.changed.items() if before], named=True):
        for column, value in trace.changed[row.pk][1].items():
            setattr(row, column, value)
            fields.add(by_column[column])
        rows.append(row)
    write_records(records=rows, by=by, fields=sorted(fields))
