from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from apps.reports.forms.sections import TokenTextForm
from apps.reports.printing.files import summary_file
from apps.webui.admin import RecordAdmin

from .actions import compose_summary, finalise_summary, remove_section, remove_summary, save_section, save_title
from .models import (
    AnnualSummary,
    ParagraphComment,
    SectionRevision,
    SummaryBatch,
    SummaryPiece,
    SummarySection,
    SummaryVersion,
)


@admin.register(AnnualSummary)
class AnnualSummaryAdmin(RecordAdmin):
    """Summaries; new ones are composed on their page."""

    list_display = ["title", "school", "period_label", "status", "updated_at"]
    list_filter = ["status", "period_label"]
    list_select_related = ["school"]
    search_fields = ["title"]
    readonly_fields = ["township", "school", "teacher", "period_code", "period_label", "starts_on", "ends_on", "status"]
    actions = ["compose", "finalise", "download"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a summary is composed."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AnnualSummary | None = None) -> bool:
        """Return whether the user may change summaries, and this one is a draft."""
        return super().has_change_permission(request, obj) and (obj is None or obj.is_open)

    def save_model(self, request: HttpRequest, obj: AnnualSummary, form: Any, change: bool) -> None:
        """Write the title by the action that pages take."""
        save_title(summary=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: AnnualSummary) -> None:
        """Delete a draft by the action that pages take."""
        remove_summary(summary=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete drafts; what is refused is said."""
        self._each(request, queryset, lambda summary: remove_summary(summary=summary, by=request.user))

    def has_finalise_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may finalise summaries."""
        return request.user.has_perm("reports.finalise_annualsummary")

    @admin.action(description=_("Compose the chosen summaries again"), permissions=["change"])
    def compose(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Give unchanged sections the default prose of now."""
        self._each(request, queryset, lambda s: compose_summary(scope=s.scope, period=s.period, by=request.user))

    @admin.action(description=_("Finalise the chosen summaries"), permissions=["finalise"])
    def finalise(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Freeze each as its next version."""
        self._each(request, queryset, lambda summary: finalise_summary(summary=summary, by=request.user))

    @admin.action(description=_("Download the PDF of the chosen summary"), permissions=["view"])
    def download(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Return the PDF of one summary."""
        if queryset.count() != 1:
            self.message_user(request, _("Choose one summary."), messages.WARNING)
            return None
        file = summary_file(queryset.get(), "pdf")
        headers = {"Content-Disposition": content_disposition_header(True, file.name)}
        return HttpResponse(file.data, content_type=file.type, headers=headers)

    def _each(self, request: HttpRequest, queryset: QuerySet, act: Any) -> None:
        for summary in queryset.select_related("township", "school__township", "teacher__township"):
            try:
                act(summary)
            except ValidationError as error:
                self.message_user(request, f"{summary}: {'；'.join(error.messages)}", messages.ERROR)
            else:
                self.message_user(request, _("Done: %(record)s") % {"record": summary})


@admin.register(SummarySection)
class SummarySectionAdmin(RecordAdmin):
    list_display = ["__str__", "summary", "order", "level", "edited"]
    list_filter = ["edited"]
    list_select_related = ["summary"]
    search_fields = ["heading", "text", "summary__title"]
    autocomplete_fields = ["summary"]
    form = TokenTextForm

    def has_change_permission(self, request: HttpRequest, obj: SummarySection | None = None) -> bool:
        """Return whether the user may change sections, and this one is in a draft."""
        return super().has_change_permission(request, obj) and (obj is None or obj.summary.is_open)

    def has_delete_permission(self, request: HttpRequest, obj: SummarySection | None = None) -> bool:
        """Return whether the user may delete sections, and this one is in a draft."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.summary.is_open)

    def save_model(self, request: HttpRequest, obj: SummarySection, form: Any, change: bool) -> None:
        """Write by the action that pages take."""
        save_section(section=obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: SummarySection) -> None:
        """Delete by the action that pages take."""
        remove_section(section=obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Delete sections of drafts; what is refused is said."""
        for section in queryset.select_related("summary"):
            try:
                remove_section(section=section, by=request.user)
            except ValidationError as error:
                self.message_user(request, "；".join(error.messages), messages.ERROR)


@admin.register(SummaryVersion)
class SummaryVersionAdmin(RecordAdmin):
    """Finalised versions, which nobody changes."""

    list_display = ["summary", "number", "finalised_at", "finalised_by", "sha256"]
    list_select_related = ["summary", "finalised_by"]
    search_fields = ["summary__title", "sha256"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: versions come from finalising."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SummaryVersion | None = None) -> bool:
        """Return no: a version is frozen."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SummaryVersion | None = None) -> bool:
        """Return no: a version is kept."""
        return False


@admin.register(SectionRevision)
class SectionRevisionAdmin(RecordAdmin):
    """Earlier texts, which nobody changes."""

    list_display = ["__str__", "section", "saved_by", "updated_at"]
    list_select_related = ["section", "saved_by"]
    search_fields = ["heading", "text"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: they come from writing."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: SectionRevision | None = None) -> bool:
        """Return no: what was written is kept."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SectionRevision | None = None) -> bool:
        """Return no: what was written is kept."""
        return False


@admin.register(ParagraphComment)
class ParagraphCommentAdmin(RecordAdmin):
    """Remarks of reviewers, which are written on the summary's page."""

    list_display = ["__str__", "section", "written_by", "resolved_by"]
    list_select_related = ["section", "written_by", "resolved_by"]
    search_fields = ["text", "quote"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a remark is made beside its paragraph."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ParagraphComment | None = None) -> bool:
        """Return no: what somebody has remarked is theirs."""
        return False


class BatchAdmin(RecordAdmin):
    """Base for what workers write: nobody adds or changes it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Return no: a batch is started on its page."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: the workers write it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Return no: its page removes the files along."""
        return False


@admin.register(SummaryBatch)
class SummaryBatchAdmin(BatchAdmin):
    list_display = ["__str__", "form", "status", "total", "user", "created_at"]
    list_filter = ["status", "what"]
    list_select_related = ["township", "school", "user"]
    search_fields = ["township__name", "school__name"]


@admin.register(SummaryPiece)
class SummaryPieceAdmin(BatchAdmin):
    list_display = ["name", "status", "batch__attempt", "error"]
    list_filter = ["status"]
    search_fields = ["name"]
