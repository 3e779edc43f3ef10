"""Workbooks out: a school year's workbook, the empty template, and any list as it is filtered.

All three are written from the same declarations that the import reads, so that what goes out can come back.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BytesIO
from operator import attrgetter
from typing import IO, Any, TypeVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

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

from .cells import DAY_FORMAT, TEXT_FORMAT, Texts, example_cell, for_printing, head_cell, one_cell, placed, text_cell
from .dropdowns import Lists

# Drop-downs and checks reach so many rows beyond those that are filled.
ROWS_TO_FILL = 1000
R = TypeVar("R", bound=Record)
# A column that is written: one that is bound to a field, or the one of child lines.
Written = BoundColumn | Lines
# Writes the example row: from columns to texts.
Sample = Callable[[list[Written]], list[str]]
# Hears how many rows are written, from time to time.
Told = Callable[[int], None]
# So many rows are written between two times.
STEP = 500
WIDTHS = {"date": 13, "integer": 9, "decimal": 9, "flag": 9, "personal": 21, "row": 22, "choice": 14}


def place_name(scope: Scope, township: Township) -> str:
    """Return what a workbook of the scope is called: the school, or the township."""
    if scope.kind == "school":
        return School.objects.get(pk=scope.school or 0).name
    return str(township)


class Writer:
    """Writes declared sheets into a workbook, row by row, in a memory that does not grow with them."""

    def __init__(
        self, scope: Scope, *, personal: bool, lists: Lists | None = None, told: Told = lambda rows: None
    ) -> None:
        self.scope, self.personal, self.told, self.written = scope, personal, told, 0
        self.book = Workbook(write_only=True)
        self.namer = Namer(
            Scope("township", district=scope.district, township=scope.township) if scope.township else scope
        )
        self.resolver = Resolver(scope)
        self.lists = lists or Lists(scope)

    @contextmanager
    def into(self, target: IO[bytes]) -> Iterator[None]:
        """Write the finished file into `target` at the end; what was begun of it goes if the work breaks off."""
        try:
            yield
            self.lists.write(self.book)
            self.book.save(target)
        except BaseException:
            for page in self.book.worksheets:
                with suppress(Exception):  # those that are not begun, or done with
                    page.close()
                    page._writer.cleanup()
            raise

    def told_of(self, records: Iterable[R]) -> Iterator[R]:
        """Yield the records, and tell of them as they are written."""
        for record in records:
            if not self.written % STEP:
                self.told(self.written)
            self.written += 1
            yield record

    def sheet(self, sheet: Sheet, records: Iterable[Record], *, sample: Sample | None = None) -> None:
        """Write one declared sheet with `records`, after an example row where a `sample` of it is given."""
        columns = [
            column if isinstance(column, Lines) else BoundColumn(sheet, column, self.resolver)
            for column in sheet.all_columns
        ]
        page = self.book.create_sheet(spoken(sheet.title)[:31])
        page._values_to_row = placed
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
        for record in self.told_of(records):
            yield [write(record) for write in writers]

    def _cell_writer(self, page: Any, column: Written) -> Callable[[Record], Any]:
        put = Texts(page)
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
                return one_cell(page, value_of, "d", DAY_FORMAT)
        return one_cell(page, lambda record: cell_value(value_of(record)), "n")


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


def rows_of(sheet: Sheet, scope: Scope, period: Period, user: Actor) -> QuerySet[Any]:
    """Return the records of a sheet that `user` may see, in the order of its model."""
    rows = sheet.rows(scope, period).visible_to(user)
    if sheet is RESEARCHERS:
        rows = rows.filter(townships=scope.township)
    return rows.order_by(*sheet.model._meta.ordering or (), "pk")


def in_portions(sheet: Sheet | None, rows: QuerySet[Any]) -> Iterator[Any]:
    """Yield rows, with what the lines of a sheet are made of, without ever having all of them in memory."""
    if sheet and sheet.lines:
        rows = rows.prefetch_related(*sheet.lines.prefetch)
    return rows.iterator(chunk_size=2000)


def visible_sheets(user: Actor) -> list[Sheet]:
    """Return the sheets whose records `user` may see."""
    return [sheet for sheet in all_sheets() if may(user, "view", sheet)]


def may(user: Actor, verb: str, sheet: Sheet) -> bool:
    """Return whether the role of `user` may `verb` (view, add, change) records of a sheet at all."""
    return user.has_perm(f"{sheet.model._meta.app_label}.{verb}_{sheet.model._meta.model_name}")


def year_workbook(*, scope: Scope, township: Township, year: SchoolYear, user: Actor) -> bytes:
    """Return the workbook of a school year, as `write_year` writes it."""
    out = BytesIO()
    write_year(out, scope=scope, township=township, year=year, user=user)
    return out.getvalue()


def write_year(
    target: IO[bytes],
    *,
    scope: Scope,
    township: Township,
    year: SchoolYear,
    user: Actor,
    told: Told = lambda rows: None,
) -> None:
    """Write the workbook of a school year: all records of the scope that `user` may see, as an import takes them."""
    writer = Writer(scope, personal=user.has_perm(SEES_PERSONAL), told=told)
    with writer.into(target):
        write_overview(writer, township, year)
        for sheet in visible_sheets(user):
            writer.sheet(sheet, in_portions(sheet, rows_of(sheet, scope, Period.of_year(year), user)))


def write_overview(writer: Writer, township: Township, year: SchoolYear) -> None:
    """Write the sheet that says of which township and school year the workbook is."""
    page = writer.book.create_sheet(spoken(TITLE))
    page.freeze_panes = "A2"
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 24, 32
    page.append([head_cell(page, spoken(head)) for head in HEADS])
    for label, value in written(township, year):
        cell = cell_value(value)
        page.append([text_cell(page, label), text_cell(page, cell) if isinstance(cell, str) else cell])


def write_list(
    target: IO[bytes],
    *,
    pages: Pages[Any],
    rows: QuerySet[Any],
    scope: Scope,
    user: Actor,
    told: Told = lambda rows: None,
) -> None:
    """Write the rows of a list as a workbook: by the columns of its sheet, else by those of the page."""
    writer = Writer(scope, personal=user.has_perm(SEES_PERSONAL), told=told)
    sheet = next((sheet for sheet in all_sheets() if sheet.model is pages.model), None)
    with writer.into(target):
        if sheet:
            writer.sheet(sheet, in_portions(sheet, rows))
        else:
            _write_page(writer, pages, in_portions(None, rows))


def _write_page(writer: Writer, pages: Pages[Any], records: Iterable[Any]) -> None:
    """Write rows by the columns of their list."""
    page = writer.book.create_sheet(spoken(pages.meta.verbose_name_plural)[:31])
    page.freeze_panes = "A2"
    with override(LANGUAGE):
        page.append([head_cell(page, str(pages.labels[column.path])) for column in pages.columns])
        for record in writer.told_of(records):
            values = (cell_value(_on_the_clock(value_of(record, column.path))) for column in pages.columns)
            page.append([text_cell(page, value) if isinstance(value, str) else value for value in values])


def _on_the_clock(value: Any) -> Any:
    """Return a moment as the office's clock shows it, since Excel knows no time zones; anything else as it is."""
    if isinstance(value, datetime):
        return timezone.make_naive(value).replace(microsecond=0) if timezone.is_aware(value) else value
    return value
