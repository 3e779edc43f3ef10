"""The pages of summaries, their sections and batches, declared."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.actors import Actor
from apps.webui.pages import Button, ListColumn, Pages, Waiting
from apps.webui.verbs import Verb, always

from . import actions, filters, models, rules
from .composing.checks import findings
from .composing.versions import document_of
from .forms import place as place_forms
from .forms import sections as forms
from .models import AnnualSummary, SummaryBatch

DRAFT, REVIEW, FINALISED = AnnualSummary.Status.DRAFT, AnnualSummary.Status.REVIEW, AnnualSummary.Status.FINALISED
INCOMPLETE, DONE = SummaryBatch.Status.INCOMPLETE, SummaryBatch.Status.DONE


def doubts(summary: AnnualSummary) -> dict[str, Any]:
    """Return what should be looked at before a summary is finalised."""
    return {"findings": findings(summary, document_of(summary))}


SUMMARY_VERBS = (
    Verb(
        "compose",
        gettext_lazy("Compose again"),
        rules.may_write,
        actions.compose_again,
        takes="summary",
        said=gettext_lazy("Composed again. What you have written yourself has stayed."),
        shown=lambda summary: summary.is_open,
        rare=True,
        bulk=True,
    ),
    Verb(
        "submit",
        gettext_lazy("Send for review"),
        rules.may_submit,
        actions.submit_for_review,
        takes="summary",
        said=lambda summary: _("Sent to %(reviewer)s for review.") % {"reviewer": summary.reviewer},
        question=gettext_lazy(
            "The reviewer finds it among what waits, and remarks on paragraphs. Text and figures stay open."
        ),
        form=forms.ReviewForm,
        given=lambda summary: {"summary": summary},
        shown=lambda summary: summary.status == DRAFT,
        next_when=always,
    ),
    Verb(
        "unsubmit",
        gettext_lazy("End the review"),
        rules.may_submit,
        actions.end_review,
        takes="summary",
        said=gettext_lazy("The review has ended. The summary is a draft again."),
        shown=lambda summary: summary.status == REVIEW,
        rare=True,
    ),
    Verb(
        "finalise",
        gettext_lazy("Finalise"),
        rules.may_finalise,
        actions.finalise_summary,
        takes="summary",
        said=lambda version: _("Finalised: %(version)s.") % {"version": version},
        question=gettext_lazy(
            "Figures, text, the records counted and the PDF are frozen as a version. The year is then locked for"
            " everybody but the office."
        ),
        facts=doubts,
        template="reports/finalise.html",
        shown=lambda summary: summary.is_open,
        next_when=lambda summary: summary.status == REVIEW,
        # What comes after the review; an office of one finalises at once.
        rare=lambda summary: summary.status == DRAFT,
        bulk=True,
    ),
    Verb(
        "reopen",
        gettext_lazy("Reopen"),
        rules.may_finalise,
        actions.reopen_summary,
        takes="summary",
        said=gettext_lazy("Reopened. The finalised version is kept."),
        question=gettext_lazy(
            "The finalised version is kept with its PDF. Figures become live again, and the text can be changed;"
            " finalising makes a new version."
        ),
        form=forms.ReopenForm,
        shown=lambda summary: summary.status == FINALISED,
    ),
)


class AnnualSummaryPages(Pages[AnnualSummary]):
    model, form, filterset = AnnualSummary, place_forms.AnnualSummaryForm, filters.AnnualSummaryFilter
    fetch = ("township", "school__township", "teacher__township")
    columns = (
        ListColumn("title"),
        ListColumn("school.name", gettext_lazy("school"), sort="school__code"),
        ListColumn("period_label", gettext_lazy("period"), sort="starts_on"),
        ListColumn("status", kind="state"),
        ListColumn("updated_at", kind="date"),
    )
    detail = ("title", "township", "school", "teacher", "period_label", "starts_on", "ends_on", "status")
    list_template = "reports/summaries.html"
    form_template = "reports/compose_form.html"
    hint = gettext_lazy("Compose the summary of this school year: its text and figures come from the records.")
    verbs = SUMMARY_VERBS

    def save(self, *, form: place_forms.AnnualSummaryForm, by: Actor, version: int | None) -> AnnualSummary:
        """Compose a new summary, or write the title of a draft and how it is printed."""
        if form.instance.pk:
            return actions.save_title(record=form.instance, by=by, version=version)
        scope, period = form.chosen
        return actions.compose_summary(scope=scope, period=period, by=by)

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return the summaries that wait for the user's review, whatever their year."""
        yield Waiting(gettext_lazy("Summaries waiting for your review"), {"waiting": "true"}, every_year=True)

    def buttons(self, user: Actor, record: AnnualSummary) -> Iterable[Button]:
        """Offer to compare and to write, and the verbs."""
        yield Button(_("Compare with last year"), self.url("compare", record.pk), method="get")
        if may_write_text(user, record):
            yield Button(_("Write (the text)"), self.url("write", record.pk), method="get")
        yield from super().buttons(user, record)


