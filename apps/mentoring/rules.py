"""Who may do what with mentoring pairs.

The office and the school's head keep the pairs of a school. Nobody gives the result of the own pair: where the head is
one of the two, the office does.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from apps.core.actors import Actor
from apps.core.rules import RecordRules, heads_school, keep_rules, keeps_records, rule
from apps.core.scope import NO_ROWS
from apps.teachers.models import Teacher
from apps.teachers.rules import is_person

from .models import MentoringPair


def keeps(actor: Actor, pair: MentoringPair) -> bool:
    """Return whether `actor` keeps the pairs of the school where this one works."""
    return keeps_records(actor) or heads_school(actor, pair.school_id)


def is_one_of_the_two(actor: Actor, pair: MentoringPair) -> bool:
    """Return whether `actor` is the mentor or the apprentice."""
    people = (getattr(pair, name) for name in ("mentor", "apprentice") if getattr(pair, f"{name}_id"))
    return any(is_person(actor, teacher, pair.school_id) for teacher in people)


def waits_for(actor: Actor) -> Q:
    """Return the condition that a pair whose time is over waits for its result from `actor`: never the own one."""
    due = Q(result="", ends_on__lt=timezone.localdate())
    if keeps_records(actor):
        return due
    if actor.school_id is None:
        return NO_ROWS
    heads = Teacher.Position.PRINCIPAL
    return due & Q(school=actor.school_id) & ~Q(mentor__position=heads) & ~Q(apprentice__position=heads)


def may_keep(actor: Actor, pair: MentoringPair) -> bool:
    """Return whether `actor`, who has the permission, may write this pair: not the own one once it has a result."""
    return keeps(actor, pair) and not (pair.result and is_one_of_the_two(actor, pair))


@rule("mentoring.change_mentoringpair")
def may_end(actor: Actor, pair: MentoringPair) -> bool:
    """Return whether `actor` may end this pair with a result: never the own one."""
    return keeps(actor, pair) and not is_one_of_the_two(actor, pair)


@rule("mentoring.change_mentoringpair")
def may_extend(actor: Actor, pair: MentoringPair) -> bool:
    """Return whether `actor` may extend this pair."""
    return keeps(actor, pair)


def given_by_others(actor: Actor, pair: MentoringPair) -> Sequence[str]:
    """Return the fields that `actor` may not write: the result of the own pair, a mentor from another school.

    Once there is a result it stays with the two who got it.
    """
    fields = ["result"] if is_one_of_the_two(actor, pair) else []
    fields += ["mentor", "apprentice"] if pair.pk and pair.result else []
    if pair.pk and actor.scope.kind == "school":
        known = Teacher.objects.visible_to(actor).filter(pk=pair.mentor_id)
        fields += [] if known.exists() else ["mentor"]
    return fields


keep_rules(MentoringPair, RecordRules(add=keeps, change=may_keep, fixed=given_by_others))
