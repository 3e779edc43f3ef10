"""The files that offices send, opened safely: .xlsx, .xls and CSV, each as a book of pages of rows.

Files come from anywhere: what is let in says `validation`, and whatever a reader raises becomes a sentence.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import Any

import xlrd
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from .repair import mended
from .sheet_xml import Looks, SheetXml
from .validation import (
    MB,
    NO_TEXT,
    OLD_EXCEL,
    ZIP,
    Readable,
    UserError,
    broken_is_said,
    check_file,
    has_links,
    is_protected,
    no_workbook,
)

# So much may the rows of a workbook take in memory: of short ones some 200,000, twice what a large town has in a year.
# A row costs so much beside its texts.
MEMORY_LIMIT, ROW_COST = 512 * MB, 2500
# Texts up to this length are kept once, and so many of them at a time.
SHORT, SAME_KEPT = 24, 50_000
DELIMITERS = ",\t;，"
CSV_TITLE = "CSV"
FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
# How a program keeps Excel from making a number of a text in a CSV.
AS_TEXT = re.compile(r'\s*="(.*)"\s*', re.DOTALL)
# A month that a CSV may have lost the zero of, and one that shows that the column has not.
MONTH_ONE, MONTH_TEN = re.compile(r"\d{4}\.1"), re.compile(r"\d{4}\.10")
SUPBOOK_EXTERNAL = 2  # of xlrd's kinds of referred workbooks


class Held:
    """What the rows of a book take in memory, with the records that are made of them: counted as they are read."""

    def __init__(self) -> None:
        self.bytes = 0
        # Names of schools, teachers and days stand in very many cells: one of each is kept.
        self.same: dict[Any, Any] = {}

    def take(self, values: Sequence[Any], title: str) -> list[Any]:
        """Return a row to be kept; raise UserError if the rows get too many, or too long."""
        self.bytes += ROW_COST + 2 * sum(len(value) for value in values if value.__class__ is str)
        if self.bytes > MEMORY_LIMIT:
            raise UserError(
                _("The workbook is too long: up to the sheet “%(sheet)s” it takes %(limit)d MB of memory. Split it.")
                % {"sheet": title, "limit": MEMORY_LIMIT // MB}
            )
        if len(self.same) > SAME_KEPT:
            self.same.clear()
        one = self.same.setdefault
        return [
            one(value, value)
            if value.__class__ is datetime or (value.__class__ is str and len(value) <= SHORT)
            else value
            for value in values
        ]


class Page:
    """A sheet of a book: its title, whether it is hidden, and its rows; `held` counts those of the whole book."""

    def __init__(self, title: str, *, hidden: bool = False) -> None:
        self.title, self.hidden = title, hidden
        self.held = Held()

    def iter_rows(
        self, *, max_row: int | None = None, max_col: int | None = None, values_only: bool = True
    ) -> Iterator[Sequence[Any]]:
        """Yield the values of each row from the first."""
        raise NotImplementedError

    @property
    def looks(self) -> Looks:
        """Return what the rows do not tell: merged cells, hidden rows and columns, formulas without a value."""
        return Looks()

    @property
    def epoch(self) -> datetime:
        """Return the day from which the book counts days that stand as plain numbers."""
        epoch: datetime = WINDOWS_EPOCH
        return epoch

    def formats(self, cells: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Return row and column → number format, of those of the cells whose format is known."""
        return {}


class Book:
    """An opened file: its pages in order."""

    def __init__(self, worksheets: list[Page], source: Any = None) -> None:
        self.worksheets, self._source = worksheets, source
        held = Held()
        for page in worksheets:
            page.held = held

    def close(self) -> None:
        """Let go of the file."""
        if self._source is not None:
            self._source.close()


@contextmanager
def opened(file: Readable) -> Iterator[Book]:
    """Open a file for reading; raise UserError for one that is no workbook, protected, dangerous or broken."""
    kind = check_file(file)
    with warnings.catch_warnings():
        # Readers warn of drawings and styles that they do not keep; only values are read here.
        warnings.simplefilter("ignore")
        with broken_is_said():
            book = {ZIP: _xlsx, OLD_EXCEL: _xls, b"": _csv}[kind](file)
        try:
            yield book
        finally:
            book.close()


# .xlsx


