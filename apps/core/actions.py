"""The one road by which records are written: allowed, checked, versioned, audited, in one transaction.

Pages, the admin, imports and commands all come through here. `save_record`, `save_records` and `delete_record` are the
verbs of plain records: they demand the rule that `rules.py` of the app states. An app's own verbs demand theirs, and
write by `write_record`, `write_records` and `erase_record`, which ask for no rule: only `actions` may import those.
"""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from auditlog.context import auditlog_disabled
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from .actors import Actor, SystemActor, acting, demand_somebody
from .fields import field_of, related_model
from .journal import PORTION
from .models import Record, Term
from .rules import permitted, reaches_all, record_rule, rules_of
from .scope import ScopedQuerySet

R = TypeVar("R", bound=Record)

# What may forbid to write records: functions of the records (of one model) and of who writes, from the manifests.
Lock = Callable[[Sequence[Record], Actor], None]
LOCKS: list[Lock] = []


def demand_unlocked(records: Sequence[Record], by: Actor) -> None:
    """Raise ValidationError if a lock forbids `by` to write these records of one model."""
    for lock in LOCKS:
        lock(records, by)


class Conflict(ValidationError):
    """Somebody else has changed the record since it was read."""


def gone() -> Conflict:
    """Return the refusal for a record that is no longer there."""
    return Conflict(_("Somebody has deleted this record meanwhile."))


def overtaken() -> Conflict:
    """Return the refusal for a record of which there is a newer version."""
    return Conflict(
        _("Somebody else has changed this record meanwhile. Look at it in another window, then save again.")
    )


def lock(record: R, *, version: int | None = None) -> R:
    """Read a stored record again, keep others from writing it until the transaction ends, and return it.

    `version` is the one that the user saw. Raises Conflict if the stored one is newer, or there is none any more.
    """
    try:
        record.refresh_from_db(from_queryset=type(record)._base_manager.select_for_update())
    except type(record).DoesNotExist as error:
        raise gone() from error
    if version is not None and record.version != version:
        raise overtaken()
    return record


def demand_version(record: Record, version: int | None) -> int:
    """Keep others from writing a stored record until the transaction ends, and return its stored version.

    `version` is the one that the user saw. Raises Conflict if the stored one is another, or there is none any more.
    """
    rows = type(record)._base_manager.select_for_update().filter(pk=record.pk).order_by("pk")
    stored: int | None = rows.values_list("version", flat=True).first()
    if stored is None:
        raise gone()
    if version is not None and stored != version:
        raise overtaken()
    return stored


# The verbs of plain records.


@transaction.atomic
def save_record(*, record: R, by: Actor, version: int | None = None) -> R:
    """Check and write one record, and return it.

    `version` is the one that the writer saw. Raises PermissionDenied if `by` may not, Conflict if the stored one is
    newer, ValidationError if the record breaks a rule.
    """
    permission = _permission([record])
    demand_write([record], by)
    write_record(record=record, by=by, version=version)
    demand_reach([record], by, permission)
    return record


