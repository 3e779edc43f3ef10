"""School years: proposed with their terms, written with them, and what of one is copied to the next."""

from collections.abc import Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import models, transaction

from .actions import save_record, save_records
from .actors import Actor
from .fields import field_of
from .models import Record, SchoolYear, Term
from .rules import keeps_records, record_rule, rule
from .scope import ScopedQuerySet

YEAR_OF = {"term": "term__school_year", "school_year": "school_year"}


@rule("core.add_schoolyear")
def may_open_next(actor: Actor, year: SchoolYear) -> bool:
    """Return whether `actor` may carry a school year's settings on: into the next one, or by adding it."""
    if not keeps_records(actor):
        return False
    return year.following() is not None or record_rule(SchoolYear, "add")(actor, SchoolYear())


def year_later(day: date) -> date:
    """Return the same day of the next year; of 29 February the day before."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def proposed_year(today: date) -> tuple[SchoolYear, list[Term]]:
    """Return the school year of `today`, not stored, with two terms that cover it: 1 September to 31 August.

    From August on it is the one that is about to begin.
    """
    first = today.year - (today.month < 8)
    year = SchoolYear(start_year=first, starts_on=date(first, 9, 1), ends_on=date(first + 1, 8, 31))
    spans = ((year.starts_on, date(first + 1, 1, 31)), (date(first + 1, 2, 1), year.ends_on))
    return year, [
        Term(school_year=year, number=number, starts_on=begin, ends_on=end)
        for number, (begin, end) in enumerate(spans, 1)
    ]


def next_year(year: SchoolYear) -> tuple[SchoolYear, list[Term]]:
    """Return the school year after `year` with its terms, not stored: every day a year later."""
    following = SchoolYear(
        start_year=year.start_year + 1, starts_on=year_later(year.starts_on), ends_on=year_later(year.ends_on)
    )
    return following, [
        Term(
            school_year=following,
            number=term.number,
            starts_on=year_later(term.starts_on),
            ends_on=year_later(term.ends_on),
        )
        for term in year.terms.order_by("number")
    ]


@transaction.atomic
def save_school_year(*, year: SchoolYear, terms: Sequence[Term], by: Actor, version: int | None = None) -> SchoolYear:
    """Write a school year with its terms, given in their order, and return it; raises as `save_record` does."""
    save_record(record=year, by=by, version=version)
    known = {term.number: term for term in year.terms.all()}
    wanted = list(terms)
    if 2 in known and wanted and wanted[0].ends_on >= known[2].starts_on:
        wanted.reverse()  # the second term makes room for a longer first one
    for term in wanted:
        row = known.get(term.number, term)
        if row is term or (row.starts_on, row.ends_on) != (term.starts_on, term.ends_on):
            row.school_year, row.starts_on, row.ends_on = year, term.starts_on, term.ends_on
            save_record(record=row, by=by)
    return year


# What is set by the year or the term, and copied to the next year. The model has a field for a term or a school year,
# and a row is unique by it and other fields.


def uncopied(rows: ScopedQuerySet[Any], year: SchoolYear, following: SchoolYear | None, by: Actor) -> list[Any]:
    """Return those of `rows` in `year`, within what `by` sees, of which `following` has no like."""
    way = _way(rows.model)
    others = rows.model.objects.visible_to(by).filter(**{YEAR_OF[way]: following})
    there = {_key(row) for row in others.select_related(way)} if following else set()
    return [
        row for row in rows.visible_to(by).filter(**{YEAR_OF[way]: year}).select_related(way) if _key(row) not in there
    ]


@transaction.atomic
def copy_rows(*, rows: Sequence[Record], following: SchoolYear, by: Actor) -> int:
    """Copy rows of one model, as `uncopied` gives them, to the following school year, and return how many.

    Raises PermissionDenied unless `by` may add such records.
    """
    if not rows:
        return 0
    model, way = type(rows[0]), _way(type(rows[0]))
    own = [f.attname for f in model._meta.concrete_fields if f.editable and not f.primary_key and f.name != way]
    terms = {term.number: term for term in following.terms.all()}
    new = [
        model(**{way: terms[_number(row)] if way == "term" else following} | {name: getattr(row, name) for name in own})
        for row in rows
        if way != "term" or _number(row) in terms
    ]
    for row in new:
        row.clean_fields()
        row.clean()
    save_records(records=new, by=by)
    return len(new)


def _way(model: type[Record]) -> str:
    """Return the field by which rows belong to a year."""
    return next(f.name for f in model._meta.concrete_fields if f.name in YEAR_OF)


def _number(row: Record) -> int:
    """Return the number of the term to which a row belongs."""
    number: int = attrgetter("term.number")(row)
    return number


def _key(row: Record) -> tuple[Any, ...]:
    """Return what a row is unique by within its year."""
    way = _way(type(row))
    once = next(c.fields for c in row._meta.constraints if isinstance(c, models.UniqueConstraint) and way in c.fields)
    same = [getattr(row, field_of(type(row), name).attname) for name in once if name != way]
    return (_number(row) if way == "term" else None, *same)
