"""Rosters as offices keep them, without teacher numbers: rows are known by ID number, else by name."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile

from apps.core.actors import SYSTEM
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import write_plan
from tests.factories import TeacherFactory
from tests.workbooks.corpus.writing import xlsx

HEAD = ["序号", "学校名称", "姓名", "身份证号码", "参加工作时间", "职称"]
LI, ZHOU = "610304198507123029", "610304197903051018"


@pytest.fixture
def li(town: SimpleNamespace) -> Teacher:
    return TeacherFactory(school=town.school, no="S01", name="李新", sex="f", id_number=LI, birth_date="1985-07-12")


def planned(town: SimpleNamespace, *rows: list[Any]) -> Plan:
    file = ContentFile(xlsx([["慕仪镇教师花名册"], HEAD, *rows], "花名册"), name="花名册.xlsx")
    return plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)


def test_the_id_number_tells_who_it_is(town: SimpleNamespace, li: Teacher) -> None:
    TeacherFactory(school=town.school, no="S02", name="李新", sex="m", id_number=ZHOU, birth_date="1979-03-05")
    rows = [[1, "镇初级中学", "李 新", LI, "2008.9", "中一"], [2, "镇初级中学", "李新", ZHOU, "2003.9", "小高"]]
    plan = planned(town, *rows)
    assert plan.problems == []
    assert {record.no for part in plan.parts for record in part.changed} == {"S01", "S02"}
    write_plan(plan, by=SYSTEM.imports)
    li.refresh_from_db()
    assert (li.title, li.started_work_on.year) == (Teacher.Title.FIRST, 2008)
    again = planned(town, *rows)
    assert again.problems == []
    assert again.empty


def test_namesakes_come_to_the_school_where_the_roster_puts_them(town: SimpleNamespace, li: Teacher) -> None:
    other = TeacherFactory(school=town.other, no="S02", name="李新", sex="m", id_number=ZHOU, birth_date="1979-03-05")
    other.appointments.all().delete()
    rows = [["李新", ZHOU, "2003.9", "镇初级中学", "2012.9"], ["李新", LI, "2008.9", "镇初级中学", "2000.9.1"]]
    head = ["姓名", "身份证号", "参加工作时间", "学校", "到本校时间"]
    file = ContentFile(xlsx([head, *rows], "花名册"), name="花名册.xlsx")
    plan = plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)
    new = [row for part in plan.parts for row in part.new]
    assert [(row.teacher, row.school, row.starts_on.year) for row in new if row.teacher == other] == [
        (other, town.school, 2012)
    ]


def test_a_name_that_one_bears_is_enough_and_the_id_number_is_filled_in(town: SimpleNamespace) -> None:
    before = Teacher.objects.count()
    zhou = TeacherFactory(school=town.school, no="S03", name="周明远", birth_date="1979-03-05")
    plan = planned(town, [1, "镇初级中学", "周明远", ZHOU, "2003.9", "二级"])
    assert plan.problems == []
    write_plan(plan, by=SYSTEM.imports)
    zhou.refresh_from_db()
    assert (zhou.id_number, zhou.title) == (ZHOU, Teacher.Title.SECOND)
    assert Teacher.objects.count() == before + 1


def test_namesakes_without_id_number_are_told_apart_by_hand(town: SimpleNamespace, li: Teacher) -> None:
    TeacherFactory(school=town.school, no="S02", name="李新")
    (problem,) = planned(town, [1, "镇初级中学", "李新", None, "2008.9", "中一"]).problems[:1]
    assert problem.cell == "C3"
    assert "李新" in problem.what
    assert "教师编号" in problem.remedy


def test_the_same_name_with_another_id_number_is_another_person(town: SimpleNamespace, li: Teacher) -> None:
    plan = planned(town, [1, "镇初级中学", "李新", ZHOU, "2008.9", "中一"])
    assert plan.problems == []
    assert not any(part.changed for part in plan.parts)
    write_plan(plan, by=SYSTEM.imports)
    other = Teacher.objects.exclude(pk=li.pk).get(name="李新")
    assert (other.sex, other.birth_date.isoformat(), other.no) == ("m", "1979-03-05", "0004")
    assert Appointment.objects.filter(teacher=li).count() == 1


def test_one_person_twice_is_refused(town: SimpleNamespace, li: Teacher) -> None:
    row = [1, "镇初级中学", "李新", LI, "2008.9", "中一"]
    cells = [problem.cell for problem in planned(town, row, row).problems]
    assert len(cells) == 1
    assert cells[0].endswith("4")
