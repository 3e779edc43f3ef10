"""The stored rows of a sheet, and which of them a row of a workbook means: the one of the same natural key."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.rules import reaches_all
from apps.core.scope import ScopedQuerySet
from apps.core.sheets import Lines, Sheet
from apps.workbooks.language import spoken
from apps.workbooks.plan import Place
from apps.workbooks.reading.cells import key, tidy
from apps.workbooks.reading.columns import BoundColumn, concrete

Key = tuple[Any, ...]


class Known:
    """The stored rows of a sheet at a place, each to be taken once.

    `own` are the ids of those that who imports may touch there, None for all. `new` are the rows that pages of the
    workbook add; several pages may hold rows of one sheet.
    """

    def __init__(self, sheet: Sheet, place: Place, *, with_lines: bool) -> None:
        rows = sheet.rows(place.whole, place.period)
        # Id → text of a row's lines: of very many rows not all lines are kept.
        self.lines: dict[int, str] = {}
        self.stored: list[Record] = list(self._with_lines(sheet.lines, rows) if with_lines and sheet.lines else rows)
        self.new: list[Record] = []
        self.all_loaded = not sheet.yearly or not sheet.model.dated_by
        self.own: set[int] | None = None
        if place.scope.kind == "school" or not reaches_all(place.by):
            own = sheet.rows(place.scope, place.period).visible_to(place.by)
            self.own = set(own.order_by().values_list("pk", flat=True))
        self._columns = [concrete(sheet.model, name).attname for name in sheet.key]
        self._waiting: dict[Key, list[Record]] = defaultdict(list)
        for record in self.stored:
            self._waiting[self.key_of(record)].append(record)
        self._seen: dict[Key, tuple[str, int]] = {}
        self._by: dict[str, dict[Any, list[Record]]] = {}

    def _with_lines(self, lines: Lines, rows: ScopedQuerySet[Any]) -> Iterator[Record]:
        """Yield rows, and note the text of their lines."""
        for record in rows.prefetch_related(*lines.prefetch).iterator(chunk_size=2000):
            self.lines[record.pk] = lines.write(record) or ""
            vars(record)["_prefetched_objects_cache"].clear()
            yield record

    def key_of(self, record: Record) -> Key:
        """Return the key of a stored row, by which it is taken."""
        values = (getattr(record, column) for column in self._columns)
        return tuple(tidy(value) if isinstance(value, str) else value for value in values)

    def is_foreign(self, record: Record) -> bool:
        """Return whether a stored row is not of the part that who imports keeps."""
        return self.own is not None and record.pk not in self.own

    def take(self, wanted: Key, line: tuple[str, int]) -> tuple[Record | None, tuple[str, int] | None]:
        """Return the stored row under a key, None for a new one, and the earlier line (page, row) that has taken it."""
        waiting = self._waiting.get(wanted)
        if waiting:
            self._seen[wanted] = line
            return waiting.pop(0), None
        earlier = self._seen.get(wanted)
        self._seen.setdefault(wanted, line)
        return None, earlier

    def waits(self, wanted: Key) -> bool:
        """Return whether a stored row of this key has not been taken yet."""
        return bool(self._waiting.get(wanted))

    def waiting(self, wanted: Key) -> Record:
        """Return the stored row of this key that is taken next."""
        return self._waiting[wanted][0]

    def having(self, name: str, value: Any) -> list[Record]:
        """Return the stored rows that have this value in a field, none for an empty one."""
        if not value:
            return []
        if name not in self._by:
            self._by[name] = defaultdict(list)
            for record in self.stored:
                stored = getattr(record, name)
                self._by[name][key(stored) if isinstance(stored, str) else stored].append(record)
        return self._by[name].get(key(value) if isinstance(value, str) else value, [])

    def met(self, who: Key, line: tuple[str, int]) -> tuple[str, int] | None:
        """Return the earlier line that brings the same new row without a number, None for the first."""
        earlier = self._seen.get(who)
        self._seen.setdefault(who, line)
        return earlier


def somebody_else(sheet: Sheet, record: Record, differing: Sequence[tuple[BoundColumn, Any]]) -> tuple[str, str] | None:
    """Return what is wrong and what to do if a row must be somebody else's than its key says, else None."""
    others = {column.name for column, _value in differing if getattr(record, column.attname) not in (None, "")}
    *surer, name = sheet.known_by or ("",)
    if name not in others or not others & {*surer, *sheet.implied_fields}:
        return None
    header = spoken(next(column.header for column in sheet.columns if column.field == sheet.key[0]))
    what = _("This is %(name)s by the %(header)s, and somebody else by name, ID number, sex or birth date.")
    remedy = _("Correct the %(header)s. If it is the same person, correct the name on the page first.")
    shown = {"name": record, "header": header}
    return what % shown, remedy % shown