@transaction.atomic
def save_records(*, records: Sequence[Record], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked records of one model as `save_record` writes one."""
    if records:
        permission = _permission(records)
        demand_write(records, by)
        write_records(records=records, by=by, fields=fields)
        demand_reach(records, by, permission)


def _permission(records: Sequence[Record]) -> str:
    """Return the permission by which records of one model are written: to add where one is new, else to change."""
    verb = "add" if any(record._state.adding for record in records) else "change"
    return record_rule(type(records[0]), verb).permission


@transaction.atomic
def delete_record(*, record: Record, by: Actor) -> None:
    """Delete one record and what hangs on it; raise PermissionDenied, or ValidationError naming what forbids it."""
    demand_somebody(by)
    rule = record_rule(type(record), "delete")
    if not (_all_visible([record], by, rule.permission) and rule(by, record)):
        raise PermissionDenied
    erase_record(record=record, by=by)


def demand_write(records: Sequence[Record], by: Actor) -> None:
    """Raise PermissionDenied unless `by` may write these records of one model, as they are and as they were.

    New ones ask for the permission to add, known ones for that to change; known ones must be within reach, and so must
    the rows that foreign keys newly name. What a role may not write must stay as it is.
    """
    demand_somebody(by)
    model = type(records[0])
    new = [record for record in records if record._state.adding]
    stored = _locked_rows(model, [record.pk for record in records if not record._state.adding])
    pairs: list[tuple[Record, Record | None]] = [(record, None) for record in new]
    pairs += [(record, stored[record.pk]) for record in records if record.pk in stored]  # what is gone is told later
    for verb, rows in (("add", new), ("change", list(stored.values()))):
        rule = record_rule(model, verb)
        if rows and not (by.has_perm(rule.permission) and all(rule.predicate(by, row) for row in rows)):
            raise PermissionDenied
    if reaches_all(by):
        return
    if not _all_visible(list(stored.values()), by, record_rule(model, "change").permission):
        raise PermissionDenied
    _demand_fixed(pairs, by)
    _demand_offered(model, pairs, by)


def demand_reach(records: Sequence[Record], by: Actor, permission: str = "") -> None:
    """Raise PermissionDenied if one of these written records of one model lies beyond what `by` sees.

    With a permission, also where that does not hold.
    """
    if not _all_visible(records, by, permission):
        raise PermissionDenied


def _locked_rows(model: type[Record], ids: Sequence[int]) -> dict[int, Record]:
    """Return id → stored row, kept from others until the transaction ends."""
    found: dict[int, Record] = {}
    for start in range(0, len(ids), PORTION):
        rows = model._base_manager.select_for_update().filter(pk__in=ids[start : start + PORTION])
        found |= {row.pk: row for row in rows.order_by("pk")}
    return found


def _all_visible(records: Sequence[Record], by: Actor, permission: str = "") -> bool:
    if reaches_all(by) or not records:
        return True
    ids, rows = [record.pk for record in records], type(records[0]).objects.visible_to(by)
    rows = permitted(rows, by, permission) if permission else rows
    return all(
        rows.filter(pk__in=part).values("pk").distinct().count() == len(part)
        for part in (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
    )


def _demand_fixed(pairs: Iterable[tuple[Record, Record | None]], by: Actor) -> None:
    for record, stored in pairs:
        for name in rules_of(type(record)).fixed(by, stored or record):
            field = field_of(type(record), name)
            before = getattr(stored, field.attname) if stored else field.get_default()
            if getattr(record, field.attname) != before:
                raise PermissionDenied(_("You may not write “%(field)s”.") % {"field": field.verbose_name})


def _demand_offered(model: type[Record], pairs: Sequence[tuple[Record, Record | None]], by: Actor) -> None:
    """Raise PermissionDenied where a foreign key newly names a row that `by` is not offered."""
    for field in model._meta.concrete_fields:
        if not (isinstance(field, models.ForeignKey) and issubclass(related_model(field), Record) and field.editable):
            continue
        named = {
            getattr(record, field.attname)
            for record, stored in pairs
            if stored is None or getattr(record, field.attname) != getattr(stored, field.attname)
        } - {None}
        if named and offered(model, field.name, by).filter(pk__in=named).values("pk").distinct().count() < len(named):
            raise PermissionDenied


def offered(model: type[Record], name: str, by: Actor) -> models.QuerySet[Any]:
    """Return the rows that `by` may write into a foreign key of `model`: forms offer the same."""
    own = rules_of(model).offered.get(name)
    if own is not None:
        return own(by)
    rows = related_model(field_of(model, name))._default_manager.all()
    if not isinstance(rows, ScopedQuerySet):
        return rows
    return permitted(rows.visible_to(by), by, record_rule(model, "add").permission)


# What verbs write by, after they have demanded their rule.


def write_record(*, record: R, by: Actor, version: int | None = None) -> R:
    """Check and write one record, and return it, whoever may; raise Conflict or ValidationError as `save_record`."""
    with transaction.atomic(), acting(by):
        demand_unlocked([record], by)
        if record.pk:
            record.version = demand_version(record, version) + 1
        record.full_clean()
        record.save()
    return record


def erase_record(*, record: Record, by: Actor) -> None:
    """Delete one record and what hangs on it, whoever may; raise ValidationError naming what forbids it."""
    try:
        with transaction.atomic(), acting(by):
            demand_unlocked([record], by)
            record.delete()
    except (ProtectedError, RestrictedError) as error:
        held = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
        names = "、".join(sorted({str(row._meta.verbose_name) for row in held}))
        raise ValidationError(_("It cannot be deleted: %(names)s still refer to it.") % {"names": names}) from error


def write_records(*, records: Sequence[Record], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked records of one model: new ones in bulk, known ones by `fields`; audited like single ones.

    The caller has validated each row (`clean_fields`, `clean`); the database holds the constraints.
    """
    demand_somebody(by)
    if not records:
        return
    demand_unlocked(records, by)
    model = type(records[0])
    new = [record for record in records if record._state.adding]
    known = [record for record in records if not record._state.adding]
    with transaction.atomic():
        # Known rows first: one that ends may make room for a new one.
        for start in range(0, len(known), PORTION):
            _write_known(model, known[start : start + PORTION], [*fields], by)
        model.objects.bulk_create(new, batch_size=500)
        _audit(model, LogEntry.Action.CREATE, [(record, {}) for record in new], by)


def _write_known(model: type[Record], known: Sequence[Record], fields: list[str], by: Actor) -> None:
    """Write some fields of stored rows; not of too many, since what they held before is in memory meanwhile."""
    before = model.objects.in_bulk([record.pk for record in known])
    for record in known:
        record.version = before[record.pk].version + 1
    changes = [(record, _changes(before[record.pk], record, fields)) for record in known]
    model.objects.bulk_update(known, [*fields, "version"], batch_size=200)
    _audit(model, LogEntry.Action.UPDATE, changes, by)


@transaction.atomic
def copy_to_next_term(*, model: type[Record], term: Term, by: Actor) -> list[Record]:
    """Copy what is set for `term`, within what `by` sees, to the next term, and return what was added.

    What the next term already has stays as it is. Raises ValidationError where there is no next term or nothing set,
    PermissionDenied unless `by` may add such records.
    """
    following = term.following()
    if following is None:
        raise ValidationError(_("There is no next term yet: add it first."))
    of_term = {"term__in": [term, following]}
    rows = list(model.objects.filter(**of_term).visible_to(by))
    once = (c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and "term" in c.fields)
    key = [field_of(model, name).attname for name in next(once) if name != "term"]
    term_of = attrgetter("term_id")
    there = {tuple(getattr(row, name) for name in key) for row in rows if term_of(row) == following.pk}
    given = [row for row in rows if term_of(row) == term.pk]
    if not given:
        raise ValidationError(_("Nothing is set for this term yet."))
    own = [f.attname for f in model._meta.concrete_fields if f.editable and not f.primary_key and f.name != "term"]
    new = [
        model(**{"term": following} | {name: getattr(row, name) for name in own})
        for row in given
        if tuple(getattr(row, name) for name in key) not in there
    ]
    save_records(records=new, by=by)
    return new


def _changes(old: Record, new: Record, fields: Iterable[str]) -> dict[str, list[str]]:
    """Return field → [old, new] of what differs; personal data is masked as the audit's registration says."""
    masked = auditlog.get_model_fields(type(new))["mask_fields"] if auditlog.contains(type(new)) else []
    # By the column: reading a foreign key's row would cost a query each.
    columns = {field: field_of(type(new), field).attname for field in fields}
    pairs = {field: (getattr(old, column), getattr(new, column)) for field, column in columns.items()}
    return {
        field: ["***", "***"] if field in masked else [str(was), str(now)]
        for field, (was, now) in pairs.items()
        if was != now
    }


def _audit(model: type[models.Model], action: int, changes: list[tuple[Record, dict[str, Any]]], by: Actor) -> None:
    """Note what was done to these rows, where their kind is audited, and something is to stay."""
    if not auditlog.contains(model) or auditlog_disabled.get():
        return
    content_type = ContentType.objects.get_for_model(model)
    system = {"system": by.key} if isinstance(by, SystemActor) else None
    LogEntry.objects.bulk_create(
        [
            LogEntry(
                content_type=content_type,
                object_pk=str(record.pk),
                object_id=record.pk,
                object_repr=str(record)[:200],
                action=action,
                changes=change,
                actor=by.account,
                additional_data=system,
            )
            for record, change in changes
        ],
        batch_size=500,
    )
