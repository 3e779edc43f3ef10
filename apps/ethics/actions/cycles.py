"""What is done with an assessment cycle: opened, started, tallied, closed, published; and its questionnaires."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from apps.core.actions import (
    erase_record,
    lock,
    save_record,
    save_records,
    write_record,
    write_records,
)
from apps.core.actors import Actor
from apps.core.models import Record, SchoolYear
from apps.core.rules import demand
from apps.ethics.models import (
    AssessmentCycle,
    EthicsAssessment,
    MisconductCase,
    Questionnaire,
    QuestionnaireItem,
    vetoed,
)
from apps.ethics.models.assessment import HUNDREDTH
from apps.ethics.models.conduct import months_later
from apps.ethics.rules import may_open_next, may_run
from apps.teachers.models import Appointment, on_day

# What one year's cycle hands on to the next.
PARAMETERS = (
    "student_weight",
    "parent_weight",
    "school_weight",
    "excellent_from",
    "qualified_from",
    "basic_from",
    "excellent_share",
    "smallest_group",
    "bar_months",
    "document",
)
OPEN, CLOSED, PUBLISHED = AssessmentCycle.Status.OPEN, AssessmentCycle.Status.CLOSED, AssessmentCycle.Status.PUBLISHED
DECIDED, UNQUALIFIED = EthicsAssessment.Status.DECIDED, EthicsAssessment.Grade.UNQUALIFIED


@transaction.atomic
def save_cycle(*, record: AssessmentCycle, by: Actor, version: int | None = None) -> AssessmentCycle:
    """Write a cycle, and apply its rules: totals not yet decided are counted anew, bars last as long as it says.

    Raises ValidationError for a published one, which must be reopened first.
    """
    _refuse_published([record])
    save_record(record=record, by=by, version=version)
    _apply_rules(record, by)
    return record


@transaction.atomic
def save_cycles(*, records: Sequence[AssessmentCycle], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked cycles as `save_cycle` writes one."""
    _refuse_published(records)
    save_records(records=records, by=by, fields=fields)
    for record in records:
        if record.status == PUBLISHED:
            _refuse_undecided(record)
        _apply_rules(record, by)


def _refuse_published(records: Sequence[AssessmentCycle]) -> None:
    known = [record.pk for record in records if record.pk]
    if AssessmentCycle.objects.filter(pk__in=known, status=PUBLISHED).exists():
        raise ValidationError(_("The results are published. Reopen the cycle before changing it."))


def _apply_rules(cycle: AssessmentCycle, by: Actor) -> None:
    """Count the totals that are not decided anew, and the bars of the cases decided in the cycle's school year."""
    undecided = list(cycle.assessments.exclude(status=DECIDED).select_related("teacher"))
    for assessment in undecided:
        assessment.total = cycle.total(assessment.student_score, assessment.parent_score, assessment.school_score)
    _save_changed(undecided, by, ["total"])
    span = (cycle.school_year.starts_on, cycle.school_year.ends_on)
    decided = MisconductCase.objects.filter(school__township=cycle.township_id, decided_on__range=span)
    cases = list(decided.select_related("school"))
    for case in cases:
        case.set_bar()
    _save_changed(cases, by, ["barred_until"])


def _save_changed(records: Sequence[Record], by: Actor, fields: list[str]) -> int:
    """Write those of the known `records` of which one of `fields` differs from what is stored; return their number."""
    stored = type(records[0]).objects.in_bulk([record.pk for record in records]) if records else {}
    changed = [
        record
        for record in records
        if any(getattr(record, name) != getattr(stored[record.pk], name) for name in fields)
    ]
    write_records(records=changed, by=by, fields=fields)
    return len(changed)


@transaction.atomic
def open_next_cycle(*, cycle: AssessmentCycle, by: Actor, school_year: SchoolYear | None = None) -> AssessmentCycle:
    """Open the cycle of a later school year, the next one unless said, and return it.

    It takes over the parameters and questionnaires of this one. Raises ValidationError where that year is not there.
    """
    demand(may_open_next, by, lock(cycle))
    school_year = school_year or SchoolYear.objects.filter(start_year=cycle.school_year.start_year + 1).first()
    if school_year is None:
        raise ValidationError(_("Add the next school year first."))
    months = 12 * (school_year.start_year - cycle.school_year.start_year)
    if months <= 0:
        raise ValidationError(_("The next cycle belongs to a later school year."))
    following = AssessmentCycle(
        township=cycle.township,
        school_year=school_year,
        opens_on=months_later(cycle.opens_on, months),
        closes_on=months_later(cycle.closes_on, months),
        **{name: getattr(cycle, name) for name in PARAMETERS},
    )
    write_record(record=following, by=by)
    for old in cycle.questionnaires.prefetch_related("items"):
        questionnaire = Questionnaire(
            cycle=following,
            audience=old.audience,
            title=_in_year(old.title, cycle.school_year, school_year),
            opens_on=months_later(old.opens_on, months),
            closes_on=months_later(old.closes_on, months),
        )
        save_questionnaire(record=questionnaire, items=questionnaire.read_questions(old.questions()), by=by)
    return following


