"""What stands in the XML of a sheet beside its values: merged cells, hidden rows and columns, formulas, formats.

openpyxl's reader in rows keeps none of these. They are looked for in the bytes, with expressions that cannot run back
and forth: each stops at the next tag.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

# A row holds 100 columns of cells of 32,767 characters at most; real ones a hundredth of that.
ROW_LIMIT = 2 * 1024 * 1024
# Tags of a sheet: 50,000 rows of 20 filled cells have 4 million.
TAGS_LIMIT = 5_000_000
TAG = rb"<(?:[A-Za-z]\w*:)?"
MERGED = re.compile(TAG + rb'mergeCell\s[^<>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
ROW = re.compile(TAG + rb"row[\s>/]")
HIDDEN = re.compile(TAG + rb'row\s[^<>]*?hidden="(?:1|true)"[^<>]*')
NUMBER = re.compile(rb'\sr="(\d{1,7})"')
HIDDEN_COLUMN = re.compile(TAG + rb'col\s[^<>]*?hidden="(?:1|true)"[^<>]*')
FIRST, LAST = re.compile(rb'\smin="(\d{1,5})"'), re.compile(rb'\smax="(\d{1,5})"')
CELL = re.compile(TAG + rb"c\s([^<>]*)>")
PLACE, STYLE = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"'), re.compile(rb'\bs="(\d{1,6})"')
# A cell with a formula and no value: nothing, or an empty v, follows the formula.
NO_VALUE = re.compile(
    TAG + rb"c(\s[^<>]*)?>\s*"
    + TAG + rb"f(?:\s[^<>]*)?(?:/>|>[^<>]*</(?:[A-Za-z]\w*:)?f\s*>)\s*"
    + rb"(?:" + TAG + rb"v\s*/>|" + TAG + rb"v\s*>\s*</(?:[A-Za-z]\w*:)?v\s*>)?\s*"
    + rb"</(?:[A-Za-z]\w*:)?c\s*>"
)  # fmt: skip
MERGES_KEPT = 20_000
# What a real sheet never reaches.
COLUMNS_LIMIT = 100


class Unreadable(ValueError):
    """The XML is shaped so that reading it would take more memory than any real sheet does."""


@dataclass
class Looks:
    """Merged cells (first row, first column, last row, last column), hidden rows and columns, formulas without value.

    `struck` are row and column of cells whose text is struck through. Rows count from 1, columns from 0. `doubtful`
    says that there is a formula without a value at an unknown place.
    """

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    doubtful: bool = False
    struck: set[tuple[int, int]] = field(default_factory=set)


class SheetXml:
    """The XML of one sheet."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._looks: Looks | None = None
        self._checked = False

    def check(self) -> None:
        """Raise Unreadable for XML that is not in UTF-8, or a row of absurd length; ValueError is for damaged ones."""
        if self._checked:
            return
        if b"\x00" in self.content[:200]:
            raise ValueError("not in UTF-8")
        if self.content.count(b"<") > TAGS_LIMIT:
            raise Unreadable
        last = 0
        for found in ROW.finditer(self.content):
            if found.start() - last > ROW_LIMIT:
                raise Unreadable
            last = found.start()
        end = self.content.find(b"sheetData>", last)
        if (end if end > 0 else len(self.content)) - last > ROW_LIMIT or len(self.content) - end > 4 * ROW_LIMIT:
            raise Unreadable
        self._checked = True

    @property
    def looks(self) -> Looks:
        """Return what stands beside the values."""
        if self._looks is None:
            self._looks = Looks(self._merged(), self._hidden(), self._hidden_columns(), *self._formulas())
        return self._looks

    def looks_with(self, struck: frozenset[int]) -> Looks:
        """Return what stands beside the values, where cells of the styles `struck` are struck through."""
        looks = self.looks
        if struck and not looks.struck:
            looks.struck = set(self._styled(struck))
        return looks

    def _styled(self, styles: frozenset[int]) -> Iterator[tuple[int, int]]:
        """Yield row and column of the cells of these styles that hold anything."""
        for match in CELL.finditer(self.content):
            style, name = STYLE.search(match[1]), PLACE.search(match[1])
            if style and name and int(style[1]) in styles and not match[1].endswith(b"/"):
                yield _place(name[1])

    def _merged(self) -> list[tuple[int, int, int, int]]:
        found = []
        for match in MERGED.finditer(self.content):
            left, top, right, bottom = range_boundaries(match[1].decode())
            found.append((top, left - 1, bottom, right - 1))
            if len(found) > MERGES_KEPT:
                raise Unreadable
        return found

    def _hidden(self) -> set[int]:
        if b"hidden=" not in self.content:
            return set()
        numbers = (NUMBER.search(match[0]) for match in HIDDEN.finditer(self.content))
        return {int(number[1]) for number in numbers if number}

    def _hidden_columns(self) -> set[int]:
        places: set[int] = set()
        for match in HIDDEN_COLUMN.finditer(self.content):
            first, last = FIRST.search(match[0]), LAST.search(match[0])
            if first and last:
                places |= set(range(int(first[1]) - 1, min(int(last[1]), COLUMNS_LIMIT)))
        return places

    def _formulas(self) -> tuple[set[tuple[int, int]], bool]:
        places, doubtful = set(), False
        for match in NO_VALUE.finditer(self.content):
            place = PLACE.search(match[1] or b"")
            if place:
                places.add(_place(place[1]))
            else:
                doubtful = True
        return places, doubtful

    def styles(self, cells: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """Return row and column → number of the style, of those of the cells that have one."""
        wanted = {_name(place): place for place in cells}
        found = {}
        for match in CELL.finditer(self.content):
            name = PLACE.search(match[1])
            if name and name[1] in wanted and (style := STYLE.search(match[1])):
                found[wanted[name[1]]] = int(style[1])
        return found


def _place(name: bytes) -> tuple[int, int]:
    letters, row = coordinate_from_string(name.decode())
    return row, column_index_from_string(letters) - 1


def _name(place: tuple[int, int]) -> bytes:
    return f"{get_column_letter(place[1] + 1)}{place[0]}".encode()
