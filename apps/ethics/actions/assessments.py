"""What is done with one teacher's assessment: written, submitted, decided, returned."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import save_record, save_records
from apps.core.scope import Scope
from apps.ethics.models import AssessmentCycle, EthicsAssessment, vetoed

DRAFT, SUBMITTED, DECIDED = EthicsAssessment.Status
EXCELLENT, UNQUALIFIED = EthicsAssessment.Grade.EXCELLENT, EthicsAssessment.Grade.UNQUALIFIED
DECISION = ("grade", "status", "decided_at", "decided_by")
OPEN, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.PUBLISHED


def may_decide(user: Any) -> bool:
    """Return whether `user` may decide grades; a command, which has no user, may."""
    return user is None or user.has_perm("ethics.decide_ethicsassessment")


def may_write(assessment: EthicsAssessment, user: Any) -> bool:
    """Return whether `user`, who has the permission, may change the scores of `assessment` now.

    Schools write drafts while the cycle is open; the office writes what is not decided until the cycle is published.
    """
    if may_decide(user):
        return assessment.status != DECIDED and assessment.cycle.status != PUBLISHED
    return assessment.status == DRAFT and assessment.cycle.status == OPEN


def save_assessment(*, record: EthicsAssessment, by: Any, version: int | None = None) -> EthicsAssessment:
    """Write the scores of an assessment and count its total; the grade is left to the decision.

    Raises ValidationError if it is decided, submitted by a school to which it no longer belongs, or its cycle is over.
    """
    if not may_write(record, by):
        raise ValidationError(_("This assessment cannot be changed any more. Ask the office to return it."))
    return save_record(record=record, by=by, version=version)


@transaction.atomic
def save_assessments(*, records: Sequence[EthicsAssessment], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked assessments; one that carries a grade is decided, which only the office may do.

    Raises ValidationError naming the teacher where a grade stands against misconduct, the share of excellent
    teachers, or a cycle that is over.
    """
    known = EthicsAssessment.objects.in_bulk([record.pk for record in records if record.pk])
    for record in records:
        _prepare(record, known.get(record.pk), by)
    save_records(records=records, by=by, fields=dict.fromkeys([*fields, "total", *DECISION]))
    _uphold([record for record in records if record.status == DECIDED])


def _prepare(record: EthicsAssessment, stored: EthicsAssessment | None, by: Any) -> None:
    """Let the state of `record` follow from its grade and count its total; raise ValidationError if `by` may not."""
    before = (stored.grade, stored.status) if stored else ("", DRAFT)
    refused = record.grade != before[0] if not may_decide(by) else False
    over = record.cycle.status == PUBLISHED if may_decide(by) else record.cycle.status != OPEN or before[1] != DRAFT
    if refused or (over and (stored or not record.grade)):
        raise ValidationError(
            _(
                "The assessment of %(teacher)s cannot be changed: it is submitted, decided or published, or only"
                " the office may give the grade."
            )
            % {"teacher": record.teacher}
        )
    record.total = record.cycle.total(record.student_score, record.parent_score, record.school_score)
    if record.grade and before[1] != DECIDED:
        _decide(record, record.grade, by)
    elif not record.grade and before[1] == DECIDED:
        _undo(record)


def _decide(assessment: EthicsAssessment, grade: str, by: Any) -> None:
    assessment.grade, assessment.status = grade, DECIDED
    if by is not None:
        assessment.decided_at, assessment.decided_by = timezone.now(), by


def _undo(assessment: EthicsAssessment) -> None:
    assessment.grade, assessment.status = "", DRAFT
    assessment.decided_at = assessment.decided_by = None


def _uphold(decided: Sequence[EthicsAssessment]) -> None:
    """Raise ValidationError if a grade just written stands against misconduct, or more are excellent than may be."""
    cycles = {assessment.cycle_id: assessment.cycle for assessment in decided}
    for cycle in cycles.values():
        barred = set(vetoed(cycle))
        for row in decided:
            if row.cycle_id == cycle.pk and row.teacher_id in barred and row.grade != UNQUALIFIED:
                raise ValidationError(
                    _("Misconduct of %(teacher)s was confirmed this school year: the grade must be unqualified.")
                    % {"teacher": row.teacher}
                )
        schools = {row.school_id: row.school for row in decided if row.cycle_id == cycle.pk and row.grade == EXCELLENT}
        for school, (assessed, excellent) in _standing(cycle, schools).items():
            if excellent > cycle.excellent_limit(assessed):
                raise ValidationError(
                    _("%(school)s: at most %(limit)d of %(assessed)d teachers may be excellent (%(share)d %%).")
                    % {
                        "school": schools[school],
                        "limit": cycle.excellent_limit(assessed),
                        "assessed": assessed,
                        "share": cycle.excellent_share,
                    }
                )


