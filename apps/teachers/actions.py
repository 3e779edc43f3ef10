"""What is done with teachers beyond plain records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import (
    demand_reach,
    lock,
    save_record,
    save_records,
    write_record,
    write_records,
)
from apps.core.actors import Actor, acting, demand_somebody
from apps.core.past import changed_days, later_days, turned
from apps.core.rules import Rule, demand, in_scope
from apps.schools.models import School, Township

from .models import Appointment, Leave, Teacher, on_day
from .numbers import free_numbers
from .rules import may_admit, may_end_leave, may_end_service, may_rejoin, may_reveal, may_take_leave, may_transfer

DAY = timedelta(days=1)


# Coming, moving, leaving.


@transaction.atomic
def admit_teacher(*, teacher: Teacher, school: School, on: date, by: Actor) -> Teacher:
    """Take a new teacher onto the roster, belonging to `school` since `on`, and return the teacher.

    Raises PermissionDenied, or ValidationError if teacher or appointment break a rule.
    """
    demand_somebody(by)
    if not (may_admit(by, teacher) and in_scope(by, school)):
        raise PermissionDenied
    save_teacher(record=teacher, by=by)
    write_record(record=Appointment(teacher=teacher, school=school, starts_on=on), by=by)
    return teacher


@transaction.atomic
def save_teacher(
    *, record: Teacher, by: Actor, since: Mapping[str, date] | None = None, version: int | None = None
) -> Teacher:
    """Write a teacher, with the next free number where there is none, and return the teacher.

    `since` gives for a field such as `title_since` the day since when its new facts hold: the old ones are kept as
    what held until the day before. A fact without such a day is corrected: it is taken never to have been otherwise.
    A stored teacher whose number was emptied keeps it. Raises as `save_record` does, and for a day that is too early.
    """
    past = turned(Teacher.objects.select_for_update().get(pk=record.pk), record, since) if since else []
    if record.pk and not record.no:
        record.no = Teacher.objects.filter(pk=record.pk).values_list("no", flat=True).first() or ""
    _issue_numbers([record])
    save_record(record=record, by=by, version=version)
    for row in past:
        write_record(record=row, by=by)
    return record


@transaction.atomic
def save_teachers(*, records: Sequence[Teacher], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked teachers as `save_teacher` writes one; a changed fact with a later day is new since then.

    Raises as `save_records` does, and for a day that is too early.
    """
    known = Teacher.objects.in_bulk([record.pk for record in records if not record._state.adding])
    past = [
        row
        for record in records
        if (stored := known.get(record.pk)) and (since := later_days(stored, record))
        for row in turned(stored, record, since)
    ]
    _issue_numbers(records)
    save_records(records=records, by=by, fields=fields)
    write_records(records=past, by=by)


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
        present.ends_on, present.end_reason = on - DAY, ""
        write_record(record=present, by=by)
    return write_record(
        record=Appointment(teacher=teacher, school=school, kind=kind, starts_on=on, ends_on=until), by=by
    )


@dataclass(frozen=True)
class Move:
    """A teacher belongs to another school from a day on."""

    teacher: Teacher
    school: School
    on: date


@transaction.atomic
def transfer_teachers(*, moves: Sequence[Move], by: Actor) -> None:
    """Let many teachers belong to other schools, as `transfer_teacher` does for one; the queries do not grow with them.

    Raises ValidationError for one who belongs to the present school no longer than since that day, or to another one
    later on.
    """
    served = _served(may_transfer, [move.teacher for move in moves], by)
    demand_reach(list({move.school.pk: move.school for move in moves}.values()), by)
    known, new = [], []
    for move in moves:
        names = {"teacher": move.teacher, "day": move.on.isoformat()}
        if any(row.starts_on > move.on for row in served[move.teacher.pk]):
            raise ValidationError(_("%(teacher)s has an appointment that begins after %(day)s already.") % names)
        if present := _covering(served[move.teacher.pk], move.on):
            if present.school_id == move.school.pk:
                continue
            if present.starts_on == move.on:
                what = _("%(teacher)s came to the present school on %(day)s only: choose a later day for the move.")
                raise ValidationError(what % names)
            present.ends_on, present.end_reason = move.on - DAY, ""
            known.append(present)
        row = Appointment(teacher=move.teacher, school=move.school, starts_on=move.on)
        row.clean()
        new.append(row)
    write_records(records=[*known, *new], by=by, fields=["ends_on", "end_reason"])


