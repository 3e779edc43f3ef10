from django.contrib import admin

from apps.webui.admin import RecordAdmin

from .models import HandbookEntry, HandbookScore, Requirement


@admin.register(Requirement)
class RequirementAdmin(RecordAdmin):
    list_display = ["kind", "dimension", "term", "minimum", "points"]
    list_filter = ["dimension", "kind", "term"]
    list_select_related = ["term__school_year"]
    search_fields = ["document", "kind", "term__school_year__start_year"]
    autocomplete_fields = ["township", "term"]


@admin.register(HandbookEntry)
class HandbookEntryAdmin(RecordAdmin):
    """Entries; what a review says is changed by a review only."""

    list_display = ["title", "teacher", "school", "date", "status", "quality"]
    list_filter = ["status", "quality", "requirement__kind"]
    list_select_related = ["teacher", "school"]
    search_fields = ["title", "teacher__name", "teacher__no"]
    autocomplete_fields = ["school", "teacher", "requirement"]
    readonly_fields = ["status", "quality", "comment", "reviewed_at", "reviewed_by"]


@admin.register(HandbookScore)
class HandbookScoreAdmin(RecordAdmin):
    list_display = ["teacher", "school", "closed_on", "asked", "done", "score"]
    list_filter = ["closed_on"]
    list_select_related = ["teacher", "school"]
    search_fields = ["teacher__name", "teacher__no"]
    autocomplete_fields = ["school", "teacher"]
