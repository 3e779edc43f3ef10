"""Who may do what with teachers, and who is whom: nobody decides on what is their own."""

from apps.core.actors import Actor
from apps.core.rules import heads_school, is_self

from .models import Teacher


def is_person(actor: Actor, teacher: Teacher, school_id: int) -> bool:
    """Return whether `actor` is this teacher: by the own account, or as the principal who heads the school."""
    return is_self(actor, teacher.pk) or (
        heads_school(actor, school_id) and teacher.position == Teacher.Position.PRINCIPAL
    )
