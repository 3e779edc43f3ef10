"""A roster that names schools: who is new gets an appointment, who is known keeps it, and nobody is at none unsaid."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.teachers.models import Appointment, Teacher
from apps.workbooks.actions.imports import commit_now
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.models import ImportBatch
from tests.workbooks.conftest import book, upload

HEAD = ["工作单位", "编号", "姓名", "性别", "出生年月", "参加工作"]
NEW = ["镇初级中学", "010", "李新", "女", "1985.07", "2008.9"]


@pytest.fixture
def bring(browser: Callable, town: SimpleNamespace) -> Callable:
    def upload_rows(*rows: list[Any], head: list[str] = HEAD) -> ImportBatch:
        file = book(("花名册", [["慕仪镇教师花名册"], head, *rows]))
        form = {"file": upload(file), "school_year": town.year.pk}
        browser("office").post(reverse("workbooks:importbatch_create"), form)
        return ImportBatch.objects.latest("pk")

    return upload_rows


def known(teacher: Teacher, school: str) -> list[Any]:
    born, began = teacher.birth_date.isoformat(), teacher.started_work_on.isoformat()
    return [school, teacher.no, teacher.name, teacher.get_sex_display(), born, began]


def whats(batch: ImportBatch) -> list[tuple[str, str, str]]:
    return [(doubt["cell"], doubt["row"], doubt["what"]) for doubt in batch.doubts]


def test_a_new_teacher_belongs_to_the_school_from_the_first_day(bring: Callable, cast: dict, browser: Callable) -> None:
    batch = bring(NEW)
    assert batch.notes == ["到校时间有1人未填，按“不详”登记（不晚于2025-09-01）。"]
    assert whats(batch) == []
    page = browser("office").get(batch.get_absolute_url()).content.decode()
    assert "到校时间未填写：共1人，统一按" in page
    commit_now(batch=batch, by=cast["office"])
    (appointment,) = Teacher.objects.get(no="010").appointments.all()
    assert (appointment.school.name, appointment.starts_on) == ("镇初级中学", date(2025, 9, 1))
    assert appointment.since == "不详（不晚于2025-09-01）"
    assert "李新" in browser("office").get(reverse("teachers:teacher_list") + "?period=2025").content.decode()
    assert bring(NEW).empty
    undo_import(batch=batch, by=cast["office"])
    assert not Appointment.objects.filter(teacher__no="010").exists()


def test_who_is_known_keeps_the_school_and_a_move_is_pointed_out(bring: Callable, town: SimpleNamespace) -> None:
    before = list(Appointment.objects.values_list("pk", "school", "starts_on", "ends_on", "version"))
    batch = bring(known(town.teacher, "镇初级中学"), known(town.neighbour, "镇初级中学"))
    assert batch.problems == []
    assert whats(batch) == []
    assert [(row["from"], row["to"], row["on"]) for row in batch.comparison["moved"]] == [
        ("袁科小学", "镇初级中学", "2025-09-01")
    ]
    assert list(Appointment.objects.values_list("pk", "school", "starts_on", "ends_on", "version")) == before


def test_who_belongs_to_no_school_in_the_year_gets_one(bring: Callable, town: SimpleNamespace, cast: dict) -> None:
    town.teacher.appointments.update(starts_on=date(2010, 9, 1), ends_on=date(2020, 8, 31))
    commit_now(batch=bring(known(town.teacher, "袁科小学")), by=cast["office"])
    assert [(row.school.name, row.starts_on) for row in town.teacher.appointments.order_by("starts_on")] == [
        ("镇初级中学", date(2010, 9, 1)),
        ("袁科小学", date(2025, 9, 1)),
    ]


def test_a_new_teacher_of_no_school_is_pointed_out(bring: Callable) -> None:
    (doubt,) = whats(bring(NEW[1:], head=HEAD[1:]))
    assert doubt[:2] == ("A3", "李新")
    assert "还没有任职学校" in doubt[2]


def test_very_many_without_a_school_are_told_in_one_line(bring: Callable) -> None:
    rows = [[f"{number:03}", "李新", "女", "1985.07", "2008.9"] for number in range(100, 130)]
    said = whats(bring(*rows, head=HEAD[1:]))
    assert len(said) == 21
    assert said[-1][2] == "此行和其后9行也没有任职学校。"
