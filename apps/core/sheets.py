"""Sheet and Column: what a workbook holds of a kind of record, declared once.

Template, import, preview, export and the table in the docs all follow from the declaration.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .actions import save_records
from .labels import Label
from .models import Record
from .periods import Period
from .scope import Scope, ScopedQuerySet


@dataclass(frozen=True)
class Column:
    """A column: its header, the model's field, how its cells are read.

    `kind` is text, integer, decimal, date, flag (是/否), choice (labels of the field's choices), personal (text that
    is masked for those who may not see it), or row (a foreign key: the cell names a row as `names()` does).
    `header` and `help` are given in English and translated. `words` gives other words for a choice (中一) and the
    value they mean; `example` stands in the template. A `listed` text is offered the values of other rows to choose.
    `eased` takes a cell's text, and returns what is read in its place and what people are to check about that.
    """

    header: Label
    field: str
    kind: str = "text"
    required: bool = False
    help: Label = ""
    aliases: tuple[str, ...] = ()
    example: str = ""
    words: Mapping[str, Any] = dataclasses.field(default_factory=dict, hash=False)
    listed: bool = False
    eased: Callable[[str], tuple[str, str]] | None = None


@dataclass(frozen=True)
class Lines:
    """A column whose cell holds the lines of a child table, one a line: how to write and how to read them.

    `read` takes the cell's text, the record and a function `find(model, text)`, which returns the row that is called
    so, and returns unsaved children, or raises ValidationError. Children are written after their record by
    `save(records=, children=, by=)`, where `children` has a list for each of the `records`; it replaces those that
    are there. Without one, the children are deleted and written anew.
    """

    header: Label
    write: Callable[[Record], str]
    read: Callable[[str, Record, Any], list[Record]]
    prefetch: tuple[str, ...]
    help: Label = ""
    example: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()
    save: Callable[..., None] | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: its model, its title, its columns, and the fields that tell one row from another (`key`).

    `yearly` sheets hold the records of the workbook's school year only, the others all. `save` writes checked
    records: the action that pages take too. `township_field` and `district_field` are the fields to fill with the
    workbook's township and its district. `fixed` are values that all rows of the sheet have.

    `implied` takes the values read of a row, by field, and returns what they say of others (`implied_fields`), which
    a file may then leave out or give by the month only. `known_by` are fields by which a stored row is known in a file
    without the key, the surest first and the name last; the name together with `known_with`. `issued` is the field of
    the key that a file need not have: rows without it are known so, or new, and `save` issues it. `remarked` takes a
    remark beside a row, which is not kept, and returns what people are to check for it. `beside` are models whose
    columns may stand in the same rows; `since` is the date of their key that such rows may leave out: who has a record
    in the year keeps it, who has none gets one as is answered for the file, or from the year's first day at the
    latest; `since_known` is the field that says how exactly it is known. `of_school` narrows the rows to those that a
    school's workbook holds.
    """

    model: type[Record]
    title: Label
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    lines: Lines | None = None
    yearly: bool = True
    save: Callable[..., None] = save_records
    township_field: str = ""
    district_field: str = ""
    fixed: dict[str, Any] = dataclasses.field(default_factory=dict)
    implied: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    implied_fields: tuple[str, ...] = ()
    known_by: tuple[str, ...] = ()
    known_with: str = ""
    issued: str = ""
    remarked: Callable[[str], str] | None = None
    beside: tuple[type[Record], ...] = ()
    since: str = ""
    since_known: str = ""
    of_school: Callable[[Any, int, Period], ScopedQuerySet[Any]] | None = None

    @property
    def all_columns(self) -> Sequence[Column | Lines]:
        """Return the columns, the one of child lines last."""
        return (*self.columns, self.lines) if self.lines else self.columns

    def rows(self, scope: Scope, period: Period) -> ScopedQuerySet[Any]:
        """Return the rows that the sheet of a scope's school year holds."""
        rows: ScopedQuerySet[Any] = self.model.objects.within(scope).filter(**self.fixed)
        if self.of_school and scope.school and scope.kind == "school":
            rows = self.of_school(rows, scope.school, period)
        return rows.in_period(period) if self.yearly and self.model.dated_by else rows
