from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.webui.admin import FactsAdmin, RecordAdmin

from .actions import save_teacher
from .forms import TeacherFacts
from .models import Appointment, Leave, Teacher, TeacherPastFact, TeachingAssignment


@admin.register(Teacher)
class TeacherAdmin(FactsAdmin):
    """The roster; the ID number and the phone are shown masked, the site's own pages show them in full on demand."""

    form = TeacherFacts
    action = staticmethod(save_teacher)
    list_display = ["name", "no", "sex", "subject", "title", "position", "backbone_level"]
    list_filter = ["title", "position", "staffing", "backbone_level", "subject"]
    search_fields = ["name", "no", "pinyin"]
    autocomplete_fields = ["township"]
    exclude = ["id_number", "phone"]
    readonly_fields = ["masked_id_number", "masked_phone"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Search as forms do, so that a name with its number in brackets is found."""
        return (queryset.search(search_term) if search_term else queryset), False


@admin.register(TeacherPastFact)
class TeacherPastFactAdmin(RecordAdmin):
    """What was so until a day; it is kept when a fact changes, and corrected here."""

    list_display = ["teacher", "called", "shown", "since", "until"]
    list_select_related = ["teacher"]
    search_fields = ["teacher__name", "teacher__no"]
    autocomplete_fields = ["teacher"]


@admin.register(Appointment)
class AppointmentAdmin(RecordAdmin):
    list_display = ["teacher", "school", "kind", "starts_on", "ends_on", "end_reason"]
    list_filter = ["kind", "end_reason", "school"]
    list_select_related = ["teacher", "school"]
    search_fields = ["teacher__name", "teacher__no", "school__name"]
    autocomplete_fields = ["teacher", "school"]


@admin.register(Leave)
class LeaveAdmin(RecordAdmin):
    list_display = ["teacher", "school", "kind", "starts_on", "ends_on"]
    list_filter = ["kind", "school"]
    list_select_related = ["teacher", "school"]
    search_fields = ["teacher__name", "teacher__no", "school__name"]
    autocomplete_fields = ["teacher", "school"]


@admin.register(TeachingAssignment)
class TeachingAssignmentAdmin(RecordAdmin):
    list_display = ["teacher", "school", "school_year", "class_name", "subject", "weekly_hours"]
    list_filter = ["school_year", "subject"]
    list_select_related = ["teacher", "school", "school_year"]
    search_fields = ["teacher__name", "class_name"]
    autocomplete_fields = ["teacher", "school", "school_year"]
