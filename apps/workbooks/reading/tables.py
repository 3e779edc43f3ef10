"""Finding in an opened workbook what the sheets declare.

Offices' files are taken as they are: title rows above the header, headers in two rows, columns in any order, merged
cells, blank rows, rows of sums and notes. What is left aside is listed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from apps.core.models import SchoolYear
from apps.core.sheets import Column, Sheet
from apps.schools.models import School
from apps.workbooks.files.readers import Book, opened
from apps.workbooks.files.validation import UserError, broken_is_said, check_file
from apps.workbooks.language import LANGUAGE, spoken

from .cells import key
from .filling import fill, mark_dates
from .found import Found, Layout, Seen, Table, Unmatched
from .headers import QUIET, AnyColumn, Heads, headings
from .row_filters import EXAMPLE

__all__ = [
    "EXAMPLE",
    "Found",
    "LANGUAGE",
    "Layout",
    "Table",
    "UserError",
    "broken_is_said",
    "check_file",
    "find",
    "headings",
    "opened",
    "spoken",
    "titles",
]

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
            mark_dates(beside, next(page for page in book.worksheets if page.title == beside.title))
            tables.append(beside)
    if tables:
        found.ignored += [page.title for page in found.unmatched]
    found.tables = [table for sheet in sheets for table in tables if table.sheet is sheet]
    return found


def titles(sheet: Sheet) -> tuple[str, ...]:
    """Return the titles under which a sheet is known."""
    return spoken(sheet.title), str(sheet.title), spoken(sheet.model._meta.verbose_name)


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
        fill(table, page)
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
    fill(table, page)
    return table


def comes_with_place(column: AnyColumn, sheet: Sheet) -> bool:
    """Return whether where and when an import belongs may say what a column does: the school, the school year."""
    if not isinstance(column, Column) or column.kind != "row":
        return False
    return sheet.model._meta.get_field(column.field).related_model in (School, SchoolYear)


def _is_asked_for(column: AnyColumn, sheet: Sheet) -> bool:
    return column.required and field_of(column) not in sheet.implied_fields and not comes_with_place(column, sheet)


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
