"""The stored rows of a sheet, and which of them a row of a workbook means: the one of the same natural key."""

from collections import defaultdict
from typing import Any

from apps.core.models import Record
from apps.core.sheets import Sheet

from .cells import tidy
from .plans import Place


class Known:
    """The stored rows of a sheet at a place, each to be taken once; `own` are the ids that a school may touch."""

    def __init__(self, sheet: Sheet, place: Place, *, with_lines: bool) -> None:
        rows = sheet.rows(place.whole, place.period)
        if with_lines:
            rows = rows.prefetch_related(*sheet.lines.prefetch)
        self.stored: list[Record] = list(rows)
        self.all_loaded = not sheet.yearly or not sheet.model.dated_by
        self.own: set[int] | None = None
        if place.scope.kind == "school":
            self.own = set(sheet.rows(place.scope, place.period).values_list("pk", flat=True))
        self._columns = [sheet.model._meta.get_field(name).attname for name in sheet.key]
        self._waiting: dict[tuple, list[Record]] = defaultdict(list)
        for record in self.stored:
            self._waiting[self._key(record)].append(record)
        self._seen: dict[tuple, int] = {}

    def _key(self, record: Record) -> tuple:
        values = (getattr(record, column) for column in self._columns)
        return tuple(tidy(value) if isinstance(value, str) else value for value in values)

    def take(self, key: tuple[Any, ...], number: int) -> tuple[Record | None, int | None]:
        """Return the stored row under a key, None for a new one, and the earlier line of the file that has taken it."""
        waiting = self._waiting.get(key)
        if waiting:
            self._seen[key] = number
            return waiting.pop(0), None
        earlier = self._seen.get(key)
        self._seen.setdefault(key, number)
        return None, earlier
