from django.contrib import admin
from django.http import HttpRequest

from apps.webui.admin import RecordAdmin

from .actions import delete_posting
from .models import ExchangeRound, Posting


@admin.register(ExchangeRound)
class ExchangeRoundAdmin(RecordAdmin):
    list_display = ["school_year", "document", "opens_on", "closes_on", "reference_date"]
    list_filter = ["school_year"]
    list_select_related = ["school_year"]
    search_fields = ["document", "school_year__start_year"]
    autocomplete_fields = ["township", "school_year"]


@admin.register(Posting)
class PostingAdmin(RecordAdmin):
    """Postings; they begin on the site's own pages, where the roster follows, and are corrected here."""

    removal = delete_posting
    list_display = ["teacher", "from_school", "to_school", "way", "starts_on", "ends_on", "score", "grade"]
    list_filter = ["way", "grade", "round"]
    list_select_related = ["teacher", "from_school", "to_school"]
    search_fields = ["teacher__name", "teacher__no", "from_school__name", "to_school__name"]
    readonly_fields = ["round", "teacher", "from_school", "to_school", "starts_on", "ends_on"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return False: a posting begins on the site's own pages."""
        return False
