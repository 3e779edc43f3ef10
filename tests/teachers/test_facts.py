"""Facts with dates: asked for in forms, kept when they change, followed when schools merge."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.forms import model_to_dict
from django.test import Client
from django.urls import reverse

from apps.core.actors import SYSTEM
from apps.schools.actions import change_school_facts, merge_school
from apps.schools.models import School, schools_of, standing_on
from apps.teachers.actions import change_facts
from apps.teachers.models import Teacher, TeacherPastFact
from tests.factories import AppointmentFactory, SchoolFactory

DAY = date(2026, 9, 10)


def sent(teacher: Teacher, **changed: Any) -> dict[str, Any]:
    """Return what the form sends for a teacher with these fields changed."""
    values = {name: value for name, value in model_to_dict(teacher).items() if value is not None}
    return values | {"read_version": teacher.version} | changed


def edit(client: Client, teacher: Teacher, **changed: Any) -> str:
    response = client.post(reverse("teachers:teacher_update", args=[teacher.pk]), sent(teacher, **changed), follow=True)
    return response.content.decode()


def test_changed_title_is_asked_about_before_anything_is_written(
    browser: Callable[[str], Client], town: SimpleNamespace
) -> None:
    page = edit(browser("office"), town.teacher, title="first")
    assert "请选择是更正，还是自某日起变动" in page
    page = edit(browser("office"), town.teacher, title="first", title_since_is="new")
    assert "变动的起始日期" in page
    town.teacher.refresh_from_db()
    assert town.teacher.title == "none"


def test_new_title_leaves_the_earlier_one_on_the_timeline(
    browser: Callable[[str], Client], town: SimpleNamespace
) -> None:
    client = browser("office")
    edit(client, town.teacher, title="first", title_since_is="new", title_since="2026-09-10")
    row = TeacherPastFact.objects.get()
    assert (row.fact, row.value, row.since, row.until) == ("title", "none", None, date(2026, 9, 9))
    page = client.get(town.teacher.get_absolute_url(), {"part": "timeline"}).content.decode()
    timeline = page[page.index('<ol class="timeline">') :]
    assert timeline.index("2026-09-10起") < timeline.index("至2026-09-09")


def test_correction_leaves_nothing_in_the_past(browser: Callable[[str], Client], town: SimpleNamespace) -> None:
    edit(browser("office"), town.teacher, title="first", title_since_is="correction")
    town.teacher.refresh_from_db()
    assert town.teacher.title == "first"
    assert not TeacherPastFact.objects.exists()


def test_fact_that_begins_before_the_stored_one_is_refused(town: SimpleNamespace) -> None:
    change_facts(teacher=town.teacher, values={"title": "second"}, since=DAY, by=SYSTEM.imports)
    with pytest.raises(ValidationError, match="2026-09-10"):
        change_facts(teacher=town.teacher, values={"title": "first"}, since=date(2026, 9, 1), by=SYSTEM.imports)


def test_each_day_has_the_fact_that_held_on_it(town: SimpleNamespace) -> None:
    for title, day in (("second", date(2018, 1, 1)), ("first", date(2022, 1, 1))):
        change_facts(teacher=town.teacher, values={"title": title}, since=day, by=SYSTEM.imports)
    for day, title in ((date(2017, 12, 31), "none"), (date(2018, 1, 1), "second"), (date(2021, 12, 31), "second"),
                       (date(2022, 1, 1), "first")):  # fmt: skip
        assert Teacher.objects.filter(pk=town.teacher.pk).as_of(day)[0].title == title
    with pytest.raises(TypeError):
        Teacher.objects.filter(pk=town.teacher.pk).as_of(DAY)[0].save()


def test_merged_school_closes_and_its_people_go_along(town: SimpleNamespace) -> None:
    merge_school(school=town.other, into=town.school, on=DAY, by=SYSTEM.imports)
    town.other.refresh_from_db()
    assert (town.other.closed_on, town.other.merged_into) == (date(2026, 9, 9), town.school)
    spans = town.neighbour.appointments.order_by("starts_on").values_list("school", "starts_on", "ends_on")
    assert list(spans) == [
        (town.other.pk, date(2015, 9, 1), date(2026, 9, 9)),
        (town.school.pk, DAY, None),
    ]
    there = School.objects.filter(standing_on(DAY), township=town.township)
    assert list(there) == [town.school]


def test_school_without_an_opening_day_is_as_old_as_its_first_record(town: SimpleNamespace) -> None:
    new = SchoolFactory(code="77", name="新建小学", stage="primary")
    assert not School.objects.filter(standing_on(date(2018, 1, 1)), pk=new.pk).exists()
    AppointmentFactory(teacher=town.colleague, school=new, starts_on=date(2014, 9, 1), ends_on=date(2015, 8, 31))
    assert School.objects.filter(standing_on(date(2018, 1, 1)), pk=new.pk).exists()
    assert not School.objects.filter(standing_on(date(2014, 8, 31)), pk=new.pk).exists()


def test_school_is_called_as_it_was_in_the_period(town: SimpleNamespace) -> None:
    change_school_facts(school=town.school, values={"name": "慕仪镇第一中学"}, since=DAY, by=SYSTEM.imports)
    then = schools_of(town.township.scope, town.year)
    assert [school.name for school in then] == ["镇初级中学", "袁科小学"]
