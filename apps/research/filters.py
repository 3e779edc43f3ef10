"""Filters of activities and what hangs on them, and of small projects."""

from datetime import date
from typing import Any, cast

import django_filters
from django.db.models import Count, DateField, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.periods import Period
from apps.core.scope import NO_ROWS, Scope
from apps.figures.filters import IdFilter, RecordFilter
from apps.figures.measures import Measure
from apps.schools.filters import BySchoolFilter
from apps.schools.models import Level, School
from apps.teachers.filters import ByTeacherFilter

from .models import (
    Activity,
    ActivityGuest,
    ActivityQuota,
    Attendance,
    BaseMember,
    Photo,
    ProjectMember,
    ResearcherSurvey,
    SmallProject,
    overdue,
    planned,
    under_way,
)
from .rules import waits_for

TIMES, PEOPLE, SCHOOLS = _("times"), _("people"), pgettext_lazy("unit", "schools")


def number(key: str, label: Label, unit: Label, path: str = "pk", condition: Q | None = None) -> Measure:
    """Return the measure that counts the different values of `path`, by default rows, under a condition."""
    return Measure(
        key,
        label,
        unit,
        lambda where: Count(path, distinct=path != "pk", filter=where & condition if condition else where),
    )


def stage_at(path: str) -> django_filters.ChoiceFilter:
    """Return the filter by the stage of the school at `path`."""
    return django_filters.ChoiceFilter(
        label=_("stage"), field_name=f"{path}__stage", choices=School.Stage, empty_label=_("All stages")
    )


def kind_of_activity() -> django_filters.ChoiceFilter:
    """Return the filter by the kind of the activity that a row hangs on."""
    return django_filters.ChoiceFilter(label=_("kind of activity"), field_name="activity__kind", choices=Activity.Kind)


def had_guest(**condition: Any) -> Exists:
    """Return the condition that an activity had a guest of this kind."""
    return Exists(ActivityGuest.objects.filter(activity=OuterRef("pk"), **condition))


class ActivityFilter(BySchoolFilter):
    researchers = django_filters.BooleanFilter(label=_("attended by district researchers"))
    spoke = django_filters.BooleanFilter(label=_("with a guest's speech"))
    commented = django_filters.BooleanFilter(label=_("with comments on the spot"))
    of_base = django_filters.BooleanFilter(label=_("of a subject base, meetings aside"))
    document = django_filters.CharFilter(label=_("document studied"), lookup_expr="icontains")
    planned = django_filters.BooleanFilter(label=_("counts for the term's plan"))
    base = IdFilter(label=_("subject base"))
    search = ("title", "school__name", "place", "chair", "document")
    measures = (
        number("count", _("research activities"), TIMES),
        number("schools", _("host schools"), SCHOOLS, "school"),
        Measure("school_names", _("names of the host schools"), "", names="school__name"),
        Measure("documents", _("documents studied"), "", names="document"),
    )

    class Meta:
        model = Activity
        fields = ["kind", "level", "subject"]

    def where_researchers(self, value: bool) -> Q:
        """Return the condition that a researcher of the district attended, or none did."""
        there = had_guest(researcher__isnull=False)
        return Q(there) if value else ~Q(there)

    def where_spoke(self, value: bool) -> Q:
        """Return the condition that a guest made a speech, or none did."""
        return Q(had_guest(spoke=True)) if value else ~Q(had_guest(spoke=True))

    def where_commented(self, value: bool) -> Q:
        """Return the condition that a guest commented on the lessons, or none did."""
        return Q(had_guest(commented=True)) if value else ~Q(had_guest(commented=True))

    def where_of_base(self, value: bool) -> Q:
        """Return the condition that a subject base ran the activity; its leading group's meetings are none."""
        of_base = Q(base__isnull=False) & ~Q(kind=Activity.Kind.BASE_MEETING)
        return of_base if value else ~of_base

    def where_planned(self, value: bool) -> Q:
        """Return the condition that the host school had a plan in the term of the activity, or had none."""
        return planned() if value else ~planned()


