"""Filters of ethics records: what lists show and figures count."""

from typing import cast

import django_filters
from django.db.models import Avg, Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.scope import NO_ROWS
from apps.figures.filters import IdFilter, RecordFilter
from apps.figures.measures import Measure
from apps.schools.filters import BySchoolFilter
from apps.teachers.filters import ByTeacherFilter

from . import models
from .models import ContestEntry, EthicsAssessment, eligible
from .rules import waits_for_decision, waits_for_evaluation

Kind = models.MisconductCase.Kind
# The kinds that a summary names each; the others it adds up.
LISTED = (Kind.PAID_TUTORING, Kind.OUTSIDE_TEACHING, Kind.TUTORING_CLASS, Kind.CORPORAL, Kind.STUDY_AIDS)
BY_TEACHER = ("teacher__name", "teacher__no", "school__name")


def is_rated() -> Q:
    """Return the condition that the school has entered its evaluation, or that there is a result without it."""
    decided = Q(status=EthicsAssessment.Status.DECIDED)
    return Q(school_score__isnull=False) | Q(total__isnull=False) | decided


def teachers() -> Measure:
    """Return the measure that counts different teachers."""
    return Measure("teachers", _("teachers"), _("people"), lambda where: Count("teacher", distinct=True, filter=where))


def schools() -> tuple[Measure, Measure]:
    """Return the measures that count and name the different schools."""
    return (
        Measure(
            "schools",
            _("schools"),
            pgettext_lazy("unit", "schools"),
            lambda where: Count("school", distinct=True, filter=where),
        ),
        Measure("names", _("names of schools"), "", names="school__name"),
    )


def average(key: str, label: Label, field: str) -> Measure:
    """Return the measure that averages a field of points, with one decimal."""
    return Measure(key, label, _("points"), lambda where: Avg(field, filter=where), places=1)


class AssessmentCycleFilter(RecordFilter):
    measures = (
        Measure(
            "count", _("assessment cycles"), pgettext_lazy("unit", "cycles"), lambda where: Count("pk", filter=where)
        ),
    )

    class Meta:
        model = models.AssessmentCycle
        fields = ["status"]


class QuestionnaireFilter(RecordFilter):
    cycle = IdFilter(label=_("assessment cycle"))
    search = ("title",)
    measures = (
        Measure(
            "count",
            _("questionnaires"),
            pgettext_lazy("unit", "questionnaires"),
            lambda where: Count("pk", filter=where),
        ),
        Measure("issued", _("forms issued"), pgettext_lazy("unit", "forms"), lambda where: Sum("issued", filter=where)),
    )

    class Meta:
        model = models.Questionnaire
        fields = ["audience"]


class SurveyResponseFilter(BySchoolFilter):
    audience = django_filters.ChoiceFilter(
        label=_("asked"), field_name="questionnaire__audience", choices=models.Questionnaire.Audience
    )
    questionnaire = IdFilter(label=_("questionnaire"))
    search = ("teacher__name", "teacher__no", "school__name")
    measures = (
        Measure("count", _("forms returned"), pgettext_lazy("unit", "forms"), lambda where: Count("pk", filter=where)),
        average("average", _("average score"), "score"),
    )

    class Meta:
        model = models.SurveyResponse
        fields: list[str] = []


class EthicsAssessmentFilter(ByTeacherFilter):
    """Assessments; `complete` means with a result, `eligible` that promotion and honours are open.

    `teacher` finds what is published to that teacher, `person` all that is of that teacher.
    """

    complete = django_filters.BooleanFilter(label=_("with a result"))
    scored = django_filters.BooleanFilter(label=_("with the school's evaluation"))
    eligible = django_filters.BooleanFilter(label=_("promotion and honours open"))
    rated = django_filters.BooleanFilter(label=_("rated by the school, or with a result"))
    to_decide = django_filters.BooleanFilter(label=_("waiting for my decision"))
    to_evaluate = django_filters.BooleanFilter(label=_("waiting for my evaluation"))
    person = IdFilter(label=_("teacher"), of="teachers.teacher")
    cycle = IdFilter(label=_("assessment cycle"))
    search = BY_TEACHER
    measures = (
        Measure("count", _("assessed teachers"), _("people"), lambda where: Count("pk", filter=where)),
        average("student_average", _("average of students' evaluation"), "student_score"),
        average("parent_average", _("average of parents' questionnaire"), "parent_score"),
        average("school_average", _("average of the school's evaluation"), "school_score"),
        average("total_average", _("average total"), "total"),
        Measure("grades", _("grades of the ethics assessment"), "", names="grade",
                called=dict(EthicsAssessment.Grade.choices)),
    )  # fmt: skip

    class Meta:
        model = EthicsAssessment
        fields = ["grade", "status"]

    def where_complete(self, value: bool) -> Q:
        """Return the condition that an assessment has a total or is decided, or has neither."""
        found = Q(total__isnull=False) | Q(status=EthicsAssessment.Status.DECIDED)
        return found if value else ~found

    def where_scored(self, value: bool) -> Q:
        """Return the condition that the school has entered its evaluation, or has not."""
        return Q(school_score__isnull=not value)

    def where_rated(self, value: bool) -> Q:
        """Return the condition that the school has evaluated, or that there is a result already, or neither."""
        return is_rated() if value else ~is_rated()

    def where_to_decide(self, value: bool) -> Q:
        """Return the condition that an assessment waits for a decision of who looks, or does not."""
        found = waits_for_decision(cast(Actor, self.actor)) if self.actor else NO_ROWS
        return found if value else ~found

    def where_to_evaluate(self, value: bool) -> Q:
        """Return the condition that an assessment waits for the school's evaluation from who looks, or does not."""
        found = waits_for_evaluation(cast(Actor, self.actor)) if self.actor else NO_ROWS
        return found if value else ~found

    def where_person(self, value: int) -> Q:
        """Return the condition that an assessment, published or not, is of the teacher of this id."""
        return Q(teacher=value)

    def where_eligible(self, value: bool) -> Q:
        """Return the condition that promotion and honours are open, or closed; an undecided assessment is neither."""
        return eligible(value)


