"""Rows of people who may have no number: known otherwise, or new; and likeness that people are to decide on."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.schools.models import School
from apps.workbooks.language import spoken
from apps.workbooks.plan import Problem
from apps.workbooks.reading.columns import BoundColumn

from .identity import Identity, Meant
from .sheet import SheetPlanner


class UnnumberedPlanner(SheetPlanner):
    """Plans a table of a sheet whose key is issued by us where the file has none."""

    @cached_property
    def identity(self) -> Identity:
        """Return what tells who is meant by a row."""
        return Identity(self.sheet, self.known, self.resolver)

    @cached_property
    def likenesses(self) -> dict[int, Problem]:
        """Return row → what is to be checked of those that are taken as new, though somebody like them is stored."""
        return {}

    def plan(self) -> None:
        """Read all rows, and let people check the new ones that are like stored ones."""
        super().plan()
        whose = {self.row_of[record.pk]: record for record in self.part.new}
        self.part.doubts += [(whose[row], said) for row, said in self.likenesses.items() if row in whose]

    def _is_keyed(
        self, number: int, values: Sequence[Any], cells: dict[BoundColumn, Any], by_name: dict[str, Any]
    ) -> bool:
        """Let `by_name` have the number of the stored row that a row means; take up who is new and has none.

        Return whether the row is then known by its number.
        """
        issued = self.sheet.issued
        column = next((column for column in cells if column.name == issued), None)
        meant = self._as_answered(number, self.identity.meant(self.given | by_name, self._schools_in(values)))
        if meant.record is not None:
            # The stored number stays, whatever the file writes for it.
            if column is not None:
                del cells[column]
            by_name[issued] = getattr(meant.record, issued)
            return True
        if meant.several or meant.other is not None:
            self._say_unsure(number, meant)
            return False
        if by_name.get(issued):
            self._doubt_likeness(number, meant.like)
            return True
        who = self.identity.who(self.given | by_name)
        if who and (earlier := self.known.met(who, (self.table.title, number))):
            self._say_twice(number, earlier)
            return False
        self._new(number, values, cells)
        self._doubt_likeness(number, meant.like)
        return False

    def _as_answered(self, number: int, meant: Meant) -> Meant:
        """Return who is meant, by what people have answered about the row."""
        pk = self.place.answers.same.get(f"{self.table.title}!{number}")
        told = next((row for row in (meant.other, *meant.like) if row is not None and row.pk == pk), None)
        if told is None:
            return meant
        self._offer_same(number, told, taken=True)
        return Meant(told)

    def _schools_in(self, values: Sequence[Any]) -> set[int]:
        """Return the ids of the schools that a row names, in whatever of its columns."""
        at = self.table.school_at
        raw = values[at] if at is not None and at < len(values) else None
        return {row.pk for row in self.resolver.index(School).called(raw)} if isinstance(raw, str) else set()

    def _say_unsure(self, number: int, meant: Meant) -> None:
        """Note that a row may be several stored ones, or is one of another number; the person is named."""
        position = self.at.get(self.sheet.known_by[-1])
        if meant.other is not None:
            self._offer_same(number, meant.other)
            what = _("%(name)s has this ID number already, under another number.")
            remedy = _("If it is the same person, say so below, or write that number; else correct the ID number.")
            self.say(number, position, what % {"name": meant.other.names()[-1]}, remedy)
            return
        header = spoken(next(column.header for column in self.sheet.columns if column.field == self.sheet.issued))
        names = "、".join(row.names()[-1] for row in meant.several[:6])
        what = _("This may be any of: %(names)s.") % {"names": names}
        self.say(number, position, what, _("Add the ID number, or the column “%(header)s”.") % {"header": header})

    def _doubt_likeness(self, number: int, like: Sequence[Record]) -> None:
        """Let people check a new row that is like stored ones, and offer to take it for the first of them."""
        if not like:
            return
        self._offer_same(number, like[0])
        names = "、".join(row.names()[-1] for row in like[:6])
        what = _("Taken as somebody new; %(names)s is stored with the same name. Say below if it is the same person.")
        self.likenesses[number] = Problem(
            self.table.title,
            self.table.cell(number, self.at.get(self.sheet.known_by[-1], 0)),
            what % {"names": names},
        )

    def _offer_same(self, number: int, record: Record, *, taken: bool = False) -> None:
        """Offer to take a row for a stored one."""
        self.part.alike.append(
            {
                "place": f"{self.table.title}!{number}",
                "row": number,
                "sheet": self.table.title,
                "stored": record.names()[-1],
                "pk": record.pk,
                "taken": taken,
            }
        )
