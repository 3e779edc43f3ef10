"""What is done with observations: record, submit, confirm, reopen, import."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import demand_reach, demand_write, erase_record, lock, write_record, write_records
from apps.core.actors import Actor, demand_somebody
from apps.core.rules import demand
from apps.observations.models import Observation, ObservationScore, RubricItem
from apps.observations.rules import may_confirm, may_record, may_reopen, may_submit, may_write
from apps.teachers.models import Appointment

Status = Observation.Status


@transaction.atomic
def record_observation(
    *,
    observation: Observation,
    scores: Mapping[int, Decimal] | None,
    by: Actor,
    version: int | None = None,
    submit: bool = False,
) -> Observation:
    """Write an observation with the scores of its rubric's items (item id → score), and return it.

    The total is the sum of the items. No scores take away those that are there; None leaves them as they are.
    `submit` hands a draft to the lesson's teacher. Raises ValidationError for a rule broken, PermissionDenied for a
    record that `by` may not write, Conflict for a newer version.
    """
    demand_write([observation], by)
    stored = Observation.objects.in_bulk([observation.pk] if observation.pk else [])
    if scores is None and _under_another_rubric(observation, stored.get(observation.pk)):
        raise ValidationError({"rubric": _("The lesson is scored by another rubric: score it anew on its page.")})
    given = scores or {}
    items = _check_scores(observation, given)
    if submit and observation.status == Status.DRAFT:
        observation.status = Status.SUBMITTED
    if items:
        observation.score = sum(given.values(), Decimal(0))
    elif scores is not None and observation.pk and observation.scores.exists():
        observation.score = None
    write_record(record=observation, by=by, version=version)
    demand_reach([observation], by)
    if _not_at_school([observation], stored, by):
        raise ValidationError({"teacher": _("The teacher did not belong to your school on this day.")})
    if scores is not None:
        _write_scores([(observation, [(item, given[item.pk]) for item in items])], by)
    return observation


def _under_another_rubric(observation: Observation, stored: Observation | None) -> bool:
    return stored is not None and stored.rubric_id != observation.rubric_id and stored.scores.exists()


def _not_at_school(records: Iterable[Observation], stored: Mapping[int, Observation], by: Actor) -> list[Observation]:
    """Return the written lessons of teachers who did not belong to the school of `by` that day, if `by` has one.

    Lessons that stay whose and when they were are not asked about.
    """
    if by.scope.school is None:
        return []
    moved = [record for record in records if _whose(record) != _whose(stored.get(record.pk))]
    rows = Appointment.objects.filter(school=by.scope.school, teacher__in={record.teacher_id for record in moved})
    spans = list(rows.values_list("teacher", "starts_on", "ends_on"))
    return [
        record
        for record in moved
        if not any(
            teacher == record.teacher_id and first <= record.date and (last is None or record.date <= last)
            for teacher, first, last in spans
        )
    ]


def _whose(observation: Observation | None) -> tuple[object, ...]:
    return (observation.teacher_id, observation.school_id, observation.date) if observation else ()


def _check_scores(observation: Observation, scores: Mapping[int, Decimal]) -> list[RubricItem]:
    """Return the rubric's items, none without scores; raise ValidationError unless each has a score in its range."""
    if not scores:
        return []
    items = list(RubricItem.objects.filter(rubric=observation.rubric_id))
    if {item.pk for item in items} != set(scores):
        raise ValidationError(_("Score every item of the rubric, or none."))
    for item in items:
        check_score(scores[item.pk], item)
    return items


def check_score(score: Decimal, item: RubricItem) -> None:
    """Raise ValidationError unless the score lies between 0 and the item's maximum, with one decimal at most."""
    if not 0 <= score <= item.maximum or score != round(score, 1):
        limits = {"item": item, "maximum": item.maximum}
        raise ValidationError(_("%(item)s: a score lies between 0 and %(maximum)s, with one decimal at most.") % limits)


Scored = tuple[Observation, Sequence[tuple[RubricItem, Decimal]]]


def _write_scores(scored: Sequence[Scored], by: Actor) -> None:
    """Give each observation exactly these scores; what stays the same is not touched."""
    stored = ObservationScore.objects.filter(observation__in=[observation for observation, _rows in scored])
    known = {(row.observation_id, row.item_id): row for row in stored}
    changed = []
    for observation, rows in scored:
        for item, score in rows:
            row = known.pop((observation.pk, item.pk), None)
            if row and row.score == score:
                continue
            row = row or ObservationScore(observation=observation, item=item, maximum=item.maximum)
            row.score = score
            changed.append(row)
    for row in known.values():
        erase_record(record=row, by=by)
    write_records(records=changed, by=by, fields=["score"])


@transaction.atomic
def submit_observation(*, observation: Observation, by: Actor) -> Observation:
    """Hand a draft to the lesson's teacher for confirmation."""
    demand(may_submit, by, lock(observation, version=observation.version))
    if observation.status != Status.DRAFT:
        raise ValidationError(_("It is submitted already."))
    observation.status = Status.SUBMITTED
    return write_record(record=observation, by=by)


