"""A year's roster against the stored one: who has arrived, moved, changed, and who is stored and not in the file.

Only schools that the file names, or the one that it is for, are compared. Nobody is taken for gone: of who is not in
the file, people say what became of them (`roster_decisions`), and who is not decided on stays as stored.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.schools.models import School
from apps.teachers.models import Appointment, Leave, Teacher, TeacherPastFact, on_day
from apps.webui.pages import left_open
from apps.workbooks.plan import Part, Place, Problem

from .roster_decisions import CORRECT, ONE_DAY, Decisions
from .workbook_plan import Plan

# So many names of who is unchanged are kept.
NAMED = 2000


@dataclass
class Move:
    """A stored appointment whose teacher the file has at another school, since a day if it tells one."""

    appointment: Appointment
    school: School
    on: date | None


@dataclass
class Comparison:
    """What a roster says against the stored one; `rows` is how it is kept and shown, by what became of people."""

    rows: dict[str, Any] = field(default_factory=dict)
    moves: dict[int, Move] = field(default_factory=dict)
    left: dict[int, Appointment] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Return whether anybody has come, moved, changed or is missing."""
        return any(self.rows[kind] for kind in ("left", "arrived", "moved", "changed"))


def compare_roster(plan: Plan) -> Comparison | None:
    """Return the comparison; None for a workbook without a roster, or while the township has no teachers."""
    place = plan.place
    rosters = [part for part in plan.parts if part.sheet.model is Teacher]
    if not rosters or (place.township.pk or 0) < 0:
        return None
    day = compared_on(place)
    serving = {
        row.teacher_id: row
        for row in Appointment.objects.filter(on_day(day), school__township=place.township.pk).select_related(
            "teacher", "school"
        )
    }
    if not serving:
        return None
    placed = [part for part in plan.parts if part.beside]
    found = Comparison(moves={row.teacher_id: Move(row, school, on) for p in placed for row, school, on in p.moves})
    schools = _schools(placed, place)
    inside = {pk for part in rosters for pk in part.rows}
    found.left = {pk: row for pk, row in serving.items() if pk not in inside and (row.school_id in schools)}
    new = [row for part in placed for row in part.new if isinstance(row, Appointment)]
    changed = _changed(rosters, plan, serving)
    stay = [row for part in rosters for row in part.unchanged if row.pk not in found.moves]
    arrived = {row.teacher_id for row in new}
    same = [str(row) for row in stay if row.pk not in arrived]
    found.rows = {
        "left": _left(found.left, day),
        "arrived": [{"name": str(r.teacher), "school": str(r.school), "on": r.starts_on.isoformat()} for r in new],
        "moved": [_moved(move, place) for move in found.moves.values()],
        "changed": changed,
        "unchanged": [{"name": name} for name in same[:NAMED]],
        "same": len(same),
        "first_day": place.period.starts_on.isoformat(),
    }
    return found


def compared_on(place: Place) -> date:
    """Return the day of the stored roster: today, or the end of the school year that is nearer to it."""
    period = place.period
    return min(max(timezone.localdate(), period.starts_on), period.ends_on)


def _schools(placed: Iterable[Part], place: Place) -> set[int]:
    """Return the ids of the schools that the file names, and of the one that it is for."""
    named = {
        row.school_id
        for part in placed
        for row in (*part.new, *part.changed, *part.unchanged)
        if isinstance(row, Appointment) and row.pk not in {moved.pk for moved, _school, _on in part.moves}
    }
    named |= {school.pk for part in placed for _row, school, _on in part.moves}
    return named | ({place.scope.school} if place.scope.kind == "school" and place.scope.school else set())


