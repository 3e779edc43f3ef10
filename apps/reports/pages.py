from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.webui.pages import Button, ListColumn, Pages, Todo

from . import filters, models
from .actions import (
    compose_summary,
    remove_batch,
    remove_section,
    remove_summary,
    save_section,
    save_title,
    start_batch,
)
from .forms import place as place_forms
from .forms import sections as forms


class AnnualSummaryPages(Pages):
    model, form, filterset = models.AnnualSummary, place_forms.AnnualSummaryForm, filters.AnnualSummaryFilter
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

    def may_change(self, user: Any, record: models.AnnualSummary) -> bool:
        """Return whether it is a draft."""
        return record.is_open

    def save(self, *, form: Any, by: Any, version: int | None) -> models.AnnualSummary:
        """Compose a new summary, or write the title of a draft and how it is printed."""
        if form.instance.pk:
            return save_title(summary=form.instance, by=by, version=version)
        scope, period = form.chosen
        return compose_summary(scope=scope, period=period, by=by)

    def remove(self, *, record: models.AnnualSummary, by: Any) -> None:
        """Delete a draft."""
        remove_summary(summary=record, by=by)

    def todo(self, user: Any, year: Any) -> Iterable[Todo]:
        """Return the summaries that wait for the user's review."""
        number = self.model.objects.filter(reviewer=user, status=self.model.Status.REVIEW).count()
        yield Todo(str(_("Summaries waiting for your review")), f"{self.url('list')}?period=&status=review", number)

    def buttons(self, user: Any, record: models.AnnualSummary) -> Iterable[Button]:
        """Offer what comes next: to compose again and to finalise, or to reopen."""
        may_finalise = user.has_perm("reports.finalise_annualsummary")
        yield Button(
            _("Compare with last year"), reverse("reports:annualsummary_compare", args=[record.pk]), method="get"
        )
        if record.is_open:
            if user.has_perm("reports.change_summarysection"):
                url = reverse("reports:annualsummary_write", args=[record.pk])
                yield Button(_("Write (the text)"), url, method="get", main=True)
            if user.has_perm("reports.change_annualsummary"):
                again = reverse("reports:annualsummary_compose", args=[record.pk])
                yield Button(_("Compose again"), again, rare=True)
                if record.status == record.Status.DRAFT:
                    url = reverse("reports:annualsummary_submit", args=[record.pk])
                    yield Button(_("Send for review"), url, method="get")
                else:
                    back = reverse("reports:annualsummary_unsubmit", args=[record.pk])
                    yield Button(_("End the review"), back, rare=True)
            if may_finalise:
                url = reverse("reports:annualsummary_finalise", args=[record.pk])
                # What comes after the review; an office of one finalises at once.
                yield Button(_("Finalise"), url, method="get", rare=record.status == record.Status.DRAFT)
        elif may_finalise:
            yield Button(_("Reopen"), reverse("reports:annualsummary_reopen", args=[record.pk]), method="get")


class SummarySectionPages(Pages):
    model, form, filterset = models.SummarySection, forms.SummarySectionForm, filters.SummarySectionFilter
    fetch = ("summary__township", "summary__school__township", "summary__teacher__township")
    columns = (
        ListColumn("__str__", gettext_lazy("heading"), sort="-"),
        ListColumn("summary"),
        ListColumn("order", kind="num"),
    )
    detail = ("summary", "order", "level", "heading", "text", "edited")
    form_template = "reports/section_form.html"

    def may_change(self, user: Any, record: models.SummarySection) -> bool:
        """Return whether its summary is a draft."""
        return record.summary.is_open

    def save(self, *, form: Any, by: Any, version: int | None) -> models.SummarySection:
        """Write the section, its tokens checked."""
        return save_section(section=form.instance, by=by, version=version)

    def remove(self, *, record: models.SummarySection, by: Any) -> None:
        """Take the section out of its draft."""
        remove_section(section=record, by=by)

    def buttons(self, user: Any, record: models.SummarySection) -> Iterable[Button]:
        """Offer the default prose again where it was changed."""
        if record.edited and record.summary.is_open and user.has_perm("reports.change_summarysection"):
            yield Button(_("Default text again"), reverse("reports:summarysection_reset", args=[record.pk]))


class SummaryBatchPages(Pages):
    model, form, filterset = models.SummaryBatch, place_forms.SummaryBatchForm, filters.SummaryBatchFilter
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

    def may_change(self, user: Any, record: models.SummaryBatch) -> bool:
        """Return False: a batch stays as it was asked for."""
        return False

    def may_delete(self, user: Any, record: models.SummaryBatch) -> bool:
        """Return whether the batch is over."""
        return not record.running

    def told(self, record: models.SummaryBatch) -> str:
        """Return nothing: its page shows how far it is."""
        return ""

    def save(self, *, form: Any, by: Any, version: int | None) -> models.SummaryBatch:
        """Start the batch, or return the same one that runs already."""
        batch = form.instance
        return start_batch(
            township=batch.township,
            school=batch.school,
            period=form.cleaned_data["period"],
            form=batch.form,
            by=by,
        )

    def remove(self, *, record: models.SummaryBatch, by: Any) -> None:
        """Delete a batch that is over, with its zip."""
        remove_batch(batch=record, by=by)

    def buttons(self, user: Any, record: models.SummaryBatch) -> Iterable[Button]:
        """Offer the zip, or what can be done with a batch that is not done."""
        at, status = [record.pk], record.status
        if status == record.Status.DONE:
            yield Button(_("Download the zip"), reverse("reports:summarybatch_zip", args=at), method="get", main=True)
        if not self.may(user, "add"):
            return
        if record.running or status == record.Status.INCOMPLETE:
            yield Button(_("Cancel the batch"), reverse("reports:summarybatch_cancel", args=at))
        if status == record.Status.INCOMPLETE:
            yield Button(_("Pack without them"), reverse("reports:summarybatch_pack", args=at))
        if record.silent or status == record.Status.INCOMPLETE:
            yield Button(_("Make what is missing"), reverse("reports:summarybatch_resume", args=at), main=True)


PAGES = (
    AnnualSummaryPages(),
    SummaryBatchPages(),
    SummarySectionPages(),
)
