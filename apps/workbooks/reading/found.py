"""Pages and tables of a workbook, with their rows, read once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from apps.core.sheets import Sheet
from apps.workbooks.files.readers import Page
from apps.workbooks.files.sheet_xml import COLUMNS_LIMIT, Looks
from apps.workbooks.files.validation import broken_is_said

from .headers import AnyColumn, Heads, candidates

# What a real sheet never reaches: blank rows in a row.
BLANKS_LIMIT = 1_000


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