def _in_year(title: str, old: SchoolYear, new: SchoolYear) -> str:
    """Return a title that names one school year with the other in its place."""
    first, last = str(old.start_year), str(old.start_year + 1)
    return re.sub(rf"{first}(\D{{1,3}}){last}", rf"{new.start_year}\g<1>{new.start_year + 1}", title)


@transaction.atomic
def save_questionnaire(
    *, record: Questionnaire, items: Sequence[QuestionnaireItem], by: Actor, version: int | None = None
) -> Questionnaire:
    """Write a questionnaire and its questions, in their order; a question keeps its row by its place."""
    save_record(record=record, by=by, version=version)
    known = {item.order: item for item in record.items.all()}
    wanted, changed = {item.order for item in items}, []
    for item in items:
        kept = known.get(item.order, item)
        if kept is item or (kept.text, kept.maximum) != (item.text, item.maximum):
            kept.questionnaire, kept.text, kept.maximum = record, item.text, item.maximum
            changed.append(kept)
    write_records(records=changed, by=by, fields=["text", "maximum"])
    for order in known.keys() - wanted:
        erase_record(record=known[order], by=by)
    return record


@transaction.atomic
def start_assessments(*, cycle: AssessmentCycle, by: Actor) -> int:
    """Prepare a draft for every teacher who serves in the township on the cycle's closing day, at their school.

    Returns how many were new; raises ValidationError unless the cycle is open.
    """
    demand(may_run, by, lock(cycle))
    if cycle.status != OPEN:
        raise ValidationError(_("The cycle is not open."))
    serving = Appointment.objects.filter(on_day(cycle.closes_on), school__township=cycle.township_id)
    serving = serving.exclude(teacher__in=cycle.assessments.values("teacher")).select_related("teacher", "school")
    drafts = [EthicsAssessment(cycle=cycle, teacher=row.teacher, school=row.school) for row in serving]
    write_records(records=drafts, by=by)
    return len(drafts)


@transaction.atomic
def tally_responses(*, cycle: AssessmentCycle, by: Actor) -> int:
    """Set students' and parents' scores of what is not decided yet to the mean of the answers about each teacher.

    Fewer answers than the cycle's smallest group give no score; a teacher without any answer keeps what was entered
    from paper. Returns how many assessments changed.
    """
    demand(may_run, by, lock(cycle))
    if cycle.status == PUBLISHED:
        raise ValidationError(_("The results are published. Reopen the cycle before changing it."))
    assessments = {row.teacher_id: row for row in cycle.assessments.exclude(status=DECIDED).select_related("teacher")}
    for questionnaire in cycle.questionnaires.all():
        field = f"{questionnaire.audience}_score"
        answers = questionnaire.responses.order_by().values("teacher").annotate(number=Count("pk"), sum=Sum("score"))
        for answer in answers:
            if assessment := assessments.get(answer["teacher"]):
                enough = answer["number"] >= cycle.smallest_group
                mean = (Decimal(answer["sum"]) / answer["number"]).quantize(HUNDREDTH, ROUND_HALF_UP)
                setattr(assessment, field, mean if enough else None)
    for row in assessments.values():
        row.total = cycle.total(row.student_score, row.parent_score, row.school_score)
    return _save_changed(list(assessments.values()), by, ["student_score", "parent_score", "total"])


def close_cycle(*, cycle: AssessmentCycle, by: Actor) -> AssessmentCycle:
    """Close an open cycle: from now on schools change nothing any more."""
    return _turn(cycle, {OPEN}, CLOSED, by)


def reopen_cycle(*, cycle: AssessmentCycle, by: Actor) -> AssessmentCycle:
    """Open a closed or published cycle again, for corrections; teachers no longer see its results."""
    return _turn(cycle, {CLOSED, PUBLISHED}, OPEN, by)


@transaction.atomic
def publish_cycle(*, cycle: AssessmentCycle, by: Actor) -> AssessmentCycle:
    """Let teachers see their results; raise ValidationError while one is undecided or stands against misconduct."""
    demand(may_run, by, lock(cycle))
    _refuse_undecided(cycle)
    return _turn(cycle, {OPEN, CLOSED}, PUBLISHED, by)


def _refuse_undecided(cycle: AssessmentCycle) -> None:
    undecided = cycle.assessments.exclude(status=DECIDED).count()
    if undecided:
        raise ValidationError(_("%(number)d assessments are not decided yet.") % {"number": undecided})
    wrong = cycle.assessments.filter(teacher__in=vetoed(cycle)).exclude(grade=UNQUALIFIED).count()
    if wrong:
        raise ValidationError(_("%(number)d grades stand against confirmed misconduct.") % {"number": wrong})


@transaction.atomic
def _turn(cycle: AssessmentCycle, before: set[str], after: str, by: Actor) -> AssessmentCycle:
    demand(may_run, by, lock(cycle))
    if cycle.status not in before:
        raise ValidationError(
            _("The cycle is “%(status)s”: this cannot be done now.") % {"status": cycle.get_status_display()}
        )
    cycle.status = after
    return write_record(record=cycle, by=by)