@dataclass(frozen=True)
class Departure:
    """A teacher's last day of service, and why it ends."""

    teacher: Teacher
    on: date
    reason: str


def end_service(*, teacher: Teacher, on: date, reason: str, by: Actor) -> Teacher:
    """End a teacher's service on the last day `on`, and return the teacher; see `end_services`."""
    end_services(departures=[Departure(lock(teacher), on, reason)], by=by)
    return teacher


@transaction.atomic
def end_services(*, departures: Sequence[Departure], by: Actor) -> None:
    """End the appointments of teachers who retire, move away or leave otherwise, and the leaves that would go on.

    Raises PermissionDenied, or ValidationError for one who belongs to no school on that day, whose end is entered
    already, or who has an appointment or a leave that begins later. The queries do not grow with the teachers.
    """
    teachers = [departure.teacher for departure in departures]
    served = _served(may_end_service, teachers, by)
    leaves: dict[int, list[Leave]] = defaultdict(list)
    for leave in Leave.objects.select_for_update().filter(teacher__in=teachers):
        leaves[leave.teacher_id].append(leave)
    ended, cut = [], []
    for departure in departures:
        pk, names = departure.teacher.pk, {"teacher": departure.teacher, "day": departure.on.isoformat()}
        present = _covering(served[pk], departure.on)
        if departure.reason not in Appointment.EndReason.values:
            raise ValidationError({"reason": _("Choose a reason.")})
        if present is None:
            raise ValidationError(_("%(teacher)s belongs to no school on %(day)s.") % names)
        if present.end_reason:
            raise ValidationError(_("That %(teacher)s leaves is entered already.") % names)
        begins = [row.starts_on for row in served[pk]] + [row.starts_on for row in leaves[pk]]
        if any(day > departure.on for day in begins):
            what = _("%(teacher)s has an appointment or a leave that begins after %(day)s: delete it first.")
            raise ValidationError(what % names)
        present.ends_on, present.end_reason = departure.on, departure.reason
        ended.append(present)
        for leave in leaves[pk]:
            if leave.ends_on is None or leave.ends_on > departure.on:
                leave.ends_on = departure.on
                cut.append(leave)
    write_records(records=ended, by=by, fields=["ends_on", "end_reason"])
    write_records(records=cut, by=by, fields=["ends_on"])


@transaction.atomic
def rejoin(*, teacher: Teacher, school: School, on: date, by: Actor) -> Teacher:
    """Let a teacher who had left serve again at `school`, from `on`, and return the teacher.

    Raises ValidationError for one who belongs to a school on that day, or later on.
    """
    demand(may_rejoin, by, lock(teacher))
    if not in_scope(by, school):
        raise PermissionDenied
    write_record(record=Appointment(teacher=teacher, school=school, starts_on=on), by=by)
    return teacher


def _served(rule: Rule[Teacher], teachers: Sequence[Teacher], by: Actor) -> dict[int, list[Appointment]]:
    """Return the appointments of each teacher, kept from others; raise PermissionDenied unless `by` may for all."""
    demand_somebody(by)
    demand_reach(teachers, by)
    if not all(rule(by, teacher) for teacher in teachers):
        raise PermissionDenied
    found: dict[int, list[Appointment]] = defaultdict(list)
    rows = Appointment.objects.select_for_update().filter(teacher__in=teachers).order_by("pk")
    named = {teacher.pk: teacher for teacher in teachers}
    for row in rows:
        row.teacher = named[row.teacher_id]
        found[row.teacher_id].append(row)
    return found


def _covering(rows: Iterable[Appointment], day: date) -> Appointment | None:
    return next((row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)), None)


# Leaves.


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
        _served(may_take_leave, [leave.teacher for leave in leaves], by)
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
        there = _covering(served[leave.teacher_id], leave.starts_on)
        if there is None:
            names = {"teacher": leave.teacher, "day": leave.starts_on.isoformat()}
            raise ValidationError({"starts_on": _("%(teacher)s belongs to no school on %(day)s.") % names})
        leave.school = there.school
    return leaves


# Personal data.


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
