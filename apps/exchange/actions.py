"""What is done with the exchange: open the next round, post teachers, assess and end postings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import (
    delete_record,
    demand_reach,
    demand_write,
    erase_record,
    lock,
    save_record,
    write_record,
    write_records,
)
from apps.core.actors import Actor, demand_somebody
from apps.core.models import SchoolYear
from apps.core.rules import demand
from apps.schools.models import Township
from apps.teachers.actions import transfer_teacher
from apps.teachers.models import Appointment, on_day

from .models import ExchangeRound, Posting, years_before
from .rules import may_assess, may_end, may_open_next

DAY = timedelta(days=1)
# What the roster follows from: fixed once a posting is written.
MOVE = ("round_id", "teacher_id", "from_school_id", "to_school_id", "starts_on")
# The limits are the model's defaults.
DEFAULT_DOCUMENT = "《关于推进县（区）域内义务教育学校校长教师交流轮岗的意见》（2014年）"
PARAMETERS = (
    "document",
    "exchange_share",
    "backbone_share",
    "years_at_school",
    "gaps_break",
    "oldest_man",
    "oldest_woman",
)


@transaction.atomic
def open_next_round(*, round: ExchangeRound, by: Actor, school_year: SchoolYear | None = None) -> ExchangeRound:
    """Open the round of a later school year, the next one unless said, and return it.

    It takes over the document and the limits of `round`; the days move by whole years. Raises ValidationError if that
    year is not there, or the township already has a round for it.
    """
    demand(may_open_next, by, lock(round))
    school_year = school_year or SchoolYear.objects.filter(start_year=round.school_year.start_year + 1).first()
    if school_year is None:
        raise ValidationError(_("The next school year is not there yet: add it first."))
    years = round.school_year.start_year - school_year.start_year
    days = {name: years_before(getattr(round, name), years) for name in ("opens_on", "closes_on", "reference_date")}
    values = {name: getattr(round, name) for name in PARAMETERS}
    return write_record(record=ExchangeRound(township=round.township, school_year=school_year, **values, **days), by=by)


@transaction.atomic
def carry_rounds(*, rows: Sequence[ExchangeRound], following: SchoolYear, by: Actor) -> int:
    """Open the rounds of the following school year that come after `rows`, and return how many."""
    demand_somebody(by)
    for round in rows:
        open_next_round(round=round, school_year=following, by=by)
    return len(rows)


@transaction.atomic
def take_default_round(*, year: SchoolYear, by: Actor) -> int:
    """Open the default round of the year in each township of `by` that has none, and return how many were opened.

    Raises PermissionDenied unless `by` may add rounds.
    """
    demand_somebody(by)
    without = Township.objects.visible_to(by).exclude(rounds__school_year=year)
    new = [
        ExchangeRound(
            township=township,
            school_year=year,
            document=DEFAULT_DOCUMENT,
            opens_on=year.starts_on,
            closes_on=date(year.start_year + 1, 7, 10),
            reference_date=date(year.start_year, 8, 31),
        )
        for township in without
    ]
    for round in new:
        save_record(record=round, by=by)
    return len(new)


@transaction.atomic
def post_teacher(*, posting: Posting, by: Actor, version: int | None = None) -> Posting:
    """Write a posting and let its teacher belong to the host school from its first day, and return it.

    A teacher who already belongs there stays as is; one whose posting has a last day returns on the day after.
    Raises ValidationError if the teacher did not belong to the from-school before, or if a written move would change.
    """
    demand_write([posting], by)
    stored = Posting.objects.filter(pk=posting.pk).first()
    if stored:
        _refuse_moved(posting, stored)
    write_record(record=posting, by=by, version=version)
    demand_reach([posting], by)
    if stored:
        return posting
    moves = _moves(posting, list(posting.teacher.appointments.order_by("starts_on")))
    for row in moves:
        transfer_teacher(
            teacher=posting.teacher, school=row.school, on=row.starts_on, by=by, kind=row.kind, until=row.ends_on
        )
    return posting


@transaction.atomic
def post_teachers(*, records: Sequence[Posting], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked postings from a workbook and what follows in the roster, as `post_teacher` does for one."""
    demand_somebody(by)
    if not records:
        return
    demand_write(records, by)
    known = {posting.pk: posting for posting in records if not posting._state.adding}
    for pk, stored in Posting.objects.in_bulk(list(known)).items():
        _refuse_moved(known[pk], stored)
    new = sorted((posting for posting in records if posting._state.adding), key=lambda posting: posting.starts_on)
    roster: dict[int, list[Appointment]] = defaultdict(list)
    rows = Appointment.objects.filter(teacher__in={posting.teacher_id for posting in new}).order_by("starts_on")
    for row in rows.select_related("teacher", "school"):
        roster[row.teacher_id].append(row)
    shortened: dict[int, Appointment] = {}
    added: list[Appointment] = []
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
    demand_reach(records, by)


