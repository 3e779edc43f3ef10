"""What is done with schools and with those who serve them, beyond plain records."""

from collections.abc import Iterable

from django.db import transaction

from apps.core.actions import lock, save_record
from apps.core.actors import Actor, acting
from apps.core.rules import demand

from .models import Researcher, Township
from .rules import may_assign


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
