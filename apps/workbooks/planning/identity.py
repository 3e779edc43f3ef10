"""Who is meant by a row without a number: known by the ID number, else by name with birth date and school."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.core.models import Record
from apps.core.sheets import Sheet
from apps.workbooks.reading.cells import Month
from apps.workbooks.reading.references import Resolver

from .stored_rows import Known

Values = Mapping[str, Any]


@dataclass
class Meant:
    """The stored row that a row of a file means (`record`), those between which it cannot tell, and who is like it.

    `other` is the stored row of the same ID number under another number; `like` are stored ones of the same name.
    """

    record: Record | None = None
    several: Sequence[Record] = ()
    other: Record | None = None
    like: Sequence[Record] = field(default_factory=list)


class Identity:
    """Tells which stored row a row of a sheet means, by what the sheet declares in `known_by` and `known_with`."""

    def __init__(self, sheet: Sheet, known: Known, resolver: Resolver) -> None:
        self.known, self.resolver, self.model = known, resolver, sheet.model
        self.key, self.born = sheet.issued, sheet.known_with
        *self.surest, self.name = sheet.known_by

    def meant(self, values: Values, schools: Collection[int]) -> Meant:
        """Return who is meant by the values of a row, told apart by the schools that it names."""
        number = values.get(self.key)
        if number and self.known.waits((number,)):
            return Meant(self.known.waiting((number,)))
        for field_name in self.surest:
            found = self.known.having(field_name, values.get(field_name))
            if found:
                return Meant(other=found[0]) if number else Meant(found[0])
        namesakes = [
            row for row in self.known.having(self.name, values.get(self.name)) if not self._differs(row, values)
        ]
        born = values.get(self.born)
        same = [row for row in namesakes if same_day(getattr(row, self.born), born)] if born else namesakes
        if number:
            return Meant(like=same if born else [])
        if len(same) > 1:
            same = [
                row for row in same if self.resolver.places_of(self.model).get(row.pk, set()) & set(schools)
            ] or same
        if len(same) > 1:
            return Meant(several=same)
        if same:
            return Meant(same[0])
        return Meant(like=namesakes)

    def who(self, values: Values) -> tuple[Any, ...]:
        """Return what tells a new row from others of the same file, nothing where too little is told."""
        who = values.get(self.name), values.get(self.born)
        return (*who, *(values.get(name) or "" for name in self.surest)) if all(who) else ()

    def _differs(self, row: Record, values: Values) -> bool:
        """Return whether a stored row has another ID number than the file's."""
        pairs = ((getattr(row, name), values.get(name)) for name in self.surest)
        return any(stored and told and stored != told for stored, told in pairs)


def same_day(stored: date | None, told: date) -> bool:
    """Return whether a stored day is the one that is told, or lies in the month that is told."""
    if stored is None:
        return False
    if isinstance(told, Month):
        return (stored.year, stored.month) == (told.year, told.month)
    return stored == told
