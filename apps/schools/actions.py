"""What is done with schools and with those who serve them, beyond plain records."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date
from typing import Any

from django.db import transaction

from apps.core.actions import lock, save_record, write_record
from apps.core.actors import Actor, acting
from apps.core.past import changed_days, turned
from apps.core.rules import demand

from .models import Researcher, School, Township
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


@transaction.atomic
def save_school(*, record: School, since: Mapping[str, date], by: Actor, version: int | None = None) -> School:
    """Write a school, and return it; raises as `save_record` does, and for a day that is too early.

    `since` gives for `name_since` and `stage_since` the day since when the new value holds: the old one is kept as
    what held until the day before. Without such a day a value is corrected: it is taken never to have been otherwise.
    """
    past = []
    if since:
        past = turned(School.objects.select_for_update().get(pk=record.pk), record, since)
    save_record(record=record, by=by, version=version)
    for row in past:
        write_record(record=row, by=by)
    return record


@transaction.atomic
def change_school_facts(
    *, school: School, values: Mapping[str, Any], since: date | None, by: Actor, version: int | None = None
) -> School:
    """Give a school a new name or stage since a day, or correct the present one where `since` is None.

    Returns the school; raises as `save_school` does.
    """
    stored = copy(lock(school, version=version))
    for fact, value in values.items():
        setattr(school, fact, value)
    days = dict.fromkeys(changed_days(stored, school), since) if since else {}
    return save_school(record=school, since=days, by=by, version=version)
