"""Figure and Chapter: numbers that are counted from records and know which.

A `Tally` says what is counted: a filter, its parameters and a measure. The same filter serves the list page and
the figure, so that the link behind a figure shows exactly the records that were counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Expression, F, QuerySet
from django.db.models import Value as Constant
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse

from apps.core.labels import Label
from apps.core.past import Day, read_at
from apps.core.periods import Period
from apps.core.scope import Scope

from .filters import RecordFilter
from .measures import Value, join_names

# What is printed where nothing was counted: a gap to fill by hand, never a zero.
BLANK = "＿＿"
# How many numbers of one kind of record go into one JSON object (PostgreSQL gives a function 100 arguments).
AT_ONCE = 40
JOINED = 200


@dataclass(frozen=True)
class Figure:
    """One number (or list of names) of a summary, its unit, and the address of the records behind it."""

    key: str
    label: str
    value: Value
    unit: str
    source: str

    @property
    def empty(self) -> bool:
        """Return whether there is nothing to state."""
        return not self.value

    @property
    def words(self) -> bool:
        """Return whether the value is a list of names rather than a number."""
        return isinstance(self.value, str)

    @property
    def text(self) -> str:
        """Return the value as it is printed: a gap to fill where there is none, but a counted zero as 0."""
        if self.value in (None, ""):
            return BLANK
        # 40.0 hours are 40 hours.
        whole = isinstance(self.value, Decimal) and self.value == self.value.to_integral_value()
        return str(int(self.value) if whole else self.value)

    def __str__(self) -> str:
        return "" if self.value is None else str(self.value)

    def as_json(self) -> dict[str, Any]:
        """Return label, value (int, float, str or None), unit and source."""
        value = float(self.value) if isinstance(self.value, Decimal) else self.value
        return {"label": str(self.label), "value": value, "unit": str(self.unit), "source": self.source}


@dataclass(frozen=True)
class Tally:
    """What a figure counts: the rows of `filterset` under the parameters `where`, read by `measure`.

    The figure's list states the same measure, in its unit.
    """

    key: str
    label: Label
    filterset: type[RecordFilter]
    where: Mapping[str, str] = field(default_factory=dict, hash=False)
    measure: str = "count"

    def source(self, scope: Scope, period: Period) -> str:
        """Return the address of the list that shows exactly the counted records."""
        meta = self.filterset._meta.model._meta
        way = self.filterset._meta.model.reached_from.get(scope.kind)
        # What is reached through the place that the scope lies in is listed for that place.
        level = way[1] if isinstance(way, tuple) else scope.kind
        place = {level: getattr(scope, level)} if level in ("township", "school", "teacher") else {}
        query = {"period": period.code, **place, **self.where, "measure": self.measure}
        return f"{reverse(f'{meta.app_label}:{meta.model_name}_list')}?{urlencode(query)}"

    def figure(self, value: Value, scope: Scope, period: Period) -> Figure:
        """Return the figure that states `value`."""
        unit = str(self.filterset.measure(self.measure).unit)
        return Figure(self.key, str(self.label), value, unit, self.source(scope, period))


def count(tallies: Iterable[Tally], scope: Scope, period: Period) -> list[Figure]:
    """Return the figures of `tallies`, in their order: one query for all numbers and one for all names.

    Only where rows are counted by what is computed for each of them does a kind of record take a query of its own.
    """
    return count_each(tallies, [(scope, period)])[0]


def count_each(tallies: Iterable[Tally], places: Iterable[tuple[Scope, Period]]) -> list[list[Figure]]:
    """Return the figures of `tallies` for each of several scopes and periods, with about the queries of one."""
    tallies, places = list(tallies), list(places)
    named: list[tuple[Any, Tally, QuerySet[Any], Day]] = []
    numbered: list[tuple[int, list[Tally], QuerySet[Any]]] = []
    for place, (scope, period) in enumerate(places):
        for filterset, group in _by_filterset(tallies).items():
            rows = filterset.base(scope, period)
            named += [
                ((place, tally.key), tally, rows.filter(filterset.where(tally.where, period)), filterset.day_of(period))
                for tally in group
                if filterset.measure(tally.measure).names
            ]
            numbers = [tally for tally in group if not filterset.measure(tally.measure).names]
            numbered += [(place, numbers[start : start + AT_ONCE], rows) for start in range(0, len(numbers), AT_ONCE)]
    values = _numbers(numbered, [period for _scope, period in places]) | _names(named)
    return [
        [tally.figure(values[place, tally.key], scope, period) for tally in tallies]
        for place, (scope, period) in enumerate(places)
    ]


def _numbers(groups: list[tuple[int, list[Tally], QuerySet[Any]]], periods: list[Period]) -> dict[Any, Value]:
    """Return (place, tally key) → value of groups of tallies, each counted over its rows."""
    counted: list[dict[str, Expression]] = [
        {f"n{number}": _expression(tally, periods[place]) for number, tally in enumerate(group)}
        for place, group, _rows in groups
    ]
    together = [
        rows.order_by()
        .values(_place=Constant(number))
        .annotate(_found=JSONObject(**counted[number]))
        .values_list("_place", "_found")
        for number, (_place, _group, rows) in enumerate(groups)
        if all(isinstance(one, Constant) for one in rows.query.annotations.values())
    ]
    found: dict[int, Mapping[str, Any]] = {}
    for part in _parts(together):
        found |= dict(part)
    for number, (_place, _group, rows) in enumerate(groups):
        if number not in found:
            # Counted by what is computed for each row; or none lies in the scope, which asks nothing.
            found[number] = rows.aggregate(**counted[number])
    return {
        (place, tally.key): tally.filterset.measure(tally.measure).clean(found[number][f"n{column}"])
        for number, (place, group, _rows) in enumerate(groups)
        for column, tally in enumerate(group)
    }


def _named(tally: Tally, day: Day) -> Expression | F:
    return read_at(tally.filterset._meta.model, tally.filterset.measure(tally.measure).names, day)


def _names(named: list[tuple[Any, Tally, QuerySet[Any], Day]]) -> dict[Any, str]:
    """Return key → names, as `list_names` gives them, of all tallies of names at once."""
    selects = [
        rows.order_by().annotate(_name=Cast(_named(tally, day), CharField())).values_list(Constant(number), "_name")
        for number, (_key, tally, rows, day) in enumerate(named)
    ]
    found: dict[int, list[str]] = {number: [] for number in range(len(named))}
    for part in _parts(selects, distinct=True):
        for number, name in part.order_by("_name"):
            if name:
                found[number].append(name)
    return {
        key: join_names(tally.filterset.measure(tally.measure), found[number])
        for number, (key, tally, _rows, _day) in enumerate(named)
    }


def _parts(selects: list[QuerySet[Any, Any]], *, distinct: bool = False) -> Iterable[QuerySet[Any, Any]]:
    """Return selects joined by so many as a database takes in one query (SQLite 500)."""
    for start in range(0, len(selects), JOINED):
        first, *others = selects[start : start + JOINED]
        yield first.union(*others, all=not distinct)


def count_by(path: str, tallies: Iterable[Tally], scope: Scope, period: Period) -> dict[Any, dict[str, Value]]:
    """Return, for each value of the field `path`, tally key → value. One query for each kind of record.

    The path must exist on every tallied model and lead through single relations only.
    """
    table: dict[Any, dict[str, Value]] = {}
    for filterset, group in _by_filterset(tallies).items():
        numbers = {f"n{i}": tally for i, tally in enumerate(group)}
        rows = filterset.base(scope, period).order_by().values(path)
        for row in rows.annotate(**{name: _expression(tally, period) for name, tally in numbers.items()}):
            cells = table.setdefault(row[path], {})
            for name, tally in numbers.items():
                cells[tally.key] = filterset.measure(tally.measure).clean(row[name])
    return table


def _by_filterset(tallies: Iterable[Tally]) -> dict[type[RecordFilter], list[Tally]]:
    groups: dict[type[RecordFilter], list[Tally]] = {}
    for tally in tallies:
        groups.setdefault(tally.filterset, []).append(tally)
    return groups


def _expression(tally: Tally, period: Period) -> Expression:
    measure = tally.filterset.measure(tally.measure)
    return measure.of(tally.filterset.where(tally.where, period), tally.filterset.day_of(period))


@dataclass(frozen=True)
class Cell:
    """A cell of an annex table: a value, and the address of its records where it was counted."""

    value: Any
    source: str = ""


@dataclass(frozen=True)
class Table:
    """A table of an annex: a key, a title, column heads, rows of cells."""

    key: str
    title: Label
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return how each column is set: `num` where all that it holds are numbers, else `text`."""
        columns = ([row[place].value for row in self.rows] for place in range(len(self.heads)))
        return tuple("num" if _are_numbers(values) else "text" for values in columns)


