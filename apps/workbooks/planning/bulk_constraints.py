"""Rules over many rows at once, in memory: what must be unique, and spans that must not overlap."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext as _

from apps.core.constraints import NoOverlap
from apps.core.models import Record
from apps.core.scope import Scope
from apps.workbooks.reading.columns import concrete

from .constraints import Unknowable, fields_in, holds


@dataclass(frozen=True)
class Breach:
    """A row that breaks a rule: the fields that the rule is about, the most telling first, and the rule's sentence."""

    record: Record
    fields: tuple[str, ...]
    sentence: str


def broken_checks(record: Record) -> Iterator[Breach]:
    """Yield the check constraints that the row breaks."""
    for constraint in record._meta.constraints:
        if isinstance(constraint, CheckConstraint) and isinstance(condition := constraint.condition, Q):
            try:
                kept = holds(condition, record) is not False
            except Unknowable:
                kept = _asked(constraint, record)
            if not kept:
                yield Breach(record, tuple(fields_in(condition)), str(constraint.get_violation_error_message()))


def _asked(constraint: CheckConstraint, record: Record) -> bool:
    """Return whether the database would take the row, for a condition that memory cannot decide."""
    try:
        constraint.validate(type(record), record)
    except ValidationError:
        return False
    return True


def unique_sets(model: type[Record]) -> Iterator[tuple[tuple[str, ...], Q | None, str]]:
    """Yield fields, condition and sentence of each uniqueness of the model."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields:
            yield tuple(constraint.fields), constraint.condition, str(constraint.get_violation_error_message())
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key:
            sentence = _("%(field)s must not occur twice.") % {"field": field.verbose_name}
            yield (field.name,), None, sentence


def repeated(
    rows: Iterable[Record], touched: set[int], scope: Scope, *, all_loaded: bool, issued: str = ""
) -> Iterator[Breach]:
    """Yield the touched rows that repeat what must be unique; `issued` is a field that is filled in writing.

    `rows` are the stored rows as they will be, and the new ones. Where not all stored rows of the scope are among
    them, the others are asked for with one query a rule.
    """
    rows = list(rows)
    if not touched or not rows:
        return
    model = type(rows[0])
    for fields, condition, sentence in unique_sets(model):
        columns = [concrete(model, name).attname for name in fields]
        taken: dict[tuple[Any, ...], int] = {}
        if not all_loaded:
            others = model.objects.within(scope).filter(condition or Q())
            loaded = {row.pk for row in rows}
            taken = {tuple(values): pk for pk, *values in others.values_list("pk", *columns) if pk not in loaded}
        # Untouched rows first, so that the file's row is the one to be named.
        for row in sorted(rows, key=lambda row: row.pk in touched):
            values = tuple(getattr(row, column) for column in columns)
            waits = issued in fields and not getattr(row, issued)
            if None in values or waits or not _applies(condition, row):
                continue
            if taken.setdefault(values, row.pk) != row.pk and row.pk in touched:
                yield Breach(row, fields[::-1], sentence)


def _applies(condition: Q | None, row: Record) -> bool:
    try:
        return condition is None or holds(condition, row) is True
    except Unknowable:
        return False


def overlapping(rows: Iterable[Record], touched: set[int]) -> Iterator[Breach]:
    """Yield the touched rows whose span overlaps another row's of the same fields."""
    rows = list(rows)
    if not touched or not rows:
        return
    model = type(rows[0])
    for constraint in (c for c in model._meta.constraints if isinstance(c, NoOverlap)):
        first, last = constraint.span
        groups: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
        for row in rows:
            if getattr(row, first):
                groups[_same(model, row, constraint.fields)].append(row)
        for group in groups.values():
            yield from _overlaps(group, touched, (first, last), str(constraint.get_violation_error_message()))


def _same(model: type[models.Model], row: Record, fields: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, concrete(model, name).attname) for name in fields)


def _overlaps(group: list[Record], touched: set[int], span: tuple[str, str], sentence: str) -> Iterator[Breach]:
    first, last = span
    group.sort(key=lambda row: getattr(row, first))
    reaching: Record | None = None
    for row in group:
        if reaching is not None and getattr(row, first) <= (getattr(reaching, last) or date.max):
            guilty = row if row.pk in touched else reaching
            if guilty.pk in touched:
                yield Breach(guilty, span, sentence)
        if reaching is None or (getattr(row, last) or date.max) > (getattr(reaching, last) or date.max):
            reaching = row
