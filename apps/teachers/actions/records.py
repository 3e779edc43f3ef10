"""The teachers themselves: their numbers, their facts, their personal data."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any

from auditlog.models import LogEntry
from django.db import transaction

from apps.core.actions import lock, save_record, save_records, write_record, write_records
from apps.core.actors import Actor, acting
from apps.core.past import changed_days, turned, turned_later
from apps.core.rules import demand
from apps.schools.models import Township
from apps.teachers.models import Teacher
from apps.teachers.numbers import free_numbers
from apps.teachers.rules import may_reveal


@transaction.atomic
def save_teacher(
    *, record: Teacher, by: Actor, since: Mapping[str, date] | None = None, version: int | None = None
) -> Teacher:
    """Write a teacher, with the next free number where there is none, and return the teacher.

    `since` gives for a field such as `title_since` the day since when its new facts hold: the old ones are kept as
    what held until the day before. A fact without such a day is corrected: it is taken never to have been otherwise.
    A stored teacher whose number was emptied keeps it. Raises as `save_record` does, and for a day that is too early.
    """
    past = turned(Teacher.objects.select_for_update().get(pk=record.pk), record, since) if since else []
    if record.pk and not record.no:
        record.no = Teacher.objects.filter(pk=record.pk).values_list("no", flat=True).first() or ""
    _issue_numbers([record])
    save_record(record=record, by=by, version=version)
    for row in past:
        write_record(record=row, by=by)
    return record


@transaction.atomic
def save_teachers(*, records: Sequence[Teacher], by: Actor, fields: Iterable[str] = ()) -> None:
    """Write many checked teachers as `save_teacher` writes one; a changed fact with a later day is new since then.

    Raises as `save_records` does, and for a day that is too early.
    """
    known = Teacher.objects.in_bulk([record.pk for record in records if not record._state.adding])
    past = turned_later(known, records)
    _issue_numbers(records)
    save_records(records=records, by=by, fields=fields)
    write_records(records=past, by=by)


def _issue_numbers(teachers: Sequence[Teacher]) -> None:
    """Give each teacher without a number the next free one of the township's form.

    The township's row is locked until the transaction ends, so that nobody else issues the same.
    """
    waiting: dict[int, list[Teacher]] = {}
    for teacher in teachers:
        if not teacher.no and teacher.township_id:
            waiting.setdefault(teacher.township_id, []).append(teacher)
    for township_id, rows in sorted(waiting.items()):
        township = lock(Township(pk=township_id))
        taken = set(Teacher.objects.filter(township=township).values_list("no", flat=True))
        taken |= {teacher.no for teacher in teachers}
        free = free_numbers(township.number_pattern, taken)
        for teacher in rows:
            teacher.no = next(free)


@transaction.atomic
def change_facts(
    *, teacher: Teacher, values: Mapping[str, Any], since: date | None, by: Actor, version: int | None = None
) -> Teacher:
    """Give a teacher new facts (title, position …) since a day, or correct the present ones where `since` is None.

    Returns the teacher; raises as `save_teacher` does.
    """
    stored = copy(lock(teacher, version=version))
    for fact, value in values.items():
        setattr(teacher, fact, value)
    days = dict.fromkeys(changed_days(stored, teacher), since) if since else {}
    return save_teacher(record=teacher, since=days, by=by, version=version)


@transaction.atomic
def reveal_personal_data(*, teacher: Teacher, by: Actor) -> dict[str, str]:
    """Return ID number and phone in full, and note in the audit who looked."""
    demand(may_reveal, by, lock(teacher))
    with acting(by):
        LogEntry.objects.log_create(teacher, force_log=True, action=LogEntry.Action.ACCESS)
    return {"id_number": teacher.id_number, "phone": teacher.phone}
