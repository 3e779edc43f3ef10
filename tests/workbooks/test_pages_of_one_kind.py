"""A workbook with several pages of one kind, such as one for each school: all are read, and none twice."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.actors import SYSTEM
from apps.teachers.models import Teacher, TeachingAssignment
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import write_plan
from tests.workbooks.conftest import book, headers, title

HEAD = ["学校", "教师编号", "姓名", "性别", "出生年月", "参加工作时间"]
LI = ["镇初级中学", "010", "李新", "女", "1985.07", "2008.9"]
ZHOU = ["袁科小学", "011", "周明", "男", "1979.03", "1999.8"]


def planned(town: SimpleNamespace, *pages: tuple[str, list[list[Any]]]) -> Plan:
    return plan_import(book(*pages), by=SYSTEM.imports, township=town.township, year=town.year)


@pytest.mark.parametrize("names", [("镇初级中学", "袁科小学"), ("教师", "教师 (2)"), ("教师1", "教师2")])
def test_all_pages_are_read(town: SimpleNamespace, names: tuple[str, str]) -> None:
    plan = planned(town, (names[0], [["花名册"], HEAD, LI]), (names[1], [["花名册"], HEAD, ZHOU]))
    undated = "到校时间有2人未填，按“不详”登记（不晚于2025-09-01）。"
    assert (plan.problems, plan.notes) == ([], [undated])
    write_plan(plan, by=SYSTEM.imports)
    schools = {no: Teacher.objects.get(no=no).appointments.get().school.name for no in ("010", "011")}
    assert schools == {"010": "镇初级中学", "011": "袁科小学"}


def test_the_same_row_on_two_pages_is_refused(town: SimpleNamespace) -> None:
    plan = planned(town, ("镇初级中学", [HEAD, LI]), ("袁科小学", [HEAD, ZHOU, LI]))
    said = [(problem.sheet, problem.cell, problem.what) for problem in plan.problems]
    assert said == [("袁科小学", "B3", "与“镇初级中学”表第 2 行是同一条记录。")]


def test_later_pages_are_checked_against_earlier_ones(town: SimpleNamespace) -> None:
    """Two new teachers with one ID number, each on a page of its own."""
    number, head = "610304198507123029", [*HEAD, "身份证号"]
    other = ["袁科小学", "012", "吴芳", "女", "1985.07", "2008.9", number]
    plan = planned(town, ("镇初级中学", [head, [*LI, number]]), ("袁科小学", [head, other]))
    assert [(problem.sheet, problem.cell) for problem in plan.problems] == [("袁科小学", "G2")]


def test_a_known_row_stands_on_one_of_the_pages(town: SimpleNamespace) -> None:
    head = headers(TeachingAssignment, "teacher", "school", "grade", "class_name", "subject")
    row = [town.teacher.name, town.school.name, "七年级", "七(1)班", "语文"]
    pages = ((f"{title(TeachingAssignment)}1", [head, row]), (f"{title(TeachingAssignment)}2", [head, row]))
    assert len(planned(town, *pages).problems) == 1
    write_plan(planned(town, pages[0]), by=SYSTEM.imports)
    assert planned(town, pages[0]).empty
    assert [problem.sheet for problem in planned(town, *pages).problems] == [pages[1][0]]
