"""A declared column bound to a place in a table: how its cells become values, and values become cells.

What a column's cells say repeats a thousand times, so each different cell is read and checked once.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from apps.core.models import Record
from apps.core.names import private
from apps.core.sheets import Column, Sheet
from apps.schools.models import School
from apps.teachers.id_numbers import mask
from apps.workbooks.language import LANGUAGE, spoken

from .cells import (
    READERS,
    TO_COME,
    Empty,
    Month,
    Unchanged,
    Wrong,
    choice,
    is_empty,
    key,
    personal,
    personal_lines,
    plain,
    text_of,
    tidy,
)
from .references import Resolver

_YES, _NO = gettext_lazy("yes"), gettext_lazy("no")


def concrete(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """Return a field of a model that has a column of its own in the database."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{model.__name__}.{name} has no column.")
    return field


def labels_of(field: "models.Field[Any, Any]") -> dict[Any, str]:
    """Return value → label of a field's choices, as workbooks write them; the empty choice is left out."""
    with override(LANGUAGE):
        return {value: str(label) for value, label in field.flatchoices if value not in ("", None)}


def choice_words(column: Column, field: "models.Field[Any, Any]") -> dict[str, Any]:
    """Return all words for a choice, as `key` writes them, and their values: labels before codes before others."""
    labels = labels_of(field)
    words: dict[str, Any] = {key(label): value for value, label in labels.items()}
    with override("en"):
        english = {key(str(label)): value for value, label in field.flatchoices if value not in ("", None)}
    codes = {key(str(value)): value for value in labels}
    others = {key(word): getattr(value, "value", value) for word, value in column.words.items()}
    return others | codes | english | words


def refusal(error: ValidationError) -> str:
    """Return what a field says of a value that it refuses, in the words of an office rather than of a program."""
    sentences = {
        "max_length": _("At most %(limit_value)s characters; here stand %(show_value)s."),
        "min_value": _("At least %(limit_value)s; here stands %(show_value)s."),
        "max_value": _("At most %(limit_value)s; here stands %(show_value)s."),
        "max_digits": _("The number has too many digits."),
        "max_whole_digits": _("The number has too many digits."),
        "max_decimal_places": _("At most %(max)s digits after the point."),
    }
    return "".join(
        sentences[one.code] % (one.params or {}) if one.code in sentences else "".join(one.messages)
        for one in error.error_list
    )


