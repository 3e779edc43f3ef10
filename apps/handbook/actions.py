"""What is done with the action handbook: write, submit, withdraw, review, import, ask anew, close the year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from apps.core.actions import (
    copy_to_next_term,
    demand_reach,
    demand_write,
    lock,
    save_records,
    write_record,
    write_records,
)
from apps.core.actors import Actor, demand_somebody
from apps.core.models import SchoolYear
from apps.core.rules import demand
from apps.core.stamps import stamp, unstamp
from apps.schools.models import Township
from apps.teachers.models import Appointment, on_day

from .models import REVIEWED, HandbookEntry, HandbookScore, Requirement
from .rules import may_close_year, may_copy, may_hand_in, may_review

Status = HandbookEntry.Status
TENTH = Decimal("0.1")
# Dimension, kind, entries a term, points in the year's score: two terms make 100. Eight reflections a term is what
# schools' rules ask for; the other numbers are small ones to begin with.
Dimension, Kind = Requirement.Dimension, Requirement.Kind
DEFAULTS = (
    (Dimension.ROUTINE, Kind.LESSON_PLAN, 2, 8),
    (Dimension.ROUTINE, Kind.HOMEWORK, 2, 6),
    (Dimension.CLASSROOM, Kind.LEARNING_GUIDE, 2, 10),
    (Dimension.CLASSROOM, Kind.LESSON_GIVEN, 1, 8),
    (Dimension.RESEARCH, Kind.READING, 2, 6),
    (Dimension.RESEARCH, Kind.REFLECTION, 8, 8),
    (Dimension.RESEARCH, Kind.SALON, 1, 4),
)
DEFAULT_SOURCE = "通用要求，依三维一体行动手册三个维度和各地常见校规，请与本地文件核对"


# Entries


@transaction.atomic
def save_entry(*, entry: HandbookEntry, by: Actor, version: int | None = None, submit: bool = False) -> HandbookEntry:
    """Write an entry at the school where its teacher served on its day, and return it; `submit` hands it in as well.

    Raises ValidationError for a rule broken or a teacher without a school on that day, PermissionDenied for an entry
    that `by` may not change, Conflict for a newer version.
    """
    demand_write([entry], by)
    # The school follows from the day and need not be one that the teacher sees today.
    if entry.teacher_id and entry.date:
        there = Appointment.objects.filter(on_day(entry.date), teacher=entry.teacher_id).first()
        if there is None:
            raise ValidationError({"date": _("The teacher belongs to no school on this day.")})
        entry.school_id = there.school_id
    if submit and entry.is_open:
        entry.status = Status.SUBMITTED
    write_record(record=entry, by=by, version=version)
    demand_reach([entry], by)
    return entry


@transaction.atomic
def submit_entry(*, entry: HandbookEntry, by: Actor) -> HandbookEntry:
    """Hand in a draft or a returned entry for review, and return it."""
    demand(may_hand_in, by, lock(entry))
    if not entry.is_open:
        raise ValidationError(_("It is submitted already."))
    entry.status = Status.SUBMITTED
    return write_record(record=entry, by=by)


@transaction.atomic
def withdraw_entry(*, entry: HandbookEntry, by: Actor) -> HandbookEntry:
    """Take a submitted entry back as a draft, before its review, and return it."""
    demand(may_hand_in, by, lock(entry))
    if entry.status != Status.SUBMITTED:
        raise ValidationError(_("Only an entry that waits for review can be taken back."))
    entry.status = Status.DRAFT
    return write_record(record=entry, by=by)


@transaction.atomic
def review_entry(
    *, entry: HandbookEntry, approve: bool, by: Actor, quality: str = "", comment: str = "", version: int | None = None
) -> HandbookEntry:
    """Approve an entry, with its quality, or return it to its teacher, with a comment on what to revise.

    Raises PermissionDenied for one that `by` may not review (the own ones), Conflict for a newer version than the
    reviewer read, ValidationError for one that does not wait for review, or a return without a comment.
    """
    demand(may_review, by, lock(entry, version=version))
    if entry.is_open:
        raise ValidationError(_("The entry does not wait for review."))
    if not approve and not comment.strip():
        raise ValidationError({"comment": _("Say what to revise.")})
    entry.status = Status.APPROVED if approve else Status.RETURNED
    entry.quality, entry.comment = (quality if approve else ""), comment.strip()
    stamp(entry, "reviewed", by.account)
    return write_record(record=entry, by=by)


@transaction.atomic
def import_entries(*, records: Sequence[HandbookEntry], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked entries from a workbook; reviewed ones note who took them over as such, and when.

    Raises PermissionDenied for entries that `by` may not write, or for what only a review says of them.
    """
    demand_somebody(by)
    if not records:
        return
    demand_write(records, by)
    for entry in records:
        if entry.status not in REVIEWED:
            unstamp(entry, "reviewed")
        elif entry.reviewed_at is None:
            stamp(entry, "reviewed", by.account)
    write_records(records=records, by=by, fields=dict.fromkeys([*fields, "reviewed_at", "reviewed_by"]))
    demand_reach(records, by)


