"""What is wrong with a table, each at its cell; and which cells change."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from apps.core.sheets import Column, Lines
from apps.workbooks.language import spoken
from apps.workbooks.plan import KEPT, Change, Part, Problem
from apps.workbooks.reading.tables import Table, field_of

from .bulk_constraints import Breach
from .permissions import Refusal


class Complaints:
    """What is wrong and what changes in one table; `at` is where a field's column stands, `part` the rows."""

    def __init__(self, table: Table) -> None:
        self.table, self.sheet = table, table.sheet
        self.part = Part(self.sheet, table.label, skipped=len(table.skipped))
        self.problems: list[Problem] = []
        self.changes: list[Change] = []
        self.at: dict[str, int] = {}

    def say(self, number: int, position: int | None, what: str, remedy: str = "") -> None:
        """Note a problem of a cell, or of the row's key where the cell is not known."""
        if position is None:
            names = (self.sheet.key[0], *self.sheet.known_by[-1:])
            position = next((self.at[name] for name in names if name in self.at), 0)
        if number != self.table.header_row:
            self.part.wrong.add(number)
        self.problems.append(
            Problem(self.table.title, self.table.cell(number, position), what, remedy or _("Correct the cell."))
        )

    def note(self, cell: str, name: str, header: str, old: str, new: str) -> None:
        """Note a changed cell: of very many the first ones, of a roster all, since it is compared by them."""
        if len(self.changes) < KEPT or self.sheet.issued or self.table.part:
            self.changes.append(Change(self.table.title, cell, name, header, old, new))

    def refuse(self, number: int, *refusals: Refusal) -> None:
        """Note what who imports may not do, at the cell that it is about."""
        for refusal in refusals:
            self.say(number, self.at[refusal.column.name] if refusal.column else None, refusal.what, refusal.remedy)

    def say_absent(self, column: Column | Lines) -> None:
        """Note that a column is missing, at the header."""
        what = _("The column “%(header)s” is missing.") % {"header": spoken(column.header)}
        if field_of(column) in self.sheet.implied_fields and self.sheet.known_by:
            other = next(known for known in self.sheet.columns if known.field == self.sheet.known_by[0])
            headers = {"header": spoken(column.header), "other": spoken(other.header)}
            what = _("“%(header)s” is missing, and so is “%(other)s”, which would tell it.") % headers
        hidden = self.table.hidden_columns
        remedy = _("Show the hidden columns in Excel.") if hidden else _("Add it, as in the template.")
        self.say(self.table.header_row, len(self.table.places), what, remedy)

    def say_invalid(self, number: int, error: ValidationError) -> None:
        """Note what a record's own rules say, each at the cell of its field."""
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for name, messages in by_field.items():
            self.say(number, self.at.get(name), "".join(messages))

    def say_breach(self, number: int, breach: Breach) -> None:
        """Note a broken constraint, at the first of its cells that is there."""
        fields = [self.sheet.model.shown_by.get(name, name) for name in breach.fields]
        position = next((self.at[name] for name in fields if name in self.at), None)
        self.say(number, position, breach.sentence)

    def dated_at(self) -> int | None:
        """Return where the day of a row stands, None where no column says it."""
        dated = self.sheet.model.dated_by
        paths = (dated,) if isinstance(dated, str) else dated or ()
        return next((self.at[path.split("__")[0]] for path in paths if path.split("__")[0] in self.at), None)
