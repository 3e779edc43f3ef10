"""The workbook to fill in, of a school year and a school: its rows are there, with lists, checks and an example."""

from math import ceil
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.styles import Alignment

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Column, Lines, Sheet
from apps.workbooks.language import LANGUAGE
from apps.workbooks.planning.overview import COVER
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.row_filters import EXAMPLE

from .dropdowns import Lists, TemplateLists
from .writer import Writer, for_printing, head_cell, place_name, rows_of, text_cell, visible_sheets, write_overview

# Of the cover: characters to a line, Chinese ones taking two, and the height of a line.
COVER_WIDTH, LINE = 110, 16
SAMPLES = {"date": "2025-09-01", "integer": "1", "decimal": "1.5"}


def template_workbook(*, scope: Scope, township: Any, year: Any, user: Any) -> bytes:
    """Return the workbook to fill in: how to, the overview, and every sheet that the user may fill.

    One for a school holds the school's rows, each sheet after an example; one for a whole township is empty.
    """
    lists = TemplateLists(scope, township, year)
    writer = Writer(scope, personal=user is None or user.has_perm("teachers.view_personal_data"), lists=lists)
    fillable = fillable_sheets(user)
    _cover(writer, fillable, place_name(scope, township), year)
    write_overview(writer, township, year)
    for sheet in fillable:
        records = rows_of(sheet, scope, Period.of_year(year)) if scope.kind == "school" else ()
        writer.sheet(sheet, records, sample=lambda columns: example(columns, lists))
    return writer.bytes()


def fillable_sheets(user: Any) -> list[Sheet]:
    """Return the sheets whose records the user may add or change; a command (None) may all."""
    return [
        sheet
        for sheet in visible_sheets(user)
        if user is None
        or any(
            user.has_perm(f"{sheet.model._meta.app_label}.{verb}_{sheet.model._meta.model_name}")
            for verb in ("add", "change")
        )
    ]


def example(columns: list[tuple[Column | Lines, BoundColumn | None]], lists: Lists) -> list[str]:
    """Return the texts of an example row, which begins with the word that the import leaves out."""
    texts = []
    for column, bound in columns:
        text = column.example
        if not text and bound and column.kind != "personal":
            _name, words = lists.words(bound)
            text = words[0] if words else SAMPLES.get(column.kind, "")
        texts.append(text)
    texts[0] = f"{EXAMPLE}：{texts[0]}"
    return texts


def _cover(writer: Writer, sheets: list[Sheet], place: str, year: Any) -> None:
    page = writer.book.create_sheet(COVER)
    page.column_dimensions["A"].width = COVER_WIDTH
    for_printing(page)
    with override(LANGUAGE):
        lines = [
            _("How to fill in this workbook: %(place)s, %(year)s") % {"place": place, "year": year},
            _("1. One sheet a kind of record. Do not rename sheets and headers; columns may stand in any order."),
            _("2. Dark headers must be filled in. Each header has a note that says what is expected."),
            _("3. What is stored stands there already. Change it, and write new records below, one a row."),
            _("4. Where a cell offers a list, choose from it; teachers who share a name are told apart by number."),
            _("5. Rows that begin with “示例” are examples. They are not imported and may be deleted."),
            _("6. Write dates as 2025-09-01. Set ID numbers, phones and numbers that begin with 0 to text first."),
            _("7. An empty cell empties what is stored; a column that you delete leaves it as it is."),
            _("8. A row that you delete deletes nothing: delete records on their pages."),
            _("9. ID numbers and phones with stars are hidden from you. Leave them, and what is stored stays."),
            _("10. After uploading, a preview shows what would change. Nothing is written before you confirm."),
            _("Sheets: %(names)s") % {"names": "、".join(str(sheet.title) for sheet in sheets)},
        ]
    page.append([head_cell(page, lines[0])])
    for number, line in enumerate(lines[1:], 2):
        page.row_dimensions[number].height = LINE * ceil(2 * len(line) / COVER_WIDTH)
        cell = text_cell(page, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        page.append([cell])
