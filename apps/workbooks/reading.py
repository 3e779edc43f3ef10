"""Opening a workbook safely, and finding in it what the sheets declare.

Offices' files are taken as they are: title rows above the header, columns in any order, blank rows, rows of sums and
notes. What cannot be a workbook of ours is refused in one sentence before anything is read.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from apps.core.sheets import Column, Lines, Sheet

from .cells import Formula, is_empty, key

# Workbooks speak the language of the offices, whoever opens them in which language.
LANGUAGE = "zh-hans"
# What a real workbook never reaches: unpacked bytes, parts of the file, rows, columns, blank rows in a row.
UNPACKED_LIMIT, PARTS_LIMIT = 60 * 1024 * 1024, 300
ROWS_LIMIT, COLUMNS_LIMIT, BLANKS_LIMIT = 50_000, 100, 1_000
HEADER_WITHIN = 10
OLD_EXCEL, ENCRYPTED = b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
# Rows that are no records, by what stands first in them: sums, notes, signatures, the template's example.
NO_RECORD = re.compile(
    r"(合计|小计|总计|共计|备注|说明|注|填表人|填报人|制表人?|审核人?|负责人|单位负责人|填报日期|制表日期)([:：].*)?"
)
EXAMPLE = "示例"
EXAMPLE_ROW = re.compile(rf"{EXAMPLE}([:：].*)?", re.DOTALL)


class UserError(ValidationError):
    """The file cannot be read at all; one sentence for people says why and what to do."""


def spoken(text: Any) -> str:
    """Return a translatable text as workbooks write it."""
    with override(LANGUAGE):
        return str(text)


@dataclass
class Table:
    """A sheet found in a workbook: where its header stands, which columns it has, and its rows."""

    sheet: Sheet
    title: str
    header_row: int
    places: dict[int, Column | Lines]
    rows: list[tuple[int, Sequence[Any]]]
    skipped: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    twice: list[tuple[int, str]] = field(default_factory=list)

    def cell(self, row: int, position: int) -> str:
        """Return the name of a cell, such as C17."""
        return f"{get_column_letter(position + 1)}{row}"


@dataclass
class Found:
    """What was found in a workbook: tables in the order of the declared sheets, and titles of sheets left aside.

    `headless` are known sheets that hold something, but no row of known headers.
    """

    tables: list[Table]
    ignored: list[str]
    headless: list[str] = field(default_factory=list)


def check_file(file: BinaryIO) -> None:
    """Raise UserError unless `file` is an unprotected workbook of a sensible size."""
    file.seek(0)
    start = file.read(4096)
    if start.startswith(OLD_EXCEL):
        file.seek(0)
        if ENCRYPTED in file.read(1024 * 1024):
            raise UserError(_("The workbook is protected by a password. Save it without one, then upload it again."))
        raise UserError(_("This is an Excel file of the old kind (.xls). Save it as .xlsx, then upload it again."))
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            names = {part.filename for part in listed}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise UserError(
            _("This file is no Excel workbook. Save the table in Excel as .xlsx, then upload that file.")
        ) from None
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UserError(_("This file is no Excel workbook. Save the table in Excel as .xlsx, then upload that file."))
    if len(listed) > PARTS_LIMIT or sum(part.file_size for part in listed) > UNPACKED_LIMIT:
        raise UserError(_("The workbook is too large inside. Copy the rows into a fresh template, then upload that."))
    file.seek(0)


@contextmanager
def broken_is_said() -> Iterator[None]:
    """Turn what openpyxl raises on a damaged file into a UserError."""
    try:
        yield
    except UserError:
        raise
    except (
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        EOFError,
        SyntaxError,
        OSError,
        zipfile.BadZipFile,
    ) as error:
        raise UserError(_("The workbook is damaged. Open it in Excel, save it anew, then upload it again.")) from error


@contextmanager
def opened(file: BinaryIO) -> Iterator[Any]:
    """Open a checked workbook for reading; raise UserError for one that is broken inside."""
    check_file(file)
    with warnings.catch_warnings():
        # openpyxl warns of drawings and styles that it does not keep; only values are read here.
        warnings.filterwarnings("ignore", module="openpyxl")
        with broken_is_said():
            book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def find(book: Any, sheets: Sequence[Sheet]) -> Found:
    """Return what an opened workbook holds of `sheets`; raise UserError if that is nothing."""
    tables: dict[int, Table] = {}
    headless: list[str] = []
    by_title = {key(name): sheet for sheet in sheets for name in titles(sheet)}
    strangers = []
    for page in book.worksheets:
        sheet = by_title.get(key(page.title))
        if sheet is None:
            strangers.append(page)
        elif table := _table(page, [sheet]):
            tables[id(sheet)] = table
        elif any(True for _row in _rows(page)):
            headless.append(page.title)
    if not tables and not headless:
        # A single list sent by a school, under whatever title: known by its columns.
        for page in strangers:
            if table := _table(page, sheets):
                tables.setdefault(id(table.sheet), table)
    read = {table.title for table in tables.values()}
    ignored = [page.title for page in strangers if page.title not in read]
    if not tables and not headless:
        raise UserError(
            _("The workbook has none of the known sheets. Copy the rows into the template, then upload that.")
        )
    return Found([tables[id(sheet)] for sheet in sheets if id(sheet) in tables], ignored, headless)


def titles(sheet: Sheet) -> tuple[str, ...]:
    """Return the titles under which a sheet is known."""
    return spoken(sheet.title), str(sheet.title), spoken(sheet.model._meta.verbose_name)


def headings(sheet: Sheet) -> dict[str, Column | Lines]:
    """Return each header and alias of a sheet's columns, as `key` writes it, and its column; headers before aliases."""
    found: dict[str, Column | Lines] = {}
    with override(LANGUAGE):
        for column in sheet.all_columns:
            found.setdefault(key(str(column.header)), column)
        for column in sheet.all_columns:
            for alias in column.aliases:
                found.setdefault(key(alias), column)
    with override("en"):
        for column in sheet.all_columns:
            found.setdefault(key(str(column.header)), column)
    return found


