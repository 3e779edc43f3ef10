"""Finding in an opened workbook what the sheets declare.

Offices' files are taken as they are: title rows above the header, headers in two rows, columns in any order, merged
cells, blank rows, rows of sums and notes. What is left aside is listed.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from apps.core.models import SchoolYear
from apps.core.sheets import Column, Sheet
from apps.schools.models import School
from apps.workbooks.files.readers import Book, Page, opened
from apps.workbooks.files.sheet_xml import COLUMNS_LIMIT, Looks
from apps.workbooks.files.validation import UserError, broken_is_said, check_file
from apps.workbooks.language import LANGUAGE, spoken

from .cells import Formula, Month, is_empty, key
from .headers import QUIET, AnyColumn, Heads, candidates, headings
from .row_filters import EXAMPLE, is_bare, is_no_record, repeats

__all__ = ["EXAMPLE", "LANGUAGE", "Found", "Table", "UserError", "broken_is_said", "check_file", "find", "headings",
           "opened", "spoken", "titles"]  # fmt: skip

# What a real sheet never reaches: blank rows in a row.
BLANKS_LIMIT = 1_000
# How Excel and people call a second page of a kind: 教师 (2), 教师2.
NUMBERED = re.compile(r"\s*([(（]\d{1,2}[)）]|\d{1,2})$")
# A page of unknown headers is a list if so many of them stand in a row, with rows below.
HEADS_OF_A_LIST = 3
# A page that is titled by its school, with or without what it lists; not one that is titled by all of them.
SCHOOL_TITLE = re.compile(r".+(学校|小学|中学|初中|高中|完小|教学点|幼儿园|一贯制|分校|校区)")
OF_A_LIST = re.compile(
    r"(在编|编外|在职|专任)?(教职工|教职员工|教师|职工|人员)?(基本情况|信息)?(花名册|名册|名单|一览表|统计表|登记表|表)?$"
)
ALL_SCHOOLS = re.compile(r"中小学|各校|各学校|全镇|全区|全县|所有")
# A day as Excel counts, written as text.
COUNTED = re.compile(r"\d{5}")
# Number formats that show the zero of a month, and those of dates without a day.
TWO_DECIMALS, HAS_DAY = re.compile(r"0\.00(_.*)?"), re.compile(r"d|日", re.IGNORECASE)


@dataclass
class Table:
    """A sheet found in a workbook: where its header stands, which columns it has, and its rows.

    `part` tells it from another table on the same page. `skipped` rows hold sums and notes; `hidden` rows and columns
    (by their letters) nobody sees; `struck` rows are struck through, which says that they are gone, and of the rows
    that are read `struck_cells` are (row and column). `beyond` is the first row after a gap at which reading stops.
    `school_at` is the place that names each row's school, in whatever record of the row.
    """

    sheet: Sheet
    title: str
    header_row: int
    places: dict[int, AnyColumn]
    rows: list[tuple[int, list[Any]]]
    heads: Heads
    skipped: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    twice: list[tuple[int, str]] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    hidden_columns: list[str] = field(default_factory=list)
    part: str = ""
    struck: list[int] = field(default_factory=list)
    struck_cells: set[tuple[int, int]] = field(default_factory=set)
    beyond: int = 0
    school_at: int | None = None

    @property
    def label(self) -> str:
        """Return what the table is called in counts."""
        return f"{self.title}（{self.part}）" if self.part else self.title

    def cell(self, row: int, position: int) -> str:
        """Return the name of a cell, such as C17."""
        return f"{get_column_letter(position + 1)}{row}"

    @property
    def lacking(self) -> list[AnyColumn]:
        """Return the columns that must be there, and are not."""
        present = list(self.places.values())
        return [column for column in self.sheet.all_columns if column.required and column not in present]


class Seen:
    """A page with its rows, read once."""

    def __init__(self, page: Page) -> None:
        self.page, self.title = page, page.title
        # Hidden columns that hold anything, once the rows are read.
        self.covered: set[int] = set()
        # The first row that is not read, because so many blank ones stand before it.
        self.beyond = 0

    @cached_property
    def rows(self) -> list[tuple[int, Sequence[Any]]]:
        """Return number and values of the rows that hold anything; hidden columns are taken for empty."""
        rows = list(rows_of(self.page, self._end))
        if not self.looks.hidden_columns:
            return rows
        shown: list[tuple[int, Sequence[Any]]] = []
        for number, values in rows:
            held = {place for place in self.looks.hidden_columns if place < len(values) and values[place] is not None}
            self.covered |= held
            left = [None if place in held else value for place, value in enumerate(values)]
            if any(value is not None for value in left):
                shown.append((number, left))
        return shown

    def _end(self, number: int) -> None:
        self.beyond = number

    @cached_property
    def looks(self) -> Looks:
        """Return what the rows do not tell."""
        with broken_is_said():
            return self.page.looks

    @cached_property
    def heads(self) -> list[Heads]:
        """Return what may be the headers."""
        return list(candidates(self.rows, self.looks.merged)) if self.rows else []


@dataclass(frozen=True)
class Unmatched:
    """A page that holds a list whose headers are not known: its title, the row that looks like them, what it shows."""

    title: str
    heads: Heads


@dataclass(frozen=True)
class Layout:
    """What somebody has said of a layout: which record it holds, and place → field, "" for what is left aside."""

    label: str
    fields: Mapping[int, str]


@dataclass
class Found:
    """What was found in a workbook: tables in the order of the declared sheets, and titles of sheets left aside.

    `headless` are known sheets that hold something, but no row of known headers; `hidden` ones are not read.
    """

    tables: list[Table]
    ignored: list[str]
    headless: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    # Pages that look like a known one, and are not read for their titles: the title, and the known one's.
    alike: list[tuple[str, str]] = field(default_factory=list)


def find(book: Book, sheets: Sequence[Sheet], layouts: Mapping[str, Layout] | None = None) -> Found:
    """Return what an opened workbook holds of `sheets`; raise UserError if that is nothing.

    `layouts` are those that were mapped by hand, by the signature of their headers.
    """
    tables: list[Table] = []
    found = Found([], [])
    by_title = {key(name): sheet for sheet in sheets for name in titles(sheet)}
    mapped: dict[int, Layout] = {}
    strangers = []
    for page in map(Seen, book.worksheets):
        sheet = by_title.get(key(page.title)) or by_title.get(key(NUMBERED.sub("", page.title)))
        if page.page.hidden:
            found.hidden.append(page.title)
            continue
        if hit := _mapped(page, sheets, layouts or {}):
            tables.append(hit[0])
            mapped[id(hit[0])] = hit[1]
        elif sheet is None:
            strangers.append(page)
        elif table := _table(page, [sheet]):
            tables.append(table)
        elif page.rows:
            found.headless.append(page.title)
    read_by_title = bool(tables or found.headless)
    for page in strangers:
        # Lists under whatever title, such as a page for each school: known by their columns.
        listed = None if read_by_title else _table(page, sheets)
        if listed:
            tables.append(listed)
        elif read_by_title and (alike := _table(page, sheets)) and alike.rows:
            found.alike.append((page.title, spoken(alike.sheet.title)))
        elif not read_by_title and (heads := _looks_like_a_list(page)):
            found.unmatched.append(Unmatched(page.title, heads))
        else:
            found.ignored.append(page.title)
    if not tables and not found.headless and not found.unmatched:
        raise UserError(
            _("The workbook has none of the known sheets. Copy the rows into the template, then upload that.")
        )
    others = [sheet for sheet in sheets if all(table.sheet is not sheet for table in tables)]
    for table in list(tables):
        for beside in _beside(table, others, mapped.get(id(table))):
            _mark_dates(beside, next(page for page in book.worksheets if page.title == beside.title))
            tables.append(beside)
    if tables:
        found.ignored += [page.title for page in found.unmatched]
    found.tables = [table for sheet in sheets for table in tables if table.sheet is sheet]
    return found


def titles(sheet: Sheet) -> tuple[str, ...]:
    """Return the titles under which a sheet is known."""
    return spoken(sheet.title), str(sheet.title), spoken(sheet.model._meta.verbose_name)


def rows_of(page: Page, end: Callable[[int], None]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Return number and values of the rows that hold anything; raise UserError if they are too many or broken.

    After a long gap no more are read: `end` hears the number of the first that would have been.
    """
    blanks = 0
    with broken_is_said():
        for number, values in enumerate(page.iter_rows(max_col=COLUMNS_LIMIT), 1):
            if all(value is None or (isinstance(value, str) and not value.strip()) for value in values):
                blanks += 1
                continue
            if blanks > BLANKS_LIMIT:
                end(number)
                return
            blanks = 0
            yield number, page.held.take(values, page.title)


