"""Who may do what with teachers, and who is whom: nobody decides on what is their own."""

from collections.abc import Sequence

from django.utils import timezone

from apps.core.actors import Actor
from apps.core.rules import RecordRules, heads_school, is_self, keep_rules, keeps_records, rule

from .models import Appointment, Teacher, on_day

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


keep_rules(Teacher, RecordRules(change=may_write, fixed=withheld))
