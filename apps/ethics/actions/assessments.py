"""What is done with one teacher's assessment: written, submitted, decided, returned."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.core.actions import demand_reach, demand_write, lock, save_record, write_record, write_records
from apps.core.actors import Actor, demand_somebody
from apps.core.rules import demand, is_self
from apps.core.stamps import stamp, unstamp
from apps.ethics.models import AssessmentCycle, EthicsAssessment, vetoed
from apps.ethics.rules import decides, may_decide, may_decide_all, may_submit, may_submit_all

Status = EthicsAssessment.Status
EXCELLENT, UNQUALIFIED = EthicsAssessment.Grade.EXCELLENT, EthicsAssessment.Grade.UNQUALIFIED
DECISION = ("grade", "status", "decided_at", "decided_by")
OPEN, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.PUBLISHED


@transaction.atomic
def save_assessment(*, record: EthicsAssessment, by: Actor, version: int | None = None) -> EthicsAssessment:
    """Write the scores of an assessment and count its total; the grade is left to the decision.

    Raises PermissionDenied if `by` may not write it now: it is decided, or submitted by a school to which it no longer
    belongs, or its cycle is over.
    """
    return save_record(record=record, by=by, version=version)


@transaction.atomic
def save_assessments(*, records: Sequence[EthicsAssessment], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked assessments; one that carries a grade is decided, which only the office may do.

    Raises ValidationError naming the teacher where a grade stands against misconduct, the share of excellent
    teachers, or a cycle that is over.
    """
    demand_somebody(by)
    known = EthicsAssessment.objects.in_bulk([record.pk for record in records if record.pk])
    for record in records:
        if decides(by) and is_self(by, record.teacher_id):
            raise ValidationError(_("Nobody writes the own assessment: leave it to a colleague of the office."))
        _prepare(record, known.get(record.pk), by)
    if not decides(by):
        demand_write(records, by)
    else:
        demand_reach(list(known.values()), by)
    write_records(records=records, by=by, fields=dict.fromkeys([*fields, "total", *DECISION]))
    demand_reach(records, by)
    _uphold([record for record in records if record.status == Status.DECIDED])


def _prepare(record: EthicsAssessment, stored: EthicsAssessment | None, by: Actor) -> None:
    """Let the state of `record` follow from its grade and count its total; raise ValidationError if `by` may not."""
    before = (stored.grade, stored.status) if stored else ("", Status.DRAFT)
    refused = record.grade != before[0] and not decides(by)
    over = record.cycle.status != OPEN or before[1] != Status.DRAFT
    if decides(by):
        over = record.cycle.status == PUBLISHED
    if refused or (over and (stored or not record.grade)):
        raise ValidationError(
            _(
                "The assessment of %(teacher)s cannot be changed: it is submitted, decided or published, or only"
                " the office may give the grade."
            )
            % {"teacher": record.teacher}
        )
    record.total = record.cycle.total(record.student_score, record.parent_score, record.school_score)
    if record.grade and before[1] != Status.DECIDED:
        _decide(record, record.grade, by)
    elif not record.grade and before[1] == Status.DECIDED:
        _undo(record)


def _decide(assessment: EthicsAssessment, grade: str, by: Actor) -> None:
    assessment.grade, assessment.status = grade, Status.DECIDED
    stamp(assessment, "decided", by.account)


def _undo(assessment: EthicsAssessment) -> None:
    assessment.grade, assessment.status = "", Status.DRAFT
    unstamp(assessment, "decided")


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


@transaction.atomic
def submit_assessment(*, assessment: EthicsAssessment, by: Actor) -> EthicsAssessment:
    """Hand a draft to the office. Raises ValidationError unless the school has entered its evaluation, or once over."""
    demand(may_submit, by, lock(assessment))
    if assessment.status != Status.DRAFT or assessment.cycle.status != OPEN:
        raise ValidationError(_("Only a draft of an open cycle can be submitted."))
    if assessment.school_score is None and not assessment.vetoed:
        raise ValidationError(_("Enter the school's evaluation first."))
    assessment.status = Status.SUBMITTED
    return write_record(record=assessment, by=by)


@transaction.atomic
def submit_assessments(*, cycle: AssessmentCycle, by: Actor) -> int:
    """Hand all drafts within the scope of `by` that have the school's evaluation to the office; return how many."""
    demand(may_submit_all, by, lock(cycle))
    if cycle.status != OPEN:
        raise ValidationError(_("The cycle is not open."))
    ready = cycle.assessments.visible_to(by).filter(status=Status.DRAFT, school_score__isnull=False)
    drafts = list(ready.select_related("teacher"))
    for draft in drafts:
        draft.status = Status.SUBMITTED
    write_records(records=drafts, by=by, fields=["status"])
    return len(drafts)


@transaction.atomic
def decide_assessment(*, assessment: EthicsAssessment, grade: str, by: Actor) -> EthicsAssessment:
    """Decide the grade of a submitted assessment and return it.

    Raises ValidationError if it was not submitted, if confirmed misconduct of the school year leaves only unqualified
    (关于加强和改进新时代师德师风建设的意见, 2019), or if the school's share of excellent teachers is used up.
    """
    # Two decisions at once must not both take the last excellent grade: the cycle is locked before its assessments.
    cycle = AssessmentCycle.objects.select_for_update().get(pk=assessment.cycle_id)
    demand(may_decide, by, lock(assessment))
    if assessment.status != Status.SUBMITTED or cycle.status == PUBLISHED:
        raise ValidationError(_("Only a submitted assessment of a cycle not yet published can be decided."))
    _decide(assessment, grade, by)
    write_record(record=assessment, by=by)
    _uphold([assessment])
    return assessment


@transaction.atomic
def decide_as_suggested(*, cycle: AssessmentCycle, by: Actor) -> tuple[int, int]:
    """Decide all submitted assessments as total and misconduct suggest; return how many, and how many still wait.

    Where more are suggested excellent than the school's share allows, the best totals are; of equal totals at that
    line none is decided, nor is an assessment without a total.
    """
    demand(may_decide_all, by, lock(cycle))
    if cycle.status == PUBLISHED:
        raise ValidationError(_("The results are published. Reopen the cycle before changing it."))
    barred = set(vetoed(cycle))
    submitted = cycle.assessments.visible_to(by).filter(status=Status.SUBMITTED).select_related("school", "teacher")
    waiting = [row for row in submitted if may_decide(by, row)]
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
    write_records(records=decided, by=by, fields=DECISION)
    return len(decided), len(waiting) - len(decided)


@transaction.atomic
def return_assessment(*, assessment: EthicsAssessment, by: Actor) -> EthicsAssessment:
    """Give a submitted or decided assessment back to the school as a draft, and return it."""
    cycle = AssessmentCycle.objects.select_for_update().get(pk=assessment.cycle_id)
    demand(may_decide, by, lock(assessment))
    if assessment.status == Status.DRAFT or cycle.status == PUBLISHED:
        raise ValidationError(_("Only a submitted or decided assessment of a cycle not yet published can be returned."))
    _undo(assessment)
    return write_record(record=assessment, by=by)