def _refuse_moved(posting: Posting, stored: Posting) -> None:
    if any(getattr(posting, name) != getattr(stored, name) for name in MOVE):
        message = _("%(posting)s: the roster already follows this posting. Delete it and enter it anew.")
        raise ValidationError(message % {"posting": stored})


def _covers(row: Appointment, day: date) -> bool:
    return row.starts_on <= day and (row.ends_on is None or row.ends_on >= day)


def _moves(posting: Posting, rows: list[Appointment]) -> list[Appointment]:
    """Return the appointments that a new posting begins: at the host school, and back again after its last day.

    None if the teacher already belongs to the host school. `rows` are the teacher's appointments by their first day.
    """
    present = next((row for row in rows if _covers(row, posting.starts_on)), None)
    hosted = present if present and present.school_id == posting.to_school_id else None
    eve = (hosted or posting).starts_on - DAY
    before = next((row for row in rows if _covers(row, eve)), None)
    stays = present is None or hosted is not None or present is before
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


@transaction.atomic
def assess_posting(*, posting: Posting, score: Decimal, grade: str, by: Actor, version: int | None = None) -> Posting:
    """Write the result of a posting's comprehensive assessment (综合考核): a score of 0 to 100, and a grade.

    `version` is the one that the user saw; raises Conflict if the stored one is newer.
    """
    demand(may_assess, by, lock(posting, version=version))
    posting.score, posting.grade = score, grade
    return write_record(record=posting, by=by)


@transaction.atomic
def end_posting(*, posting: Posting, ends_on: date, by: Actor) -> Posting:
    """End a posting on its last day `ends_on`, and let the teacher return to the from-school on the day after.

    A teacher who by then has moved on elsewhere stays there. Raises ValidationError for a posting that has ended.
    """
    demand(may_end, by, lock(posting))
    if posting.ends_on:
        raise ValidationError(_("The posting has a last day already."))
    posting.ends_on = ends_on
    write_record(record=posting, by=by)
    present = posting.teacher.appointments.filter(on_day(ends_on + DAY)).first()
    if present and present.school_id == posting.to_school_id:
        transfer_teacher(
            teacher=posting.teacher, school=posting.from_school, on=ends_on + DAY, by=by, until=present.ends_on
        )
    return posting


@transaction.atomic
def delete_posting(*, record: Posting, by: Actor) -> None:
    """Delete a posting, and undo in the roster what it began while nothing newer follows it there."""
    rows = list(record.teacher.appointments.order_by("-starts_on")[:2])
    delete_record(record=lock(record), by=by)
    if len(rows) < 2:
        return
    host, before = rows
    begun = host.kind == Appointment.Kind.EXCHANGE and (host.school_id, host.starts_on) == (
        record.to_school_id,
        record.starts_on,
    )
    if begun and before.school_id == record.from_school_id and before.ends_on == record.starts_on - DAY:
        erase_record(record=host, by=by)
        before.ends_on = host.ends_on
        write_record(record=before, by=by)
