from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from apps.core.access import actor_of
from apps.core.models import Record
from apps.webui.admin import RecordAdmin

from .actions import record_observation
from .models import Observation, ObservationQuota, ObservationScore, Rubric, RubricItem


class ReadOnlyInline(admin.TabularInline[Any, Any]):
    """Rows shown with what they belong to; the site's own pages change them together with it."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows are added on the site's own pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return False: rows are changed on the site's own pages."""
        return False


class RubricItemInline(ReadOnlyInline):
    model = RubricItem


class ObservationScoreInline(ReadOnlyInline):
    model = ObservationScore

    def get_queryset(self, request: HttpRequest) -> Any:
        """Return the scores with their items."""
        return super().get_queryset(request).select_related("item")


@admin.register(Rubric)
class RubricAdmin(RecordAdmin):
    list_display = ["name", "edition", "excellent_from", "good_from", "fair_from", "in_use", "township"]
    list_filter = ["in_use"]
    list_select_related = ["township"]
    search_fields = ["name", "edition"]
    inlines = [RubricItemInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> list[str]:
        """Return the cut-offs once lessons were scored by the rubric."""
        return ["excellent_from", "good_from", "fair_from"] if isinstance(obj, Rubric) and obj.applied else []


@admin.register(Observation)
class ObservationAdmin(RecordAdmin):
    """Observations; state and total come from the pages' verbs and from the items' scores."""

    list_display = ["date", "teacher", "subject", "topic", "occasion", "observer", "score", "status"]
    list_filter = ["occasion", "status", "subject"]
    list_select_related = ["teacher", "observer_teacher", "observer_researcher"]
    search_fields = ["teacher__name", "topic", "observer_name"]
    autocomplete_fields = ["school", "teacher", "observer_teacher", "observer_researcher", "rubric"]
    raw_id_fields = ["activity"]
    readonly_fields = ["score", "status", "confirmed_at", "confirmed_by"]
    inlines = [ObservationScoreInline]

    def save_model(self, request: HttpRequest, obj: Record, form: ModelForm[Any], change: bool) -> None:
        """Write by the action that pages take; the items' scores stay as they are."""
        assert isinstance(obj, Observation)
        record_observation(observation=obj, scores=None, by=actor_of(request))


@admin.register(ObservationQuota)
class ObservationQuotaAdmin(RecordAdmin):
    list_display = ["term", "position", "lessons", "document", "township"]
    list_filter = ["position"]
    list_select_related = ["term__school_year", "township"]
    search_fields = ["document"]
