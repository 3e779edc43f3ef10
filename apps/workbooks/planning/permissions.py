"""Who may write what by a workbook: the rules of the records themselves, told at the cell before a write asks."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.actions import demand_unlocked, offered
from apps.core.models import Record
from apps.core.rules import reaches_all, record_rule, rules_of
from apps.core.sheets import Sheet
from apps.workbooks.language import spoken
from apps.workbooks.plan import Place
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver

SEES_PERSONAL = "teachers.view_personal_data"


@dataclass(frozen=True)
class Refusal:
    """What is not allowed, and what to do; `column` says at which cell, None for the row as a whole."""

    what: str
    remedy: str
    column: BoundColumn | None = None


class Permissions:
    """What who imports may write of one sheet, in the place of the import; what is not allowed comes as a refusal."""

    def __init__(self, sheet: Sheet, place: Place, resolver: Resolver) -> None:
        self.model, self.place, self.by, self.resolver = sheet.model, place, place.by, resolver
        self.title = spoken(sheet.title)
        self.may_add, self.may_change = record_rule(sheet.model, "add"), record_rule(sheet.model, "change")
        self.sees_personal = self.by.has_perm(SEES_PERSONAL)
        self.unbound = reaches_all(self.by)
        self._offered: dict[str, set[int]] = {}

    @property
    def of_school(self) -> bool:
        """Return whether the import is one of a single school."""
        return self.place.scope.kind == "school"

    def foreign(self) -> Refusal:
        """Return the refusal of a stored row that is not of the part that who imports keeps, whatever the row says."""
        if self.of_school:
            return Refusal(_("This record belongs to another school."), _("Take the row out."))
        return Refusal(_("This record is not among those that you see."), _("Take the row out."))

    def adding(self, record: Record, *, complete: bool) -> Refusal | None:
        """Return why a new record may not be added, None if it may; one that is not `complete` is asked less."""
        remedy = _("Take the row out, or ask the education office.")
        if not self.by.has_perm(self.may_add.permission):
            what = _("You may not add %(kind)s.") % {"kind": self.model._meta.verbose_name_plural}
            return Refusal(what, remedy)
        with _without_id(record):
            if complete and not self.may_add.predicate(self.by, record):
                return Refusal(_("You may not add this record."), remedy)
        return None

    def changing(self, record: Record, differing: Sequence[BoundColumn]) -> Refusal | None:
        """Return why a stored record, as it is stored, may not be changed, None if it may."""
        if self.may_change(self.by, record) and not self._locked(record):
            return None
        headers = "、".join(column.header for column in differing) or self.title
        what = _("You may not change this record, and it differs from what is stored in: %(headers)s.")
        remedy = (
            _("Take the row out, or ask the education office.")
            if self.of_school
            else _("Take the row out, or let the record be changed again on its page first.")
        )
        return Refusal(what % {"headers": headers}, remedy, differing[0] if differing else None)

    def _locked(self, record: Record) -> bool:
        try:
            demand_unlocked([record], self.by)
        except ValidationError:
            return True
        return False

    def strangers(self, cells: Mapping[BoundColumn, Any]) -> Iterator[Refusal]:
        """Yield a refusal for each cell that names a row that forms do not offer either: somebody of another school."""
        for column, row in cells.items():
            if column.target is None or row is None or row.pk < 0:
                continue  # what the workbook itself brings is there when this is written
            elsewhere = (
                self.of_school
                and column.target.told_apart_by
                and row.pk not in self.resolver.own(column.target, self.place.scope)
            )
            if elsewhere:
                what = _("“%(name)s” does not belong to your school.") % {"name": row}
                yield Refusal(what, _("Take the row out, or correct the name."), column)
            elif not self.unbound and row.pk not in self._rows_offered(column.name):
                what = _("“%(name)s” is not among those that you may name here.") % {"name": row}
                yield Refusal(what, _("Take the row out, or correct the name."), column)

    def _rows_offered(self, field: str) -> set[int]:
        if field not in self._offered:
            self._offered[field] = set(offered(self.model, field, self.by).order_by().values_list("pk", flat=True))
        return self._offered[field]

    def fixed_in_new(self, record: Record, columns: Sequence[BoundColumn]) -> Iterator[Refusal]:
        """Yield a refusal for each cell of a new record that who imports must leave as it is by default."""
        with _without_id(record):
            fixed = self._names_fixed(record)
        for column in columns:
            if column.column.kind == "personal" and not self.sees_personal:
                continue  # told as such
            if column.name in fixed and getattr(record, column.attname) != column.field.get_default():
                yield self._fixed(column)

    def fixed_in_stored(self, record: Record, differing: Sequence[BoundColumn]) -> Iterator[Refusal]:
        """Yield a refusal for each differing cell that who imports must leave as it is stored."""
        fixed = self._names_fixed(record)
        for column in differing:
            if column.name in fixed:  # personal ones are there for who sees them only
                yield self._fixed(column)

    def _names_fixed(self, record: Record) -> set[str]:
        return set() if self.unbound else set(rules_of(self.model).fixed(self.by, record))

    def _fixed(self, column: BoundColumn) -> Refusal:
        what = _("Only the education office may write “%(header)s”.")
        if not self.of_school:
            what = _("You may not write “%(header)s” of this record.")
        return Refusal(what % {"header": column.header}, _("Leave the cell as it was, or empty."), column)

    def personal(self, column: BoundColumn, value: str) -> Refusal | None:
        """Return why a differing personal value may not be written; a gap of who cannot see it says nothing."""
        if self.sees_personal or not value:
            return None
        what = _("Only the education office may write ID numbers and phones.")
        return Refusal(what, _("Leave the cell as it was, or empty."), column)


@contextmanager
def _without_id(record: Record) -> Iterator[None]:
    """Let rules see a new record as it will be when it is written: without the id by which the plan knows it."""
    record.pk, planned = None, record.pk
    try:
        yield
    finally:
        record.pk = planned
