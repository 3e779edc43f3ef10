"""Who may do what in teacher ethics.

The office runs a cycle and decides; schools enter their own evaluation while it is open. Nobody appraises or decides on
oneself: a principal's own evaluation is entered by the office.
"""

from collections.abc import Sequence

from django.db.models import Q

from apps.core.actors import Actor
from apps.core.rules import RecordRules, is_self, keep_rules, keeps_records, rule
from apps.core.scope import NO_ROWS, ScopedQuerySet
from apps.teachers.models import Teacher
from apps.teachers.rules import is_person

from .models import AssessmentCycle, Campaign, EthicsAssessment, MisconductCase, Questionnaire, SurveyResponse

DECIDE = "ethics.decide_ethicsassessment"
OPEN, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.PUBLISHED


def decides(actor: Actor) -> bool:
    """Return whether `actor` is one of those who decide grades: they keep the records of several schools."""
    return actor.has_perm(DECIDE) and keeps_records(actor)


# Cycles


@rule("ethics.change_assessmentcycle")
def may_run(actor: Actor, cycle: AssessmentCycle) -> bool:
    """Return whether `actor` may start, tally, close, publish and reopen a cycle."""
    return keeps_records(actor)


@rule("ethics.add_assessmentcycle")
def may_open_next(actor: Actor, cycle: AssessmentCycle) -> bool:
    """Return whether `actor` may open the cycle that follows this one."""
    return keeps_records(actor)


@rule("ethics.change_ethicsassessment")
def may_submit_all(actor: Actor, cycle: AssessmentCycle) -> bool:
    """Return whether `actor` may hand in the drafts of the own place."""
    return True


@rule(DECIDE)
def may_decide_all(actor: Actor, cycle: AssessmentCycle) -> bool:
    """Return whether `actor` may decide all submitted assessments of a cycle as suggested."""
    return keeps_records(actor)


# Assessments


def may_write(actor: Actor, assessment: EthicsAssessment) -> bool:
    """Return whether `actor`, who has the permission, may write the scores of `assessment` now.

    Schools write drafts while the cycle is open, but not the one of their own principal; the office writes what is not
    decided until the cycle is published.
    """
    if decides(actor):
        decided = assessment.status == EthicsAssessment.Status.DECIDED
        return not (decided or assessment.cycle.status == PUBLISHED or is_self(actor, assessment.teacher_id))
    draft = assessment.status == EthicsAssessment.Status.DRAFT and assessment.cycle.status == OPEN
    return draft and not is_person(actor, assessment.teacher, assessment.school_id)


def waits_for_decision(actor: Actor) -> Q:
    """Return the condition that an assessment waits for a decision of `actor` on its grade: never the own one."""
    if not decides(actor):
        return NO_ROWS
    own = Q(teacher=actor.teacher_id) if actor.teacher_id else NO_ROWS
    return Q(status=EthicsAssessment.Status.SUBMITTED) & ~Q(cycle__status=PUBLISHED) & ~own


def waits_for_evaluation(actor: Actor) -> Q:
    """Return the condition that an assessment waits for the school's evaluation from `actor`.

    Schools evaluate while the cycle is open, but not their own principal: the office does that until it is published.
    """
    blank = Q(status=EthicsAssessment.Status.DRAFT, school_score__isnull=True)
    of_principal = Q(teacher__position=Teacher.Position.PRINCIPAL)
    own = Q(teacher=actor.teacher_id) if actor.teacher_id else NO_ROWS
    if decides(actor):
        return blank & of_principal & ~Q(cycle__status=PUBLISHED) & ~own
    if actor.school_id is None:
        return NO_ROWS
    return blank & Q(school=actor.school_id, cycle__status=OPEN) & ~of_principal & ~own


@rule("ethics.change_ethicsassessment")
def may_submit(actor: Actor, assessment: EthicsAssessment) -> bool:
    """Return whether `actor` may hand a draft to the office."""
    return True


@rule(DECIDE)
def may_decide(actor: Actor, assessment: EthicsAssessment) -> bool:
    """Return whether `actor` may decide this grade or give it back: never the own one."""
    return keeps_records(actor) and not is_person(actor, assessment.teacher, assessment.school_id)


def may_add(actor: Actor, assessment: EthicsAssessment) -> bool:
    """Return whether `actor`, who has the permission, may add this assessment: schools only while the cycle is open.

    To a published cycle the office adds only what is decided, as a workbook of that year brings it.
    """
    if decides(actor):
        open_to = assessment.cycle.status != PUBLISHED or bool(assessment.grade)
        return open_to and not is_self(actor, assessment.teacher_id)
    own = is_person(actor, assessment.teacher, assessment.school_id)
    return assessment.cycle.status == OPEN and not own


def open_cycles(actor: Actor) -> ScopedQuerySet[AssessmentCycle]:
    """Return the cycles in which `actor` may enter assessments."""
    cycles = AssessmentCycle.objects.visible_to(actor)
    return cycles if decides(actor) else cycles.filter(status=OPEN)


def settled(actor: Actor, assessment: EthicsAssessment) -> Sequence[str]:
    """Return what `actor` may not write: whose assessment it is, and for schools what questionnaires count."""
    whose = ("cycle", "teacher") if assessment.pk else ()
    return whose if decides(actor) else (*whose, *_counted(assessment))


def _counted(assessment: EthicsAssessment) -> Sequence[str]:
    if assessment.pk is None:
        audiences = list(Questionnaire.Audience)
    else:
        audiences = list(assessment.cycle.questionnaires.values_list("audience", flat=True))
    return [f"{audience}_score" for audience in audiences]


# Campaigns


@rule("ethics.add_campaignparticipant")
def may_join(actor: Actor, campaign: Campaign) -> bool:
    """Return whether `actor` may record that the teachers of the own place take part."""
    return True


def of_others(actor: Actor, case: MisconductCase) -> bool:
    """Return whether a case is not one of `actor`, who has the permission: nobody writes the own one."""
    return not is_self(actor, case.teacher_id)


keep_rules(MisconductCase, RecordRules(add=of_others, change=of_others))
# The answers on which a published result rests stay, too.
keep_rules(Questionnaire, RecordRules(delete=lambda actor, row: row.cycle.status != PUBLISHED))
keep_rules(SurveyResponse, RecordRules(change=lambda actor, row: row.questionnaire.cycle.status != PUBLISHED))
keep_rules(AssessmentCycle, RecordRules(change=lambda actor, cycle: cycle.status != PUBLISHED))
keep_rules(
    EthicsAssessment,
    RecordRules(
        add=may_add,
        change=may_write,
        offered={"cycle": open_cycles},
        fixed=settled,
    ),
)
