"""What is done with observations and rubrics: record, submit, confirm, reopen, import; set a rubric's items."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from auditlog.context import set_actor
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import save_record, save_records
from apps.schools.models import School

from .models import Observation, ObservationScore, Rubric, RubricItem

Status = Observation.Status


# Who may do what to an observation within the own scope: pages ask before they offer it, the verbs before they do it.


def keeps_records(user: Any) -> bool:
    """Return whether `user` keeps the records of more than one school: the office (or a command, without a user)."""
    return user is None or (user.scope.kind in {"everything", "district", "township"} and not user.researcher_id)


def may_edit(user: Any, observation: Observation) -> bool:
    """Return whether `user` may change it: the office always, others until it is confirmed, observers their own drafts."""
    if keeps_records(user):
        return True
    if user.teacher_id or user.researcher_id:
        own = (user.teacher_id, user.researcher_id) == (observation.observer_teacher_id, observation.observer_researcher_id)
        return own and observation.status == Status.DRAFT
    return user.scope.school == observation.school_id and observation.status != Status.CONFIRMED


def may_confirm(user: Any, observation: Observation) -> bool:
    """Return whether `user` may confirm it: the lesson's teacher, or for the teacher the school's principal or the office."""
    if observation.status != Status.SUBMITTED or not user.has_perm("observations.confirm_observation"):
        return False
    return keeps_records(user) or observation.teacher_id == user.teacher_id or _heads(user, observation)


def may_reopen(user: Any, observation: Observation) -> bool:
    """Return whether `user` may give it back to its observer: a submitted one the school's principal, any the office."""
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
        known = {row.item_id: row for row in observation.scores.all()} if observation.pk else {}
        if items:
            observation.score = sum(scores.values())
        elif items is not None and known:
            observation.score = None
        save_record(record=observation, by=by, version=version)
        if items is not None:
            _write_scores(observation, items, scores, known, by)
    return observation


def _check_scores(observation: Observation, scores: Mapping[int, Decimal]) -> list[RubricItem]:
    """Return the rubric's items, none without scores; raise ValidationError unless each has a score within its maximum."""
    if not scores:
        return []
    items = list(RubricItem.objects.filter(rubric=observation.rubric_id))
    if {item.pk for item in items} != set(scores):
        raise ValidationError(_("Score every item of the rubric, or none."))
    for item in items:
        if not 0 <= scores[item.pk] <= item.maximum:
            raise ValidationError(_("%(item)s: a score lies between 0 and %(maximum)s.") % {"item": item, "maximum": item.maximum})
    return items


def _write_scores(
    observation: Observation,
    items: list[RubricItem],
    scores: Mapping[int, Decimal],
    known: dict[int, ObservationScore],
    by: Any,
) -> None:
    with set_actor(by):
        for item_id in known.keys() - scores.keys():
            known[item_id].delete()
    changed = []
    for item in items:
        row = known.get(item.pk) or ObservationScore(observation=observation, item=item, maximum=item.maximum)
        if row.pk and row.score == scores[item.pk]:
            continue
        row.score = scores[item.pk]
        changed.append(row)
    save_records(records=changed, by=by, fields=["score"])


def submit_observation(*, observation: Observation, by: Any) -> Observation:
    """Hand a draft to the lesson's teacher for confirmation."""
    _demand(may_edit(by, observation))
    if observation.status != Status.DRAFT:
        raise ValidationError(_("It is submitted already."))
    observation.status = Status.SUBMITTED
    return save_record(record=observation, by=by, version=observation.version)


def confirm_observation(*, observation: Observation, by: Any) -> Observation:
    """Confirm a submitted observation, as the lesson's teacher or on the teacher's behalf."""
    if observation.status != Status.SUBMITTED:
        raise ValidationError(_("Only a submitted observation can be confirmed."))
    _demand(may_confirm(by, observation))
    observation.status, observation.confirmed_at, observation.confirmed_by = Status.CONFIRMED, timezone.now(), by
    return save_record(record=observation, by=by, version=observation.version)


def reopen_observation(*, observation: Observation, by: Any) -> Observation:
    """Make a submitted or confirmed observation a draft again, for its observer to correct."""
    if observation.status == Status.DRAFT:
        raise ValidationError(_("It is a draft already."))
    _demand(may_reopen(by, observation))
    observation.status, observation.confirmed_at, observation.confirmed_by = Status.DRAFT, None, None
    return save_record(record=observation, by=by, version=observation.version)


def import_observations(*, records: Sequence[Observation], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked observations from a workbook; confirmed ones note who confirmed them, and when.

    Raises ValidationError naming the confirmed ones that `by` may not change.
    """
    stored = Observation.objects.in_bulk([record.pk for record in records if record.pk])
    held = [row for row in stored.values() if not may_edit(by, row)]
    if held:
        names = "、".join(str(row) for row in held[:5])
        raise ValidationError(_("Confirmed observations are changed by the office only: %(names)s") % {"names": names})
    for record in records:
        confirmed = record.status == Status.CONFIRMED
        if confirmed and by is not None and not record.confirmed_at:
            record.confirmed_at, record.confirmed_by = timezone.now(), by
        elif not confirmed:
            record.confirmed_at = record.confirmed_by = None
    save_records(records=records, by=by, fields=[*fields, "confirmed_at", "confirmed_by"])


# Rubrics


def save_rubric(*, rubric: Rubric, items: Sequence[RubricItem], by: Any, version: int | None = None) -> Rubric:
    """Write a rubric with its items (as `Rubric.read_items` gives them, adding up to 100), and return it.

    Raises ValidationError when lessons were scored by it already and its items or cut-offs would change.
    """
    with transaction.atomic():
        known = list(rubric.items.order_by("order")) if rubric.pk else []
        check_rubric_unchanged(rubric, items)
        save_record(record=rubric, by=by, version=version)
        with set_actor(by):
            for item in known[len(items) :]:
                item.delete()
        changed = []
        for place, item in enumerate(items):
            row = known[place] if place < len(known) else RubricItem(rubric=rubric, order=item.order)
            if row.pk is None or (row.name, row.maximum) != (item.name, item.maximum):
                row.name, row.maximum = item.name, item.maximum
                row.full_clean(validate_unique=False, validate_constraints=False)
                changed.append(row)
        save_records(records=changed, by=by, fields=["name", "maximum"])
    return rubric


def check_rubric_unchanged(rubric: Rubric, items: Sequence[RubricItem]) -> None:
    """Raise ValidationError if lessons were scored by the rubric and its items or cut-offs differ from the stored ones."""
    if not rubric.applied:
        return
    stored = Rubric.objects.get(pk=rubric.pk)
    cut_offs = ("excellent_from", "good_from", "fair_from")
    same = [getattr(stored, name) for name in cut_offs] == [getattr(rubric, name) for name in cut_offs]
    known = [(item.name, item.maximum) for item in stored.items.order_by("order")]
    if not same or known != [(item.name, item.maximum) for item in items]:
        raise ValidationError(_("Lessons were scored by this rubric already. Add a new edition instead of changing it."))
