"""What is asked of schools: to hold as many activities as planned, and to take the steps of small projects in time."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, Count, ExpressionWrapper, IntegerField, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import Term
from apps.figures.measures import UNITS
from apps.schools.models import School
from apps.webui.tasks import Part, Survey, Task

from .models import Activity, ActivityQuota, SmallProject, overdue, under_way


def held(survey: Survey) -> Iterator[Part]:
    """Yield how many activities each school has held of those planned for each begun term; three queries."""
    terms = survey.terms
    plans = {
        (plan.township_id, plan.term_id, plan.stage): plan.times
        for plan in ActivityQuota.objects.visible_to(survey.user).filter(term__in=terms)
    }
    if not plans:
        return
    number = _held(survey)
    schools = list(School.objects.visible_to(survey.user))
    for term in terms:
        elapsed = survey.elapsed(term.starts_on, term.ends_on)
        for school in schools:
            asked = plans.get((school.township_id, term.pk, school.stage), 0)
            done = number.get((school.pk, term.pk), 0)
            if asked and (done or _stood(school, term)):
                missing = max(asked - done, 0)
                late = missing if term.ends_on < survey.today else 0
                yield Part(school.pk, done, asked, missing, late, asked * elapsed)


def _stood(school: School, term: Term) -> bool:
    """Return whether the school was there all term: one that opens or closes within it is asked for nothing."""
    opened = school.opened_on is None or school.opened_on <= term.starts_on
    return opened and (school.closed_on is None or school.closed_on >= term.ends_on)


def _held(survey: Survey) -> dict[tuple[int, int], int]:
    """Return (school, term) → number of activities held."""
    whens = [When(date__range=(term.starts_on, term.ends_on), then=Value(term.pk)) for term in survey.terms]
    rows = (
        Activity.objects.visible_to(survey.user)
        .order_by()
        .annotate(_term=Case(*whens, output_field=IntegerField()))
        .filter(_term__isnull=False)
        .values_list("school", "_term")
        .annotate(number=Count("pk"))
    )
    return {(school, term): number for school, term, number in rows}


def activities(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of the activities that count for a school's plans."""
    query = {"period": survey.period.code, "planned": "true", "school": str(school)}
    return f"{reverse('research:activity_list')}?{urlencode(query)}"


def in_time(survey: Survey) -> Iterator[Part]:
    """Yield of each project under way in the year whether its next step is in time; one query."""
    found = SmallProject.objects.visible_to(survey.user).in_period(survey.period).filter(under_way()).order_by("pk")
    rows = found.annotate(_late=ExpressionWrapper(overdue(), output_field=BooleanField()))
    for school, late in rows.values_list("school_id", "_late"):
        yield Part(school, int(not late), 1, int(bool(late)), int(bool(late)), 1)


def _projects(survey: Survey, school: int, is_late: str) -> str:
    query = {"period": survey.period.code, "school": str(school), "overdue": is_late}
    return f"{reverse('research:smallproject_list')}?{urlencode(query)}"


def projects(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of a school's projects whose next step is in time."""
    return _projects(survey, school, "false")


def late_projects(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of a school's projects whose next step is overdue."""
    return _projects(survey, school, "true")


TASKS = (
    Task(
        "activities",
        _("Research activities"),
        _("held / planned"),
        UNITS["times"],
        40,
        "research.view_activityquota",
        held,
        activities,
        of_people=False,
    ),
    Task(
        "projects",
        _("Small projects"),
        _("in time / under way"),
        pgettext_lazy("unit", "projects"),
        50,
        "research.view_smallproject",
        in_time,
        projects,
        late_projects,
        of_people=False,
    ),
)