def _mapped(page: Seen, sheets: Sequence[Sheet], layouts: Mapping[str, Layout]) -> tuple[Table, Layout] | None:
    """Return the page as the table that somebody has mapped by hand, None if nobody has."""
    by_label = {sheet.model.label: sheet for sheet in sheets}
    for heads in page.heads if layouts else ():
        layout = layouts.get(heads.signature)
        sheet = by_label.get(layout.label) if layout else None
        if layout is None or sheet is None:
            continue
        known = {field_of(column): column for column in sheet.all_columns}
        places = {place: known[name] for place, name in layout.fields.items() if name in known}
        table = Table(sheet, page.title, heads.row, places, [], heads)
        table.unknown = [name for place, name in heads.names.items() if not layout.fields.get(place)]
        _fill(table, page)
        return table, layout
    return None


def field_of(column: AnyColumn) -> str:
    """Return how a mapping calls a column: by its field, or as the lines of a child table."""
    return getattr(column, "field", "lines")


def _looks_like_a_list(page: Seen) -> Heads | None:
    """Return what must be the headers of a page, None if it holds no list."""
    likely = [
        heads
        for heads in page.heads
        if len(heads.texts) >= HEADS_OF_A_LIST and any(number > heads.last for number, _values in page.rows)
    ]
    return max(likely, key=lambda heads: len(heads.texts), default=None)


