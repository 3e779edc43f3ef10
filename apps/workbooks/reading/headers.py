"""Headers: which row of a sheet names the columns, in one row or in two, and which column each header means.

A header is known by the column's own name, by an alias of it, or by what somebody has said once by hand of a layout.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import override

from apps.core.sheets import Column, Lines, Sheet
from apps.workbooks.language import LANGUAGE

from .cells import is_empty, key, tidy

HEADER_WITHIN = 10
# What decorates a header: stars, colons, a remark in brackets; but a remark that says which of two it is stays.
SIGNS, REMARK = (
    re.compile(r"[*＊:：※★]"),
    re.compile(r"[(（\[【](?![^)）\]】]*(?:第一|原|曾|旧|初))[^)）\]】]*[)）\]】]"),
)
# Groups whose sub-headers mean something else than the same words alone: the first degree, not the highest.
OTHERS = re.compile(r"第一|原|初始|入职|家庭|配偶|紧急")
# Running numbers, which nobody misses.
QUIET = {"序号", "序", "编序", "no.", "№", "#"}

AnyColumn = Column | Lines
Merge = tuple[int, int, int, int]


def headings(sheet: Sheet) -> dict[str, AnyColumn]:
    """Return each header and alias of a sheet's columns, as `key` writes it, and its column; headers before aliases."""
    found: dict[str, AnyColumn] = {}
    with override(LANGUAGE):
        for column in sheet.all_columns:
            found.setdefault(key(str(column.header)), column)
        for column in sheet.all_columns:
            for alias in column.aliases:
                found.setdefault(key(alias), column)
    with override("en"):
        for column in sheet.all_columns:
            found.setdefault(key(str(column.header)), column)
    return found


@dataclass(frozen=True)
class Heads:
    """The headers of a table: first and last row of them, and for each place its text, with its group where it has one.

    `texts` are what stands there, `groups` what stands above a group of columns.
    """

    row: int
    last: int
    texts: Mapping[int, str]
    groups: Mapping[int, str] = field(default_factory=dict)

    @property
    def names(self) -> dict[int, str]:
        """Return place → full name of the column, group included."""
        return {
            place: f"{self.groups[place]} {text}" if place in self.groups else text
            for place, text in self.texts.items()
        }

    @property
    def signature(self) -> str:
        """Return what tells this layout from all others."""
        told = "\x1f".join(f"{place}\x1e{key(name)}" for place, name in sorted(self.names.items()))
        return hashlib.sha256(told.encode()).hexdigest()

    def matched(self, known: Mapping[str, AnyColumn]) -> dict[int, AnyColumn]:
        """Return place → column for the headers that are known, each column once, the surest header first."""
        found: dict[int, AnyColumn] = {}
        for names in self._by_sureness():
            best: dict[int, tuple[int, int, AnyColumn]] = {}
            for place, name in names.items():
                column = known.get(name)
                if column is None or place in found or any(column is other for other in found.values()):
                    continue
                rank = _rank(name, column)
                if id(column) not in best or rank < best[id(column)][0]:
                    best[id(column)] = rank, place, column
            found |= {place: column for _rank_, place, column in best.values()}
        return found

    def _by_sureness(self) -> Iterator[dict[int, str]]:
        """Yield names of the places as `key` writes them: in full, without decoration, at last without their group."""
        yield {place: key(name) for place, name in self.names.items()}
        yield {place: key(bare(name)) for place, name in self.names.items()}
        yield {
            place: key(bare(self.texts[place])) for place, group in self.groups.items() if not OTHERS.search(key(group))
        }

    def repeated(self, found: Mapping[int, AnyColumn]) -> list[tuple[int, str]]:
        """Return places and texts of headers that stand a second time, word by word, and mean a column."""
        taken = {key(self.names[place]): place for place in found}
        return [
            (place, self.texts[place])
            for place, name in self.names.items()
            if place not in found and key(name) in taken
        ]


def bare(name: str) -> str:
    """Return a header without stars, colons and remarks in brackets."""
    return REMARK.sub("", SIGNS.sub("", name))


def _rank(name: str, column: AnyColumn) -> int:
    """Return how sure a name means the column: its own header first, then the aliases in their order."""
    with override(LANGUAGE):
        names = [key(str(column.header)), *map(key, column.aliases)]
    return names.index(name) if name in names else len(names)


def candidates(rows: Sequence[tuple[int, Sequence[Any]]], merged: Sequence[Merge]) -> Iterator[Heads]:
    """Yield what may be the headers, within the first rows: each row, and each two of which the upper one groups."""
    first = [(number, values) for number, values in rows[: HEADER_WITHIN + 1] if number <= 2 * HEADER_WITHIN]
    below = dict(first)
    for number, values in first[:HEADER_WITHIN]:
        texts = {
            place: tidy(value) for place, value in enumerate(values) if isinstance(value, str) and not is_empty(value)
        }
        if not texts:
            continue
        if pair := _pair(number, texts, below.get(number + 1), merged):
            yield pair
        yield Heads(number, number, texts)


def _pair(number: int, upper: dict[int, str], values: Sequence[Any] | None, merged: Sequence[Merge]) -> Heads | None:
    """Return the headers of two rows, None unless the upper one groups what stands in the lower one."""
    if len(upper) < 2 or values is None:
        return None
    lower = {place: value for place, value in enumerate(values) if not is_empty(value)}
    if not lower or not all(isinstance(value, str) for value in lower.values()):
        return None
    groups = _groups(number, upper, max(lower) + 1, merged)
    if not set(lower) <= set(groups):
        return None
    texts = upper | {place: tidy(value) for place, value in lower.items()}
    return Heads(number, number + 1, texts, {place: groups[place] for place in lower})


def _groups(number: int, upper: dict[int, str], width: int, merged: Sequence[Merge]) -> dict[int, str]:
    """Return place → group above it, of the places under an upper header of several columns."""
    across = [merge for merge in merged if merge[0] <= number <= merge[2] and merge[3] > merge[1]]
    groups: dict[int, str] = {}
    places = sorted(upper)
    for place, following in zip(places, [*places[1:], width], strict=True):
        merged_to = next((merge[3] for merge in across if merge[1] == place), place)
        last = merged_to if across else following - 1
        if last > place:
            groups |= dict.fromkeys(range(place, last + 1), upper[place])
    return groups
