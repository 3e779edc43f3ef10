"""The pages of the action handbook, declared."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.periods import Period
from apps.webui.pages import Button, ListColumn, Pages, Related, Todo

from . import actions, filters, forms, models

Status = models.HandbookEntry.Status


class HandbookEntryPages(Pages):
    model, form, filterset = models.HandbookEntry, forms.HandbookEntryForm, filters.HandbookEntryFilter
    menu = "handbook"
    fetch = ("teacher", "school", "requirement__term__school_year", "reviewed_by")
    list_template = "handbook/entry_list.html"
    form_template = "handbook/entry_form.html"
    columns = (
        ListColumn("title"),
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("requirement.kind", _("kind of entry")),
        ListColumn("date", kind="date"),
        ListColumn("quality"),
        ListColumn("status", kind="state"),
    )
    detail = (
        "title", "teacher", "school", "requirement", "date", "content", "quality", "comment", "reviewed_by",
        "reviewed_at",
    )  # fmt: skip
    hint = _("Write down what the handbook asks for: lesson plans, learning guides, reflections and the like.")

    def may_change(self, user: Any, record: models.HandbookEntry) -> bool:
        """Return whether `user` may change the entry in its state."""
        return actions.may_edit(user, record)

    def save(self, *, form: forms.HandbookEntryForm, by: Any, version: int | None) -> models.HandbookEntry:
        """Write the entry; the button says whether it is handed in."""
        return actions.save_entry(entry=form.instance, by=by, version=version, submit=form.data.get("then") == "submit")

    def buttons(self, user: Any, record: models.HandbookEntry) -> Iterable[Button]:
        """Offer to submit, to take back, to review."""
        if record.status in actions.OPEN and self.may(user, "change", record):
            yield Button(_("Submit for review"), reverse("handbook:handbookentry_submit", args=[record.pk]), main=True)
        if self.may(user, "add") and actions.may_withdraw(user, record):
            yield Button(_("Take back"), reverse("handbook:handbookentry_withdraw", args=[record.pk]))
        if actions.may_review(user, record):
            address, main = (
                reverse("handbook:handbookentry_review", args=[record.pk]),
                record.status == Status.SUBMITTED,
            )
            yield Button(_("Review"), address, main=main, method="get")

    def todo(self, user: Any, year: Any) -> Iterable[Todo]:
        """Return a teacher's returned entries, or the entries that wait for a principal's review."""
        period = Period.of_year(year)
        address = f"{self.url('list')}?period={period.code}&status="
        rows = self.model.objects.in_period(period)
        if user.teacher_id:
            number = rows.filter(teacher=user.teacher_id, status=Status.RETURNED).count()
            yield Todo(str(_("Handbook entries returned to you")), f"{address}{Status.RETURNED}", number)
        elif user.school_id and user.has_perm("handbook.review_handbookentry"):
            number = rows.waiting_for(user).count()
            yield Todo(str(_("Handbook entries waiting for your review")), f"{address}{Status.SUBMITTED}", number)


class HandbookScorePages(Pages):
    model, form, filterset = models.HandbookScore, forms.HandbookScoreForm, filters.HandbookScoreFilter
    menu = "handbook"
    fetch = ("teacher", "school")
    list_template = "handbook/score_list.html"
    columns = (
        ListColumn("teacher.name", _("teacher"), sort="teacher__no"),
        ListColumn("school.name", _("school"), sort="school__code"),
        ListColumn("asked", kind="num"),
        ListColumn("done", kind="num"),
        ListColumn("score", kind="num"),
        ListColumn("closed_on", kind="date"),
    )
    detail = ("teacher", "school", "closed_on", "asked", "done", "score")
    hint = _("At the end of the school year close the handbook: every teacher is scored from the approved entries.")


class RequirementPages(Pages):
    model, form, filterset = models.Requirement, forms.RequirementForm, filters.RequirementFilter
    menu = "handbook"
    fetch = ("term__school_year", "township")
    columns = (
        ListColumn("kind"),
        ListColumn("dimension"),
        ListColumn("term", sort="term__starts_on"),
        ListColumn("minimum", kind="num"),
        ListColumn("points", kind="num"),
    )
    detail = ("term", "dimension", "kind", "minimum", "points", "document", "township.name")
    related = (Related("handbook.handbookentry", "requirement", ("title", "teacher.name", "date", "status")),)
    hint = _("Say what the handbook asks of every teacher in a term, or copy it from the last one.")

    def buttons(self, user: Any, record: models.Requirement) -> Iterable[Button]:
        """Offer to ask for the same in the next term."""
        if self.may(user, "add"):
            address = reverse("handbook:requirement_copy", args=[record.pk])
            yield Button(_("Copy this term's requirements to the next term"), address)

    def todo(self, user: Any, year: Any) -> Iterable[Todo]:
        """Return the requirements of the present term for which a teacher has not handed in enough entries."""
        if not user.teacher_id:
            return
        today = timezone.localdate()
        entered = Q(entries__teacher=user.teacher_id, entries__status__in=[Status.SUBMITTED, Status.APPROVED])
        asked = self.model.objects.visible_to(user).filter(term__starts_on__lte=today, term__ends_on__gte=today)
        missing = asked.order_by().annotate(entered=Count("entries", filter=entered)).filter(entered__lt=F("minimum"))
        number = missing.count()
        if number:
            address = f"{self.url('list')}?period={Period.of_year(year).code}"
            yield Todo(str(_("Handbook requirements of this term still open")), address, number)


PAGES = (
    HandbookEntryPages(),
    HandbookScorePages(),
    RequirementPages(),
)
