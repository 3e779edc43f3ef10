"""What is done with a new installation's checklist, and how one school year is carried into the next."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock
from apps.core.actors import Actor, demand_somebody
from apps.core.models import Record, SchoolYear, SetAside, Term
from apps.core.rules import demand
from apps.core.years import may_open_next, next_year, save_school_year

from .checklist import place_of, steps_of
from .manifests import YearPart, year_parts


@transaction.atomic
def put_off(*, step: str, by: Actor, off: bool = True) -> None:
    """Put off a step of the checklist for the office of `by`, or take it up again; twice is once.

    Raises PermissionDenied for a step that is not offered to `by`.
    """
    demand_somebody(by)
    if step not in {known.key for known in steps_of(by)}:
        raise PermissionDenied
    if off:
        SetAside.objects.get_or_create(place=place_of(by), step=step)
    else:
        SetAside.objects.filter(place=place_of(by), step=step).delete()


@dataclass(frozen=True)
class Carried:
    """What of a kind is carried into the next school year."""

    part: YearPart
    number: int


@dataclass(frozen=True)
class NextYear:
    """The next school year before it is opened: its days, whether it is there already, what is carried into it."""

    year: SchoolYear
    terms: list[Term]
    parts: list[Carried]

    @property
    def is_new(self) -> bool:
        """Return whether the year itself is still to be added."""
        return self.year.pk is None

    @property
    def number(self) -> int:
        """Return how many records are carried over in all."""
        return sum(carried.number for carried in self.parts)


def foresee_next_year(*, year: SchoolYear, by: Actor) -> NextYear:
    """Return what `open_next_year` would do for `by` now; nothing is written. Raises PermissionDenied as it does."""
    demand(may_open_next, by, year)
    stored = year.following()
    following, terms = (stored, list(stored.terms.order_by("number"))) if stored else next_year(year)
    rows = _rows(year, stored, by)
    return NextYear(following, terms, [Carried(part, len(found)) for part, found in rows])


@transaction.atomic
def open_next_year(*, year: SchoolYear, by: Actor) -> NextYear:
    """Open the school year after `year` with all that runs by the year, as far as `by` sees it; return what was added.

    What the next year has already stays as it is, so that a second time adds nothing. Raises PermissionDenied unless
    `by` may add the year where it is missing, ValidationError naming what cannot be carried over.
    """
    demand(may_open_next, by, lock(year))
    stored = year.following()
    parts = _rows(year, stored, by)
    following, terms = next_year(year)
    if stored is None:
        save_school_year(year=following, terms=terms, by=by)
    else:
        following, terms = stored, list(stored.terms.order_by("number"))
    return NextYear(following, terms, [_carry(part, rows, following, by) for part, rows in parts])


def _rows(year: SchoolYear, following: SchoolYear | None, by: Actor) -> list[tuple[YearPart, list[Record]]]:
    return [(part, list(part.rows(year, following, by))) for part in year_parts() if part.carry]


def _carry(part: YearPart, rows: list[Record], following: SchoolYear, by: Actor) -> Carried:
    try:
        return Carried(part, part.carry(rows=rows, following=following, by=by) if part.carry and rows else 0)
    except ValidationError as error:
        told = "；".join(error.messages)
        raise ValidationError(_("%(what)s: %(why)s") % {"what": part.label, "why": told}) from error