def _left(rows: dict[int, Appointment], day: date) -> list[dict[str, Any]]:
    leaves = {leave.teacher_id: leave for leave in Leave.objects.filter(on_day(day), teacher__in=rows)}
    hanging: dict[int, list[str]] = defaultdict(list)
    for pk, record in left_open(list(rows), day) if rows else ():
        hanging[pk].append(f"{record._meta.verbose_name} {record}")
    ordered = sorted(rows.items(), key=lambda pair: (pair[1].school.code, pair[1].teacher.no))
    return [
        {
            "teacher": pk,
            "name": row.teacher.name,
            "school": row.school.name,
            "was": _("%(title)s, %(age)d years old")
            % {"title": row.teacher.get_title_display(), "age": _age(row.teacher.birth_date, day)},
            "leave": leaves[pk].get_kind_display() if pk in leaves else "",
            "open": hanging[pk],
            "since": row.starts_on.isoformat(),
            "state": [row.pk, row.version],
        }
        for pk, row in ordered
    ]


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _moved(move: Move, place: Place) -> dict[str, Any]:
    row, first = move.appointment, place.period.starts_on
    told = move.on or (first if first > row.starts_on else None)
    return {
        "teacher": row.teacher_id,
        "name": str(row.teacher),
        "from": str(row.school),
        "to": str(move.school),
        "told": move.on.isoformat() if move.on else "",
        "on": told.isoformat() if told else "",
        "since": row.starts_on.isoformat(),
        "state": [row.pk, row.version],
    }


def _changed(rosters: Iterable[Part], plan: Plan, serving: dict[int, Appointment]) -> list[dict[str, Any]]:
    """Return the changed teachers, each with the cells that differ, old and new, and what of it holds since a day."""
    cells: dict[tuple[str, int], list[dict[str, str]]] = defaultdict(list)
    for change in plan.changes:
        number = int("".join(sign for sign in change.cell if sign.isdigit()) or 0)
        cells[change.sheet, number].append({"column": change.column, "old": change.old, "new": change.new})
    rows = [(part, row) for part in rosters for row in part.changed if isinstance(row, Teacher)]
    stored: dict[int, Teacher] = {t.pk: t for t in Teacher.objects.filter(pk__in=[row.pk for _part, row in rows])}
    past = TeacherPastFact.objects.filter(teacher__in=stored).values_list("teacher").annotate(Max("until"))
    ended: dict[int, date] = dict(past)
    return [
        {
            "teacher": row.pk,
            "name": str(row),
            "school": str(serving[row.pk].school) if row.pk in serving else "",
            "cells": cells[part.title, part.rows[row.pk]],
            **_news(stored[row.pk], row, ended.get(row.pk), plan.place),
        }
        for part, row in rows
        if row.pk in stored
    ]


def _news(stored: Teacher, row: Teacher, ended: date | None, place: Place) -> dict[str, Any]:
    """Return which facts of a teacher differ, since when the file and what is stored say, and what is usual of it.

    It is news, since the file's day or the year's first, where something known before held until then; else a
    correction.
    """
    facts = [fact for fact in row.since_of if getattr(stored, fact) != getattr(row, fact)]
    days = {row.since_of[fact] for fact in facts}
    told = [getattr(row, day) for day in days if getattr(row, day) and getattr(row, day) != getattr(stored, day)]
    held = [getattr(stored, day) for day in days if getattr(stored, day)] + ([ended + ONE_DAY] if ended else [])
    since, first = max(told, default=None), max(held, default=None)
    is_news = any(getattr(stored, fact) for fact in facts) and (not first or (since or place.period.starts_on) > first)
    return {
        "facts": facts,
        "told": since.isoformat() if since else "",
        "held": first.isoformat() if first else "",
        "usual": "new" if is_news else CORRECT,
    }


def unwritable(plan: Plan) -> list[Problem]:
    """Return a problem for each decision that cannot be, and each move without a day."""
    rows = plan.comparison.rows if plan.comparison else {}
    remedy = _("Give another day on the page of the import.")
    return [Problem("", "", said, remedy) for said in plan.decisions.troubles(rows)]


def overtaken(plan: Plan, before: dict[str, Any], decisions: Decisions) -> list[Problem]:
    """Return a problem for each person who is to move or leave, and is not where the preview saw them."""
    now: dict[str, Any] = plan.comparison.rows if plan.comparison else {}
    problems = []
    for kind in ("moved", "left"):
        seen = {row["teacher"]: row for row in before.get(kind, ())}
        found = {row["teacher"]: row for row in now.get(kind, ())}
        wanted = {*seen, *found} if kind == "moved" else {pk for pk in seen if decisions.fate(pk)}
        for pk in sorted(wanted):
            old, new = seen.get(pk), found.get(pk)
            if not (old and new and old["state"] == new["state"] and old.get("to") == new.get("to")):
                what = _("“%(name)s” has been changed by somebody else since the preview.")
                name = (old or new or {}).get("name", "")
                problems.append(Problem("", "", what % {"name": name}, _("Check the workbook again, then decide.")))
    return problems
