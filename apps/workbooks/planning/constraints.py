"""Database constraints checked in memory: thousands of rows without a query a row.

Conditions follow SQL: a comparison with nothing is unknown, and an unknown check passes.
"""

import operator
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression, Value

from apps.core.models import Record
from apps.core.periods import Period
from apps.core.scope import Scope


class Unknowable(Exception):
    """The condition asks for more than the row and what it refers to; the database must be asked."""


LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, wanted: value in wanted,
    "range": lambda value, wanted: wanted[0] <= value <= wanted[1],
}
ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def holds(condition: Q, record: models.Model) -> bool | None:
    """Return whether the row fulfils the condition, None where that is unknown; raise Unknowable."""
    results = []
    for child in condition.children:
        if isinstance(child, Q):
            results.append(holds(child, record))
        elif isinstance(child, tuple):
            results.append(_compare(record, *child))
        else:
            raise Unknowable
    if condition.connector == Q.XOR:
        raise Unknowable
    result = _all(results) if condition.connector == Q.AND else _any(results)
    return result if not condition.negated or result is None else not result


def _all(results: list[bool | None]) -> bool | None:
    return False if False in results else None if None in results else True


def _any(results: list[bool | None]) -> bool | None:
    if not results or True in results:
        return True
    return None if None in results else False


def value_at(record: models.Model, path: Iterable[str]) -> Any:
    """Return the value at a path of field names, the id of a foreign key; raise Unknowable where there is none."""
    *way, last = path
    owner: Any = record
    for name in way:
        try:
            owner = getattr(owner, name)
        except ObjectDoesNotExist:
            return None
        except AttributeError:
            raise Unknowable from None
        if owner is None:
            return None
        if not isinstance(owner, models.Model):
            raise Unknowable
    if last == "pk":
        return owner.pk
    try:
        return getattr(owner, owner._meta.get_field(last).attname)
    except (FieldDoesNotExist, AttributeError) as error:
        raise Unknowable from error


def _compare(record: models.Model, path: str, wanted: Any) -> bool | None:
    parts = path.split("__")
    lookup = parts.pop() if len(parts) > 1 and (parts[-1] in LOOKUPS or parts[-1] == "isnull") else "exact"
    value = value_at(record, parts)
    if lookup == "isnull":
        return (value is None) == bool(wanted)
    if lookup in ("in", "range") and isinstance(wanted, list | tuple | set):
        wanted = [_value(record, item) for item in wanted]
        if lookup == "range" and None in wanted:
            return None
    else:
        wanted = _value(record, wanted)
    if value is None or wanted is None:
        return None
    try:
        return LOOKUPS[lookup](value, wanted)
    except TypeError as error:
        raise Unknowable from error


def _value(record: models.Model, wanted: Any) -> Any:
    if isinstance(wanted, F):
        return value_at(record, _path(wanted).split("__"))
    if isinstance(wanted, Value):
        return wanted.value
    if isinstance(wanted, CombinedExpression):
        left, right = _value(record, wanted.lhs), _value(record, wanted.rhs)
        if wanted.connector not in ARITHMETIC:
            raise Unknowable
        return None if left is None or right is None else ARITHMETIC[wanted.connector](left, right)
    if isinstance(wanted, models.Model):
        return wanted.pk
    if hasattr(wanted, "resolve_expression"):
        raise Unknowable
    return wanted


def _path(named: F) -> str:
    path: str = vars(named)["name"]
    return path


def fields_in(condition: Q) -> list[str]:
    """Return the names of the row's own fields that a condition asks about, in its order."""
    names: list[str] = []
    for child in condition.children:
        if isinstance(child, Q):
            names += fields_in(child)
        elif isinstance(child, tuple):
            names.append(child[0].split("__")[0])
            if isinstance(child[1], F):
                names.append(_path(child[1]).split("__")[0])
    return list(dict.fromkeys(names))


def lies_within(record: Record, scope: Scope) -> bool | None:
    """Return whether a row lies within the scope by what it refers to; None if only the database knows."""
    way = record.reached_from.get(scope.kind)
    if scope.kind == "everything":
        return True
    if way is None:
        return False
    try:
        if callable(way):
            return holds(way(scope), record)
        path, level = (way, scope.kind) if isinstance(way, str) else way
        return bool(value_at(record, path.split("__")) == getattr(scope, level))
    except Unknowable:
        return None


def falls_into(record: Record, period: Period) -> bool:
    """Return whether a row falls into the period by its `dated_by`; a row without its date does."""
    dated = record.dated_by
    if not dated:
        return True
    try:
        days = [value_at(record, path.split("__")) for path in ((dated,) if isinstance(dated, str) else dated)]
    except Unknowable:
        return True
    if days[0] is None:
        return True
    first, last = days[0], days[0] if len(days) == 1 else days[1]
    return bool(first <= period.ends_on and (last is None or last >= period.starts_on))
