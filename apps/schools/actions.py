"""What is done with schools and with those who serve them, beyond plain records."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record, save_records, write_record, write_records
from apps.core.actors import Actor, acting
from apps.core.past import changed_days, turned, turned_later
from apps.core.rules import demand, in_scope

from .models import District, Researcher, School, Township
from .rules import may_assign, may_merge

Place = TypeVar("Place", District, Township)
# What goes along when a school is merged into another on a day: of higher floors, told by them.
FOLLOWERS: list[Callable[[School, School, date, Actor], None]] = []


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
def save_schools(*, records: Sequence[School], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked schools as `save_records` does; a changed stage with a later day leaves the earlier one."""
    known = School.objects.in_bulk([record.pk for record in records if not record._state.adding])
    past = turned_later(known, records)
    save_records(records=records, by=by, fields=fields)
    write_records(records=past, by=by)


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


@transaction.atomic
def merge_school(*, school: School, into: School, on: date, by: Actor) -> School:
    """Merge a school into another from `on`: it closes the day before, its people belong to the other from then.

    Returns the school. Raises PermissionDenied unless `by` may and reaches both, ValidationError where one of them is
    closed then or was not yet there.
    """
    demand(may_merge, by, lock(school))
    if not in_scope(by, into):
        raise PermissionDenied
    if school.closed_on:
        raise ValidationError(_("The school is closed already."))
    if into.pk == school.pk or into.township_id != school.township_id:
        raise ValidationError({"into": _("Choose another school of the township.")})
    if (into.opened_on and into.opened_on > on) or (into.closed_on and into.closed_on < on):
        raise ValidationError({"into": _("This school is not there on that day.")})
    school.closed_on, school.merged_into = on - timedelta(days=1), into
    write_record(record=school, by=by)
    for follow in FOLLOWERS:
        follow(school, into, on, by)
    return school
