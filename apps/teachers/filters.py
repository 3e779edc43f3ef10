"""Filters of the roster, and the base of filters of records that carry a teacher."""

from datetime import date

import django_filters
from django.db.models import Count, Q, QuerySet
from django.forms import DateInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.past import Day
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.measures import Measure
from apps.schools.filters import BySchoolFilter
from apps.schools.models import School, Subject

from .models import Appointment, Leave, Teacher, TeachingAssignment, is_backbone, on_day, serving


class TeacherFilter(BySchoolFilter):
    """Teachers; a period means who serves on its last day, with a school or a stage: who serves there then."""

    stage = django_filters.ChoiceFilter(label=_("stage"), choices=School.Stage, empty_label=_("All stages"))
    backbone = django_filters.BooleanFilter(label=_("backbone teachers"))
    by_period = True
    search = ("name", "no", "pinyin")
    measures = (
        Measure("count", _("teachers"), _("people"), lambda where: Count("pk", filter=where)),
        Measure(
            "backbone",
            _("backbone teachers"),
            _("people"),
            lambda where: Count("pk", filter=where),
            holding=is_backbone,
        ),
        Measure("titles", _("professional titles"), "", names="title", called=dict(Teacher.Title.choices)),
        Measure("educations", _("education (level)"), "", names="education", called=dict(Teacher.Education.choices)),
    )

    class Meta:
        model = Teacher
        fields = ["subject", "title", "position", "staffing", "backbone_level", "sex"]

    def where_period(self, value: Period) -> Q:
        """Return the condition that a teacher serves on the period's last day."""
        return serving(value.ends_on)

    def where_school(self, value: int) -> Q:
        """Return the condition that a teacher serves at the school on the period's last day, without one ever."""
        return serving(self._day(), school=value)

    def where_stage(self, value: str) -> Q:
        """Return the condition that a teacher serves at a school of this stage."""
        return serving(self._day(), stage=value)

    def where_backbone(self, value: bool) -> Q:
        """Return the condition that a teacher is, or is not, a backbone teacher."""
        return is_backbone(self.day()) if value else ~is_backbone(self.day())

    @classmethod
    def day_of(cls, period: Period | None) -> Day:
        """Return the period's last day, else today."""
        return period.ends_on if period else timezone.localdate()

    def _day(self) -> date | None:
        period: Period | None = self.form.cleaned_data.get("period") if self.is_bound else None
        return period.ends_on if period else None

    @classmethod
    def base(cls, scope: Scope, period: Period) -> QuerySet[Teacher]:
        """Return the teachers who serve within the scope on the period's last day."""
        place = {"school": scope.school} if scope.kind == "school" else {}
        return Teacher.objects.within(scope).filter(serving(period.ends_on, **place))


class ByTeacherFilter(BySchoolFilter):
    """Base of filters of records that carry a school and a teacher."""

    backbone = django_filters.BooleanFilter(label=_("backbone teachers"))

    def where_backbone(self, value: bool) -> Q:
        """Return the condition that the teacher is, or is not, a backbone teacher."""
        holds = is_backbone(self.day(), "teacher__")
        return holds if value else ~holds


class AppointmentFilter(ByTeacherFilter):
    current = django_filters.BooleanFilter(label=_("on the period's last day"))
    on = django_filters.DateFilter(label=_("on the day"), widget=DateInput(attrs={"type": "date"}))
    by_period = True
    search = ("teacher__name", "teacher__no", "school__name")
    measures = (
        Measure("count", _("appointments"), _("records"), lambda where: Count("pk", filter=where)),
        Measure("teachers", _("teachers"), _("people"), lambda where: Count("teacher", distinct=True, filter=where)),
        Measure("school_names", _("names of schools"), "", names="school__name"),
    )

    class Meta:
        model = Appointment
        fields = ["kind", "end_reason"]

    def where_current(self, value: bool) -> Q:
        """Return the condition that the appointment still stands on the period's last day, or no longer does."""
        period = self.form.cleaned_data.get("period")
        if not period:
            return Q()
        return on_day(period.ends_on) if value else ~on_day(period.ends_on)

    def where_on(self, value: date) -> Q:
        """Return the condition that the appointment stands on this day."""
        return on_day(value)


class LeaveFilter(ByTeacherFilter):
    current = django_filters.BooleanFilter(label=_("on the period's last day"))
    search = ("teacher__name", "teacher__no", "school__name")
    by_period = True
    measures = (
        Measure("count", _("leaves"), _("records"), lambda where: Count("pk", filter=where)),
        Measure("teachers", _("teachers"), _("people"), lambda where: Count("teacher", distinct=True, filter=where)),
    )

    class Meta:
        model = Leave
        fields = ["kind"]

    def where_current(self, value: bool) -> Q:
        """Return the condition that the leave still stands on the period's last day, or no longer does."""
        period = self.form.cleaned_data.get("period")
        if not period:
            return Q()
        return on_day(period.ends_on) if value else ~on_day(period.ends_on)


class TeachingAssignmentFilter(ByTeacherFilter):
    search = ("teacher__name", "class_name", "school__name")
    measures = (
        Measure("count", _("teaching assignments"), _("records"), lambda where: Count("pk", filter=where)),
        Measure("teachers", _("teachers"), _("people"), lambda where: Count("teacher", distinct=True, filter=where)),
        Measure("classes", _("classes taught"), "", names="class_name"),
        Measure("subjects", _("subjects taught"), "", names="subject", called=dict(Subject.choices)),
    )

    class Meta:
        model = TeachingAssignment
        fields = ["grade", "subject"]