# Requirements and scores


@transaction.atomic
def copy_requirements(*, requirement: Requirement, by: Actor) -> int:
    """Ask in the next term for what is asked for in the term of `requirement`, and return how many were added.

    What the next term already asks for stays. Raises ValidationError where there is no next term.
    """
    demand(may_copy, by, lock(requirement))
    return len(copy_to_next_term(model=Requirement, term=requirement.term, by=by))


@transaction.atomic
def take_default_requirements(*, year: SchoolYear, by: Actor) -> int:
    """Ask for the default entries in the year's terms, in each township of `by` that asks for none in it.

    Returns how many requirements were added; raises PermissionDenied unless `by` may add them.
    """
    demand_somebody(by)
    asking = Requirement.objects.filter(term__school_year=year).values("township")
    new = [
        Requirement(
            township=township,
            term=term,
            dimension=dimension,
            kind=kind,
            minimum=minimum,
            points=points,
            document=DEFAULT_SOURCE,
        )
        for township in Township.objects.visible_to(by).exclude(pk__in=asking)
        for term in year.terms.all()
        for dimension, kind, minimum, points in DEFAULTS
    ]
    save_records(records=new, by=by)
    return len(new)


@transaction.atomic
def close_handbook_year(
    *, township: Township, school_year: SchoolYear, closed_on: date, by: Actor
) -> list[HandbookScore]:
    """Score the handbook of every teacher who serves on `closed_on`, and return the scores that changed.

    A requirement counts min(approved, minimum) ÷ minimum of its points; the sum is scaled to 100 over the requirements
    of the terms in which the teacher belonged to a school of the township. Closing again scores anew.
    """
    demand(may_close_year, by, lock(township))
    if not school_year.starts_on <= closed_on <= school_year.ends_on:
        raise ValidationError({"closed_on": _("Choose a day of the school year.")})
    asked_for = Requirement.objects.filter(township=township, term__school_year=school_year)
    requirements = list(asked_for.select_related("term"))
    if not any(requirement.points for requirement in requirements):
        raise ValidationError(
            _("The handbook asks for nothing in this school year: first add requirements with points.")
        )
    approved = _approved(requirements)
    year = (school_year.starts_on, school_year.ends_on)
    stored = HandbookScore.objects.filter(teacher__township=township, closed_on__range=year)
    known = {score.teacher_id: score for score in stored.select_related("teacher").order_by("closed_on")}
    changed = []
    for teacher, served in _appointments(township, school_year).items():
        present = next((row for row in served if _covers(row, closed_on, closed_on)), None)
        asked = [r for r in requirements if any(_covers(row, r.term.starts_on, r.term.ends_on) for row in served)]
        if present is None or not sum(r.points for r in asked):
            continue
        values = _score(asked, approved[teacher]) | {"school_id": present.school_id, "closed_on": closed_on}
        score = known.get(teacher) or HandbookScore(teacher=present.teacher)
        if score.pk is None or any(getattr(score, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(score, name, value)
            changed.append(score)
    write_records(records=changed, by=by, fields=["school", "closed_on", "asked", "done", "score"])
    return changed


def _appointments(township: Township, school_year: SchoolYear) -> dict[int, list[Appointment]]:
    """Return teacher → appointments of the township's teachers that reach into the school year."""
    rows = Appointment.objects.filter(teacher__township=township).in_period(school_year)
    found: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows.select_related("teacher").order_by("starts_on"):
        found[row.teacher_id].append(row)
    return found


def _covers(row: Appointment, first: date, last: date) -> bool:
    return row.starts_on <= last and (row.ends_on is None or row.ends_on >= first)


def _approved(requirements: list[Requirement]) -> dict[int, dict[int, int]]:
    """Return teacher → requirement → number of approved entries."""
    rows = HandbookEntry.objects.filter(requirement__in=requirements, status=Status.APPROVED).order_by()
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for teacher, requirement, number in rows.values_list("teacher", "requirement").annotate(number=Count("pk")):
        found[teacher][requirement] = number
    return found


def _score(asked: list[Requirement], approved: dict[int, int]) -> dict[str, object]:
    """Return asked, done and score (of 100, one decimal, half up) over the requirements asked for."""
    done = {r.pk: min(approved.get(r.pk, 0), r.minimum) for r in asked}
    reached = sum((Decimal(done[r.pk] * r.points) / r.minimum for r in asked), Decimal(0))
    score = (100 * reached / sum(r.points for r in asked)).quantize(TENTH, ROUND_HALF_UP)
    return {"asked": sum(r.minimum for r in asked), "done": sum(done.values()), "score": score}
