"""The office's back room for summaries, and for what the workers make of them."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from apps.core.access import actor_of
from apps.core.models import Record
from apps.core.rules import record_rule
from apps.reports.forms.sections import TokenTextForm
from apps.reports.printing.files import summary_file
from apps.webui.admin import RecordAdmin

from .actions import save_section, save_title
from .models import (
    AnnualSummary,
    ParagraphComment,
    SectionRevision,
    SummaryBatch,
    SummaryPiece,
    SummarySection,
    SummaryVersion,
)


class RuledAdmin(RecordAdmin):
    """Base of these admins: what the record's rules refuse is not offered."""

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return whether the user may change such records, and this one."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or record_rule(self.model, "change")(actor_of(request), obj))

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return whether the user may delete such records, and this one."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or record_rule(self.model, "delete")(actor_of(request), obj))


class KeptAdmin(RuledAdmin):
    """Base for what comes of verbs and workers: nobody adds, changes or deletes it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return no."""
        return False


@admin.register(AnnualSummary)
class AnnualSummaryAdmin(RuledAdmin):
    """Summaries; new ones are composed on their page."""

    action = save_title
    list_display = ["title", "school", "period_label", "status", "updated_at"]
    list_filter = ["status", "period_label"]
    list_select_related = ["school"]
    search_fields = ["title"]
    readonly_fields = ["township", "school", "teacher", "period_code", "period_label", "starts_on", "ends_on", "status"]
    actions = ["download"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a summary is composed."""
        return False

    @admin.action(description=_("Download the PDF of the chosen summary"), permissions=["view"])
    def download(self, request: HttpRequest, queryset: QuerySet[AnnualSummary]) -> HttpResponse | None:
        """Return the PDF of one summary."""
        if queryset.count() != 1:
            self.message_user(request, _("Choose one summary."), messages.WARNING)
            return None
        file = summary_file(queryset.get(), "pdf")
        headers = {"Content-Disposition": content_disposition_header(True, file.name)}
        return HttpResponse(file.data, content_type=file.type, headers=headers)


@admin.register(SummarySection)
class SummarySectionAdmin(RuledAdmin):
    action = save_section
    list_display = ["__str__", "summary", "order", "level", "edited"]
    list_filter = ["edited"]
    list_select_related = ["summary"]
    search_fields = ["heading", "text", "summary__title"]
    autocomplete_fields = ["summary"]
    form = TokenTextForm

    def get_readonly_fields(self, request: HttpRequest, obj: Record | None = None) -> list[str]:
        """Return that a section stays in its summary."""
        return ["summary"] if obj else []


@admin.register(SummaryVersion)
class SummaryVersionAdmin(KeptAdmin):
    """Finalised versions, which nobody changes."""

    list_display = ["summary", "number", "finalised_at", "finalised_by", "sha256"]
    list_select_related = ["summary", "finalised_by"]
    search_fields = ["summary__title", "sha256"]


@admin.register(SectionRevision)
class SectionRevisionAdmin(KeptAdmin):
    """Earlier texts, which nobody changes."""

    list_display = ["__str__", "section", "saved_by", "updated_at"]
    list_select_related = ["section", "saved_by"]
    search_fields = ["heading", "text"]


@admin.register(ParagraphComment)
class ParagraphCommentAdmin(RuledAdmin):
    """Remarks of reviewers, which are written on the summary's page."""

    list_display = ["__str__", "section", "written_by", "resolved_by"]
    list_select_related = ["section", "written_by", "resolved_by"]
    search_fields = ["text", "quote"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a remark is made beside its paragraph."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        """Return no: what somebody has remarked is theirs."""
        return False


@admin.register(SummaryBatch)
class SummaryBatchAdmin(KeptAdmin):
    """Batches: each is started, and removed with its files, on its page."""

    list_display = ["__str__", "form", "status", "total", "user", "created_at"]
    list_filter = ["status", "what"]
    list_select_related = ["township", "school", "user"]
    search_fields = ["township__name", "school__name"]


@admin.register(SummaryPiece)
class SummaryPieceAdmin(KeptAdmin):
    list_display = ["name", "status", "error"]
    list_filter = ["status"]
    search_fields = ["name"]
