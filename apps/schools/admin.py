from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from apps.core.access import actor_of
from apps.webui.admin import FactsAdmin, RecordAdmin

from .actions import assign_townships, save_school
from .forms import SchoolFacts
from .models import (
    CultureNote,
    Designation,
    District,
    Researcher,
    School,
    SchoolGrade,
    SchoolPastFact,
    StudyGroup,
    Township,
)


@admin.register(District)
class DistrictAdmin(RecordAdmin):
    list_display = ["name", "code", "office_name"]
    search_fields = ["name", "code"]


@admin.register(Township)
class TownshipAdmin(RecordAdmin):
    list_display = ["name", "code", "district", "backbone_from"]
    list_select_related = ["district"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["district"]


@admin.register(School)
class SchoolAdmin(FactsAdmin):
    form = SchoolFacts
    action = save_school
    exclude = ["merged_into"]
    list_display = ["name", "code", "stage", "posts", "township"]
    list_filter = ["stage"]
    list_select_related = ["township"]
    search_fields = ["name", "aliases", "code"]
    autocomplete_fields = ["township"]


@admin.register(SchoolPastFact)
class SchoolPastFactAdmin(RecordAdmin):
    """What was so until a day; it is kept when a fact changes, and corrected here."""

    list_display = ["school", "called", "shown", "since", "until"]
    list_select_related = ["school"]
    search_fields = ["school__name"]
    autocomplete_fields = ["school"]


@admin.register(Designation)
class DesignationAdmin(RecordAdmin):
    list_display = ["school", "kind", "level", "project", "subject", "awarded_on"]
    list_filter = ["kind", "level"]
    list_select_related = ["school"]
    search_fields = ["school__name", "project"]
    autocomplete_fields = ["school"]


@admin.register(SchoolGrade)
class SchoolGradeAdmin(RecordAdmin):
    list_display = ["school", "grade", "school_year", "classes", "students", "experimental"]
    list_filter = ["school_year", "experimental"]
    list_select_related = ["school", "school_year"]
    search_fields = ["school__name"]
    autocomplete_fields = ["school", "school_year"]


@admin.register(CultureNote)
class CultureNoteAdmin(RecordAdmin):
    list_display = ["title", "school", "place", "since"]
    list_select_related = ["school"]
    search_fields = ["title", "school__name"]
    autocomplete_fields = ["school"]


@admin.register(StudyGroup)
class StudyGroupAdmin(RecordAdmin):
    list_display = ["name", "class_name", "school", "slogan", "size"]
    list_filter = ["school_year"]
    list_select_related = ["school"]
    search_fields = ["name", "slogan", "school__name"]
    autocomplete_fields = ["school", "school_year"]


@admin.register(Researcher)
class ResearcherAdmin(RecordAdmin):
    list_display = ["name", "duty", "stage", "subject", "district"]
    list_filter = ["stage", "subject"]
    list_select_related = ["district"]
    search_fields = ["name", "duty"]
    autocomplete_fields = ["district", "townships"]

    def save_related(self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: bool) -> None:
        """Write the townships served by the action that pages take."""
        townships = form.cleaned_data.get("townships", ())
        assign_townships(researcher=form.instance, townships=townships, by=actor_of(request))
