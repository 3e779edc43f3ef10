"""Who may do what with teachers, and who is whom: nobody decides on what is their own."""

from collections.abc import Sequence

from django.utils import timezone

from apps.core.actors import Actor
from apps.core.rules import RecordRules, heads_school, is_self, keep_rules, keeps_records, rule

from .models import Appointment, Leave, Teacher, on_day

PERSONAL = "teachers.view_personal_data"


def is_person(actor: Actor, teacher: Teacher, school_id: int) -> bool:
    """Return whether `actor` is this teacher: by the own account, else as the principal who heads the school.

    An account that names its teacher says by that alone who somebody is.
    """
    if actor.teacher_id is not None:
        return is_self(actor, teacher.pk)
    return heads_school(actor, school_id) and teacher.position == Teacher.Position.PRINCIPAL


def is_teacher(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` is this teacher, at whatever school something happened.

    It is the own account, or one without a teacher of the principal of the school to which the teacher belongs today.
    """
    if actor.teacher_id is not None:
        return is_self(actor, teacher.pk)
    if actor.school_id is None or teacher.position != Teacher.Position.PRINCIPAL:
        return False
    return Appointment.objects.filter(on_day(timezone.localdate()), teacher=teacher, school=actor.school_id).exists()


def may_write(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor`, who has the permission, may write this teacher: a school, those who serve there today."""
    if keeps_records(actor):
        return True
    if "school_pk" in vars(teacher):  # read along with the row
        return heads_school(actor, vars(teacher)["school_pk"])
    today = teacher.appointments.filter(on_day(timezone.localdate()))
    return heads_school(actor, today.values_list("school_id", flat=True).first())


def withheld(actor: Actor, teacher: Teacher) -> Sequence[str]:
    """Return what `actor` may not write: personal data, for those who do not see it, and the principal's own post.

    By the post it is known who heads a school, and so what is a principal's own: no school takes it away.
    """
    fields = () if actor.has_perm(PERSONAL) else ("id_number", "phone")
    own = teacher.position == Teacher.Position.PRINCIPAL or is_self(actor, teacher.pk)
    heads = own and not keeps_records(actor)
    return (*fields, "position", "position_since") if heads else fields


@rule(PERSONAL)
def may_reveal(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may see ID number and phone in full."""
    return True


@rule("teachers.add_appointment")
def may_transfer(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may let a teacher belong to another school."""
    return keeps_records(actor)


@rule("teachers.change_appointment")
def may_end_service(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may end a teacher's service: retired, moved away, resigned; nobody the own one."""
    return keeps_records(actor) and not is_self(actor, teacher.pk)


@rule("teachers.add_appointment")
def may_rejoin(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may let a teacher who had left serve again."""
    return keeps_records(actor) and not is_self(actor, teacher.pk)


@rule("teachers.add_teacher")
def may_admit(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may take in a new teacher, with the first appointment."""
    return keeps_records(actor)


def keeps_leaves(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` keeps the leaves of a teacher: the office, the head of the school of today; never own."""
    return may_write(actor, teacher) and not is_teacher(actor, teacher)


@rule("teachers.add_leave")
def may_take_leave(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may enter that a teacher goes on leave."""
    return keeps_leaves(actor, teacher)


@rule("teachers.change_leave")
def may_end_leave(actor: Actor, teacher: Teacher) -> bool:
    """Return whether `actor` may enter that a teacher is back from leave."""
    return keeps_leaves(actor, teacher)


def keeps_leave(actor: Actor, leave: Leave) -> bool:
    """Return whether `actor`, who has the permission, may write this leave: of the own school, never the own one."""
    keeps = keeps_records(actor) or heads_school(actor, leave.school_id)
    return keeps and not (leave.teacher_id and is_person(actor, leave.teacher, leave.school_id))


keep_rules(Teacher, RecordRules(change=may_write, fixed=withheld))
keep_rules(Leave, RecordRules(add=keeps_leave, change=keeps_leave))
