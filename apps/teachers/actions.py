"""What is done with teachers beyond plain records."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from apps.core.actions import lock, save_record, save_records, write_record, write_records
from apps.core.actors import Actor, acting
from apps.core.past import changed_days, later_days, turned
from apps.core.rules import demand, in_scope
from apps.schools.actions import FOLLOWERS
from apps.schools.models import School

from .models import Appointment, Teacher, on_day
from .rules import may_reveal, may_transfer


@transaction.atomic
def transfer_teacher(
    *,
    teacher: Teacher,
    school: School,
    on: date,
    by: Actor,
    kind: str = Appointment.Kind.REGULAR,
    until: date | None = None,
) -> Appointment:
    """Let `teacher` belong to `school` from `on`: end the present appointment the day before, begin the new one.

    A teacher who already belongs there on that day stays as is. Returns the appointment. Raises PermissionDenied
    unless `by` may, and reaches both teacher and school.
    """
    demand(may_transfer, by, lock(teacher))
    if not in_scope(by, school):
        raise PermissionDenied
    present = teacher.appointments.filter(on_day(on)).first()
    if present and present.school_id == school.pk:
        return present
    if present:
        present.ends_on = on - timedelta(days=1)
        write_record(record=present, by=by)
    return write_record(
        record=Appointment(teacher=teacher, school=school, kind=kind, starts_on=on, ends_on=until), by=by
    )


def _follow_merger(school: School, into: School, on: date, by: Actor) -> None:
    """Let who belongs to a school from `on` belong to the one into which it is merged then."""
    rows = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), school=school)
    for row in rows.select_for_update().order_by("pk"):
        if row.starts_on >= on:
            row.school = into
            write_record(record=row, by=by)
            continue
        following = Appointment(teacher=row.teacher, school=into, kind=row.kind, starts_on=on, ends_on=row.ends_on)
        row.ends_on = on - timedelta(days=1)
        write_record(record=row, by=by)
        write_record(record=following, by=by)


FOLLOWERS.append(_follow_merger)


@transaction.atomic
def save_teacher(*, record: Teacher, since: Mapping[str, date], by: Actor, version: int | None = None) -> Teacher:
    """Write a teacher, and return the teacher; raises as `save_record` does, and for a day that is too early.

    `since` gives for a field such as `title_since` the day since when its new facts hold: the old ones are kept as
    what held until the day before. A fact without such a day is corrected: it is taken never to have been otherwise.
    """
    past = []
    if since:
        past = turned(Teacher.objects.select_for_update().get(pk=record.pk), record, since)
    save_record(record=record, by=by, version=version)
    for row in past:
        write_record(record=row, by=by)
    return record


@transaction.atomic
def save_teachers(*, records: Sequence[Teacher], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked teachers as `save_records` does; a changed fact with a later day leaves the earlier one."""
    known = Teacher.objects.in_bulk([record.pk for record in records if not record._state.adding])
    past = [
        row
        for record in records
        if (stored := known.get(record.pk)) and (since := later_days(stored, record))
        for row in turned(stored, record, since)
    ]
    save_records(records=records, by=by, fields=fields)
    write_records(records=past, by=by)


@transaction.atomic
def change_facts(
    *, teacher: Teacher, values: Mapping[str, Any], since: date | None, by: Actor, version: int | None = None
) -> Teacher:
    """Give a teacher new facts (title, position …) since a day, or correct the present ones where `since` is None.

    Returns the teacher; raises as `save_teacher` does.
    """
    stored = copy(lock(teacher, version=version))
    for fact, value in values.items():
        setattr(teacher, fact, value)
    days = dict.fromkeys(changed_days(stored, teacher), since) if since else {}
    return save_teacher(record=teacher, since=days, by=by, version=version)


@transaction.atomic
def reveal_personal_data(*, teacher: Teacher, by: Actor) -> dict[str, str]:
    """Return ID number and phone in full, and note in the audit who looked."""
    demand(may_reveal, by, lock(teacher))
    with acting(by):
        LogEntry.objects.log_create(teacher, force_log=True, action=LogEntry.Action.ACCESS)
    return {"id_number": teacher.id_number, "phone": teacher.phone}
