"""A document's figures and annex tables as a workbook."""

import re
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from apps.figures.figures import Table
from apps.reports.composing.document import LANGUAGE, Document
from apps.reports.composing.versions import bare

# What a sheet's name may not hold, and how long it may be.
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
TITLE_LENGTH = 31
BROADEST = 40
NO_DAY = datetime(2000, 1, 1)
DAY_FORMAT = "yyyy-mm-dd"
MODIFIED = re.compile(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*(<)")


def tables_xlsx(document: Document) -> bytes:
    """Return a workbook: a sheet of all figures, and one for each annex table."""
    with translation.override(LANGUAGE):
        heads = [_("item"), _("value"), _("unit"), _("figure key")]
        figures = _("Figures")
    book = Workbook(write_only=True)
    rows = [[figure.label, figure.value, figure.unit, key] for key, figure in document.figures.items()]
    _sheet(book, figures, heads, rows)
    for table in document.annexes.tables:
        _sheet(book, str(table.title), list(table.heads), [[cell.value for cell in row] for row in table.rows])
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """Return a workbook's file; the same workbook gives the same bytes."""
    book.properties.creator = ""
    book.properties.created = book.properties.modified = NO_DAY
    made = BytesIO()
    book.save(made)
    return steady(made.getvalue())


def steady(archive: bytes) -> bytes:
    """Return a zip archive, as office files are, with the days of its parts left out: when it was made says nothing."""
    steadied = BytesIO()
    with ZipFile(BytesIO(archive)) as old, ZipFile(steadied, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = (
                MODIFIED.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", old.read(name))
                if "core.xml" in name
                else old.read(name)
            )
            new.writestr(ZipInfo(name, NO_DAY.timetuple()[:6]), data, ZIP_DEFLATED)
    return steadied.getvalue()


def table_xlsx(table: Table) -> bytes:
    """Return a workbook of one table."""
    book = Workbook(write_only=True)
    _sheet(book, str(table.title), list(table.heads), [[cell.value for cell in row] for row in table.rows])
    return _saved(book)


def _sheet(book: Workbook, title: str, heads: list[str], rows: list[list[Any]]) -> None:
    sheet = book.create_sheet(str(title).translate(FORBIDDEN)[:TITLE_LENGTH])
    sheet.freeze_panes = "A2"
    for place, head in enumerate(heads):
        longest = max([len(str(head)), *(len(str(row[place] or "")) for row in rows)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(2 * longest + 2, BROADEST)
    sheet.append([_cell(sheet, head, Font(bold=True)) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
    day = isinstance(value, date)
    value = value if day else bare(value)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        # Text stays text, also where it begins like a formula.
        cell.data_type = "s"
    if day:
        cell.number_format = DAY_FORMAT
    if font:
        cell.font = font
    return cell
