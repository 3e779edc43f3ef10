"""What an import would do: parts, problems, changes, and the place it belongs to."""

from dataclasses import dataclass, field

from apps.core.actors import Actor
from apps.core.models import Record, SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Sheet
from apps.schools.models import Township


@dataclass(frozen=True)
class Problem:
    """Something wrong in a workbook: sheet, cell (such as C17, empty for a whole sheet), what, and what to do.

    `url` is the page of the stored record that it is about.
    """

    sheet: str
    cell: str
    what: str
    remedy: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.sheet} {self.cell} {self.what} {self.remedy}".strip()


@dataclass(frozen=True)
class Change:
    """A cell that differs from what is stored: sheet, cell, whose row, which column, old and new in words."""

    sheet: str
    cell: str
    row: str
    column: str
    old: str
    new: str


@dataclass
class Place:
    """Where and when an import belongs: the user's part, its whole township, the school year, and who imports."""

    scope: Scope
    township: Township
    year: SchoolYear
    by: Actor

    @property
    def whole(self) -> Scope:
        """Return the scope of the township."""
        return Scope("township", district=self.township.district_id, township=self.township.pk)

    @property
    def period(self) -> Period:
        """Return the period of the school year."""
        return Period.of_year(self.year)


class Ids:
    """Ids of rows that are not stored yet: below zero, each once."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """Return an unused id."""
        self.last -= 1
        return self.last


@dataclass
class Part:
    """What an import does to one sheet; `rows` says at which row each record stands, `joined` who joins a township."""

    sheet: Sheet
    title: str
    new: list[Record] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    lines: list[tuple[Record, list[Record]]] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)
    skipped: int = 0
    rows: dict[int, int] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    # What people are to check about cells that are taken: the row's record, and where and what.
    doubts: list[tuple[Record, Problem]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows are new, changed, unchanged and wrong."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "wrong": len(self.wrong),
        }

    def let_go(self) -> None:
        """Let go of the records, once they are written: of a long workbook they fill the memory."""
        for records in (self.new, self.changed, self.unchanged, self.lines, self.doubts):
            records.clear()
