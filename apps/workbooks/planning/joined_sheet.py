"""Records that stand in the rows of others: a roster names each teacher's school, with or without the day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.rules import keeps_records
from apps.core.sheets import Column
from apps.teachers.models import Appointment
from apps.workbooks.language import spoken
from apps.workbooks.plan import Ids, Part, Place, Problem
from apps.workbooks.reading.cells import Empty, Wrong
from apps.workbooks.reading.columns import BoundColumn, concrete
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import Table, field_of, owner_in

from .constraints import falls_into
from .sheet import DAY, LATEST, MONTH, SheetPlanner
from .stored_rows import Key, Known

# So many people without a school are named one by one.
NAMED = 20
# Of a month that is known, the day told later lies within it.
MONTH_AT_MOST = timedelta(days=30)


class BesidePlanner(SheetPlanner):
    """Plans a table that stands beside the one of `main`, row by row: whose record it is, that table knows.

    Where a row does not tell the day since when, who has a record in the year keeps it, and who has none gets one from
    the day that is answered for the file; without an answer from the year's first day, which is the latest that it can
    be.
    """

    def __init__(
        self, table: Table, place: Place, resolver: Resolver, ids: Ids, *, main: Part, looked: Known | None = None
    ) -> None:
        super().__init__(table, place, resolver, ids, looked=looked)
        name = owner_in(self.sheet, main.sheet).field
        self.owner = next(column for _at, column in self.columns if column.name == name)
        self.columns = [(at, column) for at, column in self.columns if column is not self.owner]
        self.owners = {main.rows[row.pk]: row for row in (*main.new, *main.changed, *main.unchanged)}
        self.absent = [column for column in self.absent if field_of(column) != self.sheet.since]
        self.undated = False
        self.part.beside = True
        self.moved_on: date | None = None
        self.may_move = keeps_records(place.by)

    def _missing(self) -> list[Column]:
        return [column for column in super()._missing() if field_of(column) != self.sheet.since]

    def _read(self, number: int, values: Sequence[Any]) -> tuple[dict[BoundColumn, Any], dict[BoundColumn, Wrong]]:
        cells, wrong = super()._read(number, values)
        if number in self.owners:
            cells[self.owner] = self.owners[number]
        since = next((column for column in wrong if column.name == self.sheet.since), None)
        if since is not None and isinstance(wrong[since], Empty):
            del wrong[since]
        self.undated = not any(column.name == self.sheet.since for column in (*cells, *wrong))
        return cells, wrong

    def _open(self) -> Collection[str]:
        return (self.sheet.since,) if self.undated else ()

    def _row(self, number: int, values: Sequence[Any]) -> None:
        if number in self.owners:
            super()._row(number, values)

    def _key_of(self, by_name: dict[str, Any]) -> Key:
        since, owner = self.sheet.since, by_name[self.owner.name]
        rows = self.known.having(self.owner.attname, owner.pk)
        self.moved_on = None
        if not self.undated:
            if (left := self._left(rows, by_name)) is not None:
                self.moved_on = by_name[since]
                return self.known.key_of(left)
            # A day that was not known is known now: it is the same record.
            vague = (row for row in rows if self._is_vague(row, by_name))
            return super()._key_of(
                by_name if (row := next(vague, None)) is None else by_name | {since: row_day(row, since)}
            )
        if rows := [row for row in rows if falls_into(row, self.place.period)]:
            return self.known.key_of(max(rows, key=lambda row: getattr(row, since)))
        self.given[since] = self.place.answers.since or self.place.period.starts_on
        return super()._key_of(by_name | self.given)

    def _is_vague(self, row: Record, by_name: dict[str, Any]) -> bool:
        """Return whether a stored row is of the same school, from a day that is not known and that is told now."""
        column = next(column for _at, column in self.columns if column.of_school)
        told = by_name.get(column.name)
        return (
            told is not None
            and getattr(row, column.attname) == told.pk
            and getattr(row, self.sheet.since_known) != DAY
            and by_name[self.sheet.since] <= row_day(row, self.sheet.since) + MONTH_AT_MOST
        )

    def _left(self, rows: Iterable[Record], by_name: dict[str, Any]) -> Record | None:
        """Return the stored row of another school that the told day ends: who stands there has moved."""
        column, day = next(column for _at, column in self.columns if column.of_school), by_name[self.sheet.since]
        school = by_name.get(column.name)
        if school is None or day is None or not self.may_move:
            return None
        running = (row for row in rows if getattr(row, "ends_on", day) is None and row_day(row, self.sheet.since) < day)
        return next((row for row in running if getattr(row, column.attname) != school.pk), None)

    def _is_lent(self, record: Record, school: Record) -> bool:
        """Return whether a stored row is a stay on exchange, away from the school that the file names."""
        if getattr(record, "kind", "") != Appointment.Kind.EXCHANGE:
            return False
        owner, eve = self.owner.attname, row_day(record, self.sheet.since) - timedelta(days=1)
        rows = self.known.having(owner, getattr(record, owner))
        return any(
            getattr(row, "school_id", None) == school.pk and getattr(row, "ends_on", None) == eve for row in rows
        )

    def _existing(self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any], record: Record) -> None:
        """Take up a known row; that it is at another school is a move, which who may not move people is told."""
        moved = next((c for c in cells if c.of_school and not c.same(getattr(record, c.attname), cells[c])), None)
        if moved is None or not (self.undated or self.moved_on):
            super()._existing(number, values, cells, record)
            return
        self._attach(record)
        self.row_of[record.pk] = number
        self.part.unchanged.append(record)
        if self._is_lent(record, cells[moved]):
            return
        if self.may_move:
            self.part.moves.append((record, cells[moved], self.moved_on))
            return
        shown = {"school": moved.shown(getattr(record, moved.attname)), "sheet": spoken(self.sheet.title)}
        what = _("Stored with %(school)s, and left so. After a move, fill in the sheet “%(sheet)s”, days included.")
        self.part.doubts.append((record, Problem(self.table.title, self._cell(number, moved), what % shown)))

    def _new(self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any]) -> None:
        """Take up a new row; its first day is asked for where the file does not tell it."""
        answers = self.place.answers
        if self.undated:
            self.given[self.sheet.since_known] = LATEST if answers.since is None else MONTH if answers.month else DAY
        super()._new(number, values, cells)
        if self.undated and self.part.new and self.row_of[self.part.new[-1].pk] == number:
            self.part.undated.append(number)

    def _cell(self, number: int, column: BoundColumn) -> str:
        return self.table.cell(number, self.at[column.name])


def row_day(row: Record, field: str) -> date:
    """Return the day in a field of a row."""
    day: date = getattr(row, field)
    return day


def doubt_the_unplaced(parts: Iterable[Part]) -> None:
    """Let people check the new rows of each part that nothing stands beside: new teachers whom no school has."""
    parts = list(parts)
    for part in (part for part in parts if part.sheet.beside):
        placed = {
            getattr(row, concrete(other.sheet.model, owner_in(other.sheet, part.sheet).field).attname)
            for other in parts
            if other.sheet.model in part.sheet.beside
            for row in other.new
        }
        unplaced = [record for record in part.new if record.pk not in placed]
        for number, record in enumerate(unplaced[: NAMED + 1]):
            what = _("No school yet: say which in a column “School”, or on the sheet of appointments.")
            if number == NAMED:
                what = _("The same of this and %(number)d more rows.") % {"number": len(unplaced) - NAMED - 1}
            part.doubts.append((record, Problem(part.title, f"A{part.rows[record.pk]}", what)))
