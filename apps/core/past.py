"""Facts with dates: what holds of a record now and since when, and what held before.

The columns of a record hold what holds now, each with the day since when; a row of the past holds what held before, to
its last day. On a day holds the past row that covers it, else the column if it holds since then or since ever, else
nothing is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Case, Expression, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .constraints import NoOverlap
from .fields import field_of, related_model
from .models import Record
from .scope import Scoped, ScopedQuerySet

# A day, or the field of a row that holds it.
Day = date | F
M = TypeVar("M", bound=Scoped)


@dataclass(frozen=True)
class Moment:
    """What held of a record, or happened to it: from when, where known, to when, where it is over, what, and how."""

    since: date | None
    until: date | None
    what: str
    how: str


class KeepsFacts(Record):
    """A record some of whose fields hold since a day; earlier values stand in its rows `past`.

    `since_of` names for each such field the one of the day; fields that share a day change together. Read as of a day
    (`FactsQuerySet.as_of`), a record is not for writing.
    """

    since_of: ClassVar[Mapping[str, str]] = {}

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the record; raise TypeError for one that was read as of a day."""
        if "_as_of" in vars(self):
            raise TypeError("A record read as of a day is not for writing.")
        super().save(*args, **kwargs)

    def moments(self) -> list[Moment]:
        """Return what happened to the record besides; an app says what."""
        return []

    def timeline(self) -> list[Moment]:
        """Return what held of the record and what happened to it, the newest first; one query for the past."""
        rows: Iterable[PastFact] = self.past.all()  # type: ignore[attr-defined]  # the subclass' rows
        found = [Moment(row.since, row.until, row.called, row.shown) for row in rows]
        for fact, column in self.since_of.items():
            field, value, since = field_of(type(self), fact), getattr(self, fact), getattr(self, column)
            if value and (since or any(row.fact == fact for row in rows)):
                found.append(Moment(since, None, str(field.verbose_name), value_shown(field, value)))
        found += self.moments()
        return sorted(found, key=lambda one: (one.since or date.min, one.until or date.max), reverse=True)

    @property
    def then(self) -> Mapping[str, str]:
        """Return fact → value as people read it, of the facts that were read along as of a day."""
        kept = type(self)
        read = {fact: vars(self)[f"then_{fact}"] for fact in self.since_of if f"then_{fact}" in vars(self)}
        return {fact: value_shown(field_of(kept, fact), value) for fact, value in read.items()}


