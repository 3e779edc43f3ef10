"""Import of a workbook: plan it (the preview), then write it all or not at all."""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from apps.core.actors import Actor, demand_somebody
from apps.core.models import Record, SchoolYear
from apps.core.scope import Scope
from apps.schools.models import Township
from apps.workbooks.files.readers import opened
from apps.workbooks.files.validation import Readable, UserError
from apps.workbooks.language import spoken
from apps.workbooks.plan import Ids, Place, Problem
from apps.workbooks.reading.layouts import layouts_of, unlike_ours
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import Found, Layout, Table, find

from .joined_sheet import BesidePlanner, doubt_the_unplaced
from .overview import CHOICES, COVER, RESEARCHERS, SERVED, TITLE, Overview, all_sheets, serving
from .sheet import SheetPlanner
from .stored_rows import Known
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
) -> Plan:
    """Return what an import of `file` would do; raise UserError if it cannot be read at all.

    `scope` is a school's scope where only that school's rows may be touched. Township and school year are given as
    rows, or as `code` and `start_year` where the workbook itself may bring them. `told` hears from time to time which
    share of the work is done, from 0 to 1.
    """
    demand_somebody(by)
    with opened(file) as book:
        overview, ids = Overview(book), Ids()
        place = overview.place(
            scope=scope, township=township, code=code, year=year, start_year=start_year, by=by, ids=ids
        )
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
    known: dict[int, Known | None] = {}
    rows, before = sum(len(table.rows) for table in found.tables) or 1, 0
    for number, table in enumerate(found.tables):
        told(before / rows)
        extra = _joins(place) if table.sheet is RESEARCHERS else None
        if table.part:
            main = next(part for part in plan.parts if part.title == table.title)
            planner: SheetPlanner = BesidePlanner(
                table, place, resolver, ids, main=main, looked=known.get(id(table.sheet))
            )
        else:
            planner = SheetPlanner(table, place, resolver, ids, looked=known.get(id(table.sheet)), extra=extra)
        planner.told = partial(_tell, told, before, rows)
        planner.plan()
        before += len(table.rows)
        _let_go(table, found.tables[number + 1 :])
        known[id(table.sheet)] = planner.looked
        plan.parts.append(planner.part)
        plan.problems += planner.problems
        plan.changes += planner.changes
    if not plan.problems:
        doubt_the_unplaced(plan.parts)
    return plan


def _let_go(table: Table, later: Sequence[Table]) -> None:
    """Let go of the rows of a table that is planned, unless another one stands in the same rows."""
    if all(other.title != table.title for other in later):
        table.rows = []


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
    for table in found.tables:
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
        if table.skipped:
            rows = "、".join(map(str, table.skipped[:20]))
            notes.append(
                _("%(sheet)s: rows %(rows)s hold sums, notes or the example, and were left aside.")
                % {"sheet": table.title, "rows": rows}
            )
    return notes
