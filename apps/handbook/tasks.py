"""What is asked of teachers: to write into the handbook what its requirements say."""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.figures.measures import UNITS
from apps.teachers.models import Teacher
from apps.teachers.tasks import staff
from apps.webui.tasks import Part, Survey, Task

from .models import HandbookEntry, Requirement, handed_in


def written(survey: Survey) -> Iterator[Part]:
    """Yield what each teacher has handed in under the requirements of each begun term; two queries."""
    asked_for: dict[tuple[int, int], list[Requirement]] = defaultdict(list)
    for requirement in Requirement.objects.visible_to(survey.user).filter(term__in=survey.terms):
        asked_for[requirement.township_id, requirement.term_id].append(requirement)
    if not asked_for:
        return
    number = _written(survey)
    for term in survey.terms:
        elapsed = survey.elapsed(term.starts_on, term.ends_on)
        for person in staff(survey, term):
            requirements = asked_for.get((person.township, term.pk), ())
            asked = sum(requirement.minimum for requirement in requirements)
            if asked:
                done = [number.get((person.teacher, requirement.pk), 0) for requirement in requirements]
                missing = sum(max(r.minimum - n, 0) for r, n in zip(requirements, done, strict=True))
                late = missing if term.ends_on < survey.today else 0
                yield Part(person.school, sum(done), asked, missing, late, asked * elapsed, person.teacher)


def _written(survey: Survey) -> dict[tuple[int, int], int]:
    """Return (teacher, requirement) → number of entries handed in."""
    rows = HandbookEntry.objects.filter(
        handed_in(), requirement__term__in=survey.terms, teacher__in=Teacher.objects.visible_to(survey.user)
    )
    found = rows.order_by().values_list("teacher", "requirement").annotate(number=Count("pk"))
    return {(teacher, requirement): number for teacher, requirement, number in found}


def entries(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of what a school's teachers, or one of them, handed in."""
    query = {"period": survey.period.code, "handed_in": "true", "asked_at": str(school)}
    if teacher:
        query["teacher"] = str(teacher)
    return f"{reverse('handbook:handbookentry_list')}?{urlencode(query)}"


TASKS = (
    Task(
        "handbook",
        _("Action handbook"),
        _("handed in / asked"),
        UNITS["pieces"],
        20,
        "handbook.view_requirement",
        written,
        entries,
    ),
)
