"""Leaves: teachers who are away for a time, and still on the staff."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record, write_record, write_records
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.teachers.models import Appointment, Leave, Teacher, on_day
from apps.teachers.rules import may_end_leave, may_take_leave

from .service import DAY, _appointments_of, covering


@transaction.atomic
def take_leave(*, teacher: Teacher, kind: str, starts_on: date, by: Actor, ends_on: date | None = None) -> Teacher:
    """Enter that a teacher, still on the staff, is away from a day on, and return the teacher.

    Raises PermissionDenied, or ValidationError for one who belongs to no school then, or is on leave already.
    """
    demand(may_take_leave, by, lock(teacher))
    write_record(record=_placed([Leave(teacher=teacher, kind=kind, starts_on=starts_on, ends_on=ends_on)])[0], by=by)
    return teacher


@transaction.atomic
def save_leave(*, record: Leave, by: Actor, version: int | None = None) -> Leave:
    """Write a leave and return it; a new one belongs to the school where its teacher serves when it begins."""
    _placed([record])
    return save_record(record=record, by=by, version=version)


@transaction.atomic
def begin_leaves(*, leaves: Sequence[Leave], by: Actor) -> None:
    """Write many new leaves as `take_leave` writes one; the queries do not grow with them."""
    if leaves:
        _appointments_of(may_take_leave, [leave.teacher for leave in leaves], by)
        for leave in _placed(leaves):
            leave.clean_fields()
            leave.clean()
        write_records(records=leaves, by=by)


@transaction.atomic
def end_leave(*, teacher: Teacher, on: date, by: Actor) -> Teacher:
    """Enter that a teacher is back from leave, with `on` as the first day back, and return the teacher.

    Raises ValidationError for one who is not on leave the day before.
    """
    demand(may_end_leave, by, lock(teacher))
    leave = Leave.objects.filter(on_day(on - DAY), teacher=teacher).first()
    if leave is None:
        raise ValidationError({"on": _("%(teacher)s is not on leave until then.") % {"teacher": teacher}})
    leave.ends_on = on - DAY
    write_record(record=leave, by=by)
    return teacher


def _placed(leaves: Sequence[Leave]) -> Sequence[Leave]:
    """Give new leaves the school of their first day; raise ValidationError where there is none."""
    new = [leave for leave in leaves if not leave.school_id]
    served: dict[int, list[Appointment]] = defaultdict(list)
    for row in Appointment.objects.filter(teacher__in={leave.teacher_id for leave in new}).select_related("school"):
        served[row.teacher_id].append(row)
    for leave in new:
        there = covering(served[leave.teacher_id], leave.starts_on)
        if there is None:
            names = {"teacher": leave.teacher, "day": leave.starts_on.isoformat()}
            raise ValidationError({"starts_on": _("%(teacher)s belongs to no school on %(day)s.") % names})
        leave.school = there.school
    return leaves
