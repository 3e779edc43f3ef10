"""What is asked of schools: to rate each teacher in the year's ethics assessment."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.figures.measures import UNITS
from apps.webui.tasks import Part, Survey, Task

from .filters import is_rated
from .models import EthicsAssessment


def rated(survey: Survey) -> Iterator[Part]:
    """Yield of each assessment of the year's cycles whether it is rated; one query."""
    found = EthicsAssessment.objects.visible_to(survey.user).in_period(survey.period).order_by("pk")
    rows = found.annotate(_rated=ExpressionWrapper(is_rated(), output_field=BooleanField()))
    columns = ("school_id", "teacher_id", "cycle__opens_on", "cycle__closes_on", "_rated")
    for school, teacher, opens_on, closes_on, done in rows.values_list(*columns):
        late = int(not done and closes_on < survey.today)
        yield Part(school, int(done), 1, int(not done), late, survey.elapsed(opens_on, closes_on), teacher)


def _address(survey: Survey, school: int, teacher: int | None, is_done: str) -> str:
    query = {"period": survey.period.code, "school": str(school), "rated": is_done}
    if teacher:
        query["person"] = str(teacher)
    return f"{reverse('ethics:ethicsassessment_list')}?{urlencode(query)}"


def done(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of the assessments that are rated."""
    return _address(survey, school, teacher, "true")


def missing(survey: Survey, school: int, teacher: int | None = None) -> str:
    """Return the address of the assessments that are still to be rated."""
    return _address(survey, school, teacher, "false")


TASKS = (
    Task(
        "ethics",
        _("Ethics assessment"),
        _("rated / to be rated"),
        UNITS["people"],
        30,
        "ethics.change_ethicsassessment",
        rated,
        done,
        missing,
    ),
)
