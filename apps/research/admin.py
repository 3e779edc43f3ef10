from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.core.access import actor_of
from apps.core.models import Record
from apps.webui.admin import RecordAdmin

from .actions import remove_with_pictures
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
)


class WithPicturesAdmin(RecordAdmin):
    """Base of admins of records that take files along when they are deleted."""

    def delete_model(self, request: HttpRequest, obj: Record) -> None:
        """Delete by the action that pages take, the files too."""
        remove_with_pictures(record=obj, by=actor_of(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Delete each row by the action that pages take; what is refused is said."""
        for record in queryset:
            try:
                remove_with_pictures(record=record, by=actor_of(request))
            except ValidationError as error:
                self.message_user(request, "；".join(error.messages), level="error")


@admin.register(Activity)
class ActivityAdmin(WithPicturesAdmin):
    list_display = ["title", "date", "kind", "level", "school", "hours"]
    list_filter = ["kind", "level"]
    list_select_related = ["school"]
    search_fields = ["title", "school__name", "document"]
    autocomplete_fields = ["school", "base"]
    date_hierarchy = "date"


@admin.register(Attendance)
class AttendanceAdmin(RecordAdmin):
    list_display = ["teacher", "activity", "school", "role", "hours", "reflection"]
    list_filter = ["role", "activity__kind"]
    list_select_related = ["teacher", "activity", "school"]
    search_fields = ["teacher__name", "teacher__no", "activity__title"]
    autocomplete_fields = ["activity", "teacher", "school"]


@admin.register(ActivityGuest)
class ActivityGuestAdmin(RecordAdmin):
    list_display = ["__str__", "activity", "organisation", "commented", "spoke"]
    list_filter = ["commented", "spoke"]
    list_select_related = ["activity", "researcher"]
    search_fields = ["name", "researcher__name", "activity__title"]
    autocomplete_fields = ["activity", "researcher"]


@admin.register(Photo)
class PhotoAdmin(WithPicturesAdmin):
    """Captions to correct; pictures are added on the site's own pages, which check and shrink them."""

    list_display = ["caption", "activity"]
    list_select_related = ["activity"]
    search_fields = ["caption", "activity__title"]
    autocomplete_fields = ["activity"]
    fields = ["thumbnail", "activity", "caption"]
    readonly_fields = ["thumbnail"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Pictures are added on the site's own pages."""
        return False


@admin.register(BaseMember)
class BaseMemberAdmin(RecordAdmin):
    list_display = ["teacher", "designation", "role"]
    list_filter = ["role"]
    list_select_related = ["teacher", "designation__school"]
    search_fields = ["teacher__name", "designation__school__name"]
    autocomplete_fields = ["designation", "teacher"]


@admin.register(ResearcherSurvey)
class ResearcherSurveyAdmin(RecordAdmin):
    list_display = ["topic", "school", "researcher", "date", "audience", "issued", "returned"]
    list_filter = ["audience"]
    list_select_related = ["school", "researcher"]
    search_fields = ["topic", "school__name", "researcher__name"]
    autocomplete_fields = ["school", "researcher"]


@admin.register(ActivityQuota)
class ActivityQuotaAdmin(RecordAdmin):
    list_display = ["term", "stage", "times", "document", "township"]
    list_filter = ["stage"]
    list_select_related = ["term__school_year", "township"]
    search_fields = ["document"]


@admin.register(SmallProject)
class SmallProjectAdmin(RecordAdmin):
    list_display = ["no", "title", "school", "level", "stage", "result", "team_limit"]
    list_filter = ["stage", "level", "result"]
    list_select_related = ["school"]
    search_fields = ["no", "title", "school__name"]
    autocomplete_fields = ["school"]


@admin.register(ProjectMember)
class ProjectMemberAdmin(RecordAdmin):
    list_display = ["teacher", "project", "role", "task"]
    list_filter = ["role"]
    list_select_related = ["teacher", "project"]
    search_fields = ["teacher__name", "project__title", "project__no"]
    autocomplete_fields = ["project", "teacher"]
