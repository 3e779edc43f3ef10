"""Whom tasks are asked of: who serves at which school on a term's last day."""

from typing import NamedTuple

from apps.core.models import Term
from apps.webui.tasks import Survey

from .models import Appointment, on_day


class Person(NamedTuple):
    """A teacher, the school, the township and the position."""

    teacher: int
    school: int
    township: int
    position: str


def staff(survey: Survey, term: Term) -> list[Person]:
    """Return who serves on the term's last day, as far as the survey's user sees it; one query, kept."""
    key = f"staff-{term.pk}"
    if key not in survey.kept:
        rows = Appointment.objects.visible_to(survey.user).filter(on_day(term.ends_on)).order_by("pk")
        found = rows.values_list("teacher_id", "school_id", "teacher__township_id", "teacher__position")
        survey.kept[key] = [Person(*row) for row in found]
    kept: list[Person] = survey.kept[key]
    return kept
