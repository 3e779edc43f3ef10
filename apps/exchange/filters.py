"""Filters of the exchange, and what can be counted of it."""

import django_filters
from django.db.models import (
    Avg,
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.past import Day
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.filters import IdFilter, RecordFilter
from apps.figures.measures import UNITS, Measure, percent
from apps.teachers.filters import ByTeacherFilter
from apps.teachers.models import Teacher, TeacherQuerySet, is_backbone

from .models import ExchangeRound, Posting, eligible_in

SCHOOLS = pgettext_lazy("unit", "schools")
# Facts of a posting are those of its first day.
POSTED = F("starts_on")
IS_ELIGIBLE, IS_EXCHANGED = Q(is_eligible=True), Q(is_exchanged=True)


def people(path: str, where: Q) -> Count:
    """Return the number of different rows at `path`."""
    return Count(path, distinct=True, filter=where)


class ExchangeRoundFilter(RecordFilter):
    search = ("document",)
    measures = (
        Measure(
            "count", _("exchange rounds"), pgettext_lazy("unit", "rounds"), lambda where: Count("pk", filter=where)
        ),
        Measure("documents", _("governing documents"), "", names="document"),
    )

    class Meta:
        model = ExchangeRound
        fields: list[str] = []


class PostingFilter(ByTeacherFilter):
    """Postings; `school` is either side of a posting, `direction` narrows it to leaving or coming."""

    stage = None
    direction = django_filters.ChoiceFilter(
        label=_("direction"), choices=[("out", _("leaving the school")), ("in", _("coming to the school"))]
    )
    round = IdFilter(label=_("exchange round"))
    search = ("teacher__name", "teacher__no", "teacher__initials", "from_school__name", "to_school__name")
    measures = (
        Measure("count", _("postings"), UNITS["attendances"], lambda where: Count("pk", filter=where)),
        Measure("teachers", _("teachers"), UNITS["people"], lambda where: people("teacher", where)),
        Measure(
            "backbone",
            _("backbone teachers"),
            UNITS["people"],
            lambda where: people("teacher", where & is_backbone(POSTED, "teacher__")),
        ),
        Measure(
            "backbone_share",
            _("share of backbone teachers"),
            UNITS["percent"],
            lambda where: percent(
                people("teacher", where & is_backbone(POSTED, "teacher__")), people("teacher", where)
            ),
            places=1,
        ),
        Measure("from_schools", _("schools that send"), SCHOOLS, lambda where: people("from_school", where)),
        Measure("to_schools", _("schools that receive"), SCHOOLS, lambda where: people("to_school", where)),
        Measure("average", _("average score"), UNITS["points"], lambda where: Avg("score", filter=where), places=1),
        Measure("from_names", _("names of the schools that send"), "", names="from_school__name"),
        Measure("to_names", _("names of the schools that receive"), "", names="to_school__name"),
        Measure(
            "grades", _("grades of the exchange assessment"), "", names="grade", called=dict(Posting.Grade.choices)
        ),
    )

    class Meta:
        model = Posting
        fields = ["way", "grade"]

    @classmethod
    def day_of(cls, period: Period | None) -> Day:
        """Return the first day of the posting."""
        return POSTED

    def where_direction(self, value: str) -> Q:
        """Return the condition that a posting leaves, or reaches, the school chosen or the user's own."""
        school = self.form.cleaned_data.get("school") or (self.request and self.request.user.scope.school)
        return Q(**{"from_school" if value == "out" else "to_school": school}) if school else Q()


class EligibleFilter(RecordFilter):
    """Teachers who meet the conditions of the period's rounds, or were exchanged in them; counted, not filtered."""

    measures = (
        Measure(
            "count",
            _("teachers eligible for exchange"),
            UNITS["people"],
            lambda where: Count("pk", filter=where & IS_ELIGIBLE),
        ),
        Measure(
            "exchanged",
            _("exchanged teachers"),
            UNITS["people"],
            lambda where: Count("pk", filter=where & IS_EXCHANGED),
        ),
        Measure(
            "share",
            _("exchanged of the eligible"),
            UNITS["percent"],
            lambda where: percent(Count("pk", filter=where & IS_EXCHANGED), Count("pk", filter=where & IS_ELIGIBLE)),
            places=1,
        ),
    )

    class Meta:
        model = Teacher
        fields: list[str] = []

    @classmethod
    def base(cls, scope: Scope, period: Period) -> TeacherQuerySet:
        """Return the scope's teachers with `is_eligible` and `is_exchanged` in the rounds that close in the period.

        Of a school: who meets the conditions there, and who was sent from there.
        """
        rounds = list(ExchangeRound.objects.within(scope).in_period(period))
        at_school = {"school": scope.school} if scope.kind == "school" else {}
        from_school = {"from_school": scope.school} if scope.kind == "school" else {}
        postings = Posting.objects.filter(round__in=rounds, teacher=OuterRef("pk"), **from_school)
        meets = When(eligible_in(rounds, **at_school), then=Value(True))
        teachers: TeacherQuerySet = Teacher.objects.within(scope).annotate(
            is_eligible=Case(meets, default=Value(False), output_field=BooleanField()),
            is_exchanged=Exists(postings),
        )
        return teachers
