"""Layouts of an office's own: which columns mean what, said once by hand, and remembered by their headers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.sheets import Sheet
from apps.teachers.id_numbers import mask
from apps.workbooks.files.readers import opened
from apps.workbooks.files.validation import Readable
from apps.workbooks.language import spoken
from apps.workbooks.models import HeaderMapping
from apps.workbooks.plan import Place, Problem

from .cells import is_empty
from .headers import Heads
from .tables import Found, Layout, Table, field_of, find, owner_in

# Why a page can be mapped: some of its columns are not known, columns are missing, or it was mapped before.
UNKNOWN, LACKING, MAPPED = "unknown", "lacking", "mapped"
SAMPLES = 2
# Of ID numbers and phones.
LONG_NUMBER = re.compile(r"\d{9,}")


@dataclass
class Mappable:
    """A page whose columns can be mapped: its headers, what is known of them so far, and examples of what they hold.

    `fields` are place → field, with the record's label before those that stand beside the sheet's own.
    """

    title: str
    heads: Heads
    sheet: Sheet | None = None
    fields: dict[int, str] = field(default_factory=dict)
    samples: dict[int, str] = field(default_factory=dict)


def layouts_of(place: Place) -> dict[str, Layout]:
    """Return the layouts known at a place by their signature, a school's own before its township's."""
    if not place.township.pk or place.township.pk < 0:
        return {}
    rows = HeaderMapping.objects.filter(township=place.township)
    own = place.scope.school if place.scope.kind == "school" else None
    known = [row for row in rows if row.school_id in (None, own)]
    known.sort(key=lambda row: row.school_id is not None)
    return {row.signature: _layout(row) for row in known}


def _layout(row: HeaderMapping) -> Layout:
    return Layout(row.sheet, {int(place): name for place, name in row.fields.items()})


def unlike_ours(found: Found, layouts: Mapping[str, Layout]) -> tuple[list[tuple[str, str]], list[Problem]]:
    """Return title and reason of pages that can be mapped by hand, and a problem for each that nothing is known of.

    A reason is `UNKNOWN`, `LACKING`, or `MAPPED` for a page that one of `layouts` was used for, since it may be wrong.
    """
    reasons = {page.title: UNKNOWN for page in found.unmatched}
    for table in found.tables:
        if table.part:
            continue
        if table.heads.signature in layouts:
            reasons[table.title] = MAPPED
        elif table.unknown:
            reasons[table.title] = UNKNOWN
        elif table.lacking:
            reasons[table.title] = LACKING
    problems = [
        Problem(
            page.title,
            f"A{page.heads.row}",
            _("The columns of this sheet are not known."),
            _("Say what they mean under “Columns of your own layout”, or copy the rows into the template."),
        )
        for page in found.unmatched
        if not found.tables
    ]
    return list(reasons.items()), problems


def mappable(file: Readable, sheets: Sequence[Sheet], layouts: Mapping[str, Layout]) -> list[Mappable]:
    """Return the pages of a file whose columns can be mapped; raise UserError if it cannot be read."""
    with opened(file) as book:
        found = find(book, sheets, layouts)
        pages = [Mappable(page.title, page.heads) for page in found.unmatched]
        pages += [_known(table, found.tables) for table in found.tables if not table.part]
        for page in pages:
            page.samples = _samples(page, next(other for other in book.worksheets if other.title == page.title))
    return pages


def _known(table: Table, tables: Iterable[Table]) -> Mappable:
    fields = {place: field_of(column) for place, column in table.places.items()}
    for other in tables:
        if other.part and other.title == table.title:
            owner = owner_in(other.sheet, table.sheet)
            fields |= {
                place: f"{other.sheet.model.label}/{field_of(column)}"
                for place, column in other.places.items()
                if column is not owner
            }
    return Mappable(table.title, table.heads, table.sheet, fields)


def _samples(page: Mappable, source: Any) -> dict[int, str]:
    """Return place → the first things that stand below its header."""
    found: dict[int, list[str]] = {place: [] for place in page.heads.texts}
    for number, values in enumerate(source.iter_rows(max_row=page.heads.last + 30), 1):
        for place, seen in found.items():
            value = values[place] if number > page.heads.last and place < len(values) else None
            text = "" if is_empty(value) else _sample(str(value))
            if text and text not in seen and len(seen) < SAMPLES:
                seen.append(text)
    return {place: "、".join(seen) for place, seen in found.items()}


def _sample(text: str) -> str:
    """Return what stands in a cell to tell what the column holds: cut, and the middle of long numbers hidden."""
    return mask(text) if LONG_NUMBER.search(text) else text[:20]


def choices(sheet: Sheet, sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """Return field and header of the columns that a header can mean, those that must be there marked."""
    found = [
        (field_of(column), f"{spoken(column.header)}{' *' if column.required else ''}") for column in sheet.all_columns
    ]
    for other in (other for other in sheets if other.model in sheet.beside):
        owner = owner_in(other, sheet)
        found += [
            (f"{other.model.label}/{field_of(column)}", f"{spoken(other.title)}：{spoken(column.header)}")
            for column in other.columns
            if column is not owner
        ]
    return found
