"""Who may write what by a workbook: one's own records, of one's own people, and nobody in another's place."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.sheets import Sheet
from apps.webui.pages import REGISTRY
from apps.workbooks.language import spoken
from apps.workbooks.plan import Part, Place, Problem
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import Table

from .stored_rows import Known


class Rights:
    """The part of a planner that says what is wrong with a row, and first of all whether it may be written."""

    table: Table
    part: Part
    problems: list[Problem]
    sheet: Sheet
    model: type[Record]
    place: Place
    resolver: Resolver
    known: Known | None
    at: dict[str, int]
    sees_personal: bool

    def say(self, number: int, position: int | None, what: str, remedy: str = "") -> None:
        """Note a problem of a cell, or of the row's key where the cell is not known."""
        if position is None:
            position = self.at.get(self.sheet.key[0], 0)
        if number != self.table.header_row:
            self.part.wrong.add(number)
        self.problems.append(
            Problem(self.table.title, self.table.cell(number, position), what, remedy or _("Correct the cell."))
        )

    def say_row(self, number: int, what: str, remedy: str) -> None:
        """Note a problem of a whole row, at its key."""
        self.say(number, None, what, remedy)

    def _is_foreign(self, number: int, record: Record) -> bool:
        """Return whether a known row is not of the part that who imports keeps, and say so, whatever the row says."""
        foreign = self.known.own is not None and record.pk not in self.known.own
        if foreign:
            self.say_row(number, _("This record belongs to another school."), _("Take the row out."))
        return foreign

    def _demand_own(self, number: int, cells: Mapping[BoundColumn, Any]) -> None:
        """Say so if a row names somebody of another school: forms do not offer them either."""
        if self.place.scope.kind != "school":
            return
        for column, value in cells.items():
            if not (column.target and column.target.told_apart_by) or value is None or value.pk < 0:
                continue
            if value.pk not in self.resolver.own(column.target, self.place.scope):
                self.say(
                    number,
                    self.at[column.name],
                    _("“%(name)s” does not belong to your school.") % {"name": value},
                    _("Take the row out, or correct the name."),
                )

    def _is_somebody_else(self, number: int, record: Record, differing: Sequence[tuple[BoundColumn, Any]]) -> bool:
        """Return whether a row must be somebody else's than its key says, and say so."""
        others = {column.name for column, _value in differing if getattr(record, column.attname) not in (None, "")}
        *surer, name = self.sheet.known_by or ("",)
        if name not in others or not others & {*surer, *self.sheet.implied_fields}:
            return False
        header = spoken(next(column.header for column in self.sheet.columns if column.field == self.sheet.key[0]))
        what = _("This is %(name)s by the %(header)s, and somebody else by name, ID number, sex or birth date.")
        remedy = _("Correct the %(header)s. If it is the same person, correct the name on the page first.")
        shown = {"name": record, "header": header}
        self.say_row(number, what % shown, remedy % shown)
        return True

    def _may_change(self, number: int, record: Record, differing: Sequence[BoundColumn]) -> bool:
        """Return whether who imports may change this row, and say so if not, at the first cell that differs."""
        pages, by = REGISTRY.get(self.model.label), self.place.by
        allowed = pages.may(by, "change", record) if pages and by is not None else self.place.may("change", self.model)
        if not allowed:
            headers = "、".join(column.header for column in differing) or spoken(self.sheet.title)
            self.say(
                number,
                self.at[differing[0].name] if differing else None,
                _("You may not change this record, and it differs from what is stored in: %(headers)s.")
                % {"headers": headers},
                _("Take the row out, or ask the education office.")
                if self.place.scope.kind == "school"
                else _("Take the row out, or let the record be changed again on its page first."),
            )
        return allowed

    def _may_write_personal(self, number: int, column: BoundColumn, value: str) -> bool:
        """Return whether a differing personal value is to be written; a gap of who cannot see it changes nothing."""
        if self.sees_personal:
            return True
        if value:
            self.say(
                number,
                self.at[column.name],
                _("Only the education office may write ID numbers and phones."),
                _("Leave the cell as it was, or empty."),
            )
        return False
