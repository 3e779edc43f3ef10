"""What stands in the XML of a sheet beside its values: merged cells, hidden rows and columns, formulas, formats.

openpyxl's reader in rows keeps none of these. They are looked for in the bytes, with expressions that cannot run back
and forth: each stops at the next tag. The bytes come from the disk in pieces of whole rows.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO

from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

# A row holds 100 columns of cells of 32,767 characters at most; real ones a hundredth of that.
ROW_LIMIT = 2 * 1024 * 1024
# Tags of a row: cells of all the 16,384 columns that there are, which have a format only. Tags of a sheet: 100,000 rows
# of 20 filled cells have 12 million.
ROW_TAGS_LIMIT, TAGS_LIMIT = 50_000, 20_000_000
BLOCK = 1024 * 1024
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
    """The XML of one sheet, which `open_part` opens for reading anew each time."""

    def __init__(self, open_part: Callable[[], IO[bytes]]) -> None:
        self.open_part = open_part
        self._looks: Looks | None = None

    def check(self) -> None:
        """Raise Unreadable for XML that is not in UTF-8, or a row of absurd length; ValueError is for damaged ones."""
        _looks = self.looks

    @property
    def looks(self) -> Looks:
        """Return what stands beside the values, read once; raise as `check` does."""
        if self._looks is None:
            looks = Looks()
            for piece in self._pieces():
                _note(looks, piece)
            self._looks = looks
        return self._looks

    def _pieces(self) -> Iterator[bytes]:
        """Yield the XML in pieces, each of whole rows; raise Unreadable where it is shaped to exhaust its readers."""
        rest, tags, began = b"", 0, False
        with self.open_part() as stream:
            while block := stream.read(BLOCK):
                if not began and b"\x00" in block[:200]:
                    raise ValueError("not in UTF-8")
                tags += block.count(b"<")
                if tags > TAGS_LIMIT:
                    raise Unreadable
                rest, began = rest + block, True
                starts = [found.start() for found in ROW.finditer(rest)]
                _refuse_long_rows(rest, starts)
                # The last row may go on in the next block.
                if starts and starts[-1]:
                    yield rest[: starts[-1]]
                    rest = rest[starts[-1] :]
                elif len(rest) > 5 * ROW_LIMIT + BLOCK:
                    raise Unreadable
        end = max(rest.find(b"sheetData>"), 0)
        if (
            (end or len(rest)) > ROW_LIMIT
            or len(rest) - end > 4 * ROW_LIMIT
            or rest.count(b"<", 0, end) > ROW_TAGS_LIMIT
        ):
            raise Unreadable
        yield rest

    def looks_with(self, struck: frozenset[int]) -> Looks:
        """Return what stands beside the values, where cells of the styles `struck` are struck through."""
        looks = self.looks
        if struck and not looks.struck:
            looks.struck = set(self._styled(struck))
        return looks

    def _styled(self, styles: frozenset[int]) -> Iterator[tuple[int, int]]:
        """Yield row and column of the cells of these styles that hold anything."""
        for piece in self._pieces():
            for match in CELL.finditer(piece):
                style, name = STYLE.search(match[1]), PLACE.search(match[1])
                if style and name and int(style[1]) in styles and not match[1].endswith(b"/"):
                    yield _place(name[1])

    def styles(self, cells: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """Return row and column → number of the style, of those of the cells that have one."""
        wanted = {_name(place): place for place in cells}
        found = {}
        for piece in self._pieces():
            for match in CELL.finditer(piece):
                name = PLACE.search(match[1])
                if name and name[1] in wanted and (style := STYLE.search(match[1])):
                    found[wanted[name[1]]] = int(style[1])
        return found


def _refuse_long_rows(content: bytes, starts: list[int]) -> None:
    """Raise Unreadable if what lies before one of these places and after the one before it is too much for a row."""
    for first, last in pairwise([0, *starts]):
        if last - first > ROW_LIMIT or (
            last - first > ROW_TAGS_LIMIT and content.count(b"<", first, last) > ROW_TAGS_LIMIT
        ):
            raise Unreadable


def _note(looks: Looks, piece: bytes) -> None:
    """Note what stands beside the values in a piece of the XML."""
    for match in MERGED.finditer(piece):
        left, top, right, bottom = range_boundaries(match[1].decode())
        looks.merged.append((top, left - 1, bottom, right - 1))
        if len(looks.merged) > MERGES_KEPT:
            raise Unreadable
    if b"hidden=" in piece:
        numbers = (NUMBER.search(match[0]) for match in HIDDEN.finditer(piece))
        looks.hidden |= {int(number[1]) for number in numbers if number}
        for match in HIDDEN_COLUMN.finditer(piece):
            first, last = FIRST.search(match[0]), LAST.search(match[0])
            if first and last:
                looks.hidden_columns |= set(range(int(first[1]) - 1, min(int(last[1]), COLUMNS_LIMIT)))
    for match in NO_VALUE.finditer(piece):
        if place := PLACE.search(match[1] or b""):
            looks.formulas.add(_place(place[1]))
        else:
            looks.doubtful = True


def _place(name: bytes) -> tuple[int, int]:
    letters, row = coordinate_from_string(name.decode())
    return row, column_index_from_string(letters) - 1


def _name(place: tuple[int, int]) -> bytes:
    return f"{get_column_letter(place[1] + 1)}{place[0]}".encode()
