"""Import of a workbook: plan it (the preview), then write it all or not at all."""

import ctypes
import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from apps.core.actors import Actor, demand_somebody
from apps.core.models import Record, SchoolYear
from apps.core.scope import Scope
from apps.schools.models import School, Township
from apps.teachers.models import Teacher
from apps.workbooks.files.readers import opened
from apps.workbooks.files.validation import Readable, UserError
from apps.workbooks.language import spoken
from apps.workbooks.plan import Answers, Ids, Place, Problem
from apps.workbooks.reading.layouts import layouts_of, unlike_ours
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import Found, Layout, Table, find

from .joined_sheet import BesidePlanner, doubt_the_unplaced
from .new_schools import new_schools
from .overview import CHOICES, COVER, RESEARCHERS, SERVED, TITLE, Overview, all_sheets, serving
from .roster_comparison import compare_roster
from .roster_decisions import Decisions
from .sheet import SheetPlanner
from .stored_rows import Known
from .unnumbered import UnnumberedPlanner
from .workbook_plan import Plan


@contextmanager
def without_sweeping() -> Iterator[None]:
    """Keep Python from looking for cycles of garbage over and over while many thousands of rows come up; it is slow."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def give_back() -> None:
    """Give back to the system what a plan has let go of: glibc keeps it, a hundred megabytes of long texts."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # other C libraries have none
        trim(0)


def plan_import(
    file: Readable,
    *,
    by: Actor,
    scope: Scope | None = None,
    township: Township | None = None,
    code: str = "",
    year: SchoolYear | None = None,
    start_year: int | None = None,
    told: Callable[[float], None] = lambda share: None,
    answers: Answers | None = None,
    decisions: Mapping[str, Any] | None = None,
) -> Plan:
    """Return what an import of `file` would do; raise UserError if it cannot be read at all.

    `scope` is a school's scope where only that school's rows may be touched. Township and school year are given as
    rows, or as `code` and `start_year` where the workbook itself may bring them. `told` hears from time to time which
    share of the work is done, from 0 to 1. `answers` are what people say to what such a file leaves open, `decisions`
    what they say to who has moved or is not in it.
    """
    demand_somebody(by)
    with opened(file) as book:
        overview, ids = Overview(book), Ids()
        place = overview.place(
            scope=scope, township=township, code=code, year=year, start_year=start_year, by=by, ids=ids
        )
        place.answers = answers or place.answers
        layouts = layouts_of(place)
        found = _find(book, overview, layouts)
    resolver = Resolver(place.whole)
    resolver.plan([*overview.new, *overview.changed])
    plan = Plan(place, overview, [], list(overview.problems), list(overview.changes), _notes(found))
    for title in found.headless:
        plan.problems.append(
            Problem(title, "A1", _("The row of headers is missing."), _("Put the template's headers above the rows."))
        )
    plan.layouts, problems = unlike_ours(found, layouts)
    plan.problems += problems
    first = [table for table in found.tables if table.sheet.model is School]
    rest = [table for table in found.tables if table.sheet.model is not School]
    _plan_tables(plan, first, resolver, ids, kept=rest)
    of_schools = next((sheet for sheet in all_sheets() if sheet.model is School), None)
    parts, schools = new_schools(found.tables, of_schools, place, resolver, ids) if of_schools else ([], [])
    plan.parts += parts
    _plan_tables(plan, rest, resolver, ids, told)
    plan.questions = _questions(plan, schools)
    plan.notes += _undated(plan)
    plan.decisions = Decisions(decisions or {})
    plan.comparison = compare_roster(plan)
    for part in plan.parts:
        # Of a roster held against the stored one, people say themselves what is new and what a correction.
        part.doubts += [] if plan.comparison and part.sheet.model is Teacher else part.corrected
    if not plan.problems:
        doubt_the_unplaced(plan.parts)
    return plan


def _plan_tables(
    plan: Plan,
    tables: Sequence[Table],
    resolver: Resolver,
    ids: Ids,
    told: Callable[[float], None] = lambda share: None,
    kept: Sequence[Table] = (),
) -> None:
    """Plan these tables one after the other: rows of a later one may name those of an earlier one.

    `kept` are tables that will be planned afterwards.
    """
    place = plan.place
    known: dict[int, Known | None] = {}
    rows, before = sum(len(table.rows) for table in tables) or 1, 0
    for number, table in enumerate(tables):
        told(before / rows)
        extra = _joins(place) if table.sheet is RESEARCHERS else None
        if table.part:
            main = next(part for part in plan.parts if part.title == table.title)
            planner: SheetPlanner = BesidePlanner(
                table, place, resolver, ids, main=main, looked=known.get(id(table.sheet))
            )
        else:
            kind = UnnumberedPlanner if table.sheet.issued else SheetPlanner
            planner = kind(table, place, resolver, ids, looked=known.get(id(table.sheet)), extra=extra)
        planner.told = partial(_tell, told, before, rows)
        planner.plan()
        before += len(table.rows)
        later = [*tables[number + 1 :], *kept]
        known[id(table.sheet)] = planner.looked
        _let_go(table, later, known)
        if not (table.part or table.sheet.beside or table.sheet is RESEARCHERS):  # a roster is compared
            planner.part.settle()
        plan.parts.append(planner.part)
        plan.problems += planner.problems
        plan.changes += planner.changes