class ActivityQuotaFilter(RecordFilter):
    measures = (Measure("count", _("activity plans"), _("items"), lambda where: Count("pk", filter=where)),)

    class Meta:
        model = ActivityQuota
        fields = ["stage"]


class AttendanceFilter(ByTeacherFilter):
    kind = kind_of_activity()
    reflection = django_filters.BooleanFilter(label=_("with a reflection"))
    document = django_filters.CharFilter(
        label=_("document studied"), field_name="activity__document", lookup_expr="icontains"
    )
    activity = IdFilter(label=_("activity"))
    search = ("teacher__name", "teacher__no", "activity__title", "reflection")
    measures = (
        number("count", _("attendances (measure)"), _("attendances")),
        number("activities", _("research activities"), TIMES, "activity"),
        number("teachers", _("teachers"), PEOPLE, "teacher"),
        Measure("training_hours", _("training hours"), _("hours"), lambda where: Sum("hours", filter=where), places=1),
        Measure(
            "hours_each",
            _("training hours a teacher"),
            _("hours"),
            lambda where: (
                Cast(Sum("hours", filter=where), FloatField())
                / NullIf(Count("teacher", distinct=True, filter=where), 0)
            ),
            places=1,
        ),
        number("reflections", _("reflections"), pgettext_lazy("unit", "reflections"), condition=~Q(reflection="")),
    )

    class Meta:
        model = Attendance
        fields = ["role"]

    def where_reflection(self, value: bool) -> Q:
        """Return the condition that a reflection was written, or none was."""
        return ~Q(reflection="") if value else Q(reflection="")


class ActivityGuestFilter(BySchoolFilter):
    stage = stage_at("activity__school")
    kind = kind_of_activity()
    researcher = django_filters.BooleanFilter(label=_("researcher of the district"))
    activity = IdFilter(label=_("activity"))
    search = ("researcher__name", "name", "organisation", "activity__title")
    measures = (
        number("count", _("guests"), _("attendances")),
        number("activities", _("activities with guests"), TIMES, "activity"),
        number("researchers", _("researchers"), PEOPLE, "researcher"),
        Measure("researcher_names", _("names of the researchers"), "", names="researcher__name"),
        Measure("guest_names", _("names of the other guests"), "", names="name"),
    )

    class Meta:
        model = ActivityGuest
        fields = ["commented", "spoke"]

    def where_researcher(self, value: bool) -> Q:
        """Return the condition that the guest is a researcher of the district, or somebody else."""
        return Q(researcher__isnull=not value)


class PhotoFilter(BySchoolFilter):
    stage = stage_at("activity__school")
    kind = kind_of_activity()
    activity = IdFilter(label=_("activity"))
    search = ("caption", "activity__title")
    measures = (
        number("count", _("photos"), pgettext_lazy("unit", "photos")),
        number("activities", _("activities with photos"), TIMES, "activity"),
    )

    class Meta:
        model = Photo
        fields: list[str] = []


class BaseMemberFilter(ByTeacherFilter):
    stage = stage_at("designation__school")
    designation = IdFilter(label=_("subject base"))
    search = ("teacher__name", "teacher__no", "designation__school__name")
    measures = (
        number("count", _("memberships"), _("attendances")),
        number("teachers", _("teachers"), PEOPLE, "teacher"),
        number("schools", _("schools"), SCHOOLS, "designation__school"),
    )

    class Meta:
        model = BaseMember
        fields = ["role"]


class ResearcherSurveyFilter(BySchoolFilter):
    search = ("topic", "researcher__name", "school__name")
    measures = (
        number("count", _("surveys"), TIMES),
        number("schools", _("schools"), SCHOOLS, "school"),
        Measure(
            "forms_returned",
            _("forms returned"),
            pgettext_lazy("unit", "forms"),
            lambda where: Sum("returned", filter=where),
        ),
        Measure(
            "forms_issued", _("forms issued"), pgettext_lazy("unit", "forms"), lambda where: Sum("issued", filter=where)
        ),
    )

    class Meta:
        model = ResearcherSurvey
        fields = ["audience"]