class PastFact(Record):
    """What held of a record until a day; subclasses name the record by a foreign key, `of`."""

    of: ClassVar[str]
    dated_by = ("since", "until")

    fact = models.CharField(_("fact"), max_length=20)
    value = models.CharField(_("value"), max_length=60, blank=True)
    since = models.DateField(_("held since"), null=True, blank=True)
    until = models.DateField(_("held until"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{getattr(self, self.of)} {self.called} {self.shown}"

    @property
    @admin.display(description=_("fact"))
    def called(self) -> str:
        """Return what people call the fact."""
        return str(self._field.verbose_name)

    @property
    @admin.display(description=_("what it was"))
    def shown(self) -> str:
        """Return the value as people read it."""
        return value_shown(self._field, self.value)

    @property
    def _field(self) -> models.Field[Any, Any]:
        return field_of(related_model(field_of(type(self), self.of)), self.fact)

    @staticmethod
    def constraints(name: str, of: str) -> list[models.BaseConstraint]:
        """Return what must hold of the past of a kind of record: spans in order, and one value at a time."""
        return [
            models.UniqueConstraint(
                fields=[of, "fact", "until"],
                name=f"{name}_past_once",
                violation_error_message=_("The past already has a value of this fact until this day."),
            ),
            models.CheckConstraint(
                name=f"{name}_past_in_order",
                condition=Q(since__isnull=True) | Q(until__gte=F("since")),
                violation_error_message=_("A fact must not end before it begins."),
            ),
            NoOverlap(
                name=f"{name}_past_no_overlap",
                fields=[of, "fact"],
                span=["since", "until"],
                violation_error_message=_("The past already has a value of this fact in this time."),
            ),
        ]


def value_shown(field: models.Field[Any, Any], value: Any) -> str:
    """Return a value of a field as people read it: the label of a choice, an empty one as a dash."""
    labels = {str(key): str(label) for key, label in field.flatchoices}
    return labels.get(str(value), str(value)) or "—"


def past_of(model: type[models.Model]) -> type[PastFact]:
    """Return the model of the past facts of a kind of record."""
    relation: Any = model._meta.get_field("past")
    found: type[PastFact] = relation.related_model
    return found


def covers(day: Any) -> Q:
    """Return the condition that a past row covers `day`."""
    return Q(until__gte=day) & (Q(since__isnull=True) | Q(since__lte=day))


def value_on(model: type[KeepsFacts], fact: str, day: Day, path: str = "") -> Expression:
    """Return what a fact was on `day` of the record at `path`, as an expression: no join, empty where unknown.

    `day` is a date or an F of the counted row's own field; `path` leads to the record through single relations and
    ends in `__`, or is empty for the row itself.
    """
    field, since, past = field_of(model, fact), f"{path}{model.since_of[fact]}", past_of(model)
    outer = OuterRef(day.name) if isinstance(day, F) else day  # type: ignore[attr-defined]  # missing in the stubs
    rows = past._base_manager.filter(covers(outer), fact=fact, **{past.of: OuterRef(f"{path}pk")})
    kind = models.CharField() if isinstance(field, models.CharField) else models.IntegerField()
    holds = Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": day})
    empty = Value("" if isinstance(field, models.CharField) else 0)
    present = Case(When(holds, then=F(f"{path}{fact}")), default=empty, output_field=kind)
    before = Subquery(rows.values("value")[:1])
    return Coalesce(before if isinstance(field, models.CharField) else Cast(before, kind), present, output_field=kind)


def fact_at(model: type[models.Model], path: str, day: Day) -> Expression | None:
    """Return what stands at `path` of `model` on `day`, None where that is no fact with a date."""
    *way, name = path.split("__")
    there = model
    try:
        for step in way:
            there = related_model(field_of(there, step))
    except FieldDoesNotExist:
        return None
    if not issubclass(there, KeepsFacts) or name not in there.since_of:
        return None
    return value_on(there, name, day, "".join(f"{step}__" for step in way))


def read_at(model: type[models.Model], path: str, day: Day) -> Expression | F:
    """Return what stands at `path` of `model`: of a fact with a date what it was on `day`."""
    return fact_at(model, path, day) or F(path)


def held(model: type[models.Model], path: str, day: Day, value: Any) -> Q:
    """Return the condition that the fact at `path` of `model` was `value` on `day`."""
    expression = fact_at(model, path, day)
    return Q(**{path: value}) if expression is None else Q(Exact(expression, value))


class FactsQuerySet(ScopedQuerySet[M]):
    """Records that keep facts."""

    def with_facts(self, day: Day, facts: Iterable[str] = ()) -> Self:
        """Return the rows with each fact as it was on `day`, as the annotation `then_<fact>`."""
        kept: Any = self.model
        rows: Self = self.annotate(**{f"then_{fact}": value_on(kept, fact, day) for fact in facts or kept.since_of})
        return rows

    def as_of(self, day: date) -> list[M]:
        """Return the records with their facts as they were on `day`: for reading, never for writing."""
        kept: Any = self.model
        rows = list(self.with_facts(day))
        for row in rows:
            vars(row).update({fact: getattr(row, f"then_{fact}") for fact in kept.since_of}, _as_of=day)
        return rows


# What changes.


def changed_days(stored: KeepsFacts, record: KeepsFacts) -> list[str]:
    """Return the fields that say since when, of the facts in which `record` differs from what is stored."""
    found = {of: None for fact, of in record.since_of.items() if getattr(stored, fact) != getattr(record, fact)}
    return list(found)


def later_days(stored: KeepsFacts, record: KeepsFacts) -> dict[str, date]:
    """Return the days since when changed facts are new, by their field: those that come with a later day than stored.

    A changed fact without one is a correction.
    """
    days = {column: getattr(record, column) for column in changed_days(stored, record)}
    before = {column: getattr(stored, column) for column in days}
    return {column: day for column, day in days.items() if day and (before[column] is None or day > before[column])}


def turned(stored: KeepsFacts, record: KeepsFacts, since: Mapping[str, date]) -> list[PastFact]:
    """Let facts of `record` hold since a day, and return the rows of the past, not yet written, that keep the old ones.

    `stored` is the record as it was; `since` gives the day by the field that holds it. Raises ValidationError for a
    day on which an earlier value did not hold yet.
    """
    rows: list[PastFact] = []
    for column, day in since.items():
        facts = [fact for fact, of in record.since_of.items() if of == column]
        if day == getattr(stored, column):
            continue  # the same day told again: what stands there was entered wrongly
        first = _first_day(stored, column, facts)
        if first and day <= first:
            told = gettext("What is stored holds since %(day)s: give a later day, or correct it.") % {"day": first}
            raise ValidationError({column: told})
        rows += _closed(stored, facts, first, day - timedelta(days=1))
        setattr(record, column, day)
    return rows


def _first_day(stored: KeepsFacts, column: str, facts: list[str]) -> date | None:
    """Return the first day of what is stored, None where it holds since ever."""
    past = past_of(type(stored))
    last = past._base_manager.filter(fact__in=facts, **{past.of: stored.pk}).aggregate(last=models.Max("until"))["last"]
    known = [day for day in (getattr(stored, column), last and last + timedelta(days=1)) if day]
    return max(known, default=None)


def _closed(stored: KeepsFacts, facts: list[str], first: date | None, until: date) -> list[PastFact]:
    past = past_of(type(stored))
    values = {fact: getattr(stored, fact) for fact in facts}
    return [
        past(**{past.of: stored, "fact": fact, "value": str(value), "since": first, "until": until})
        for fact, value in values.items()
        if value  # what was not known needs no row
    ]


def turned_later(known: Mapping[int, KeepsFacts], records: Iterable[KeepsFacts]) -> list[PastFact]:
    """Return the past rows of many changed records: what held before each fact that now has a later day.

    `known` are the stored records by id; new records have no past.
    """
    return [
        row
        for record in records
        if (stored := known.get(record.pk)) and (since := later_days(stored, record))
        for row in turned(stored, record, since)
    ]