class MisconductCaseFilter(ByTeacherFilter):
    listed = django_filters.BooleanFilter(label=_("one of the five kinds that a summary names"))
    criticised = django_filters.BooleanFilter(label=_("handled by criticism and education"))
    search = ("no", *BY_TEACHER)
    measures = (
        Measure(
            "count", _("misconduct cases"), pgettext_lazy("unit", "cases"), lambda where: Count("pk", filter=where)
        ),
        teachers(),
    )

    class Meta:
        model = models.MisconductCase
        fields = ["kind", "finding", "handling", "source"]

    def where_listed(self, value: bool) -> Q:
        """Return the condition that a case is, or is not, of one of the kinds that a summary names each."""
        return Q(kind__in=LISTED) if value else ~Q(kind__in=LISTED)

    def where_criticised(self, value: bool) -> Q:
        """Return the condition that a case was handled by criticism and education, or otherwise."""
        handled = Q(handling=models.MisconductCase.Handling.CRITICISM)
        return handled if value else ~handled & ~Q(handling="")


class HonourFilter(ByTeacherFilter):
    search = ("title", *BY_TEACHER)
    measures = (
        Measure("count", _("honours"), _("attendances"), lambda where: Count("pk", filter=where)),
        Measure("items", _("number of honours"), _("items"), lambda where: Count("pk", filter=where)),
        teachers(),
        *schools(),
        Measure("people", _("names of teachers"), "", names="teacher__name"),
        Measure("titles", _("honour titles"), "", names="title"),
    )

    class Meta:
        model = models.Honour
        fields = ["kind", "level", "occasion"]


class ContestFilter(RecordFilter):
    search = ("title",)
    measures = (
        Measure("count", _("contests"), _("times"), lambda where: Count("pk", filter=where)),
        Measure("titles", _("titles"), "", names="title"),
    )

    class Meta:
        model = models.Contest
        fields = ["kind"]


class ContestEntryFilter(ByTeacherFilter):
    kind = django_filters.ChoiceFilter(label=_("kind"), field_name="contest__kind", choices=models.Contest.Kind)
    won = django_filters.BooleanFilter(label=_("won a prize"))
    contest = IdFilter(label=_("contest"))
    search = ("title", "contest__title", *BY_TEACHER)
    measures = (
        Measure(
            "count", _("contest entries"), pgettext_lazy("unit", "entries"), lambda where: Count("pk", filter=where)
        ),
        Measure("times", _("participations in contests"), _("times"), lambda where: Count("pk", filter=where)),
        teachers(),
        *schools(),
    )

    class Meta:
        model = ContestEntry
        fields = ["prize"]

    def where_won(self, value: bool) -> Q:
        """Return the condition that an entry won a prize, or only took part."""
        took_part = Q(prize=ContestEntry.Prize.NONE)
        return ~took_part if value else took_part


class CampaignFilter(RecordFilter):
    search = ("theme", "document")
    measures = (
        Measure("count", _("campaigns"), _("times"), lambda where: Count("pk", filter=where)),
        Measure("names", _("themes"), "", names="theme", quoted=True),
    )

    class Meta:
        model = models.Campaign
        fields: list[str] = []


class CampaignParticipantFilter(ByTeacherFilter):
    campaign = IdFilter(label=_("campaign"))
    search = ("campaign__theme", *BY_TEACHER)
    measures = (
        Measure("count", _("participations"), _("attendances"), lambda where: Count("pk", filter=where)),
        teachers(),
        *schools(),
        Measure("themes", _("themes"), "", names="campaign__theme", quoted=True),
    )

    class Meta:
        model = models.CampaignParticipant
        fields: list[str] = []
