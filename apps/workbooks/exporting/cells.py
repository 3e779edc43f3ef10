"""The cells of a workbook that goes out: filled past openpyxl's setters, and never what Excel computes."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.properties import PageSetupProperties

from apps.core.models import Record

# The file format takes no control characters.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
TEXT_FORMAT, DAY_FORMAT = "@", "yyyy-mm-dd"
# First characters of texts that Excel might take for formulas, errors, numbers or dates.
MISTAKEN = frozenset("=+-@#0123456789.")
INK, SOFT, HEAD, HEAD_REQUIRED, EXAMPLE_FILL = "22262B", "6B7280", "E3EFED", "B9D8D3", "F4F2EC"
CELL_LIMIT, A4 = 32767, "9"


class Texts:
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


def one_cell(
    page: Any, value_of: Callable[[Record], Any], data_type: str, number_format: str = "General"
) -> Callable[[Record], Cell | None]:
    """Return what puts days or numbers into the one cell of a column."""
    cell = WriteOnlyCell(page)
    cell.number_format, cell.data_type = number_format, data_type

    def put(record: Record) -> Cell | None:
        cell._value = value_of(record)
        return None if cell._value is None else cell

    return put


def placed(cells: Iterable[Cell | None], row: int) -> Iterator[Cell]:
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
