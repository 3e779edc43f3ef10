"""The preview of an import: what is new, changed, unchanged and wrong, row by row, before anything is written.

Known rows are found by their natural key with one query a sheet; new rows get ids below zero, so that rows of later
sheets can refer to them, and rules can be checked, as if they were there.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.sheets import Column, Lines
from apps.workbooks.language import spoken
from apps.workbooks.plan import Ids, Place
from apps.workbooks.reading.cells import Month, Wrong
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.rows import read_row, says_nothing
from apps.workbooks.reading.tables import Table, comes_with_place, field_of

from .bulk_constraints import broken_checks, overlapping, repeated
from .child_lines import children_in, differing_text
from .complaints import Complaints
from .constraints import falls_into, lies_within
from .corrections import corrections
from .permissions import Permissions
from .stored_rows import Key, Known, somebody_else
from .warnings import doubts

# So many rows are planned between two times that it is told.
STEP = 500
# How exactly a first day is known, as `since_known` of a sheet says it.
DAY, MONTH, LATEST = "day", "month", "latest"


class SheetPlanner(Complaints):
    """Plans one table of a workbook; `plan` fills `part`, `problems` and `changes`.

    `looked` are the stored rows of the sheet, if this page or an earlier one of the workbook has looked at them; `told`
    hears from time to time how many rows are planned.
    """

    def __init__(
        self,
        table: Table,
        place: Place,
        resolver: Resolver,
        ids: Ids,
        *,
        looked: Known | None = None,
        extra: Callable[[Record], str] | None = None,
    ) -> None:
        super().__init__(table)
        self.told: Callable[[int], None] = lambda rows: None
        self.place, self.resolver, self.ids, self.extra = place, resolver, ids, extra
        self.model, self.looked = table.sheet.model, looked
        self.permissions = Permissions(self.sheet, place, resolver)
        bound = [
            (at, BoundColumn(self.sheet, column, resolver))
            for at, column in table.places.items()
            if isinstance(column, Column)
        ]
        # Schools first: they tell namesakes in the same line apart.
        self.columns = sorted(bound, key=lambda pair: (not pair[1].of_school, pair[1].target is None))
        self.at = {column.name: position for position, column in bound}
        self.lines = next(((at, column) for at, column in table.places.items() if isinstance(column, Lines)), None)
        self.constants = self._told_by_the_place() | self.sheet.fixed
        self.absent = [column for column in table.lacking if field_of(column) not in self.constants]
        self.lacking: set[Any] = set()
        self.given: dict[str, Any] = {}
        if self.sheet.township_field:
            self.constants[self.sheet.township_field] = place.township
        if self.sheet.district_field:
            self.constants[self.sheet.district_field] = place.township.district
        self.row_of = self.part.rows

    @property
    def known(self) -> Known:
        """Return the stored rows of the sheet, read when first asked for."""
        if self.looked is None:
            self.looked = Known(self.sheet, self.place, with_lines=self.lines is not None)
        return self.looked

    def _told_by_the_place(self) -> dict[str, Any]:
        """Return field → value of columns that the file may do without: the year, one's own school, an optional key."""
        told: dict[str, Any] = {}
        for column in (column for column in self.sheet.columns if column.field not in self.at):
            if comes_with_place(column, self.sheet):
                bound = BoundColumn(self.sheet, column, self.resolver)
                if not bound.of_school:
                    told[column.field] = self.place.year
                elif bound.target and self.place.scope.kind == "school" and self.place.scope.school:
                    told[column.field] = self.resolver.index(bound.target).rows[self.place.scope.school]
            elif column.field in self.sheet.key and not column.required:
                told[column.field] = BoundColumn(self.sheet, column, self.resolver).empty()
        return told

    # What a plan consists of.

    def plan(self) -> None:
        """Read all rows, check them one by one and together."""
        for position, header in self.table.twice:
            self.say(
                self.table.header_row,
                position,
                _("The column “%(header)s” stands here twice.") % {"header": header},
                _("Delete one of them."),
            )
        if missing := self._missing():
            for needed in missing:
                self.say_absent(needed)
            return
        for place, (number, values) in enumerate(self.table.rows):
            if not place % STEP:
                self.told(place)
            self._row(number, values)
        for column in self.absent:
            if column in self.lacking:
                self.say_absent(column)
        touched = {record.pk for record in (*self.part.new, *self.part.changed)}
        rows = [*self.known.stored, *self.known.new, *self.part.new]
        breaches = [
            *repeated(rows, touched, self.place.whole, all_loaded=self.known.all_loaded, issued=self.sheet.issued),
            *overlapping(rows, touched),
        ]
        for breach in breaches:
            self.say_breach(self.row_of[breach.record.pk], breach)
        for kind in ("new", "changed"):
            setattr(
                self.part, kind, [row for row in getattr(self.part, kind) if self.row_of[row.pk] not in self.part.wrong]
            )
        self.known.new += self.part.new
        self.resolver.plan([*self.part.new, *self.part.changed])
        taken = (*self.part.new, *self.part.changed)
        self.part.doubts += doubts(self.table, self.columns, taken, self.part.unchanged, self.row_of)

    def _missing(self) -> list[Column]:
        """Return the columns of the key that the file does not have."""
        given = {*self.at, *self.constants}
        return [column for column in self.sheet.columns if column.field in {*self.sheet.key} - given]

    # One row.

    def _read(self, number: int, values: Sequence[Any]) -> tuple[dict[BoundColumn, Any], dict[BoundColumn, Wrong]]:
        """Return what the cells of a row say, and what is wrong with others; `given` is what follows from them."""
        cells, wrong, self.given = read_row(self.sheet, self.columns, values)
        by_name = {column.name: column for column in cells}
        since, known = by_name.get(self.sheet.since), by_name.get(self.sheet.since_known)
        if since and known and isinstance(cells[since], Month) and cells[known] == DAY:
            cells[known] = MONTH  # of a month no day is known, whatever an empty cell stands for
        return cells, wrong

    def _row(self, number: int, values: Sequence[Any]) -> None:
        """Plan one row: read its cells, find the stored row, and take it up as new, changed or unchanged."""
        cells, wrong = self._read(number, values)
        for column, error in wrong.items():
            self.say(number, self.at[column.name], error.what, error.remedy)
        by_name = {column.name: value for column, value in cells.items()}
        if any(name not in by_name and name in self.at for name in self.sheet.key if name not in self._open()):
            return
        if not self._is_keyed(number, values, cells, by_name):
            return
        record, earlier = self.known.take(self._key_of(by_name), (self.table.title, number))
        if record is not None:
            self._existing(number, values, cells, record)
        elif earlier is None:
            self._new(number, values, cells)
        else:
            self._say_twice(number, earlier)

    def _is_keyed(
        self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any], by_name: dict[str, Any]
    ) -> bool:
        """Return whether a row is known by its key; one that is not has been taken up otherwise, or is wrong."""
        return True

    def _open(self) -> Collection[str]:
        """Return the fields of the key that a row may leave open."""
        return ()

    def _say_twice(self, number: int, earlier: tuple[str, int]) -> None:
        page, row = earlier
        what = _("The same record stands in row %(row)d already.") % {"row": row}
        if page != self.table.title:
            what = _("The same record stands in row %(row)d of “%(sheet)s” already.") % {"row": row, "sheet": page}
        self.say(number, None, what, _("Delete one of the two rows."))

    def _key_of(self, by_name: dict[str, Any]) -> Key:
        found = []
        for name in self.sheet.key:
            value = by_name[name] if name in by_name else self.constants.get(name)
            found.append(value.pk if isinstance(value, Record) else value)
        return tuple(found)

    def _existing(self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any], record: Record) -> None:
        """Take up a known row, if a cell of it differs."""
        self.row_of[record.pk] = number
        if self.known.is_foreign(record):
            self.refuse(number, self.permissions.foreign())
            return
        differing = [
            (column, value)
            for column, value in cells.items()
            if not column.same(getattr(record, column.attname), value)
            and (column.column.kind != "personal" or self._may_write_personal(number, column, value))
        ]
        lines = self._lines_differ(number, values, record)
        extra = self.extra(record) if self.extra else ""
        if not differing and lines is None and not extra:
            if number not in self.part.wrong:
                self.part.unchanged.append(record)
            return
        if not self._may_change(number, record, differing):
            return
        name, before = str(record), self._stored_values(record)
        old = {column: column.shown(getattr(record, column.attname)) for column, _value in differing}
        for column, value in differing:
            column.assign(record, value)
            self._note_month(record, column, value, cells)
        if lines is not None and self.lines:
            at, told = self.lines
            header, cell, was = spoken(told.header), self.table.cell(number, at), self._stored_lines(record)
            self.note(cell, name, header, was or "—", lines or "—")
        if extra:
            self.note(self.table.cell(number, 0), name, extra, "—", str(self.place.township))
        if number not in self.part.wrong:
            self._check(number, record)
        if lines is not None:
            self._read_lines(number, record, lines)
        for column, _value in differing:
            # As it will be stored: a total, say, follows from other cells whatever its own says.
            new, cell = column.shown(getattr(record, column.attname)), self.table.cell(number, self.at[column.name])
            if new != old[column] or column.column.kind == "personal":
                self.note(cell, name, column.header, old[column], new)
        cells_of = {column.name: self.table.cell(number, self.at[column.name]) for column, _value in differing}
        self.part.corrected += corrections(record, before, self.table.title, cells_of)
        if number not in self.part.wrong:
            after = self._stored_values(record)
            self.part.fields |= {column for column, value in after.items() if value != before[column]}
            self.part.changed.append(record)

    def _note_month(self, record: Record, column: BoundColumn, value: Any, cells: Mapping[BoundColumn, Any]) -> None:
        """Keep how exactly the first day of a span is known: a month alone stays one, unless the row says otherwise."""
        name = self.sheet.since_known
        if name and column.name == self.sheet.since and not any(other.name == name for other in cells):
            setattr(record, name, MONTH if isinstance(value, Month) else DAY)

    def _may_change(self, number: int, record: Record, differing: Sequence[tuple[BoundColumn, Any]]) -> bool:
        """Return whether a stored row may be changed at all; say so if not, and which of its cells must stay."""
        self._attach(record)
        columns = [column for column, _value in differing]
        if refusal := self.permissions.changing(record, columns):
            self.refuse(number, refusal)
            return False
        if mistaken := somebody_else(self.sheet, record, differing):
            self.say(number, None, *mistaken)
            return False
        self.refuse(number, *self.permissions.fixed_in_stored(record, columns))
        self.refuse(number, *self.permissions.strangers(dict(differing)))
        return True

    def _may_write_personal(self, number: int, column: BoundColumn, value: str) -> bool:
        """Return whether a differing personal value is to be written, and say so if it may not."""
        if refusal := self.permissions.personal(column, value):
            self.refuse(number, refusal)
        return self.permissions.sees_personal

    def _new(self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any]) -> None:
        """Take up a new row."""
        record = self.model(**self.constants | self.given)
        record.pk = self.ids.next()
        self._note_lacking(number)
        for column, value in cells.items():
            column.assign(record, value)
            self._note_month(record, column, value, cells)
            if says_nothing(column, value):
                self.say(number, self.at[column.name], *column.lacking)
        self.row_of[record.pk] = number
        self.refuse(number, *self.permissions.strangers(cells))
        for _position, column in self.columns:
            if column not in cells and column.column.kind == "personal" and "*" in str(values[self.at[column.name]]):
                self.say(
                    number,
                    self.at[column.name],
                    _("The masked value belongs to no known row."),
                    _("Write it in full, or leave the cell empty."),
                )
            elif column.column.kind == "personal" and cells.get(column):
                self._may_write_personal(number, column, cells[column])
        complete = number not in self.part.wrong
        if refusal := self.permissions.adding(record, complete=complete):
            self.refuse(number, refusal)
        elif complete:
            self.refuse(number, *self.permissions.fixed_in_new(record, list(cells)))
        if number not in self.part.wrong:
            self._check(number, record)
        lines = self._lines_differ(number, values, record)
        if lines is not None:
            self._read_lines(number, record, lines)
        if number not in self.part.wrong:
            self.part.new.append(record)
        elif _has_names(record):
            # A wrong row still is who it is: rows that name it are not wrong for that.
            self.resolver.plan([record])

    def _note_lacking(self, number: int) -> None:
        """Note which columns a new row would need; where another column would tell it, say so at the row's own cell."""
        lacking = [column for column in self.absent if field_of(column) not in self.given]
        source = next((name for name in self.sheet.known_by if name in self.at), "")
        told = [column for column in lacking if field_of(column) in self.sheet.implied_fields]
        if told and source == self.sheet.known_by[0]:
            if number not in self.part.wrong:
                headers = {"header": "、".join(spoken(column.header) for column in told)}
                what = _("The row has no ID number that would tell: %(header)s.") % headers
                self.say(number, self.at[source], what, _("Fill in the ID number, or add columns for these."))
            lacking = [column for column in lacking if column not in told]
        self.lacking |= set(lacking)

    # Rules.

    def _check(self, number: int, record: Record) -> None:
        """Check one row as it will be: its own rules, the constraints, the place and the year."""
        try:
            record.clean()
        except ValidationError as error:
            self.say_invalid(number, error)
        for breach in broken_checks(record):
            self.say_breach(number, breach)
        if lies_within(record, self.place.scope) is False:
            at = next((self.at[c.name] for _p, c in self.columns if c.of_school), None)
            self.say(
                number,
                at,
                _("This record lies outside the part that you keep."),
                _("Take the row out, or correct the school."),
            )
        if self.sheet.yearly and not falls_into(record, self.place.period):
            at = self.dated_at()
            self.say(
                number,
                at,
                _("This record does not fall into %(year)s.") % {"year": self.place.year},
                _("Correct the date, or import it with its own school year."),
            )

    def _attach(self, record: Record) -> None:
        """Give the row the rows that it refers to, from memory."""
        for f in record._meta.concrete_fields:
            if isinstance(f, models.ForeignKey) and issubclass(f.related_model, Record) and not f.is_cached(record):
                pk = getattr(record, f.attname)
                row = self.resolver.index(f.related_model).rows.get(pk) if pk is not None else None
                if row is not None:
                    f.set_cached_value(record, row)

    def _stored_values(self, record: Record) -> dict[str, Any]:
        own = ("version", "created_at", "updated_at")
        return {f.name: getattr(record, f.attname) for f in record._meta.concrete_fields if f.name not in own}

    # Lines of a child table.

    def _lines_differ(self, number: int, values: Sequence[Any], record: Record) -> str | None:
        """Return the text of the lines' cell if it differs from what is stored, else None."""
        if self.lines is None:
            return None
        at, lines = self.lines
        try:
            return differing_text(lines, values[at] if at < len(values) else None, self._stored_lines(record))
        except Wrong as error:
            self.say(number, at, error.what, error.remedy)
            return None

    def _stored_lines(self, record: Record) -> str | None:
        """Return the text of a stored row's lines, None for a new row."""
        if self.lines is None or record.pk < 0:
            return None
        known = self.known.lines.get(record.pk)
        return self.lines[1].write(record) or "" if known is None else known

    def _read_lines(self, number: int, record: Record, text: str) -> None:
        if self.lines is None:
            return
        at, lines = self.lines
        try:
            self.part.lines.append((record, children_in(lines, text, record, self.resolver)))
        except Wrong as error:
            self.say(number, at, error.what, error.remedy)


def _has_names(record: Record) -> bool:
    """Return whether a row that is wrong can still be called by its names."""
    try:
        return all(record.names())
    except (AttributeError, TypeError, ValueError, ObjectDoesNotExist):
        return False