def _are_numbers(values: list[Any]) -> bool:
    stated = [value for value in values if value not in (None, "")]
    return bool(stated) and all(isinstance(value, (int, float, Decimal)) for value in stated)


@dataclass(frozen=True)
class Chart:
    """A bar chart: title, unit, bars of label, value and the records' address; it stands with its `section`'s text."""

    key: str
    title: Label
    unit: Label
    bars: tuple[tuple[str, Value, str], ...]
    section: str = ""


@dataclass(frozen=True)
class Photo:
    """A picture for the photo page: its file's path in the storage, and its caption."""

    name: str
    caption: str


@dataclass(frozen=True)
class Section:
    """A piece of a chapter that an outline can place: its default prose is a text file of sentences with tokens."""

    key: str
    title: Label
    prose: str = ""


@dataclass(frozen=True)
class Rule:
    """What figures are counted under: they cannot be compared between periods in which these fields differ.

    `keys` are the figures' keys or their beginnings; `fields` are paths from `model`, whose rows state the rule.
    """

    title: Label
    keys: tuple[str, ...]
    model: Any
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """An app's contribution to a summary. `tables`, `charts` and `photos` are functions of a scope and a period.

    `of_teacher` are figures, and `records` tables, that only a teacher's development file states. Chapters stand by
    their `rank`.
    """

    key: str
    title: Label
    sections: tuple[Section, ...] = ()
    tallies: tuple[Tally, ...] = ()
    of_teacher: tuple[Tally, ...] = ()
    records: tuple[Callable[[Scope, Period], Table], ...] = ()
    tables: tuple[Callable[[Scope, Period], Table], ...] = ()
    charts: tuple[Callable[[Scope, Period], Chart], ...] = ()
    photos: tuple[Callable[[Scope, Period], list[Photo]], ...] = ()
    rules: tuple[Rule, ...] = ()
    rank: int = 100

    def tallies_at(self, kind: str) -> tuple[Tally, ...]:
        """Return what is counted in a scope of this kind."""
        return (*self.tallies, *self.of_teacher) if kind == "teacher" else self.tallies

    def figures(self, scope: Scope, period: Period) -> list[Figure]:
        """Return this chapter's figures for a scope and a period."""
        return count(self.tallies_at(scope.kind), scope, period)


def rules_stated(rules: Iterable[Rule], places: Iterable[tuple[Scope, Period]]) -> list[list[frozenset[str]]]:
    """Return what each rule says in each scope and period, empty where nobody has set it. One query for all."""
    rules, places = list(rules), list(places)
    stated: dict[tuple[int, int], set[str]] = {}
    selects = [
        rule.model.objects.within(scope)
        .in_period(period)
        .order_by()
        .values_list(
            Constant(number),
            Constant(place),
            Cast(JSONObject(**{f"f{n}": path for n, path in enumerate(rule.fields)}), CharField()),
        )
        for number, rule in enumerate(rules)
        for place, (scope, period) in enumerate(places)
    ]
    for part in _parts(selects, distinct=True):
        for number, place, said in part:
            stated.setdefault((number, place), set()).add(said)
    return [
        [frozenset(stated.get((number, place), ())) for place in range(len(places))] for number in range(len(rules))
    ]
