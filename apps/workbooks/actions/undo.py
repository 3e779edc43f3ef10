"""An import taken back: what it created goes, what it changed or deleted is as before, unless something newer is on it.

All in one transaction, and in the audit like any other writing.
"""

from collections.abc import Sequence
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import lock, write_record, write_records
from apps.core.actors import Actor, SystemActor, acting
from apps.core.journal import PORTION
from apps.core.models import Record
from apps.core.rules import demand
from apps.workbooks.models import ImportBatch
from apps.workbooks.rules import account_id, may_take_back
from apps.workbooks.undo.blockers import Blocked, blockers, joining, left_aside, traces_of
from apps.workbooks.undo.trace import Trace, stored, versions


def undo_import(*, batch: ImportBatch, by: Actor) -> ImportBatch:
    """Take an import back, all of it or nothing, and return it.

    Raises PermissionDenied, Blocked naming the records that forbid it, or ValidationError if it was not imported.
    """
    try:
        with transaction.atomic(), acting(by):
            demand(may_take_back, by, lock(batch))
            if batch.status != ImportBatch.Status.COMMITTED:
                raise ValidationError(_("Only a finished import can be taken back."))
            traces = traces_of(batch)
            if found := blockers(batch, traces, by):
                raise Blocked(found)
            batch.notes = [*batch.notes, *left_aside(traces)]
            _take_back(batch, traces, by)
            batch.status, batch.undone_at = ImportBatch.Status.UNDONE, timezone.now()
            batch.undone_by_id = account_id(by)
            write_record(record=batch, by=by)
    except IntegrityError as error:
        raise ValidationError(
            _("It cannot be taken back: what was there before contradicts a record that is newer.")
        ) from error
    return batch


def _take_back(batch: ImportBatch, traces: list[Trace], by: Actor) -> None:
    founded = {trace.model: trace.created for trace in traces}
    for f in ImportBatch._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.related_model in founded:
            # Imports into it that are taken back already stay on record, without the place.
            for other in ImportBatch.objects.filter(**{f"{f.attname}__in": list(founded[f.related_model])[:PORTION]}):
                setattr(other, f.name, None)
                write_record(record=other, by=by)
                if other == batch:
                    setattr(batch, f.name, None)
                    batch.version = other.version
    for trace in reversed(traces):
        if trace.joined and batch.township:
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


def _with_their_owners(trace: Trace, returning: dict[type[Record], set[int]]) -> list[dict[str, Any]]:
    """Return the values of deleted rows without those whose owner has been deleted since: they would have gone too.

    Owners that are `returning` themselves may come later.
    """
    values = list(trace.deleted.values())
    for f in trace.model._meta.concrete_fields:
        if isinstance(f, models.ForeignKey) and f.remote_field.on_delete is models.CASCADE:
            owner = f.related_model
            if not issubclass(owner, Record):
                continue
            ids = {row[f.attname] for row in values} - {None}
            there = {None, *versions(owner, sorted(ids)), *returning.get(owner, ())}
            values = [row for row in values if row[f.attname] in there]
    return values


def _delete(trace: Trace, by: Actor) -> None:
    """Delete what the import created, without asking anew what hangs on it, and note it in the audit."""
    rows = list(stored(trace.model, list(trace.created), named=True))
    if auditlog.contains(trace.model):
        _audit(rows, by)
    for start in range(0, len(rows), PORTION):
        ids = [row.pk for row in rows[start : start + PORTION]]
        for table in joining(trace.model):
            for f in table._meta.concrete_fields:
                if f.related_model is trace.model:
                    table._base_manager.filter(**{f"{f.name}__in": ids}).delete()
        going = trace.model._base_manager.filter(pk__in=ids)
        going._raw_delete(going.db)


def _audit(rows: Sequence[Record], by: Actor) -> None:
    if not rows:
        return
    system = {"system": by.key} if isinstance(by, SystemActor) else None
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
                actor=by.account,
                additional_data=system,
            )
            for row in rows
        ],
        batch_size=500,
    )


def _values_gone(row: Record) -> dict[str, list[str]]:
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


def _restore(trace: Trace, by: Actor) -> None:
    """Write back what changed rows held before."""
    by_column = {f.attname: f.name for f in trace.model._meta.concrete_fields}
    rows, fields = [], set()
    for row in stored(trace.model, [pk for pk, (_v, before) in trace.changed.items() if before], named=True):
        for column, value in trace.changed[row.pk][1].items():
            setattr(row, column, value)
            fields.add(by_column[column])
        rows.append(row)
    write_records(records=rows, by=by, fields=sorted(fields))