class XlsxPage(Page):
    """A sheet of an .xlsx file."""

    def __init__(self, page: Any) -> None:
        super().__init__(page.title, hidden=page.sheet_state != "visible")
        self._page = page
        self._xml: SheetXml | None = None

    @property
    def xml(self) -> SheetXml:
        """Return the page's own XML; raise Unreadable if it is shaped to exhaust its readers."""
        if self._xml is None:
            # The way to the part is openpyxl's own; which part belongs to which sheet only it knows.
            self._xml = SheetXml(lambda: self._page.parent._archive.open(self._page._worksheet_path))
        return self._xml

    @property
    def looks(self) -> Looks:
        """Return what the rows do not tell."""
        return self.xml.looks_with(self._struck_styles)

    @property
    def _struck_styles(self) -> frozenset[int]:
        """Return the numbers of the styles whose text is struck through."""
        book = self._page.parent
        fonts = {number for number, font in enumerate(book._fonts) if font.strike}
        return frozenset(number for number, style in enumerate(book._cell_styles) if style.fontId in fonts)

    @property
    def epoch(self) -> datetime:
        """Return the day from which the book counts days: that of Windows, or four years later that of the Mac."""
        epoch: datetime = self._page.parent.epoch
        return epoch

    def iter_rows(
        self, *, max_row: int | None = None, max_col: int | None = None, values_only: bool = True
    ) -> Iterator[Sequence[Any]]:
        """Yield the values of each row, whatever size the file claims for the sheet."""
        self.xml.check()
        self._page.reset_dimensions()
        yield from self._page.iter_rows(max_row=max_row, max_col=max_col, values_only=True)

    def formats(self, cells: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Return the number formats of these cells."""
        book = self._page.parent
        found = {}
        for place, style in self.xml.styles(cells).items():
            number = book._cell_styles[style].numFmtId if style < len(book._cell_styles) else 0
            own = book._number_formats
            found[place] = (
                own[number - 164] if 164 <= number < 164 + len(own) else BUILTIN_FORMATS.get(number, "General")
            )
        return found


def _xlsx(file: Readable) -> Book:
    book = load_workbook(mended(file), read_only=True, data_only=True, keep_links=False)
    pages = [page for page in book.worksheets if hasattr(page, "reset_dimensions")]  # sheets of charts only have none
    return Book([XlsxPage(page) for page in pages], book)


# .xls


class XlsPage(Page):
    """A sheet of an .xls file."""

    def __init__(self, page: Any, book: Any) -> None:
        super().__init__(page.name, hidden=page.visibility != 0)
        self._page, self._book = page, book

    @property
    def looks(self) -> Looks:
        """Return merged cells, hidden rows and columns; an .xls keeps the value of every formula."""
        merged = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in self._page.merged_cells]
        hidden = {number + 1 for number, row in self._page.rowinfo_map.items() if row.hidden}
        columns = {place for place, column in self._page.colinfo_map.items() if column.hidden}
        return Looks(merged=merged, hidden=hidden, hidden_columns=columns, struck=self._struck())

    def _struck(self) -> set[tuple[int, int]]:
        """Return row and column of the cells whose text is struck through."""
        fonts = {number for number, font in enumerate(self._book.font_list) if font.struck_out}
        styles = {number for number, style in enumerate(self._book.xf_list) if style.font_index in fonts}
        return {
            (number + 1, place)
            for number in range(self._page.nrows if styles else 0)
            for place, cell in enumerate(self._page.row(number))
            if cell.xf_index in styles and cell.value not in ("", None)
        }

    @property
    def epoch(self) -> datetime:
        """Return the day from which the book counts days."""
        epoch: datetime = MAC_EPOCH if self._book.datemode else WINDOWS_EPOCH
        return epoch

    def iter_rows(
        self, *, max_row: int | None = None, max_col: int | None = None, values_only: bool = True
    ) -> Iterator[Sequence[Any]]:
        """Yield the values of each row."""
        for number in range(min(self._page.nrows, max_row or self._page.nrows)):
            yield [self._value(cell) for cell in self._page.row_slice(number, 0, max_col)]

    def _value(self, cell: Any) -> Any:
        match cell.ctype:
            case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
                return None
            case xlrd.XL_CELL_BOOLEAN:
                return bool(cell.value)
            case xlrd.XL_CELL_ERROR:
                return xlrd.error_text_from_code.get(cell.value, "#N/A")
            case xlrd.XL_CELL_DATE if 1 <= cell.value < 2958466:
                return xlrd.xldate.xldate_as_datetime(cell.value, self._book.datemode)
            case xlrd.XL_CELL_NUMBER if cell.value.is_integer():
                return int(cell.value)
        return cell.value

    def formats(self, cells: set[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """Return the number formats of these cells."""
        book = self._book
        found = {}
        for row, column in cells:
            style = book.xf_list[self._page.cell_xf_index(row - 1, column)]
            found[row, column] = book.format_map[style.format_key].format_str
        return found


def _xls(file: Readable) -> Book:
    try:
        book = xlrd.open_workbook(
            file_contents=file.read(), logfile=io.StringIO(), ragged_rows=True, formatting_info=True
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise is_protected() from error
        raise
    if SUPBOOK_EXTERNAL in getattr(book, "_supbook_types", ()):
        raise has_links()
    return Book([XlsPage(page, book) for page in book.sheets()])


# CSV


class CsvPage(Page):
    """The only sheet of a CSV: all its cells are texts."""

    def __init__(self, title: str, rows: list[list[Any]]) -> None:
        super().__init__(title)
        self._rows = rows

    def iter_rows(
        self, *, max_row: int | None = None, max_col: int | None = None, values_only: bool = True
    ) -> Iterator[Sequence[Any]]:
        """Yield the texts of each row, None for empty ones."""
        for row in self._rows[:max_row]:
            yield [value or None for value in row[:max_col]]


def _csv(file: Readable) -> Book:
    text = _decoded(file.read())
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    delimiter = max(DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [[_protected(value) for value in row] for row in reader]
    except csv.Error as error:
        raise UserError(
            _("Line %(line)d of the CSV file is damaged: a quotation mark is missing. Save the table as .xlsx instead.")
            % {"line": reader.line_num}
        ) from error
    if not any(len(row) > 1 for row in rows):
        raise no_workbook()
    _doubt_months(rows)
    name = PurePath(getattr(file, "name", None) or "").stem
    return Book([CsvPage(FORBIDDEN_IN_TITLES.sub("", name)[:31] or CSV_TITLE, rows)])


def _protected(value: str) -> str:
    """Return the text of a cell that is written as a formula to keep it one, such as ="0105"."""
    found = AS_TEXT.fullmatch(value)
    return found[1].replace('""', '"') if found else value


def _decoded(content: bytes) -> str:
    """Return the text of a CSV in one of the encodings that Excel and WPS write; raise UserError if in none."""
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not NO_TEXT.search(text):
            return text
    raise no_workbook()


def _doubt_months(rows: list[list[Any]]) -> None:
    """Make numbers of texts such as 1985.1, which may have been 1985.10, in columns that hold no 1985.10 at all."""
    exact = {place for row in rows for place, text in enumerate(row) if MONTH_TEN.fullmatch(text.strip())}
    for row in rows:
        for place, text in enumerate(row):
            if place not in exact and MONTH_ONE.fullmatch(text.strip()):
                row[place] = float(text)


def editable(file: Readable) -> Workbook:
    """Return the file as a workbook that can be changed and saved as .xlsx; raise UserError if it cannot be read."""
    if check_file(file) == ZIP:
        with warnings.catch_warnings(), broken_is_said():
            warnings.simplefilter("ignore")
            return load_workbook(mended(file))
    book = Workbook()
    book.remove(book.active)
    with opened(file) as found, broken_is_said():
        for page in found.worksheets:
            copy = book.create_sheet(page.title)
            numbers: set[tuple[int, int]] = set()
            for row in page.iter_rows():
                copy.append([None] * len(row))
                for cell, value in zip(copy[copy._current_row], row, strict=True):
                    cell.value = value
                    if isinstance(value, str):
                        cell.data_type, cell.number_format = "s", "@"
                    elif type(value) in (int, float):
                        numbers.add((cell.row, cell.column - 1))
            # A number is what it looks like: 2008.1 as 2008.10 is another month.
            for (number, place), look in page.formats(numbers).items():
                copy.cell(number, place + 1).number_format = look
    return book