def _table(page: Any, sheets: Sequence[Sheet]) -> Table | None:
    """Return the page as a table of the one of `sheets` whose columns it has; None if it has no header of any."""
    if not hasattr(page, "reset_dimensions"):
        return None  # a sheet of charts only
    with broken_is_said():
        page.reset_dimensions()
        rows = list(_rows(page))
    best: tuple[int, int, Sheet] | None = None
    for sheet in sheets:
        known = headings(sheet)
        needed = 1 if len(sheets) == 1 else max(2, sum(column.required for column in sheet.all_columns))
        for number, values in rows[:HEADER_WITHIN]:
            hits = len({id(known[key(value)]) for value in values if isinstance(value, str) and key(value) in known})
            if hits >= needed and (best is None or hits > best[0]):
                best = hits, number, sheet
    if best is None:
        return None
    _hits, header_row, sheet = best
    table = _with_header(page.title, sheet, header_row, dict(rows)[header_row])
    for number, values in rows:
        if number > header_row:
            (table.skipped.append(number) if _is_no_record(values) else table.rows.append((number, values)))
    _mark_formulas(page, table)
    return table


def _rows(page: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """Return number and values of the rows that hold anything."""
    blanks = count = 0
    for number, values in enumerate(page.iter_rows(max_col=COLUMNS_LIMIT, values_only=True), 1):
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in values):
            blanks += 1
            if blanks > BLANKS_LIMIT:
                return
            continue
        blanks, count = 0, count + 1
        if count > ROWS_LIMIT:
            raise UserError(
                _("The sheet “%(sheet)s” has more than %(rows)d rows. Split it into several files.")
                % {"sheet": page.title, "rows": ROWS_LIMIT}
            )
        yield number, values


def _with_header(title: str, sheet: Sheet, header_row: int, values: Sequence[Any]) -> Table:
    known = headings(sheet)
    table = Table(sheet, title, header_row, {}, [])
    taken: set[int] = set()
    for position, value in enumerate(values):
        if is_empty(value):
            continue
        column = known.get(key(value)) if isinstance(value, str) else None
        if column is None:
            table.unknown.append(str(value).strip())
        elif id(column) in taken:
            table.twice.append((position, str(value).strip()))
        else:
            taken.add(id(column))
            table.places[position] = column
    return table


def _is_no_record(values: Sequence[Any]) -> bool:
    first = next((value for value in values if value is not None), None)
    if not isinstance(first, str):
        return False
    text = "".join(first.split())
    return bool(NO_RECORD.fullmatch(text) or EXAMPLE_ROW.fullmatch(text))


def _mark_formulas(page: Any, table: Table) -> None:
    """Put Formula in place of cells that hold one; text that only begins with = stays text."""
    suspects = {
        number: [
            place
            for place in table.places
            if place < len(values) and isinstance(values[place], str) and values[place].startswith("=")
        ]
        for number, values in table.rows
    }
    suspects = {number: places for number, places in suspects.items() if places}
    if not suspects:
        return
    formulas = {
        (number, place)
        for number, cells in enumerate(page.iter_rows(max_col=COLUMNS_LIMIT, max_row=max(suspects)), 1)
        for place in suspects.get(number, ())
        if cells[place].data_type == "f"
    }
    table.rows = [
        (
            number,
            [Formula() if (number, place) in formulas else value for place, value in enumerate(values)]
            if number in suspects
            else values,
        )
        for number, values in table.rows
    ]
