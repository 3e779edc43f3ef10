"""What is done with schools and with those who serve them, beyond plain records."""

from collections.abc import Iterable
from itertools import count
from typing import TypeVar

from django.db import transaction

from apps.core.actions import lock, save_record
from apps.core.actors import Actor, acting
from apps.core.rules import demand

from .models import District, Researcher, Township
from .rules import may_assign

Place = TypeVar("Place", District, Township)


@transaction.atomic
def save_place(*, record: Place, by: Actor, version: int | None = None) -> Place:
    """Write a district or a township, and return it; one without a code is given the next one.

    Raises as `save_record` does.
    """
    if not record.code:
        record.code = next_code(record)
    return save_record(record=record, by=by, version=version)


def next_code(place: District | Township) -> str:
    """Return the first free code: two digits for a district, the district's code and two or more for a township."""
    beginning = place.district.code if isinstance(place, Township) else ""
    taken = set(type(place).objects.filter(code__startswith=beginning).values_list("code", flat=True))
    return next(code for number in count(1) if (code := f"{beginning}{number:02}") not in taken)


@transaction.atomic
def save_researcher(
    *, record: Researcher, townships: Iterable[Township], by: Actor, version: int | None = None
) -> Researcher:
    """Write a researcher and the townships served, and return the researcher; raises as `save_record` does."""
    save_record(record=record, by=by, version=version)
    return assign_townships(researcher=record, townships=townships, by=by)


@transaction.atomic
def assign_townships(*, researcher: Researcher, townships: Iterable[Township], by: Actor) -> Researcher:
    """Let a researcher serve these townships of those that `by` sees, and return the researcher.

    Whether townships out of reach are served stays as it is. Raises PermissionDenied unless `by` keeps records.
    """
    demand(may_assign, by, lock(researcher))
    seen = set(Township.objects.visible_to(by))
    with acting(by):
        researcher.townships.remove(*seen.difference(townships))
        researcher.townships.add(*seen.intersection(townships))
    return researcher