def _table(page: Seen, sheets: Sequence[Sheet]) -> Table | None:
    """Return the page as a table of the one of `sheets` whose columns it has; None if it has no header of any."""
    best: tuple[tuple[int, int], Heads, Sheet, dict[int, AnyColumn]] | None = None
    for sheet in sheets:
        known = headings(sheet)
        needed = 1 if len(sheets) == 1 else max(2, sum(_is_asked_for(column, sheet) for column in sheet.all_columns))
        for heads in page.heads:
            places = heads.matched(known)
            score = len(places), sum(key(heads.texts[place]) in known for place in places)
            if len(places) >= needed and (best is None or score > best[0]):
                best = score, heads, sheet, places
    if best is None:
        return None
    _score, heads, sheet, places = best
    table = Table(sheet, page.title, heads.row, places, [], heads)
    table.twice = heads.repeated(places)
    named = {place for place, _text in table.twice} | set(places)
    table.unknown = [name for place, name in heads.names.items() if place not in named and key(name) not in QUIET]
    _fill(table, page)
    return table


def comes_with_place(column: AnyColumn, sheet: Sheet) -> bool:
    """Return whether where and when an import belongs may say what a column does: the school, the school year."""
    if not isinstance(column, Column) or column.kind != "row":
        return False
    return sheet.model._meta.get_field(column.field).related_model in (School, SchoolYear)


def _is_asked_for(column: AnyColumn, sheet: Sheet) -> bool:
    return column.required and field_of(column) not in sheet.implied_fields and not comes_with_place(column, sheet)


def _fill(table: Table, page: Seen) -> None:
    """Put the page's rows into the table: those that are records, with what merged cells and formats say of them."""
    looks = page.looks
    table.hidden_columns = [get_column_letter(place + 1) for place in sorted(page.covered)]
    heading = [key(text) for text in table.heads.texts.values()]
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
    _mark_dates(table, page.page)


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


def _mark_dates(table: Table, page: Page) -> None:
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


def _beside(table: Table, others: Sequence[Sheet], layout: Layout | None) -> Iterator[Table]:
    """Yield the tables of other records that stand in the same rows: a roster names each teacher's school too."""
    keys = {(field_of(column),): place for place, column in table.places.items()}
    at = next((keys[name] for name in (table.sheet.key, table.sheet.known_by[-1:]) if name in keys), None)
    if at is None:
        return
    for sheet in (sheet for sheet in others if sheet.model in table.sheet.beside):
        owner = owner_in(sheet, table.sheet)
        known = {name: column for name, column in headings(sheet).items() if column is not owner}
        matched = table.heads.matched(known)
        said = layout.fields if layout else {}
        places: dict[int, AnyColumn] = {at: owner}
        places |= {
            place: column for place, column in matched.items() if place not in table.places and place not in said
        }
        by_name = {f"{sheet.model.label}/{field_of(column)}": column for column in sheet.columns}
        places |= {place: by_name[name] for place, name in said.items() if name in by_name}
        _name_school(table, sheet, places)
        beside = Table(sheet, table.title, table.header_row, places, table.rows, table.heads)
        if any(field_of(column) != sheet.since for column in beside.lacking):
            continue
        beside.part = spoken(sheet.title)
        beside.school_at = table.school_at
        named = {table.heads.names[place] for place in places if place != at and place in table.heads.names}
        table.unknown = [name for name in table.unknown if name not in named]
        yield beside


def _name_school(table: Table, sheet: Sheet, places: dict[int, AnyColumn]) -> None:
    """Note which place names the school; where none does, the page may: a page for each school is titled by it."""
    school = next((column for column in sheet.columns if _is_of_school(column, sheet)), None)
    at = next((place for place, column in places.items() if column is school), None)
    title = OF_A_LIST.sub("", NUMBERED.sub("", "".join(table.title.split())))
    if school is not None and at is None and SCHOOL_TITLE.fullmatch(title) and not ALL_SCHOOLS.search(title):
        at = max([*table.heads.texts, *(len(values) - 1 for _number, values in table.rows)]) + 1
        for _number, values in table.rows:
            values += [None] * (at - len(values))
            values.append(title)
        places[at] = school
    table.school_at = at


def _is_of_school(column: AnyColumn, sheet: Sheet) -> bool:
    return (
        isinstance(column, Column)
        and column.kind == "row"
        and sheet.model._meta.get_field(column.field).related_model is School
    )


def owner_in(sheet: Sheet, main: Sheet) -> Column:
    """Return the column by which rows of a sheet name the row of the main sheet that they stand beside."""
    return next(
        column
        for column in sheet.columns
        if column.kind == "row" and sheet.model._meta.get_field(column.field).related_model is main.model
    )
