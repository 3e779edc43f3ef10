"""The pages of the action handbook, declared."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.rules import keeps_records
from apps.webui.pages import ListColumn, Pages, Related, Waiting
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
        pgettext_lazy("handbook entry", "Take back"),
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
    shown_on = {"teachers.teacher": (Related(HandbookEntry.label, "teacher", ("date", "title", "status")),)}
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

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return a teacher's returned entries, what waits for a principal, and principals' own for the office."""
        if user.teacher_id:
            mine = {"status": Status.RETURNED.value, "teacher": str(user.teacher_id)}
            yield Waiting(_("Handbook entries returned to you"), mine)
        if not user.has_perm(rules.may_review.permission):
            return
        for_me = {"waiting": "true"}
        if user.school_id:
            yield Waiting(_("Handbook entries waiting for your review"), for_me, queue="queue")
        elif keeps_records(user):
            text = _("Principals' own handbook entries waiting for your review")
            yield Waiting(text, for_me | {"of_principals": "true"}, queue="queue")


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

    def waiting(self, user: Actor) -> Iterable[Waiting]:
        """Return the requirements of the terms begun for which a teacher has not handed in enough entries."""
        if user.teacher_id:
            over = Q(term__ends_on__lt=timezone.localdate())
            yield Waiting(_("Handbook requirements still open"), {"unfinished": "true"}, late=over)


PAGES = (
    HandbookEntryPages(),
    HandbookScorePages(),
    RequirementPages(),
)
