"""Filters of schools, and the base of all filters of what happens at a school."""

from typing import Any

import django_filters
from django.db.models import Count, Q, Sum
from django.forms import HiddenInput
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.access import Request
from apps.core.addresses import number_in
from apps.core.periods import Period
from apps.figures.filters import RecordFilter
from apps.figures.measures import UNITS, Measure
from apps.webui.context import chosen_year

from .models import (
    CultureNote,
    Designation,
    District,
    Researcher,
    School,
    SchoolGrade,
    StudyGroup,
    Township,
    standing_in,
    standing_on,
)


def school_choices(request: Request | None) -> list[tuple[int, str]]:
    """Return id and name of the schools to choose from; read once a request, none without one.

    They are those that the user may see and that are there in the chosen school year, called as then, and the one
    that the address names.
    """
    if request is None:
        return []
    kept: dict[str, list[tuple[int, str]]] = vars(request)
    if "_school_choices" not in kept:
        rows, year = School.objects.visible_to(request.user), chosen_year(request)
        if year and request.GET.get("period") in (None, str(year.start_year)):
            rows = rows.filter(standing_in(year) | Q(pk=number_in(request.GET.get("school"))))
        named: Any = rows.with_facts(year.ends_on if year else timezone.localdate(), ["name"])
        kept["_school_choices"] = list(named.values_list("pk", "then_name"))
    return kept["_school_choices"]


class SchoolField(django_filters.fields.ChoiceField):
    """A school's id, chosen from those that the user may see."""

    def clean(self, value: Any) -> int | None:
        """Return the id; raise ValidationError for what is none of the choices."""
        value = super().clean(value)
        return int(value) if value else None


class SchoolChoice(django_filters.ChoiceFilter):
    field_class = SchoolField


class BySchoolFilter(RecordFilter):
    """Base of filters of records that carry a school: which school, which stage."""

    school = SchoolChoice(label=_("school"), empty_label=_("All schools"))
    stage = django_filters.ChoiceFilter(
        label=_("stage"), field_name="school__stage", choices=School.Stage, empty_label=_("All stages")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = school_choices(self.request)
        if "school" in self.filters:
            self.filters["school"].extra["choices"] = choices
        if self.request is not None and len(choices) < 2:
            # Nothing to choose, but an address may still say it.
            for name in {"school", "stage"} & set(self.filters):
                self.filters[name].extra["widget"] = HiddenInput


class DistrictFilter(RecordFilter):
    search = ("name", "code")

    class Meta:
        model = District
        fields: list[str] = []


class TownshipFilter(RecordFilter):
    search = ("name", "code")

    class Meta:
        model = Township
        fields: list[str] = []


class SchoolFilter(RecordFilter):
    """Schools; a period means those that are there on its last day."""

    keeps_period = True
    search = ("name", "aliases", "code", "pinyin")
    measures = (
        Measure("count", _("schools"), pgettext_lazy("unit", "schools"), lambda where: Count("pk", filter=where)),
        Measure("posts", _("established posts"), UNITS["people"], lambda where: Sum("posts", filter=where)),
        Measure("names", _("schools"), "", names="name"),
    )

    class Meta:
        model = School
        fields = ["stage"]

    def where_period(self, value: Period) -> Q:
        """Return the condition that a school is there on the period's last day."""
        return standing_on(value.ends_on)


class DesignationFilter(BySchoolFilter):
    search = ("school__name", "project", "document")
    measures = (
        Measure(
            "count", _("designations"), pgettext_lazy("unit", "designations"), lambda where: Count("pk", filter=where)
        ),
        Measure(
            "schools",
            _("schools"),
            pgettext_lazy("unit", "schools"),
            lambda where: Count("school", distinct=True, filter=where),
        ),
        Measure("names", _("schools"), "", names="school__name"),
        Measure("projects", _("projects"), "", names="project", quoted=True),
    )

    class Meta:
        model = Designation
        fields = ["kind", "level", "subject"]


class SchoolGradeFilter(BySchoolFilter):
    search = ("school__name",)
    measures = (
        Measure("count", _("grades"), pgettext_lazy("unit", "grades"), lambda where: Count("pk", filter=where)),
        Measure("names", _("schools"), "", names="school__name"),
    )

    class Meta:
        model = SchoolGrade
        fields = ["grade", "experimental"]


class CultureNoteFilter(BySchoolFilter):
    search = ("title", "text", "school__name")
    measures = (
        Measure("count", _("classroom culture notes"), _("items"), lambda where: Count("pk", filter=where)),
        Measure("names", _("classroom culture notes"), "", names="title"),
    )

    class Meta:
        model = CultureNote
        fields: list[str] = []


class StudyGroupFilter(BySchoolFilter):
    slogan = django_filters.BooleanFilter(label=_("with a slogan"))
    search = ("name", "slogan", "class_name", "school__name")
    measures = (
        Measure("count", _("study groups"), pgettext_lazy("unit", "groups"), lambda where: Count("pk", filter=where)),
    )

    class Meta:
        model = StudyGroup
        fields: list[str] = []

    def where_slogan(self, value: bool) -> Q:
        """Return the condition that a group has a slogan, or has none."""
        return ~Q(slogan="") if value else Q(slogan="")


class ResearcherFilter(RecordFilter):
    search = ("name", "duty")

    class Meta:
        model = Researcher
        fields = ["stage", "subject"]
