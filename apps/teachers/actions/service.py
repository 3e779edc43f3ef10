"""Coming, moving, leaving: the appointments of teachers, and their leaves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.core.actions import demand_reach, lock, write_record, write_records
from apps.core.actors import Actor, demand_somebody
from apps.core.rules import Rule, demand, in_scope
from apps.schools.actions import FOLLOWERS
from apps.schools.models import School
from apps.teachers.models import Appointment, Leave, Teacher, on_day
from apps.teachers.rules import may_admit, may_end_service, may_rejoin, may_transfer

from .records import save_teacher

DAY = timedelta(days=1)


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
    served = _appointments_of(may_transfer, [move.teacher for move in moves], by)
    demand_reach(list({move.school.pk: move.school for move in moves}.values()), by)
    known, new = [], []
    for move in moves:
        names = {"teacher": move.teacher, "day": move.on.isoformat()}
        if any(row.starts_on > move.on for row in served[move.teacher.pk]):
            raise ValidationError(_("%(teacher)s has an appointment that begins after %(day)s already.") % names)
        if present := covering(served[move.teacher.pk], move.on):
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
    served = _appointments_of(may_end_service, teachers, by)
    leaves: dict[int, list[Leave]] = defaultdict(list)
    for leave in Leave.objects.select_for_update().filter(teacher__in=teachers):
        leaves[leave.teacher_id].append(leave)
    ended, cut = [], []
    for departure in departures:
        pk, names = departure.teacher.pk, {"teacher": departure.teacher, "day": departure.on.isoformat()}
        present = covering(served[pk], departure.on)
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


def _appointments_of(rule: Rule[Teacher], teachers: Sequence[Teacher], by: Actor) -> dict[int, list[Appointment]]:
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


def covering(rows: Iterable[Appointment], day: date) -> Appointment | None:
    return next((row for row in rows if row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)), None)


def _follow_merger(school: School, into: School, on: date, by: Actor) -> None:
    """Let who belongs to a school from `on` belong to the one into which it is merged then."""
    rows = Appointment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), school=school)
    for row in rows.select_for_update().order_by("pk"):
        if row.starts_on >= on:
            row.school = into
            write_record(record=row, by=by)
            continue
        following = Appointment(teacher=row.teacher, school=into, kind=row.kind, starts_on=on, ends_on=row.ends_on)
        row.ends_on = on - DAY
        write_record(record=row, by=by)
        write_record(record=following, by=by)


FOLLOWERS.append(_follow_merger)
