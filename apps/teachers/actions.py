"""What is done with teachers beyond plain records."""

from datetime import date, timedelta
from typing import Any

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.db import transaction

from apps.core.actions import write_record
from apps.schools.models import School

from .models import Appointment, Teacher, on_day


@transaction.atomic
def transfer_teacher(
    *,
    teacher: Teacher,
    school: School,
    on: date,
    by: Any,
    kind: str = Appointment.Kind.REGULAR,
    until: date | None = None,
) -> Appointment:
    """Let `teacher` belong to `school` from `on`: end the present appointment the day before, begin the new one.

    A teacher who already belongs there on that day stays as is. Returns the appointment.
    """
    present = teacher.appointments.filter(on_day(on)).first()
    if present and present.school_id == school.pk:
        return present
    if present:
        present.ends_on = on - timedelta(days=1)
        write_record(record=present, by=by)
    return write_record(
        record=Appointment(teacher=teacher, school=school, kind=kind, starts_on=on, ends_on=until), by=by
    )


def reveal_personal_data(*, teacher: Teacher, by: Any) -> dict[str, str]:
    """Return ID number and phone in full, and note in the audit who looked."""
    with transaction.atomic(), set_actor(by):
        LogEntry.objects.log_create(teacher, force_log=True, action=LogEntry.Action.ACCESS)
    return {"id_number": teacher.id_number, "phone": teacher.phone}
