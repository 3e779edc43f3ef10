"""What is done with the exchange: open the next round, post teachers, assess and end postings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import erase_record, write_record, write_records
from apps.core.models import SchoolYear
from apps.teachers.actions import transfer_teacher
from apps.teachers.models import Appointment, on_day

from .models import ExchangeRound, Posting, years_before

DAY = timedelta(days=1)
# What the roster follows from: fixed once a posting is written.
MOVE = ("round_id", "teacher_id", "from_school_id", "to_school_id", "starts_on")
PARAMETERS = ("document", "exchange_share", "backbone_share", "years_at_school", "oldest_man", "oldest_woman")


def open_next_round(*, round: ExchangeRound, school_year: SchoolYear, by: Any) -> ExchangeRound:
    """Open a round for `school_year` by the document and the limits of `round`, its days moved by whole years.

    Raises ValidationError if the township already has one for that year.
    """
    years = round.school_year.start_year - school_year.start_year
    days = {name: years_before(getattr(round, name), years) for name in ("opens_on", "closes_on", "reference_date")}
    values = {name: getattr(round, name) for name in PARAMETERS}
    return write_record(record=ExchangeRound(township=round.township, school_year=school_year, **values, **days), by=by)


@transaction.atomic
def post_teacher(*, posting: Posting, by: Any, version: int | None = None) -> Posting:
    """Write a posting and let its teacher belong to the host school from its first day, and return it.

    A teacher who already belongs there stays as is; one whose posting has a last day returns on the day after.
    Raises ValidationError if the teacher did not belong to the from-school before, or if a written move would change.
    """
    if posting.pk:
        _refuse_moved(posting, Posting.objects.filter(pk=posting.pk).first())
        return write_record(record=posting, by=by, version=version)
    write_record(record=posting, by=by)
    moves = _moves(posting, list(posting.teacher.appointments.order_by("starts_on")))
    for row in moves:
        transfer_teacher(
            teacher=posting.teacher, school=row.school, on=row.starts_on, by=by, kind=row.kind, until=row.ends_on
        )
    return posting


@transaction.atomic
def post_teachers(*, records: Sequence[Posting], by: Any, fields: Iterable[str] = ()) -> None:
    """Write many checked postings from a workbook and what follows in the roster, as `post_teacher` does for one."""
    known = {posting.pk: posting for posting in records if not posting._state.adding}
    for pk, stored in Posting.objects.in_bulk(list(known)).items():
        _refuse_moved(known[pk], stored)
    new = sorted((posting for posting in records if posting._state.adding), key=lambda posting: posting.starts_on)
    roster: dict[int, list[Appointment]] = defaultdict(list)
    rows = Appointment.objects.filter(teacher__in={posting.teacher_id for posting in new}).order_by("starts_on")
    for row in rows.select_related("teacher", "school"):
        roster[row.teacher_id].append(row)
    shortened, added = {}, []
    for posting in new:
        own = roster[posting.teacher_id]
        moves = _moves(posting, own)
        for present in own:
            if moves and _covers(present, posting.starts_on):
                present.ends_on = posting.starts_on - DAY
                if not present._state.adding:
                    shortened[present.pk] = present
        own += moves
        own.sort(key=lambda row: row.starts_on)
        added += moves
    write_records(records=[*shortened.values(), *added], by=by, fields=["ends_on"])
    write_records(records=records, by=by, fields=fields)


def _refuse_moved(posting: Posting, stored: Posting | None) -> None:
    if stored and any(getattr(posting, name) != getattr(stored, name) for name in MOVE):
        message = _("%(posting)s: the roster already follows this posting. Delete it and enter it anew.")
        raise ValidationError(message % {"posting": stored})


def _covers(row: Appointment, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _moves(posting: Posting, rows: list[Appointment]) -> list[Appointment]:
    """Return the appointments that a new posting begins: at the host school, and back again after its last day.

    None if the teacher already belongs to the host school. `rows` are the teacher's appointments by their first day.
    """
    present = next((row for row in rows if _covers(row, posting.starts_on)), None)
    hosted = present is not None and present.school_id == posting.to_school_id
    eve = (present.starts_on if hosted else posting.starts_on) - DAY
    before = next((row for row in rows if _covers(row, eve)), None)
    stays = present is None or hosted or present is before
    if before is None or before.school_id != posting.from_school_id or not stays:
        names = {"teacher": posting.teacher, "school": posting.from_school}
        message = _("%(teacher)s did not belong to %(school)s until the day before the posting begins.")
        raise ValidationError({"from_school": message % names})
    if hosted:
        return []
    last = present.ends_on if present else None
    until = min((day for day in (posting.ends_on, last) if day), default=None)
    moves = [
        Appointment(
            teacher=posting.teacher,
            school=posting.to_school,
            kind=Appointment.Kind.EXCHANGE,
            starts_on=posting.starts_on,
            ends_on=until,
        )
    ]
    if posting.ends_on and present and (last is None or last > posting.ends_on):
        back = posting.ends_on + DAY
        moves.append(Appointment(teacher=posting.teacher, school=posting.from_school, starts_on=back, ends_on=last))
    if any(row.starts_on > posting.starts_on and (until is None or row.starts_on <= until) for row in rows):
        message = _("%(teacher)s already belongs to another school later on: give the posting a last day before that.")
        raise ValidationError({"ends_on": message % {"teacher": posting.teacher}})
    return moves


def assess_posting(*, posting: Posting, score: Decimal, grade: str, by: Any) -> Posting:
    """Write the result of a posting's comprehensive assessment (综合考核): a score of 0 to 100, and a grade."""
    posting.score, posting.grade = score, grade
    return write_record(record=posting, by=by, version=posting.version)


@transaction.atomic
def end_posting(*, posting: Posting, ends_on: date, by: Any) -> Posting:
    """End a posting on its last day `ends_on`, and let the teacher return to the from-school on the day after.

    A teacher who by then has moved on elsewhere stays there. Raises ValidationError for a posting that has ended.
    """
    if posting.ends_on:
        raise ValidationError(_("The posting has a last day already."))
    posting.ends_on = ends_on
    write_record(record=posting, by=by, version=posting.version)
    present = posting.teacher.appointments.filter(on_day(ends_on + DAY)).first()
    if present and present.school_id == posting.to_school_id:
        transfer_teacher(
            teacher=posting.teacher, school=posting.from_school, on=ends_on + DAY, by=by, until=present.ends_on
        )
    return posting


@transaction.atomic
def delete_posting(*, posting: Posting, by: Any) -> None:
    """Delete a posting, and undo in the roster what it began while nothing newer follows it there."""
    rows = list(posting.teacher.appointments.order_by("-starts_on")[:2])
    erase_record(record=posting, by=by)
    if len(rows) < 2:
        return
    host, before = rows
    begun = host.kind == Appointment.Kind.EXCHANGE and (host.school_id, host.starts_on) == (
        posting.to_school_id,
        posting.starts_on,
    )
    if begun and before.school_id == posting.from_school_id and before.ends_on == posting.starts_on - DAY:
        erase_record(record=host, by=by)
        before.ends_on = host.ends_on
        write_record(record=before, by=by)
