"""The workbook to fill in, of a school year and a school: its rows are there, with lists, checks and an example."""

from io import BytesIO
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.styles import Alignment

from apps.core.actors import Actor
from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Sheet
from apps.schools.models import Township
from apps.workbooks.language import LANGUAGE
from apps.workbooks.planning.overview import COVER
from apps.workbooks.planning.permissions import SEES_PERSONAL
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.row_filters import EXAMPLE

from .cells import for_printing, head_cell, text_cell
from .dropdowns import Lists, TemplateLists
from .writer import Writer, Written, declared, in_portions, may, place_name, rows_of, visible_sheets, write_overview

# Of the cover: characters to a line, Chinese ones taking two, and the height of a line.
COVER_WIDTH, LINE = 110, 16
SAMPLES = {"date": "2025-09-01", "integer": "1", "decimal": "1.5"}


def template_workbook(*, scope: Scope, township: Township, year: SchoolYear, user: Actor) -> bytes:
    """Return the workbook to fill in: how to, the overview, and every sheet that the user may fill.

    One for a school holds the school's rows, each sheet after an example; one for a whole township is empty.
    """
    lists = TemplateLists(scope, township, year)
    writer = Writer(scope, personal=user.has_perm(SEES_PERSONAL), lists=lists)
    fillable, out = fillable_sheets(user), BytesIO()
    with writer.into(out):
        _cover(writer, fillable, place_name(scope, township), year)
        write_overview(writer, township, year)
        for sheet in fillable:
            rows = rows_of(sheet, scope, Period.of_year(year), user)
            records = in_portions(sheet, rows) if scope.kind == "school" else ()
            writer.sheet(sheet, records, sample=lambda columns: example(columns, lists))
    return out.getvalue()


def fillable_sheets(user: Actor) -> list[Sheet]:
    """Return the sheets whose records `user` may add or change."""
    return [sheet for sheet in visible_sheets(user) if may(user, "add", sheet) or may(user, "change", sheet)]


def example(columns: list[Written], lists: Lists) -> list[str]:
    """Return the texts of an example row, which begins with the word that the import leaves out."""
    texts = []
    for column in columns:
        text = declared(column).example
        if not text and isinstance(column, BoundColumn) and column.column.kind != "personal":
            _name, words = lists.words(column)
            text = words[0] if words else SAMPLES.get(column.column.kind, "")
        texts.append(text)
    texts[0] = f"{EXAMPLE}：{texts[0]}"
    return texts


def _cover(writer: Writer, sheets: list[Sheet], place: str, year: SchoolYear) -> None:
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
