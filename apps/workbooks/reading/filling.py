"""Filling a table with the rows of its page: what merged cells, formats and crossed out text say of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from apps.core.sheets import Column
from apps.workbooks.files.readers import Page
from apps.workbooks.files.sheet_xml import Looks
from apps.workbooks.files.validation import UserError, broken_is_said

from .cells import Formula, Month, is_empty, key
from .found import Seen, Table
from .row_filters import is_bare, is_no_record, repeats

# A day as Excel counts, written as text.
COUNTED = re.compile(r"\d{5}")
# Number formats that show the zero of a month, and those of dates without a day.
TWO_DECIMALS, HAS_DAY = re.compile(r"0\.00(_.*)?"), re.compile(r"d|日", re.IGNORECASE)


def fill(table: Table, page: Seen) -> None:
    """Put the page's rows into the table: those that are records, with what merged cells and formats say of them."""
    looks = page.looks
    table.hidden_columns = [get_column_letter(place + 1) for place in sorted(page.covered)]
    heading = [key(text) for _place, text in sorted(table.heads.texts.items())]
    table.beyond, struck = page.beyond, _by_row(looks.struck)
    for number, values in page.rows:
        if number <= table.heads.last:
            continue
        if number in looks.hidden:
            table.hidden.append(number)
        elif number in struck and _is_struck(struck[number], values):
            table.struck.append(number)
        elif is_no_record(values) or repeats(heading, values) or is_bare(table.places, values):
            table.skipped.append(number)
        else:
            table.rows.append((number, list(values)))
    read = {number for number, _values in table.rows}
    table.struck_cells = {cell for cell in looks.struck if cell[0] in read}
    _fill_down(table, looks)
    _mark_formulas(table, looks)
    mark_dates(table, page.page)


def _by_row(cells: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for number, place in cells:
        found[number].add(place)
    return found


def _is_struck(struck: set[int], values: Sequence[Any]) -> bool:
    """Return whether a row as a whole is struck through: more than half of what stands in it."""
    held = [place for place, value in enumerate(values) if not is_empty(value)]
    return 2 * sum(place in struck for place in held) > len(held)


def _fill_down(table: Table, looks: Looks) -> None:
    """Give every row of merged cells the value that stands in the uppermost."""
    rows = dict(table.rows)
    for top, left, bottom, right in looks.merged:
        if top <= table.heads.last or right > left or bottom == top or not table.rows:
            continue
        above = rows.get(top)
        if above is None or left >= len(above) or above[left] is None:
            continue
        for number in range(top + 1, min(bottom, table.rows[-1][0]) + 1):
            if number in rows and left < len(rows[number]) and rows[number][left] is None:
                rows[number][left] = above[left]


def _mark_formulas(table: Table, looks: Looks) -> None:
    """Put Formula in place of cells whose formula has no value."""
    if looks.doubtful:
        raise UserError(_("The workbook holds formulas without results. Copy all cells, paste them as values."))
    rows = dict(table.rows)
    for number, place in looks.formulas:
        if number in rows and place < len(rows[number]) and rows[number][place] is None:
            rows[number][place] = Formula()


def mark_dates(table: Table, page: Page) -> None:
    """Let formats say what numbers do not: whether 1985.1 is shown as 1985.10, whether a date has a day."""
    dates = {
        place: column.field
        for place, column in table.places.items()
        if isinstance(column, Column) and column.kind == "date"
    }
    if page.epoch != WINDOWS_EPOCH:
        _count_from(page.epoch, table, dates)
    implied = {place for place, field in dates.items() if field in table.sheet.implied_fields}
    unsure = {
        (number, place): values[place]
        for number, values in table.rows
        for place in dates
        # Days in other columns, by far the most, are sure.
        if place < len(values) and (place in implied or values[place].__class__ is not datetime)
        if _is_unsure(values[place], place in implied)
    }
    if not unsure:
        return
    with broken_is_said():
        formats = page.formats(set(unsure))
    rows = dict(table.rows)
    for (number, place), value in unsure.items():
        shown = formats.get((number, place), "")
        if isinstance(value, float) and TWO_DECIMALS.fullmatch(shown):
            rows[number][place] = f"{value:.2f}"
        elif isinstance(value, datetime) and shown and not HAS_DAY.search(shown):
            rows[number][place] = Month(value.year, value.month, 1)


def _count_from(epoch: datetime, table: Table, dates: Iterable[int]) -> None:
    """Make days of plain numbers by the book's own first day, which only the book knows."""
    for _number, values in table.rows:
        for place in dates:
            value = values[place] if place < len(values) else None
            if isinstance(value, str) and COUNTED.fullmatch(value.strip()):
                value = int(value)
            if isinstance(value, int | float) and not isinstance(value, bool) and 1e4 <= value < 1e5:
                values[place] = from_excel(value, epoch)


def _is_unsure(value: Any, implied: bool) -> bool:
    if isinstance(value, datetime):
        return implied and value.day == 1
    return isinstance(value, float) and 1900 <= value <= 2100 and f"{value:.6f}".rstrip("0").endswith(".1")
