"""What is done with observations: record, submit, confirm, reopen, import."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from auditlog.context import set_actor
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import write_record, write_records
from apps.core.rules import keeps_records
from apps.observations.models import Observation, ObservationScore, RubricItem
from apps.schools.models import School

Status = Observation.Status


# Who may do what to an observation within the own scope: pages ask before they offer it, the verbs before they do it.


def may_edit(user: Any, observation: Observation) -> bool:
    """Return whether `user` may change it: the office always, principals until it is confirmed, observers drafts."""
    if keeps_records(user):
        return True
    if user.teacher_id or user.researcher_id:
        own = (user.teacher_id, user.researcher_id) == (
            observation.observer_teacher_id,
            observation.observer_researcher_id,
        )
        return own and observation.status == Status.DRAFT
    return user.scope.school == observation.school_id and observation.status != Status.CONFIRMED


def may_confirm(user: Any, observation: Observation) -> bool:
    """Return whether `user` may confirm it: the lesson's teacher, or instead the school's principal or the office."""
    if observation.status != Status.SUBMITTED or not user.has_perm("observations.confirm_observation"):
        return False
    return keeps_records(user) or observation.teacher_id == user.teacher_id or _heads(user, observation)


def may_reopen(user: Any, observation: Observation) -> bool:
    """Return whether `user` may give it back to its observer: principals a submitted one, the office any."""
    if observation.status == Status.DRAFT or not user.has_perm("observations.change_observation"):
        return False
    return keeps_records(user) or (observation.status == Status.SUBMITTED and _heads(user, observation))


def _heads(user: Any, observation: Observation) -> bool:
    return bool(user.school_id) and user.school_id == observation.school_id


def _demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# Observations


def record_observation(
    *,
    observation: Observation,
    scores: Mapping[int, Decimal] | None,
    by: Any,
    version: int | None = None,
    submit: bool = False,
) -> Observation:
    """Write an observation with the scores of its rubric's items (item id → score), and return it.

    The total is the sum of the items. No scores take away those that are there; None leaves them as they are.
    `submit` hands a draft to the lesson's teacher. Raises ValidationError for a rule broken, PermissionDenied for a
    record that `by` may not change, Conflict for a newer version.
    """
    if observation.pk:
        _demand(may_edit(by, Observation.objects.get(pk=observation.pk)))
    if by is not None and not School.objects.visible_to(by).filter(pk=observation.school_id).exists():
        raise ValidationError(_("You cannot record lessons of this school."))
    _demand(may_edit(by, observation))
    items = None if scores is None else _check_scores(observation, scores)
    if submit and observation.status == Status.DRAFT:
        observation.status = Status.SUBMITTED
    with transaction.atomic():
        if items:
            observation.score = sum(scores.values())
        elif items is not None and observation.pk and observation.scores.exists():
            observation.score = None
        write_record(record=observation, by=by, version=version)
        if items is not None:
            _write_scores([(observation, [(item, scores[item.pk]) for item in items])], by)
    return observation


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


def _write_scores(scored: Sequence[Scored], by: Any) -> None:
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
    with set_actor(by):
        for row in known.values():
            row.delete()
    write_records(records=changed, by=by, fields=["score"])


def submit_observation(*, observation: Observation, by: Any) -> Observation:
    """Hand a draft to the lesson's teacher for confirmation."""
    _demand(may_edit(by, observation))
    if observation.status != Status.DRAFT:
        raise ValidationError(_("It is submitted already."))
    observation.status = Status.SUBMITTED
    return write_record(record=observation, by=by, version=observation.version)


def confirm_observation(*, observation: Observation, by: Any) -> Observation:
    """Confirm a submitted observation, as the lesson's teacher or on the teacher's behalf."""
    if observation.status != Status.SUBMITTED:
        raise ValidationError(_("Only a submitted observation can be confirmed."))
    _demand(may_confirm(by, observation))
    observation.status, observation.confirmed_at, observation.confirmed_by = Status.CONFIRMED, timezone.now(), by
    return write_record(record=observation, by=by, version=observation.version)


def reopen_observation(*, observation: Observation, by: Any) -> Observation:
    """Make a submitted or confirmed observation a draft again, for its observer to correct."""
    if observation.status == Status.DRAFT:
        raise ValidationError(_("It is a draft already."))
    _demand(may_reopen(by, observation))
    observation.status, observation.confirmed_at, observation.confirmed_by = Status.DRAFT, None, None
    return write_record(record=observation, by=by, version=observation.version)


# Imports: the sheets' rows and lines, in bulk


def import_observations(*, records: Sequence[Observation], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked observations from a workbook; confirmed ones note who confirmed them, and when.

    Raises ValidationError for those that `by` may not change, and for a total that is not the sum of its items.
    """
    known = [record for record in records if record.pk]
    stored = Observation.objects.in_bulk([record.pk for record in known])
    if held := [row for row in stored.values() if not may_edit(by, row)]:
        names = "、".join(str(row) for row in held[:5])
        raise ValidationError(_("You may not change these observations: %(names)s") % {"names": names})
    _keep_totals(known)
    for record in records:
        confirmed = record.status == Status.CONFIRMED
        if confirmed and by is not None and not record.confirmed_at:
            record.confirmed_at, record.confirmed_by = timezone.now(), by
        elif not confirmed:
            record.confirmed_at = record.confirmed_by = None
    write_records(records=records, by=by, fields={*fields, "score", "confirmed_at", "confirmed_by"})


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


def import_scores(*, records: Sequence[Observation], children: Sequence[Sequence[ObservationScore]], by: Any) -> None:
    """Write the items' scores of many observations; a total that only summed up items taken away goes with them."""
    items = RubricItem.objects.filter(rubric__in={record.rubric_id for record in records})
    places = {(item.rubric_id, item.order): item for item in items}
    scored = [
        (record, [(places[record.rubric_id, row.item.order], row.score) for row in rows])
        for record, rows in zip(records, children, strict=True)
    ]
    _write_scores(scored, by)
    emptied = [record for record, rows in scored if not rows and record.total_kept]
    for record in emptied:
        record.score = None
    write_records(records=emptied, by=by, fields=["score"])
