"""Filters of observations, quotas and rubrics, and what can be counted of observations."""

from typing import Any

import django_filters
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import (
    Avg,
    BigIntegerField,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf, Round
from django.db.models.sql.compiler import SQLCompiler
from django.forms import DateInput
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.filters import COUNT, IdFilter, RecordFilter
from apps.figures.measures import UNITS, Measure
from apps.teachers.filters import ByTeacherFilter

from .models import Observation, ObservationQuota, Rubric, is_entered, toward_quota

Occasion = Observation.Occasion
# 观摩课、汇报课、示范课: lessons given for others to learn from.
SHOWN = (Occasion.SHOWING, Occasion.REPORT, Occasion.DEMONSTRATION)


class Lesson(Func):
    """A number for each lesson: a teacher's on a day in a period of the day, however many observed it.

    Numbers are told apart in half the time of texts. Days differ by less than 100,000, a small integer is below 32,768.
    """

    output_field = BigIntegerField()
    days = {"sqlite": "CAST(julianday(%s) AS integer)", "postgresql": "(%s - DATE '1900-01-01')"}

    def __init__(self) -> None:
        super().__init__("teacher_id", "date", "lesson_no")

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, *args: Any, **extra: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the SQL of the number; the three expressions are columns and take no parameters."""
        teacher, day, number = (compiler.compile(part)[0] for part in self.source_expressions)
        return f"(({teacher} * 100000 + {self.days[connection.vendor] % day}) * 32768 + {number})", ()


class Person(Func):
    """A text for a person by id, told apart from ids of other kinds by a letter; null without one."""

    template, output_field = "('%(letter)s' || %(expressions)s)", CharField()


OBSERVER = Coalesce(
    Person("observer_teacher_id", letter="t"), Person("observer_researcher_id", letter="r"), "observer_name"
)
DISCUSSED = ~Q(discussion="")
DAY = DateInput(attrs={"type": "date"})


def _lessons_each(where: Q) -> Any:
    """Return how many lessons an observing teacher observed on average; each observation is a lesson of its own."""
    by_teachers = where & Q(observer_teacher__isnull=False)
    lessons = Count("pk", filter=by_teachers)
    teachers = Count("observer_teacher", distinct=True, filter=by_teachers)
    return Cast(lessons, FloatField()) / NullIf(Cast(teachers, FloatField()), Value(0.0))


def _above(cutoff: str) -> Any:
    """Return by how much the scores of a lesson are above a cut-off of their rubrics, added up.

    It is 0 or more where the mean is. Rounded to the scores' own decimal: SQLite adds in binary fractions.
    """
    return Round(Sum(F("score") - F(f"rubric__{cutoff}"), output_field=FloatField()), 1)


class ObservationFilter(ByTeacherFilter):
    """Observations; `teacher` means who gave or observed the lesson, `given_by` who gave it."""

    observer = django_filters.ChoiceFilter(
        label=_("observer"),
        choices=[
            ("teacher", pgettext_lazy("observer", "a teacher")),
            ("researcher", pgettext_lazy("observer", "a researcher")),
            ("other", pgettext_lazy("observer", "somebody else")),
        ],
    )
    verdict = django_filters.ChoiceFilter(
        label=_("verdict on the lesson (mean of its observers)"),
        choices=[
            ("excellent", pgettext_lazy("verdict", "excellent")),
            ("good", pgettext_lazy("verdict", "good")),
            ("fair", pgettext_lazy("verdict", "fair")),
            ("unqualified", pgettext_lazy("verdict", "unqualified")),
        ],
    )
    shown = django_filters.BooleanFilter(label=_("observation, report or demonstration lesson"))
    scored = django_filters.BooleanFilter(label=_("scored by a rubric"))
    discussed = django_filters.BooleanFilter(label=_("discussed afterwards"))
    entered = django_filters.BooleanFilter(label=_("submitted or confirmed"))
    since = django_filters.DateFilter(label=_("from"), field_name="date", lookup_expr="gte", widget=DAY)
    until = django_filters.DateFilter(label=_("until"), field_name="date", lookup_expr="lte", widget=DAY)
    given_by = IdFilter(label=_("teacher of the lesson"), of="teachers.teacher")
    observer_teacher = IdFilter(label=_("observing teacher"))
    observer_researcher = IdFilter(label=_("observing researcher"))
    quota_at = IdFilter(label=_("counts for the quota at the school"), of="schools.school")
    activity = IdFilter(label=_("part of the activity"))
    search = (
        "teacher__name", "teacher__pinyin", "observer_teacher__name", "observer_researcher__name", "observer_name",
        "topic",
    )  # fmt: skip
    measures = (
        Measure(
            "lessons",
            _("lessons observed"),
            UNITS["lessons"],
            lambda where: Count(Lesson(), distinct=True, filter=where),
        ),
        Measure("count", _("observations"), UNITS["attendances"], lambda where: Count("pk", filter=where)),
        Measure(
            "discussions",
            _("discussions"),
            UNITS["times"],
            # A lesson is discussed once, however many of its observers wrote down what was said.
            lambda where: Count(Lesson(), distinct=True, filter=where & DISCUSSED),
        ),
        Measure("average", _("average score"), UNITS["points"], lambda where: Avg("score", filter=where), places=1),
        Measure(
            "teachers",
            _("teachers observed"),
            UNITS["people"],
            lambda where: Count("teacher", distinct=True, filter=where),
        ),
        Measure(
            "observers", _("observers"), UNITS["people"], lambda where: Count(OBSERVER, distinct=True, filter=where)
        ),
        Measure("each", _("lessons per observing teacher"), UNITS["lessons"], _lessons_each, places=1),
    )

    class Meta:
        model = Observation
        fields = ["subject", "occasion", "status", "lesson_type", "grade"]

    def where_observer(self, value: str) -> Q:
        """Return the condition that a teacher, a researcher or somebody else observed."""
        by_teacher, by_researcher = Q(observer_teacher__isnull=False), Q(observer_researcher__isnull=False)
        return {"teacher": by_teacher, "researcher": by_researcher}.get(value, ~by_teacher & ~by_researcher)

    def where_verdict(self, value: str) -> Q:
        """Return the condition that the mean of the lesson's observers reaches this grade, and none above.

        Drafts do not count. Of one lesson all observations are found or none, so that a lesson has one verdict.
        """
        floors = ["excellent_from", "good_from", "fair_from"]
        place = ["excellent", "good", "fair", "unqualified"].index(value)
        wanted = {"reached__gte": 0} if place < 3 else {}
        wanted |= {"missed__lt": 0} if place else {}
        sums = {"reached": _above(floors[min(place, 2)]), "missed": _above(floors[max(place - 1, 0)])}
        scored = Observation.objects.filter(
            is_entered(), teacher=OuterRef("teacher"), date=OuterRef("date"), lesson_no=OuterRef("lesson_no"),
            score__isnull=False,
        )  # fmt: skip
        return Q(Exists(scored.order_by().values("teacher").annotate(**sums).filter(**wanted)))

    def where_shown(self, value: bool) -> Q:
        """Return the condition that the lesson was given for others to learn from, or was not."""
        return Q(occasion__in=SHOWN) if value else ~Q(occasion__in=SHOWN)

    def where_scored(self, value: bool) -> Q:
        """Return the condition that an observation has a score, or has none."""
        return Q(score__isnull=not value)

    def where_discussed(self, value: bool) -> Q:
        """Return the condition that the lesson's discussion is recorded, or is not."""
        return DISCUSSED if value else ~DISCUSSED

    def where_entered(self, value: bool) -> Q:
        """Return the condition that an observation is no draft, or is one."""
        return is_entered() if value else ~is_entered()

    def where_quota_at(self, value: int) -> Q:
        """Return the condition that an observation counts for the quota of its observer at the school of this id."""
        return toward_quota(value)

    def where_given_by(self, value: int) -> Q:
        """Return the condition that the teacher of this id gave the lesson."""
        return Q(teacher=value)


class GivenFilter(ObservationFilter):
    """What others observed of a teacher."""

    by = "given_by"

    @classmethod
    def base(cls, scope: Scope, period: Period) -> QuerySet[Any]:
        """Return the observations of the lessons that the scope's teacher gave."""
        return super().base(scope, period).filter(teacher=scope.teacher)


class ObservedFilter(ObservationFilter):
    """What a teacher observed of others."""

    by = "observer_teacher"

    @classmethod
    def base(cls, scope: Scope, period: Period) -> QuerySet[Any]:
        """Return the observations that the scope's teacher made."""
        return super().base(scope, period).filter(observer_teacher=scope.teacher)


class ObservationQuotaFilter(RecordFilter):
    measures = (COUNT,)

    class Meta:
        model = ObservationQuota
        fields = ["position"]


class RubricFilter(RecordFilter):
    search = ("name", "edition", "document")

    class Meta:
        model = Rubric
        fields = ["in_use"]
