"""Who may do what with observations, quotas and rubrics.

Teachers and researchers record what they observed themselves; a school and the education office record for others.
The lesson's teacher confirms, or the school's principal or the office instead, but never who observed the lesson.
A principal does not change what was submitted about an own lesson: its observer or the office does. Who is known as
the lesson's teacher writes nothing of it, whatever the place.
"""

import unicodedata
from collections.abc import Sequence

from apps.core.actors import Actor
from apps.core.rules import RecordRules, heads_school, is_self, keep_rules, keeps_records, rule
from apps.core.scope import Scope, ScopedQuerySet
from apps.teachers.models import Teacher
from apps.teachers.rules import is_teacher

from .models import Observation, ObservationQuota

CHANGE = "observations.change_observation"
OBSERVER = ("observer_teacher", "observer_researcher", "observer_name")
# What only the verbs write.
STATE = ("status", "confirmed_at", "confirmed_by")
DRAFT, CONFIRMED = Observation.Status.DRAFT, Observation.Status.CONFIRMED


def signs(actor: Actor) -> bool:
    """Return whether `actor` records in the own name only: a researcher, or a teacher who is nothing besides."""
    return actor.scope.kind == "teacher" or actor.researcher_id is not None


def is_signed_by(actor: Actor, observation: Observation) -> bool:
    """Return whether an observation stands in the name of `actor` as a teacher or a researcher."""
    named = (observation.observer_teacher_id, observation.observer_researcher_id)
    return named != (None, None) and named == (actor.teacher_id, actor.researcher_id)


def observed(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor` is the observer: as a teacher, a researcher, or under the name of the account."""
    if observation.observer_teacher is not None:
        return is_teacher(actor, observation.observer_teacher)
    if observation.observer_researcher_id is not None:
        return actor.researcher_id == observation.observer_researcher_id
    return actor.account is not None and _bare(str(actor.account)) in _bare(observation.observer_name)


def _bare(name: str) -> str:
    """Return a name without blanks, in which offices write names of two characters."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def taught(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor` gave the observed lesson."""
    if actor.school_id is None:
        return is_self(actor, observation.teacher_id)
    return is_teacher(actor, observation.teacher)


def may_record(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor`, who has the permission, may add an observation: observers only their own."""
    if is_self(actor, observation.teacher_id):
        return False
    if keeps_records(actor):
        return True
    return is_signed_by(actor, observation) or heads_school(actor, observation.school_id)


def may_write(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor`, who has the permission, may change an observation now.

    The office always may, observers while it is their draft, principals until it is confirmed.
    """
    if is_self(actor, observation.teacher_id):
        return False
    if keeps_records(actor):
        return True
    if is_signed_by(actor, observation) and observation.status == DRAFT:
        return True
    if not heads_school(actor, observation.school_id) or observation.status == CONFIRMED:
        return False
    return observation.status == DRAFT or not taught(actor, observation)


@rule(CHANGE)
def may_submit(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor` may hand a draft to the lesson's teacher: whoever may change it."""
    return may_write(actor, observation)


@rule("observations.confirm_observation")
def may_confirm(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor` may confirm: the lesson's teacher, or another for the teacher, never the observer."""
    if is_self(actor, observation.teacher_id):
        return True
    instead = keeps_records(actor) or heads_school(actor, observation.school_id)
    return instead and not observed(actor, observation)


@rule(CHANGE)
def may_reopen(actor: Actor, observation: Observation) -> bool:
    """Return whether `actor` may give it back to its observer: the office any, principals what waits for others."""
    if keeps_records(actor):
        return not is_self(actor, observation.teacher_id)
    waits = heads_school(actor, observation.school_id) and observation.status != CONFIRMED
    return waits and not taught(actor, observation)


@rule("observations.add_observationquota")
def may_copy(actor: Actor, quota: ObservationQuota) -> bool:
    """Return whether `actor` may set for the next term what is set for the quota's term."""
    return keeps_records(actor)


def lesson_givers(actor: Actor) -> ScopedQuerySet[Teacher]:
    """Return whose lessons `actor` may record: a teacher those of colleagues."""
    if actor.scope.kind == "teacher":
        return Teacher.objects.within(Scope("school", school=actor.scope.school))
    return Teacher.objects.visible_to(actor)


def settled(actor: Actor, observation: Observation) -> Sequence[str]:
    """Return what `actor` may not write: the state, which verbs write; who observed, where that is settled.

    Who observed whom stays once it is confirmed: else an observer could be exchanged, confirm, and be put back.
    """
    if observation.pk and observation.status == CONFIRMED:
        return ("teacher", *OBSERVER, *STATE)
    return (*OBSERVER, *STATE) if observation.pk and signs(actor) else STATE


keep_rules(
    Observation,
    RecordRules(add=may_record, change=may_write, offered={"teacher": lesson_givers}, fixed=settled),
)
