"""Who may do what with the action handbook.

Teachers write their own entries, as long as these are in their hands; the principal of their school or the office
reviews them. Nobody reviews the own entry: that of a principal is reviewed by the office. The office says what the
handbook asks for, corrects entries and closes the year.
"""

from collections.abc import Sequence

from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.rules import RecordRules, is_self, keep_rules, keeps_records, rule
from apps.core.scope import ScopedQuerySet
from apps.schools.models import Township
from apps.teachers.models import Teacher
from apps.teachers.rules import is_person

from .models import HandbookEntry, HandbookScore, Requirement

# Entries


def may_edit(actor: Actor, entry: HandbookEntry) -> bool:
    """Return whether `actor`, who has the permission, may change or delete an entry.

    The office always; teachers their own drafts and returned ones, those of the office, too.
    """
    return entry.is_open if is_self(actor, entry.teacher_id) else keeps_records(actor)


def may_add(actor: Actor, entry: HandbookEntry) -> bool:
    """Return whether `actor`, who has the permission, may add this entry: teachers write for themselves."""
    return keeps_records(actor) or is_self(actor, entry.teacher_id)


@rule("handbook.change_handbookentry")
def may_hand_in(actor: Actor, entry: HandbookEntry) -> bool:
    """Return whether `actor` may submit an entry and take it back: its teacher or the office."""
    return keeps_records(actor) or is_self(actor, entry.teacher_id)


@rule("handbook.review_handbookentry")
def may_review(actor: Actor, entry: HandbookEntry) -> bool:
    """Return whether `actor` may review an entry: never the own; and an approved one once more only as the office."""
    again = entry.status == HandbookEntry.Status.APPROVED
    return not is_person(actor, entry.teacher, entry.school_id) and (keeps_records(actor) or not again)


def reviewed_fields(actor: Actor, entry: HandbookEntry) -> Sequence[str]:
    """Return what only a review says of an entry; the office may take it over from a workbook, but for the own."""
    taken_over = keeps_records(actor) and not is_self(actor, entry.teacher_id)
    return () if taken_over else ("status", "quality", "comment")


def writers(actor: Actor) -> ScopedQuerySet[Teacher]:
    """Return for whom `actor` may write entries: a head who teaches for nobody else."""
    rows = Teacher.objects.visible_to(actor)
    return rows if keeps_records(actor) else rows.filter(pk=actor.teacher_id or 0)


# Requirements and scores


@rule("handbook.add_requirement")
def may_copy(actor: Actor, requirement: Requirement) -> bool:
    """Return whether `actor` may ask for the same in the next term."""
    return keeps_records(actor)


@rule("handbook.add_handbookscore")
def may_close_year(actor: Actor, township: Township) -> bool:
    """Return whether `actor` may close the handbook year of a township, which scores every teacher."""
    return keeps_records(actor)


def _is_office(actor: Actor, record: Record) -> bool:
    return keeps_records(actor)


def may_score(actor: Actor, score: HandbookScore) -> bool:
    """Return whether `actor`, who has the permission, may write a score by hand: the office, never the own one."""
    return keeps_records(actor) and not is_self(actor, score.teacher_id)


keep_rules(Requirement, RecordRules(add=_is_office, change=_is_office))
keep_rules(HandbookScore, RecordRules(add=may_score, change=may_score))
keep_rules(
    HandbookEntry,
    RecordRules(add=may_add, change=may_edit, offered={"teacher": writers}, fixed=reviewed_fields),
)
