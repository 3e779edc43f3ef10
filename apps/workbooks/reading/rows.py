"""One row of a table: its cells read, and what some of them say of others taken up."""

from collections.abc import Sequence
from typing import Any

from apps.core.sheets import Sheet

from .cells import Doubtful, Empty, Month, Unchanged, Wrong, is_empty
from .columns import BoundColumn


def read_row(
    sheet: Sheet, columns: Sequence[tuple[int, BoundColumn]], values: Sequence[Any]
) -> tuple[dict[BoundColumn, Any], dict[BoundColumn, Wrong], dict[str, Any]]:
    """Return the values of a row's cells, what is wrong with others, and what follows for columns that are absent.

    Cells of masked personal data are in neither. Columns of schools come first in `columns`: they tell namesakes apart.
    """
    cells: dict[BoundColumn, Any] = {}
    wrong: dict[BoundColumn, Wrong] = {}
    schools: set[int] = set()
    for position, column in columns:
        raw = values[position] if position < len(values) else None
        try:
            cells[column] = value = column.read(raw, schools)
        except Unchanged:
            continue
        except Wrong as error:
            wrong[column] = error
            continue
        school = (value.pk if column.of_school else getattr(value, "school_id", None)) if column.target else None
        if school is not None:
            schools.add(school)
    if sheet.implied is None:
        return cells, wrong, {}
    implied = sheet.implied({column.name: value for column, value in cells.items()})
    by_name = {column.name: column for _position, column in columns}
    for name, value in implied.items():
        known = by_name.get(name)
        if known and _leaves_open(cells.get(known), wrong.get(known), value):
            cells[known] = value
            wrong.pop(known, None)
    return cells, wrong, {name: value for name, value in implied.items() if name not in by_name}


def says_nothing(column: BoundColumn, value: Any) -> bool:
    """Return whether a text that must be there only says that there is none; a stored one may, a new one not."""
    return column.column.required and column.column.kind == "text" and isinstance(value, str) and is_empty(value)


def _leaves_open(value: Any, error: Wrong | None, implied: Any) -> bool:
    """Return whether a cell says nothing that contradicts what follows from others, and less than it."""
    match error:
        case Empty():
            return True
        case Doubtful(days=days):
            return any((day.year, day.month) == (implied.year, implied.month) for day in days)
        case None if isinstance(value, Month):
            return (value.year, value.month) == (implied.year, implied.month)
    return error is None and value in (None, "")
