"""The pages of the action handbook, declared."""

from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.webui.pages import ListColumn, Pages, Related, Todo
from apps.webui.verbs import Verb, always

from . import actions, filters, forms, rules
from .models import HandbookEntry, HandbookScore, Requirement

Status = HandbookEntry.Status


def reviewed(entry: HandbookEntry) -> str:
    """Return what is said after a review."""
    said = _("Approved: %(entry)s") if entry.status == Status.APPROVED else _("Returned: %(entry)s")
    return said % {"entry": entry}


ENTRY_VERBS = (
    Verb(
        "submit",
        _("Submit for review"),
        rules.may_hand_in,
        actions.submit_entry,
        takes="entry",
        said=_("Submitted. It now waits for review."),
        shown=lambda entry: entry.is_open,
        next_when=always,
        bulk=True,
    ),
    Verb(
        "withdraw",
        _("Take back"),
        rules.may_hand_in,
        actions.withdraw_entry,
        takes="entry",
        said=_("Taken back. It is a draft again."),
        shown=lambda entry: entry.status == Status.SUBMITTED,
    ),
    Verb(
        "review",
        _("Review"),
        rules.may_review,
        actions.review_entry,
        takes="entry",
        said=reviewed,
        own_views=True,
        shown=lambda entry: not entry.is_open,
        next_when=lambda entry: entry.status == Status.SUBMITTED,
    ),
)


class HandbookEntryPages(Pages[HandbookEntry]):
    model, form, filterset = HandbookEntry, forms.HandbookEntryForm, filters.HandbookEntryFilter
    menu = "handbook"
    fetch = ("teacher", "school", "requirement__term__school_year", "reviewed_by")
    list_template = "handbook/entry_list.html"
    form_template = "handbook/entry_form.html"
    own_rows = _("My handbook")
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

    verbs = ENTRY_VERBS

    def save(self, *, form: forms.HandbookEntryForm, by: Actor, version: int | None) -> HandbookEntry:
        """Write the entry; the button says whether it is handed in."""
        return actions.save_entry(entry=form.instance, by=by, version=version, submit=form.data.get("then") == "submit")

    def todo(self, user: Actor, year: SchoolYear) -> Iterable[Todo]:
        """Return a teacher's returned entries, or the entries that wait for a principal's review."""
        period = Period.of_year(year)
        address = f"{self.url('list')}?period={period.code}&status="
        rows = HandbookEntry.objects.in_period(period)
        if user.teacher_id:
            number = rows.filter(teacher=user.teacher_id, status=Status.RETURNED).count()
            link = f"{address}{Status.RETURNED}" + (f"&teacher={user.teacher_id}" if user.own_scope else "")
            yield Todo(_("Handbook entries returned to you"), link, number)
        if user.school_id and user.has_perm("handbook.review_handbookentry"):
            number = rows.waiting_for(user).count()
            yield Todo(_("Handbook entries waiting for your review"), f"{address}{Status.SUBMITTED}", number)


class HandbookScorePages(Pages[HandbookScore]):
    model, form, filterset = HandbookScore, forms.HandbookScoreForm, filters.HandbookScoreFilter
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


class RequirementPages(Pages[Requirement]):
    model, form, filterset = Requirement, forms.RequirementForm, filters.RequirementFilter
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

    verbs = (
        Verb(
            "copy",
            _("Copy this term's requirements to the next term"),
            rules.may_copy,
            actions.copy_requirements,
            takes="requirement",
            said=_("%(result)d requirements copied to the next term."),
        ),
    )

    def todo(self, user: Actor, year: SchoolYear) -> Iterable[Todo]:
        """Return the requirements of the present term for which a teacher has not handed in enough entries."""
        if not user.teacher_id:
            return
        today = timezone.localdate()
        entered = Q(entries__teacher=user.teacher_id, entries__status__in=[Status.SUBMITTED, Status.APPROVED])
        asked = Requirement.objects.visible_to(user).filter(term__starts_on__lte=today, term__ends_on__gte=today)
        missing = asked.order_by().annotate(entered=Count("entries", filter=entered)).filter(entered__lt=F("minimum"))
        number = missing.count()
        if number:
            address = f"{self.url('list')}?period={Period.of_year(year).code}"
            yield Todo(_("Handbook requirements of this term still open"), address, number)


PAGES = (
    HandbookEntryPages(),
    HandbookScorePages(),
    RequirementPages(),
)