class SmallProjectFilter(BySchoolFilter):
    """Small projects; a period shows those under way at any time in it, the booleans what happened within it."""

    state = django_filters.ChoiceFilter(label=_("stage of the project"), field_name="stage", choices=SmallProject.Stage)
    applied = django_filters.BooleanFilter(label=_("applied for in the period"))
    approved = django_filters.BooleanFilter(label=_("established in the period"))
    closed = django_filters.BooleanFilter(label=_("concluded in the period"))
    above_school = django_filters.BooleanFilter(label=_("above school level"))
    waiting = django_filters.BooleanFilter(label=_("waiting for my decision"))
    overdue = django_filters.BooleanFilter(label=_("next step overdue"))
    search = ("no", "title", "school__name")
    measures = (
        number("count", _("small projects"), pgettext_lazy("unit", "projects")),
        number("schools", _("schools"), SCHOOLS, "school"),
        Measure("titles", _("titles of the small projects"), "", names="title", quoted=True),
    )

    class Meta:
        model = SmallProject
        fields = ["result", "level", "subject"]

    @staticmethod
    def _with_days(rows: QuerySet[Any], period: Period | None) -> QuerySet[Any]:
        """Return the rows with the period's days, with which the booleans compare: a condition has no period."""
        days = (period.starts_on, period.ends_on) if period else (date.min, date.max)
        first, last = (Value(day, output_field=DateField()) for day in days)
        annotated: QuerySet[Any] = rows.annotate(period_first=first, period_last=last)
        return annotated

    @classmethod
    def base(cls, scope: Scope, period: Period) -> QuerySet[Any]:
        """Return the projects of a scope and a period, with its days."""
        return cls._with_days(super().base(scope, period), period)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows under the given parameters, with the days of the asked period."""
        return super().filter_queryset(self._with_days(queryset, self.form.cleaned_data.get("period")))

    def where_applied(self, value: bool) -> Q:
        """Return the condition that the project was applied for within the period, or was not."""
        return self._in_period("applied_on", value)

    def where_approved(self, value: bool) -> Q:
        """Return the condition that the project was established within the period, or was not."""
        return self._in_period("approved_on", value)

    def where_closed(self, value: bool) -> Q:
        """Return the condition that the project was concluded within the period, or was not."""
        return self._in_period("closed_on", value)

    @staticmethod
    def _in_period(field: str, value: bool) -> Q:
        first, last = F("period_first"), F("period_last")
        if value:
            return Q(**{f"{field}__gte": first, f"{field}__lte": last})
        return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__lt": first}) | Q(**{f"{field}__gt": last})

    def where_above_school(self, value: bool) -> Q:
        """Return the condition that the education office decides on the project, or the school itself."""
        return Q(level__gt=Level.SCHOOL) if value else Q(level=Level.SCHOOL)

    def where_waiting(self, value: bool) -> Q:
        """Return the condition that the project waits for a decision of who looks, or does not."""
        found = waits_for(cast(Actor, self.actor)) if self.actor else NO_ROWS
        return found if value else ~found

    def where_overdue(self, value: bool) -> Q:
        """Return the condition that the next step of a project under way is overdue, or that it is in time."""
        return overdue() if value else under_way() & ~overdue()


class ProjectMemberFilter(ByTeacherFilter):
    stage = stage_at("project__school")
    state = django_filters.ChoiceFilter(
        label=_("stage of the project"), field_name="project__stage", choices=SmallProject.Stage
    )
    established = django_filters.BooleanFilter(label=_("of an established project"))
    project = IdFilter(label=_("small project"))
    search = ("teacher__name", "teacher__no", "project__no", "project__title")
    measures = (
        number("count", _("memberships"), _("attendances")),
        number("teachers", _("teachers"), PEOPLE, "teacher"),
        number("projects", _("small projects"), pgettext_lazy("unit", "projects"), "project"),
        Measure("titles", _("titles of the small projects"), "", names="project__title", quoted=True),
    )

    class Meta:
        model = ProjectMember
        fields = ["role"]

    def where_established(self, value: bool) -> Q:
        """Return the condition that the member's project was established (立项), or was not."""
        return Q(project__approved_on__isnull=not value)