class BoundColumn:
    """One column of one table: reads its cells, compares and shows its values."""

    def __init__(self, sheet: Sheet, column: Column, resolver: Resolver) -> None:
        self.column, self.resolver = column, resolver
        self.field = concrete(sheet.model, column.field)
        self.name, self.attname = column.field, self.field.attname
        target = self.field.related_model if column.kind == "row" else None
        self.target = target if isinstance(target, type) and issubclass(target, Record) else None
        self.of_school = self.target is School
        self.header = spoken(column.header)
        self._memo: dict[tuple[type, Any], Any] = {}
        # What people are to check about cells that were read as something else than they say.
        self._doubts: dict[tuple[type, Any], str] = {}
        self._words: dict[str, Any] = {}
        self._labels: dict[Any, str] = {}
        self._flags = {True: spoken(_YES), False: spoken(_NO)}
        if column.kind == "choice":
            self._words, self._labels = choice_words(column, self.field), labels_of(self.field)
            self._reader = choice(self._words, "、".join(self._labels.values()))
        else:
            self._reader = READERS[column.kind]

    def read(self, raw: Any, schools: set[int]) -> Any:
        """Return the value of a cell, for a row column the row itself; raise Wrong, or Unchanged for masked data."""
        memo = (raw.__class__, raw)
        found = self._memo.get(memo)
        if found is None:
            try:
                found = (self._value(raw, memo),)
            except (Wrong, Unchanged) as error:
                found = error
            self._memo[memo] = found
        if isinstance(found, Exception):
            raise found
        (value,) = found
        if self.target and isinstance(value, list):
            return self.resolver.choose(self.target, plain(raw), value, schools)
        return value

    def _value(self, raw: Any, memo: tuple[type, Any]) -> Any:
        """Return the checked value, or the rows that may be meant."""
        raw = plain(raw)
        if raw is None or raw == "":
            return self.empty()
        self._doubt_private_use(raw, memo)
        chosen = (
            self.column.kind in ("choice", "flag") and isinstance(raw, str) and key(raw) in (self._words or ("无",))
        )
        if not chosen and not self.column.required and is_empty(raw):
            return self.empty()
        if self.column.kind == "date" and not self.column.required and raw in TO_COME:
            return self.empty()
        value = self._reader(self._eased(raw, memo))
        if self.target:
            return self.resolver.candidates(self.target, value)
        try:
            return self.field.clean(value, None)
        except ValidationError as error:
            raise Wrong(refusal(error), self.remedy) from error

    def _eased(self, raw: Any, memo: tuple[type, Any]) -> Any:
        """Return what is to be read in a cell's place, and keep what is to be checked about that."""
        if self.column.eased is None:
            return raw
        if self.column.kind == "personal":
            personal(raw)  # what is masked is not read at all
        text, doubt = self.column.eased(personal_lines(raw) if self.column.kind == "personal" else text_of(raw))
        if doubt:
            self._doubts[memo] = doubt
        return text

    def _doubt_private_use(self, raw: Any, memo: tuple[type, Any]) -> None:
        """Keep to be checked that a text has characters which other computers do not show."""
        if isinstance(raw, str) and (found := private(raw)):
            what = _("The cell has characters that only its own font shows (%(codes)s). Write the right character.")
            self._doubts[memo] = what % {"codes": "、".join(found)}

    @property
    def doubtful(self) -> bool:
        """Return whether there is anything to check about the cells that were read."""
        return bool(self._doubts)

    def doubt(self, raw: Any) -> str:
        """Return what people are to check about a cell that was read, nothing for nothing."""
        return self._doubts.get((raw.__class__, raw), "")

    @property
    def remedy(self) -> str:
        """Return what to do about a value that the field refuses; of a number, its help speaks of something else."""
        helpful = self.column.help and self.column.kind not in ("integer", "decimal")
        return spoken(self.column.help) if helpful else _("Correct the cell.")

    def empty(self) -> Any:
        """Return what an empty cell means; raise Wrong where there must be something."""
        field = self.field
        if not self.column.required:
            if field.null:
                return None
            if field.blank and field.empty_strings_allowed:
                return ""
            if field.has_default():
                return getattr(field.get_default(), "value", field.get_default())
            if isinstance(field, models.BooleanField):
                return False
        raise Empty(*self.lacking)

    @property
    def lacking(self) -> tuple[str, str]:
        """Return what is wrong with an empty cell where there must be something, and what to do."""
        return _("“%(header)s” must not be empty.") % {"header": self.header}, _("Fill in the cell.")

    def same(self, stored: Any, value: Any) -> bool:
        """Return whether a cell's value is the stored one; blanks and widths that `tidy` takes away do not count."""
        if self.target:
            return bool(stored == (value.pk if value is not None else None))
        if stored == value:
            return True
        if isinstance(value, Month) and stored is not None:
            return bool(stored.year == value.year and stored.month == value.month)
        if not isinstance(stored, str) or not isinstance(value, str):
            return False
        tidied = tidy(stored)
        return tidied == value or (value == "" and is_empty(tidied))

    def assign(self, record: Record, value: Any) -> None:
        """Put the value into the record; of a month, its first day."""
        if isinstance(value, Month):
            value = date(value.year, value.month, value.day)
        setattr(record, self.name if self.target else self.attname, value)

    def shown(self, value: Any) -> str:
        """Return a value in words for people; personal data is hidden."""
        if value in (None, ""):
            return "—"
        if self.column.kind == "personal":
            return mask(value)
        if self.target:
            row = value if isinstance(value, Record) else self.resolver.index(self.target).rows.get(value)
            return str(row) if row else str(value)
        return str(self.written(value))

    def written(self, value: Any) -> Any:
        """Return a stored value as it stands in a cell; rows are named elsewhere."""
        match self.column.kind:
            case "choice":
                return self._labels.get(value, value)
            case "flag":
                return self._flags.get(value)
        return value


def cell_value(value: Any) -> Any:
    """Return a value as Excel takes it: numbers as numbers, days as days, text without what would break the file."""
    if value is None or isinstance(value, bool | int | float | date):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return str(value)
