"""What is asked of teachers: to observe lessons, as many as the quota of their position says."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import Case, Count, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.figures.measures import UNITS
from apps.teachers.models import Teacher
from apps.teachers.tasks import staff
from apps.webui.tasks import Part, Survey, Task

from .models import Observation, ObservationQuota, is_entered


def observed(survey: Survey) -> Iterator[Part]:
    """Yield what each teacher with a quota has observed in each begun term, at whatever school; two queries."""
    terms = survey.terms
    quotas = {
        (quota.township_id, quota.term_id, quota.position): quota.lessons
        for quota in ObservationQuota.objects.visible_to(survey.user).filter(term__in=terms)
    }
    if not quotas:
        return
    number = _observed(survey)
    for term in terms:
        elapsed = survey.elapsed(term.starts_on, term.ends_on)
        for person in staff(survey, term):
            asked = quotas.get((person.township, term.pk, person.position), 0)
            done = number.get((person.teacher, term.pk), 0)
            if asked:
                missing = max(asked - done, 0)
                late = missing if term.ends_on < survey.today else 0
                yield Part(person.school, done, asked, missing, late, asked * elapsed, person.teacher)


def _observed(survey: Survey) -> dict[tuple[int, int], int]:
    """Return (teacher, term) → number of lessons observed and entered."""
    whens = [When(date__range=(term.starts_on, term.ends_on), then=Value(term.pk)) for term in survey.terms]
    rows = (
        Observation.objects.filter(is_entered(), observer_teacher__in=Teacher.objects.visible_to(survey.user))
        .order_by()
        .annotate(_term=Case(*whens, output_field=IntegerField()))
        .filter(_term__isnull=False)
        .values_list("observer_teacher", "_term")
        .annotate(number=Count("pk"))
    )
    return {(teacher, term): number for teacher, term, number in rows}


def observations(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of the observations that count for the quotas of a school's teachers, or of one there."""
    query = {"period": survey.period.code, "entered": "true", "quota_at": str(school)}
    if teacher:
        query["observer_teacher"] = str(teacher)
    return f"{reverse('observations:observation_list')}?{urlencode(query)}"


TASKS = (
    Task(
        "observations",
        _("Observations"),
        _("observed / asked"),
        UNITS["lessons"],
        10,
        "observations.view_observationquota",
        observed,
        observations,
    ),
)
