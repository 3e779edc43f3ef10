"""Workbooks out: a school year's workbook, the empty template, and any list as it is filtered.

All three are written from the same declarations that the import reads, so that what goes out can come back.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from io import BytesIO
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from apps.core.actors import Actor
from apps.core.models import Record, SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Column, Lines, Sheet
from apps.schools.models import School, Township
from apps.teachers.id_numbers import mask
from apps.webui.pages import Pages, value_of
from apps.workbooks.language import LANGUAGE, spoken
from apps.workbooks.planning.overview import HEADS, RESEARCHERS, TITLE, all_sheets, written
from apps.workbooks.planning.permissions import SEES_PERSONAL
from apps.workbooks.reading.columns import BoundColumn, cell_value
from apps.workbooks.reading.references import Namer, Resolver

from .dropdowns import Lists

# The file format takes no control characters.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
# First characters of texts that Excel might take for formulas, errors, numbers or dates.
MISTAKEN = frozenset("=+-@#0123456789.")
INK, SOFT, HEAD, HEAD_REQUIRED, EXAMPLE_FILL = "22262B", "6B7280", "E3EFED", "B9D8D3", "F4F2EC"
# Drop-downs and checks reach so many rows beyond those that are filled.
ROWS_TO_FILL = 1000
CELL_LIMIT, A4 = 32767, "9"
# A column that is written: one that is bound to a field, or the one of child lines.
Written = BoundColumn | Lines
# Writes the example row: from columns to texts.
Sample = Callable[[list[Written]], list[str]]
WIDTHS = {"date": 13, "integer": 9, "decimal": 9, "flag": 9, "personal": 21, "row": 22, "choice": 14}


def place_name(scope: Scope, township: Township) -> str:
    """Return what a workbook of the scope is called: the school, or the township."""
    if scope.kind == "school":
        return School.objects.get(pk=scope.school or 0).name
    return str(township)


class Writer:
    """Writes declared sheets into a workbook, row by row, in a memory that does not grow with them."""

    def __init__(self, scope: Scope, *, personal: bool, lists: Lists | None = None) -> None:
        self.scope, self.personal = scope, personal
        self.book = Workbook(write_only=True)
        self.namer = Namer(
            Scope("township", district=scope.district, township=scope.township) if scope.township else scope
        )
        self.resolver = Resolver(scope)
        self.lists = lists or Lists(scope)

    def bytes(self) -> bytes:
        """Return the finished file."""
        self.lists.write(self.book)
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()

    def sheet(self, sheet: Sheet, records: Iterable[Record], *, sample: Sample | None = None) -> None:
        """Write one declared sheet with `records`, after an example row where a `sample` of it is given."""
        columns = [
            column if isinstance(column, Lines) else BoundColumn(sheet, column, self.resolver)
            for column in sheet.all_columns
        ]
        page = self.book.create_sheet(spoken(sheet.title)[:31])
        page._values_to_row = _placed
        self._head(page, columns)
        first = last = 2
        if sample:
            page.append([example_cell(page, text) for text in sample(columns)])
            first = last = 3
        with override(LANGUAGE):
            for values in self._rows(page, columns, records):
                page.append(values)
                last += 1
        for number, column in enumerate(columns, 1):
            rule = self.lists.rule(column) if isinstance(column, BoundColumn) else None
            if rule:
                rule.add(f"{get_column_letter(number)}{first}:{get_column_letter(number)}{last + ROWS_TO_FILL}")
                page.data_validations.append(rule)

    def _head(self, page: Any, columns: list[Written]) -> None:
        """Write the frozen, noted header, with formats and widths for the rows below."""
        page.freeze_panes = "A2"
        for_printing(page)
        cells = []
        for number, written_column in enumerate(columns, 1):
            column = declared(written_column)
            letter = get_column_letter(number)
            header = spoken(column.header)
            kind = column.kind if isinstance(column, Column) else "text"
            if kind in ("text", "personal"):
                page.column_dimensions[letter].number_format = TEXT_FORMAT  # for what is typed there later
            elif kind == "date":
                page.column_dimensions[letter].number_format = DAY_FORMAT
            page.column_dimensions[letter].width = max(WIDTHS.get(kind, 18), 2 * len(header) + 3)
            cells.append(head_cell(page, header, required=column.required, note=note(column)))
        page.append(cells)

    def _rows(self, page: Any, columns: list[Written], records: Iterable[Record]) -> Iterator[list[Any]]:
        """Yield the cells of each record. One styled cell a column serves all rows: each row is written at once."""
        writers = [self._cell_writer(page, column) for column in columns]
        for record in records:
            yield [write(record) for write in writers]

    def _cell_writer(self, page: Any, column: Written) -> Callable[[Record], Any]:
        put = _Texts(page)
        if isinstance(column, Lines):
            return lambda record: put(column.write(record))
        value_of, target = attrgetter(column.attname), column.target
        if target:
            return lambda record: put(self.namer.name(target, value_of(record)))
        match column.column.kind:
            case "personal" if not self.personal:
                return lambda record: put(mask(value_of(record)))
            case "choice" | "flag":
                return lambda record: put(column.written(value_of(record)))
            case "text" | "personal":
                return lambda record: put(value_of(record))
            case "date":
                return _one_cell(page, value_of, "d", DAY_FORMAT)
        return _one_cell(page, lambda record: cell_value(value_of(record)), "n")


class _Texts:
    """Puts texts into the one or the other cell of a column: the one of texts where Excel might take it for another.

    The cells are filled past their setters, which would look for formulas, numbers and dates in each text.
    """

    def __init__(self, page: Any) -> None:
        self.plain, self.text = WriteOnlyCell(page), text_cell(page, "")
        self.plain.data_type = "s"

    def __call__(self, value: Any) -> Cell | None:
        """Return the cell with a text in it, None for nothing."""
        if value is None or value == "":
            return None
        text = str(value)
        if not text.isprintable():
            text = CONTROL.sub("", text)
        cell = self.text if text[:1] in MISTAKEN else self.plain
        cell._value = text[:CELL_LIMIT]
        return cell


def _one_cell(
    page: Any, value_of: Callable[[Record], Any], data_type: str, number_format: str = "General"
) -> Callable[[Record], Cell | None]:
    """Return what puts days or numbers into the one cell of a column."""
    cell = WriteOnlyCell(page)
    cell.number_format, cell.data_type = number_format, data_type

    def put(record: Record) -> Cell | None:
        cell._value = value_of(record)
        return None if cell._value is None else cell

    return put


def _placed(cells: Iterable[Cell | None], row: int) -> Iterator[Cell]:
    """Yield a row's cells in their places: what openpyxl does with values, for cells that are ready to be written."""
    for column, cell in enumerate(cells, 1):
        if cell is not None:
            cell.column, cell.row = column, row
            yield cell


