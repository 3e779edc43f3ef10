"""What an import would do: parts, problems, changes, and the place it belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.core.actors import Actor
from apps.core.models import Record, SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Sheet
from apps.schools.models import Township

# So many errors, changed cells and new rows are kept of one import.
KEPT = 5000


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


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that differs from what is stored: sheet, cell, whose row, which column, old and new in words."""

    sheet: str
    cell: str
    row: str
    column: str
    old: str
    new: str


@dataclass(frozen=True)
class Answers:
    """What people say to what a file leaves open; `kept` is how it is stored.

    `since` is the day from which who is new belongs to a school where the file does not say, a `Month` where only that
    is known, None where nobody knows. `schools` say of a name that no school has which stage to create it with
    (`stage:primary`) or which school it is (`school:12`). `same` are rows (`教师!3`) of who is stored under this id.
    """

    since: date | None = None
    month: bool = False
    schools: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Answers":
        """Return stored answers."""
        since = kept.get("since")
        return cls(
            date.fromisoformat(since) if since else None,
            bool(kept.get("month")),
            kept.get("schools", {}),
            kept.get("same", {}),
        )

    @property
    def kept(self) -> dict[str, Any]:
        """Return the answers as they are stored."""
        since = self.since.isoformat() if self.since else ""
        return {"since": since, "month": self.month, "schools": dict(self.schools), "same": dict(self.same)}


@dataclass
class Place:
    """Where and when an import belongs: the user's part, its whole township, the school year, and who imports."""

    scope: Scope
    township: Township
    year: SchoolYear
    by: Actor
    answers: Answers = field(default_factory=Answers)

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
    # Ids of those that nothing more is asked of: very many, of which the records fill the memory.
    same: list[int] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    lines: list[tuple[Record, list[Record]]] = field(default_factory=list)
    wrong: set[int] = field(default_factory=set)
    skipped: int = 0
    rows: dict[int, int] = field(default_factory=dict)
    joined: list[int] = field(default_factory=list)
    # What people are to check about cells that are taken: the row's record, and where and what.
    doubts: list[tuple[Record, Problem]] = field(default_factory=list)
    corrected: list[tuple[Record, Problem]] = field(default_factory=list)
    # Rows that do not say since when, by their number.
    undated: list[int] = field(default_factory=list)
    # Rows that stand beside others: stored ones that the file has at another school, and since when if it tells.
    beside: bool = False
    moves: list[tuple[Any, Any, date | None]] = field(default_factory=list)
    # What people can answer about rows: who may be who.
    alike: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows are new, changed, unchanged and wrong."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged) + len(self.same),
            "wrong": len(self.wrong),
        }

    def settle(self) -> None:
        """Let go of the unchanged records, but for their ids, once all that is asked of them is answered."""
        self.same += [record.pk for record in self.unchanged]
        self.unchanged.clear()

    def take(self, number: int) -> list[Record]:
        """Take out so many records to be written, changed ones first: one that ends may make room for a new one.

        What is written is let go of: of a long workbook the records fill the memory.
        """
        taken = self.changed[:number]
        del self.changed[:number]
        new = self.new[: number - len(taken)]
        del self.new[: len(new)]
        return [*taken, *new]

    def let_go(self) -> None:
        """Let go of the other records, once all is written."""
        for records in (self.unchanged, self.lines, self.doubts):
            records.clear()