@transaction.atomic
def confirm_observation(*, observation: Observation, by: Actor) -> Observation:
    """Confirm a submitted observation as it was read, as the lesson's teacher or on the teacher's behalf."""
    demand(may_confirm, by, lock(observation, version=observation.version))
    if observation.status != Status.SUBMITTED:
        raise ValidationError(_("Only a submitted observation can be confirmed."))
    _reach(observation, Status.CONFIRMED, by)
    return write_record(record=observation, by=by)


@transaction.atomic
def reopen_observation(*, observation: Observation, by: Actor) -> Observation:
    """Make a submitted or confirmed observation a draft again, for its observer to correct."""
    demand(may_reopen, by, lock(observation, version=observation.version))
    if observation.status == Status.DRAFT:
        raise ValidationError(_("It is a draft already."))
    _reach(observation, Status.DRAFT, by)
    return write_record(record=observation, by=by)


def _reach(observation: Observation, status: str, by: Actor) -> None:
    """Give `observation` a status, and note who confirmed it and when, if it is that."""
    observation.status = status
    confirmed = by.account if status == Status.CONFIRMED else None
    observation.confirmed_at = timezone.now() if confirmed else None
    observation.confirmed_by_id = confirmed.pk if confirmed else None


# Imports: the sheets' rows and lines, in bulk


@transaction.atomic
def import_observations(*, records: Sequence[Observation], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked observations from a workbook; confirmed ones note who confirmed them, and when.

    Raises PermissionDenied naming those that `by` may not change, confirm or reopen; ValidationError for a total that
    is not the sum of its items, or a teacher who did not belong to the school.
    """
    demand_somebody(by)
    if not records:
        return
    stored = Observation.objects.in_bulk([record.pk for record in records if record.pk])
    steps = [(record, record.status) for record in records]
    for record in records:
        record.status = stored[record.pk].status if record.pk in stored else Status.DRAFT
    if held := [row for row, status in steps if not _may_import(row, stored.get(row.pk), status, by)]:
        names = "、".join(str(row) for row in held[:5])
        raise PermissionDenied(_("You may not change these observations: %(names)s") % {"names": names})
    demand_write(records, by)
    _keep_totals([record for record in records if record.pk])
    for record, status in steps:
        if status != record.status:
            _reach(record, status, by)
    write_records(records=records, by=by, fields={*fields, "score", "confirmed_at", "confirmed_by"})
    demand_reach(records, by)
    if strange := _not_at_school(records, stored, by):
        names = "、".join(str(row) for row in strange[:5])
        raise ValidationError(
            _("These teachers did not belong to your school on the day: %(names)s") % {"names": names}
        )
    for record in records:
        record.written_by = by


def _may_import(record: Observation, stored: Observation | None, status: str, by: Actor) -> bool:
    """Return whether `by` may write `record`, and take it from the status that it has to another."""
    if not (may_write(by, stored) if stored else may_record(by, record)):
        return False
    if status == record.status:
        return True
    if status == Status.CONFIRMED:
        return may_confirm(by, record)
    return record.status == Status.DRAFT or may_reopen(by, record)


def _keep_totals(known: Sequence[Observation]) -> None:
    """Give observations back the sum of their items where the workbook leaves out the total; refuse another total."""
    rows = ObservationScore.objects.filter(observation__in=known).order_by()
    sums = dict(rows.values("observation").annotate(total=Sum("score")).values_list("observation", "total"))
    for record in known:
        total = None if record.items_read else sums.get(record.pk)
        if total is None or record.score == total:
            continue
        if record.score is not None:
            raise ValidationError(_("%(lesson)s: the items add up to %(total)s.") % {"lesson": record, "total": total})
        record.score, record.total_kept = total, True


@transaction.atomic
def import_scores(*, records: Sequence[Observation], children: Sequence[Sequence[ObservationScore]], by: Actor) -> None:
    """Write the items' scores of many observations; a total that only summed up items taken away goes with them.

    Raises PermissionDenied for an observation that `by` may not change, nor has just written with its total.
    """
    demand_somebody(by)
    if others := [record for record in records if record.written_by is not by]:
        demand_write(others, by)
    items = RubricItem.objects.filter(rubric__in={record.rubric_id for record in records})
    places: dict[tuple[int | None, int], RubricItem] = {(item.rubric_id, item.order): item for item in items}
    scored = [
        (record, [(places[record.rubric_id, row.item.order], row.score) for row in rows])
        for record, rows in zip(records, children, strict=True)
    ]
    _write_scores(scored, by)
    emptied = [record for record, rows in scored if not rows and record.total_kept]
    for record in emptied:
        record.score = None
    write_records(records=emptied, by=by, fields=["score"])