def may_write_text(user: Actor, summary: AnnualSummary) -> bool:
    """Return whether `user` may write the text of `summary`, which is within reach, now."""
    return summary.is_open and rules.may_write_section(user, models.SummarySection(summary=summary))


class SummarySectionPages(Pages[models.SummarySection]):
    model, form, filterset = models.SummarySection, forms.SummarySectionForm, filters.SummarySectionFilter
    fetch = ("summary__township", "summary__school__township", "summary__teacher__township")
    columns = (
        ListColumn("__str__", gettext_lazy("heading"), sort="-"),
        ListColumn("summary"),
        ListColumn("order", kind="num"),
    )
    detail = ("summary", "order", "level", "heading", "text", "edited")
    form_template = "reports/section_form.html"
    verbs = (
        Verb(
            "reset",
            gettext_lazy("Default text again"),
            rules.may_write_section,
            actions.reset_section,
            takes="section",
            said=gettext_lazy("The default text stands again."),
            shown=lambda section: section.edited and section.summary.is_open,
        ),
    )

    def save(self, *, form: forms.SummarySectionForm, by: Actor, version: int | None) -> models.SummarySection:
        """Write the section, its tokens checked."""
        return actions.save_section(record=form.instance, by=by, version=version)


BATCH_VERBS = (
    Verb(
        "cancel",
        gettext_lazy("Cancel the batch"),
        rules.may_steer,
        actions.cancel_batch,
        takes="batch",
        said=gettext_lazy("Cancelled. What was made has been removed."),
        question=gettext_lazy("What has not begun is not made, and what was made is removed."),
        shown=lambda batch: batch.running or batch.status == INCOMPLETE,
    ),
    Verb(
        "resume",
        gettext_lazy("Make what is missing"),
        rules.may_steer,
        actions.resume_batch,
        takes="batch",
        said=lambda number: (
            ngettext("%(number)d document is being made.", "%(number)d documents are being made.", number)
            % {"number": number}
        ),
        shown=lambda batch: batch.silent or batch.status == INCOMPLETE,
        next_when=always,
    ),
    Verb(
        "pack",
        gettext_lazy("Pack without them"),
        rules.may_steer,
        actions.pack_without,
        takes="batch",
        said=gettext_lazy("Packed without the documents that failed."),
        question=gettext_lazy("The documents that failed are then missing from the zip for good."),
        shown=lambda batch: batch.status == INCOMPLETE,
    ),
)


class SummaryBatchPages(Pages[SummaryBatch]):
    model, form, filterset = SummaryBatch, place_forms.SummaryBatchForm, filters.SummaryBatchFilter
    fetch = ("township", "school__township", "user")
    list_template = "reports/batches.html"
    detail_template = "reports/batch.html"
    form_template = "reports/batch_form.html"
    columns = (
        ListColumn("__str__", gettext_lazy("documents"), sort="-"),
        ListColumn("form", sort="-"),
        ListColumn("status", kind="state"),
        ListColumn("total", kind="num"),
        ListColumn("user", sort="user__name"),
        ListColumn("created_at", kind="date"),
        ListColumn("expires_on", kind="date", sort="-"),
    )
    detail = ("township", "school", "what", "period_label", "form", "total", "user", "created_at", "expires_on")
    hint = gettext_lazy("Make the summaries of all schools, or all teachers' files of a school, in one go.")
    verbs = BATCH_VERBS

    def told(self, record: SummaryBatch) -> str:
        """Return nothing: its page shows how far it is."""
        return ""

    def save(self, *, form: place_forms.SummaryBatchForm, by: Actor, version: int | None) -> SummaryBatch:
        """Start the batch, or return the same one that runs already."""
        batch = form.instance
        return actions.start_batch(
            township=batch.township,
            school=batch.school,
            period=form.cleaned_data["period"],
            form=batch.form,
            by=by,
        )

    def remove(self, *, record: SummaryBatch, by: Actor) -> None:
        """Delete a batch that is over, with its zip."""
        actions.remove_batch(batch=record, by=by)

    def buttons(self, user: Actor, record: SummaryBatch) -> Iterable[Button]:
        """Offer the zip, and the verbs."""
        if record.status == DONE:
            yield Button(_("Download the zip"), self.url("zip", record.pk), method="get", main=True)
        yield from super().buttons(user, record)


PAGES = (
    AnnualSummaryPages(),
    SummaryBatchPages(),
    SummarySectionPages(),
)