def _questions(plan: Plan, schools: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what people can answer for the file: since when, which schools, who is who; nothing where nothing is."""
    undated = sum(len(part.undated) for part in plan.parts)
    alike = [asked for part in plan.parts for asked in part.alike]
    asked = {"undated": undated, "schools": schools, "alike": alike}
    return {name: value for name, value in asked.items() if value}


def _undated(plan: Plan) -> Iterator[str]:
    """Yield what becomes of the rows that do not say since when."""
    number, answers = plan.questions.get("undated"), plan.place.answers
    if not number:
        return
    if answers.since is None:
        what = _("%(number)d rows do not say since when: it is kept as not known, %(day)s at the latest.")
        yield what % {"number": number, "day": plan.place.period.starts_on}
        return
    what = _("%(number)d rows do not say since when: taken as %(day)s, as answered.")
    yield what % {"number": number, "day": f"{answers.since:%Y-%m}" if answers.month else answers.since}


def _let_go(table: Table, later: Sequence[Table], known: dict[int, Known | None]) -> None:
    """Let go of a planned table's rows and the stored ones, unless a later one stands in the same rows, or asks."""
    if all(other.title != table.title for other in later):
        table.rows = []
    if all(other.sheet is not table.sheet for other in later):
        known.pop(id(table.sheet))


def _tell(told: Callable[[float], None], before: int, rows: int, planned: int) -> None:
    """Tell which share of all rows is planned."""
    told((before + planned) / rows)


def _find(book: Any, overview: Overview, layouts: Mapping[str, Layout]) -> Found:
    try:
        return find(book, all_sheets(), layouts)
    except UserError:
        if not overview.cells:
            raise
        return Found([], [])


def _joins(place: Place) -> Callable[[Record], str]:
    """Return what tells that a known researcher does not serve the township yet, by the name of that cell."""
    already = serving(place)
    return lambda record: "" if record.pk in already else spoken(SERVED)


def _told_of(table: Table) -> Iterator[str]:
    """Yield sentences on rows that were not read although there is nothing wrong with them."""
    shown = {"sheet": table.title, "rows": "、".join(map(str, table.struck[:20])), "row": table.beyond}
    if table.struck and not table.part:
        yield (
            _("%(sheet)s: rows %(rows)s are struck through and were left aside. Clear that format to import them.")
            % shown
        )
    if table.beyond and not table.part:
        yield _("%(sheet)s: from row %(row)d on nothing was read, after so many blank rows. Delete those.") % shown


def _notes(found: Found) -> list[str]:
    """Return what was left aside, in sentences."""
    quiet = {COVER, CHOICES, spoken(TITLE), str(TITLE)}
    notes = [
        _("The sheet “%(sheet)s” is not known and was left aside.") % {"sheet": title}
        for title in found.ignored
        if title not in quiet
    ]
    notes += [
        _("The sheet “%(sheet)s” is hidden and was left aside.") % {"sheet": title}
        for title in found.hidden
        if title not in quiet
    ]
    notes += [
        _("The sheet “%(sheet)s” has the columns of “%(known)s”, but was not read: call it “%(known)s2” to import it.")
        % {"sheet": title, "known": known}
        for title, known in found.alike
    ]
    for table in found.tables:
        notes += _told_of(table)
        if table.hidden and not table.part:
            rows = "、".join(map(str, table.hidden[:20]))
            notes.append(
                _("%(sheet)s: rows %(rows)s are hidden and were left aside. Show them in Excel to import them.")
                % {"sheet": table.title, "rows": rows}
            )
        if table.hidden_columns and not table.part:
            letters = "、".join(table.hidden_columns)
            notes.append(
                _("%(sheet)s: columns %(letters)s are hidden and were left aside. Show them in Excel to import them.")
                % {"sheet": table.title, "letters": letters}
            )
        if table.unknown:
            names = "、".join(table.unknown)
            notes.append(
                _("%(sheet)s: the columns %(names)s are not known and were left aside.")
                % {"sheet": table.title, "names": names}
            )
        # The example of our own template is no news.
        if table.skipped and table.skipped != [table.header_row + 1]:
            rows = "、".join(map(str, table.skipped[:20]))
            notes.append(
                _("%(sheet)s: rows %(rows)s hold sums, notes or the example, and were left aside.")
                % {"sheet": table.title, "rows": rows}
            )
    return notes