def text_cell(page: Any, text: Any) -> Cell:
    """Return a cell that holds a text, which Excel never takes for a formula, a number or a date."""
    cell = WriteOnlyCell(page)
    cell.number_format = TEXT_FORMAT
    cell._value, cell.data_type = CONTROL.sub("", str(text or ""))[:CELL_LIMIT], "s"
    return cell


def head_cell(page: Any, text: str, *, required: bool = False, note: str = "") -> Cell:
    """Return a header's cell; those of columns that must be filled are darker."""
    cell = text_cell(page, text)
    cell.font = Font(bold=True, color=INK)
    cell.fill = PatternFill("solid", fgColor=HEAD_REQUIRED if required else HEAD)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    if note:
        cell.comment = Comment(note, "townedu", width=260, height=120)
    return cell


def for_printing(page: Any) -> None:
    """Let a page print across, as wide as its paper, with its header on every sheet of it."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"


def example_cell(page: Any, text: str) -> Cell:
    """Return a cell of the example row, which looks unlike rows that count."""
    cell = text_cell(page, text)
    cell.font, cell.fill = Font(italic=True, color=SOFT), PatternFill("solid", fgColor=EXAMPLE_FILL)
    return cell


def declared(column: Written) -> Column | Lines:
    """Return a written column as its sheet declares it."""
    return column if isinstance(column, Lines) else column.column


def note(column: Column | Lines) -> str:
    """Return the note on a header: whether it must be filled, what is expected, other headers that are known."""
    kind = column.kind if isinstance(column, Column) else ""
    with override(LANGUAGE):
        parts = [_("Must be filled in.") if column.required else _("May be left empty.")]
        if column.help:
            parts.append(str(column.help))
        if kind == "date":
            parts.append(_("A date such as 2025-09-01; 2025.9 and 2025年9月 are understood too."))
        if kind == "personal":
            parts.append(_("As text. A masked value leaves what is stored."))
        if column.aliases:
            parts.append(_("Also known as: %(names)s.") % {"names": "、".join(column.aliases)})
    return "\n".join(parts)


def rows_of(sheet: Sheet, scope: Scope, period: Period, user: Actor) -> Iterable[Record]:
    """Return the records of a sheet that `user` may see, in the order of its model, in portions."""
    rows = sheet.rows(scope, period).visible_to(user)
    if sheet is RESEARCHERS:
        rows = rows.filter(townships=scope.township)
    if sheet.lines:
        rows = rows.prefetch_related(*sheet.lines.prefetch)
    return rows.order_by(*sheet.model._meta.ordering or (), "pk").iterator(chunk_size=2000)


def visible_sheets(user: Actor) -> list[Sheet]:
    """Return the sheets whose records `user` may see."""
    return [sheet for sheet in all_sheets() if may(user, "view", sheet)]


def may(user: Actor, verb: str, sheet: Sheet) -> bool:
    """Return whether the role of `user` may `verb` (view, add, change) records of a sheet at all."""
    return user.has_perm(f"{sheet.model._meta.app_label}.{verb}_{sheet.model._meta.model_name}")


def year_workbook(*, scope: Scope, township: Township, year: SchoolYear, user: Actor) -> bytes:
    """Return the workbook of a school year: all records of the scope that `user` may see, as an import takes them."""
    writer = Writer(scope, personal=user.has_perm(SEES_PERSONAL))
    write_overview(writer, township, year)
    for sheet in visible_sheets(user):
        writer.sheet(sheet, rows_of(sheet, scope, Period.of_year(year), user))
    return writer.bytes()


def write_overview(writer: Writer, township: Township, year: SchoolYear) -> None:
    """Write the sheet that says of which township and school year the workbook is."""
    page = writer.book.create_sheet(spoken(TITLE))
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 32
    page.append([head_cell(page, spoken(head)) for head in HEADS])
    for label, value in written(township, year):
        cell = cell_value(value)
        page.append([text_cell(page, label), text_cell(page, cell) if isinstance(cell, str) else cell])


def list_workbook(*, pages: Pages[Any], rows: QuerySet[Any], scope: Scope, user: Actor) -> bytes:
    """Return the rows of a list as a workbook: by the columns of its sheet, else by those of the page."""
    writer = Writer(scope, personal=user.has_perm(SEES_PERSONAL))
    sheet = next((sheet for sheet in all_sheets() if sheet.model is pages.model), None)
    if sheet:
        if sheet.lines:
            rows = rows.prefetch_related(*sheet.lines.prefetch)
        writer.sheet(sheet, rows.iterator(chunk_size=2000))
        return writer.bytes()
    page = writer.book.create_sheet(spoken(pages.meta.verbose_name_plural)[:31])
    page.freeze_panes = "A2"
    with override(LANGUAGE):
        page.append([head_cell(page, str(pages.labels[column.path])) for column in pages.columns])
        for record in rows.iterator(chunk_size=2000):
            values = (cell_value(_on_the_clock(value_of(record, column.path))) for column in pages.columns)
            page.append([text_cell(page, value) if isinstance(value, str) else value for value in values])
    return writer.bytes()


def _on_the_clock(value: Any) -> Any:
    """Return a moment as the office's clock shows it, since Excel knows no time zones; anything else as it is."""
    if isinstance(value, datetime):
        return timezone.make_naive(value).replace(microsecond=0) if timezone.is_aware(value) else value
    return value
