"""The one road by which records are written: checked, versioned, audited, in one transaction.

Pages, the admin, imports and commands all come through here. An app's own verbs build on these.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from auditlog.context import auditlog_disabled, set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .models import Record, Term


def demand_unlocked(records: Sequence[Record], by: Any) -> None:
    """Raise ValidationError if something that the settings name forbids `by` to write these records of one model."""
    for path in settings.LOCKS:
        import_string(path)(records, by)


class Conflict(ValidationError):
    """Somebody else has changed the record since it was read."""


def save_record(*, record: Record, by: Any, version: int | None = None) -> Record:
    """Check and write one record, and return it.

    `version` is the one that the writer saw. Raises Conflict if the stored one is newer, ValidationError if the
    record breaks a rule.
    """
    with transaction.atomic(), set_actor(by):
        demand_unlocked([record], by)
        if record.pk:
            stored = (
                type(record)
                .objects.filter(pk=record.pk)
                .order_by("pk")
                .select_for_update()
                .values_list("version", flat=True)
                .first()
            )
            if stored is None:
                raise Conflict(_("Somebody has deleted this record meanwhile."))
            if version is not None and stored != version:
                raise Conflict(
                    _("Somebody else has changed this record meanwhile. Look at it in another window, then save again.")
                )
            record.version = stored + 1
        record.full_clean()
        record.save()
    return record


def delete_record(*, record: Record, by: Any) -> None:
    """Delete one record and what hangs on it; raise ValidationError naming what forbids it."""
    try:
        with transaction.atomic(), set_actor(by):
            demand_unlocked([record], by)
            record.delete()
    except (ProtectedError, RestrictedError) as error:
        held = getattr(error, "protected_objects", None) or error.restricted_objects
        names = "、".join(sorted({str(row._meta.verbose_name) for row in held}))
        raise ValidationError(_("It cannot be deleted: %(names)s still refer to it.") % {"names": names}) from error


def save_records(*, records: Sequence[Record], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked records of one model: new ones in bulk, known ones by `fields`; audited like single ones.

    The caller has validated each row (`clean_fields`, `clean`); the database holds the constraints.
    """
    if not records:
        return
    demand_unlocked(records, by)
    model = type(records[0])
    new = [record for record in records if record._state.adding]
    known = [record for record in records if not record._state.adding]
    with transaction.atomic():
        before = model.objects.in_bulk([record.pk for record in known])
        for record in known:
            record.version = before[record.pk].version + 1
        changes = [(record, _changes(before[record.pk], record, fields)) for record in known]
        # Known rows first: one that ends may make room for a new one.
        if known:
            model.objects.bulk_update(known, [*fields, "version"], batch_size=200)
        model.objects.bulk_create(new, batch_size=500)
        if auditlog.contains(model) and not auditlog_disabled.get():
            _audit(model, LogEntry.Action.CREATE, [(record, {}) for record in new], by)
            _audit(model, LogEntry.Action.UPDATE, changes, by)


def copy_to_next_term(*, model: type[Record], term: Term, by: Any) -> list[Record]:
    """Copy what is set for `term`, within what `by` sees, to the next term, and return what was added.

    What the next term already has stays as it is. Raises ValidationError where there is no next term or nothing set.
    """
    following = term.following()
    if following is None:
        raise ValidationError(_("There is no next term yet: add it first."))
    rows = model.objects.filter(term__in=[term, following])
    rows = list(rows.visible_to(by) if by is not None else rows)
    unique = next(c for c in model._meta.constraints if "term" in getattr(c, "fields", ()))
    key = [model._meta.get_field(name).attname for name in unique.fields if name != "term"]
    there = {tuple(getattr(row, name) for name in key) for row in rows if row.term_id == following.pk}
    given = [row for row in rows if row.term_id == term.pk]
    if not given:
        raise ValidationError(_("Nothing is set for this term yet."))
    own = [f.attname for f in model._meta.concrete_fields if f.editable and not f.primary_key and f.name != "term"]
    new = [
        model(term=following, **{name: getattr(row, name) for name in own})
        for row in given
        if tuple(getattr(row, name) for name in key) not in there
    ]
    save_records(records=new, by=by)
    return new


def hidden(_text: str) -> str:
    """Return what the audit keeps of personal data: that it was there, nothing of it."""
    return "***" if _text else ""


def _changes(old: Record, new: Record, fields: Iterable[str]) -> dict[str, list[str]]:
    """Return field → [old, new] of what differs; personal data is masked as the audit's registration says."""
    masked = auditlog.get_model_fields(type(new))["mask_fields"] if auditlog.contains(type(new)) else []
    # By the column: reading a foreign key's row would cost a query each.
    columns = {field: type(new)._meta.get_field(field).attname for field in fields}
    pairs = {field: (getattr(old, column), getattr(new, column)) for field, column in columns.items()}
    return {
        field: ["***", "***"] if field in masked else [str(was), str(now)]
        for field, (was, now) in pairs.items()
        if was != now
    }


def _audit(model: type[models.Model], action: int, changes: list[tuple[Record, dict]], by: Any) -> None:
    content_type = ContentType.objects.get_for_model(model)
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=content_type,
                object_pk=str(record.pk),
                object_id=record.pk,
                object_repr=str(record)[:200],
                action=action,
                changes=change,
                actor=by,
            )
            for record, change in changes
        ],
        batch_size=500,
    )
