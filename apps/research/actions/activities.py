"""Who took part in an activity."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record, save_records
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.research.models import Activity, Attendance
from apps.research.rules import may_record_attendance
from apps.teachers.models import Appointment, Teacher, on_day


def schools_on(teachers: Iterable[Teacher], day: date) -> dict[int, int]:
    """Return teacher's id → id of the school that the teacher belonged to on `day`, without those of no school."""
    rows = Appointment.objects.filter(on_day(day), teacher__in=list(teachers))
    return dict(rows.values_list("teacher", "school"))


@transaction.atomic
def record_attendance(*, activity: Activity, teachers: Iterable[Teacher], by: Actor) -> int:
    """Put `teachers` on the activity's list with the hours it grants, each for the school of that day.

    Those already listed stay as they are. Returns how many were added. Raises ValidationError naming the teachers who
    belonged to no school on the activity's day, PermissionDenied for one whom `by` does not see.
    """
    demand(may_record_attendance, by, lock(activity))
    listed = set(activity.attendances.filter(teacher__in=teachers).values_list("teacher", flat=True))
    new = [teacher for teacher in teachers if teacher.pk not in listed]
    schools = schools_on(new, activity.date)
    if homeless := [teacher.name for teacher in new if teacher.pk not in schools]:
        raise ValidationError(
            _("On %(day)s these teachers belonged to no school: %(names)s. Check their appointments.")
            % {"day": activity.date.isoformat(), "names": "、".join(homeless)}
        )
    rows = [
        Attendance(activity=activity, teacher=teacher, school_id=schools[teacher.pk], hours=activity.hours)
        for teacher in new
    ]
    save_records(records=rows, by=by)
    return len(rows)


@transaction.atomic
def save_attendance(*, record: Attendance, by: Actor, version: int | None = None) -> Attendance:
    """Write one attendance: a new one for the teacher's school of that day, hours left empty as the activity grants.

    Raises ValidationError for a teacher who belonged to no school then.
    """
    if not record.school_id:
        school = schools_on([record.teacher], record.activity.date).get(record.teacher_id)
        if not school:
            raise ValidationError({"teacher": _("The teacher belonged to no school on the activity's day.")})
        record.school_id = school
    if record.hours is None:
        record.hours = record.activity.hours
    return save_record(record=record, by=by, version=version)
