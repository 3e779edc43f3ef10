"""What is changed today does not move what was written of past years."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.actions import blank_summary
from apps.reports.printing.files import summary_file
from apps.schools.actions import change_school_facts, merge_school
from apps.schools.models import School
from apps.teachers.actions import change_facts, transfer_teacher
from apps.teachers.models import Teacher, TeacherPastFact
from tests.ethics.factories import HonourFactory
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import DesignationFactory, SchoolYearFactory
from tests.observations.factories import ObservationFactory
from tests.research.factories import ActivityFactory, AttendanceFactory

DAY = date(2026, 9, 10)
OTHER: dict[str, Any] = {
    "title": "senior",
    "position": "vice",
    "staffing": "temporary",
    "education": "master",
    "backbone_level": 5,
    "backbone_kind": "leader",
}


def written(town: SimpleNamespace) -> list[bytes]:
    """Return last year's summaries of the township, a school and a teacher as JSON."""
    period = Period.from_code("2025")
    scopes: list[Scope] = [town.township.scope, town.school.scope, town.teacher.scope_on(period.ends_on)]
    return [summary_file(blank_summary(scope=scope, period=period), "json").data for scope in scopes]


@pytest.fixture
def past(town: SimpleNamespace) -> SimpleNamespace:
    """The town with a record of each kind that names a school or asks for a fact."""
    SchoolYearFactory(start_year=2026)
    Teacher.objects.filter(pk=town.teacher.pk).update(
        title="first", education="bachelor", backbone_level=3, backbone_kind="expert"
    )
    town.teacher.refresh_from_db()
    lesson: dict[str, Any] = {"date": date(2026, 3, 2), "occasion": "demonstration"}
    ObservationFactory(teacher=town.teacher, school=town.school, **lesson)
    HonourFactory(teacher=town.teacher, school=town.school, awarded_on=date(2026, 5, 4))
    DesignationFactory(school=town.school)
    meeting = ActivityFactory(school=town.school, kind="meeting", date=date(2026, 4, 1))
    AttendanceFactory(activity=meeting, teacher=town.teacher, school=town.school)
    ExchangeRoundFactory()
    return town


def turn(name: str) -> Callable[[SimpleNamespace], None]:
    def change(town: SimpleNamespace) -> None:
        change_facts(teacher=town.teacher, values={name: OTHER[name]}, since=DAY, by=SYSTEM.imports)

    return change


def rename(town: SimpleNamespace) -> None:
    change_school_facts(school=town.school, values={"name": "慕仪镇第一中学"}, since=DAY, by=SYSTEM.imports)


def restage(town: SimpleNamespace) -> None:
    change_school_facts(school=town.school, values={"stage": "nine_year"}, since=DAY, by=SYSTEM.imports)


def open_one(town: SimpleNamespace) -> None:
    school = School(township=town.township, code="77", name="新建小学", stage="primary", opened_on=DAY)
    save_record(record=school, by=SYSTEM.imports)


def close(town: SimpleNamespace) -> None:
    town.other.closed_on = DAY
    save_record(record=town.other, by=SYSTEM.imports)


def merge(town: SimpleNamespace) -> None:
    merge_school(school=town.other, into=town.school, on=DAY, by=SYSTEM.imports)


def end(town: SimpleNamespace) -> None:
    appointment = town.teacher.appointments.get()
    appointment.ends_on = DAY
    save_record(record=appointment, by=SYSTEM.imports)


def move(town: SimpleNamespace) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=DAY, by=SYSTEM.imports)


# What can be done to one town after the other; a school that was merged is not closed again.
ROUNDS = (
    [*map(turn, Teacher.since_of), rename, restage, open_one, close],
    [merge, end],
    [move],
)


def test_no_dated_change_moves_last_years_json(past: SimpleNamespace) -> None:
    before = written(past)
    assert "镇初级中学".encode() in before[0]
    assert set(School.since_of) == {"name", "stage"}, "each fact of a school is changed"
    for changes in ROUNDS:
        for change in changes:
            for row in (past.teacher, past.school, past.other):
                row.refresh_from_db()
            change(past)
        assert written(past) == before, changes
        past.teacher.appointments.filter(ends_on=DAY).update(ends_on=None)
        School.objects.filter(pk=past.other.pk).update(closed_on=None, merged_into=None)


def test_correction_moves_it(past: SimpleNamespace) -> None:
    before = written(past)
    change_facts(teacher=past.teacher, values={"title": "senior"}, since=None, by=SYSTEM.imports)
    assert written(past) != before
    assert not TeacherPastFact.objects.exists()


def test_list_behind_a_figure_shows_what_held_then(browser: Callable[[str], Client], past: SimpleNamespace) -> None:
    change_facts(teacher=past.teacher, values={"title": "senior"}, since=DAY, by=SYSTEM.imports)
    address = reverse("teachers:teacher_list")
    client = browser("office")
    then = client.get(address, {"period": "2025", "title": "first"}).content.decode()
    assert past.teacher.name in then
    assert "一级教师" in then
    row = then[then.index("<tbody>") : then.index("</tbody>")]
    assert "高级教师" not in row
    now = client.get(address, {"period": "2026", "title": "first"}).content.decode()
    assert past.teacher.name not in now