def _standing(cycle: AssessmentCycle, schools: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Return school → how many are assessed, how many decided excellent."""
    rows = cycle.assessments.filter(school__in=list(schools)).order_by().values("school")
    rows = rows.annotate(assessed=Count("pk"), excellent=Count("pk", filter=Q(grade=EXCELLENT)))
    return {row["school"]: (row["assessed"], row["excellent"]) for row in rows}


def submit_assessment(*, assessment: EthicsAssessment, by: Any) -> EthicsAssessment:
    """Hand a draft to the office. Raises ValidationError unless the school has entered its evaluation, or once over."""
    if assessment.status != DRAFT or assessment.cycle.status != OPEN:
        raise ValidationError(_("Only a draft of an open cycle can be submitted."))
    if assessment.school_score is None and not assessment.vetoed:
        raise ValidationError(_("Enter the school's evaluation first."))
    assessment.status = SUBMITTED
    return save_record(record=assessment, by=by)


@transaction.atomic
def submit_assessments(*, cycle: AssessmentCycle, scope: Scope, by: Any) -> int:
    """Hand all drafts within `scope` that have the school's evaluation to the office; return how many."""
    if cycle.status != OPEN:
        raise ValidationError(_("The cycle is not open."))
    drafts = cycle.assessments.within(scope).filter(status=DRAFT, school_score__isnull=False)
    drafts = list(drafts.select_related("teacher"))
    for draft in drafts:
        draft.status = SUBMITTED
    save_records(records=drafts, by=by, fields=["status"])
    return len(drafts)


@transaction.atomic
def decide_assessment(*, assessment: EthicsAssessment, grade: str, by: Any) -> EthicsAssessment:
    """Decide the grade of a submitted assessment and return it.

    Raises ValidationError if it was not submitted, if confirmed misconduct of the school year leaves only unqualified
    (关于加强和改进新时代师德师风建设的意见, 2019), or if the school's share of excellent teachers is used up.
    """
    # Two decisions at once must not both take the last excellent grade.
    AssessmentCycle.objects.select_for_update().get(pk=assessment.cycle_id)
    if assessment.status != SUBMITTED or assessment.cycle.status == PUBLISHED:
        raise ValidationError(_("Only a submitted assessment of a cycle not yet published can be decided."))
    _decide(assessment, grade, by)
    save_record(record=assessment, by=by)
    _uphold([assessment])
    return assessment


@transaction.atomic
def decide_as_suggested(*, cycle: AssessmentCycle, by: Any) -> tuple[int, int]:
    """Decide all submitted assessments as total and misconduct suggest; return how many, and how many still wait.

    Where more are suggested excellent than the school's share allows, the best totals are; of equal totals at that
    line none is decided, nor is an assessment without a total.
    """
    AssessmentCycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.status == PUBLISHED:
        raise ValidationError(_("The results are published. Reopen the cycle before changing it."))
    barred = set(vetoed(cycle))
    waiting = list(cycle.assessments.filter(status=SUBMITTED).select_related("school", "teacher"))
    grades = {row.pk: cycle.grade(row.total, veto=row.teacher_id in barred) for row in waiting}
    for school, (assessed, excellent) in _standing(cycle, {row.school_id for row in waiting}).items():
        best = sorted(
            (r for r in waiting if r.school_id == school and grades[r.pk] == EXCELLENT), key=lambda r: -r.total
        )
        room = max(cycle.excellent_limit(assessed) - excellent, 0)
        totals = Counter(row.total for row in best[:room])
        for number, row in enumerate(best):
            tied = totals[row.total] and totals[row.total] < sum(other.total == row.total for other in best)
            if tied:
                grades[row.pk] = ""
            elif number >= room:
                grades[row.pk] = EthicsAssessment.Grade.QUALIFIED
    decided = [row for row in waiting if grades[row.pk]]
    for row in decided:
        _decide(row, grades[row.pk], by)
    save_records(records=decided, by=by, fields=DECISION)
    return len(decided), len(waiting) - len(decided)


def return_assessment(*, assessment: EthicsAssessment, by: Any) -> EthicsAssessment:
    """Give a submitted or decided assessment back to the school as a draft, and return it."""
    if assessment.status == DRAFT or assessment.cycle.status == PUBLISHED:
        raise ValidationError(_("Only a submitted or decided assessment of a cycle not yet published can be returned."))
    _undo(assessment)
    return save_record(record=assessment, by=by)
