"""Writing what people have said of a roster's comparison: moves, departures and leaves, by the actions of teachers."""

from datetime import date
from typing import Any

from apps.core.actors import Actor
from apps.teachers.actions import (
    Departure,
    Move,
    begin_leaves,
    end_services,
    transfer_teachers,
)
from apps.teachers.models import Leave, Teacher
from apps.workbooks.plan import Part

from .roster_decisions import HERE, LEAVE
from .workbook_plan import Plan


def write_comparison(plan: Plan, *, by: Actor) -> None:
    """Write the moves of a plan, and what is decided on who is not in the file; nothing for others.

    What cannot be is left out here, for the preview: the import is refused for it before (`unwritable`). Raises
    PermissionDenied or ValidationError as the actions do. The queries do not grow with the people.
    """
    if plan.comparison is None:
        return
    rows, decisions = plan.comparison.rows, plan.decisions
    gone = [row for row in rows["left"] if decisions.fate(row["teacher"]) not in ("", HERE)]
    gone = [row for row in gone if not decisions.trouble("left", row, rows)]
    moving = [row for row in rows["moved"] if decisions.moves_on(row, rows)]
    moving = [row for row in moving if not decisions.trouble("moved", row, rows)]
    ids = [row["teacher"] for row in (*gone, *moving)]
    people: dict[int, Teacher] = {
        teacher.pk: teacher for teacher in Teacher.objects.filter(pk__in=ids).select_related("township").with_school()
    }
    moves = [
        Move(people[row["teacher"]], plan.comparison.moves[row["teacher"]].school, _day(decisions.moves_on(row, rows)))
        for row in moving
    ]
    departures, leaves = [], []
    for row in gone:
        teacher, fate = people[row["teacher"]], decisions.fate(row["teacher"])
        day = _day(decisions.leaves_on(row, rows))
        if fate.startswith(LEAVE):
            leaves.append(Leave(teacher=teacher, kind=fate.removeprefix(LEAVE), starts_on=day))
        else:
            departures.append(Departure(teacher, day, fate))
    _take(moves, departures, leaves, by)


def date_news(plan: Plan, part: Part) -> None:
    """Give changed teachers of a part the day since when their new facts hold, and those corrected the stored one.

    By a later day the writing tells what is new, and keeps what held before.
    """
    if plan.comparison is None or part.sheet.model is not Teacher:
        return
    rows, decisions = plan.comparison.rows, plan.decisions
    decided = {row["teacher"]: row for row in rows["changed"] if row["facts"]}
    changed = [row for row in part.changed if isinstance(row, Teacher) and row.pk in decided]
    stored: dict[int, Teacher] = {t.pk: t for t in Teacher.objects.filter(pk__in=[row.pk for row in changed])}
    for teacher in changed:
        row = decided[teacher.pk]
        if teacher.pk not in stored or decisions.trouble("changed", row, rows):
            continue
        day = decisions.news_on(row, rows)
        for name in {teacher.since_of[fact] for fact in row["facts"]}:
            setattr(teacher, name, _day(day) if day else getattr(stored[teacher.pk], name))
            part.fields.add(name)


def _take(moves: list[Move], departures: list[Departure], leaves: list[Any], by: Actor) -> None:
    if moves:
        transfer_teachers(moves=moves, by=by)
    if departures:
        end_services(departures=departures, by=by)
    if leaves:
        begin_leaves(leaves=leaves, by=by)


def _day(text: str) -> date:
    return date.fromisoformat(text)
