"""What is done with teachers beyond plain records."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.core.actions import lock, save_record, save_records, write_record
from apps.core.actors import Actor, acting
from apps.core.rules import demand, in_scope
from apps.schools.models import School, Township

from .models import Appointment, Teacher, on_day
from .numbers import free_numbers
from .rules import may_reveal, may_transfer


@transaction.atomic
def save_teacher(*, record: Teacher, by: Actor, version: int | None = None) -> Teacher:
    """Write a teacher, with the next free number where there is none, and return it; raises as `save_record` does.

    A stored teacher whose number was emptied keeps it.
    """
    if record.pk and not record.no:
        record.no = Teacher.objects.filter(pk=record.pk).values_list("no", flat=True).first() or ""
    _issue_numbers([record])
    return save_record(record=record, by=by, version=version)


@transaction.atomic
def save_teachers(*, records: Sequence[Teacher], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked teachers as `save_teacher` writes one; raises as `save_records` does."""
    _issue_numbers(records)
    save_records(records=records, by=by, fields=fields)


def _issue_numbers(teachers: Sequence[Teacher]) -> None:
    """Give each teacher without a number the next free one of the township's form.

    The township's row is locked until the transaction ends, so that nobody else issues the same.
    """
    waiting: dict[int, list[Teacher]] = {}
    for teacher in teachers:
        if not teacher.no and teacher.township_id:
            waiting.setdefault(teacher.township_id, []).append(teacher)
    for township_id, rows in sorted(waiting.items()):
        township = lock(Township(pk=township_id))
        taken = set(Teacher.objects.filter(township=township).values_list("no", flat=True))
        taken |= {teacher.no for teacher in teachers}
        free = free_numbers(township.number_pattern, taken)
        for teacher in rows:
            teacher.no = next(free)


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


@transaction.atomic
def reveal_personal_data(*, teacher: Teacher, by: Actor) -> dict[str, str]:
    """Return ID number and phone in full, and note in the audit who looked."""
    demand(may_reveal, by, lock(teacher))
    with acting(by):
        LogEntry.objects.log_create(teacher, force_log=True, action=LogEntry.Action.ACCESS)
    return {"id_number": teacher.id_number, "phone": teacher.phone}
