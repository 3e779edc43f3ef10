"""What is done with the action handbook: write, submit, withdraw, review, import, ask anew, close the year."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import write_record, write_records
from apps.core.models import SchoolYear
from apps.core.rules import keeps_records
from apps.schools.models import Township
from apps.teachers.models import Appointment, on_day

from .models import HandbookEntry, HandbookScore, Requirement

Status = HandbookEntry.Status
# Still in the teacher's hands.
OPEN = (Status.DRAFT, Status.RETURNED)
REVIEWED = (Status.RETURNED, Status.APPROVED)


# Who may do what to an entry within the own scope: pages ask before they offer it, the verbs before they do it.


def is_own(user: Any, entry: HandbookEntry) -> bool:
    """Return whether the entry is the user's own."""
    return user is not None and user.teacher_id is not None and user.teacher_id == entry.teacher_id


def may_edit(user: Any, entry: HandbookEntry) -> bool:
    """Return whether `user` may change it: the office always, teachers their own drafts and returned ones."""
    return keeps_records(user) or (is_own(user, entry) and entry.status in OPEN)


def may_withdraw(user: Any, entry: HandbookEntry) -> bool:
    """Return whether `user` may take it back before its review: its teacher or the office."""
    return entry.status == Status.SUBMITTED and (keeps_records(user) or is_own(user, entry))


def may_review(user: Any, entry: HandbookEntry) -> bool:
    """Return whether `user` may review it: never the own; submitted ones, and for the office approved ones again."""
    if user is None or not user.has_perm("handbook.review_handbookentry") or is_own(user, entry):
        return False
    return entry.status == Status.SUBMITTED or (entry.status == Status.APPROVED and keeps_records(user))


def _demand(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


# Entries


def save_entry(*, entry: HandbookEntry, by: Any, version: int | None = None, submit: bool = False) -> HandbookEntry:
    """Write an entry at the school where its teacher served on its day, and return it; `submit` hands it in as well.

    Raises ValidationError for a rule broken or a teacher without a school on that day, PermissionDenied for an entry
    that `by` may not change, Conflict for a newer version.
    """
    if entry.pk:
        _demand(may_edit(by, HandbookEntry.objects.get(pk=entry.pk)))
    _demand(may_edit(by, entry))
    if entry.teacher_id and entry.date:
        there = Appointment.objects.filter(on_day(entry.date), teacher=entry.teacher_id)
        entry.school_id = there.values_list("school_id", flat=True).first()
        if entry.school_id is None:
            raise ValidationError({"date": _("The teacher belongs to no school on this day.")})
    if submit and entry.status in OPEN:
        entry.status = Status.SUBMITTED
    return write_record(record=entry, by=by, version=version)


def submit_entry(*, entry: HandbookEntry, by: Any) -> HandbookEntry:
    """Hand in a draft or a returned entry for review."""
    if entry.status not in OPEN:
        raise ValidationError(_("It is submitted already."))
    _demand(may_edit(by, entry))
    entry.status = Status.SUBMITTED
    return write_record(record=entry, by=by, version=entry.version)


def withdraw_entry(*, entry: HandbookEntry, by: Any) -> HandbookEntry:
    """Take a submitted entry back as a draft, before its review."""
    if entry.status != Status.SUBMITTED:
        raise ValidationError(_("Only an entry that waits for review can be taken back."))
    _demand(may_withdraw(by, entry))
    entry.status = Status.DRAFT
    return write_record(record=entry, by=by, version=entry.version)


def review_entry(
    *, entry: HandbookEntry, approve: bool, by: Any, quality: str = "", comment: str = "", version: int | None = None
) -> HandbookEntry:
    """Approve an entry, with its quality, or return it to its teacher, with a comment on what to revise.

    Raises ValidationError for one that does not wait for review or a return without a comment, PermissionDenied for
    one that `by` may not review (the own ones), Conflict for a newer version than the reviewer read.
    """
    if entry.status not in (Status.SUBMITTED, Status.APPROVED):
        raise ValidationError(_("The entry does not wait for review."))
    _demand(may_review(by, entry))
    if not approve and not comment.strip():
        raise ValidationError({"comment": _("Say what to revise.")})
    entry.status = Status.APPROVED if approve else Status.RETURNED
    entry.quality, entry.comment = (quality if approve else ""), comment.strip()
    entry.reviewed_at, entry.reviewed_by = timezone.now(), by
    return write_record(record=entry, by=by, version=entry.version if version is None else version)


def import_entries(*, records: Sequence[HandbookEntry], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked entries from a workbook; reviewed ones note who took them over as such, and when.

    Raises ValidationError naming the approved ones that `by` may not change.
    """
    if not keeps_records(by):
        known = [entry.pk for entry in records if not entry._state.adding]
        held = HandbookEntry.objects.filter(pk__in=known, status=Status.APPROVED)[:5]
        if held:
            names = "、".join(str(entry) for entry in held)
            raise ValidationError(_("Approved entries are changed by the office only: %(names)s") % {"names": names})
    now = timezone.now()
    for entry in records:
        if entry.status not in REVIEWED:
            entry.reviewed_at = entry.reviewed_by = None
        elif by is not None and entry.reviewed_at is None:
            entry.reviewed_at, entry.reviewed_by = now, by
    write_records(records=records, by=by, fields=dict.fromkeys([*fields, "reviewed_at", "reviewed_by"]))


# Requirements and scores


def close_handbook_year(
    *, township: Township, school_year: SchoolYear, closed_on: date, by: Any
) -> list[HandbookScore]:
    """Score the handbook of every teacher who serves on `closed_on`, and return the scores that changed.

    A requirement counts min(approved, minimum) ÷ minimum of its points; the sum is scaled to 100 over the requirements
    of the terms in which the teacher belonged to a school of the township. Closing again scores anew.
    """
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
    rows: QuerySet = Appointment.objects.filter(teacher__township=township).in_period(school_year)
    found = defaultdict(list)
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


def _score(asked: list[Requirement], approved: dict[int, int]) -> dict[str, Any]:
    """Return asked, done and score (of 100, one decimal, half up) over the requirements asked for."""
    done = {r.pk: min(approved.get(r.pk, 0), r.minimum) for r in asked}
    reached = sum(Decimal(done[r.pk] * r.points) / r.minimum for r in asked)
    score = (100 * reached / sum(r.points for r in asked)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return {"asked": sum(r.minimum for r in asked), "done": sum(done.values()), "score": score}
