"""What a preview says of changes is what is written, and a row that must be somebody else's is refused."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.actors import SYSTEM
from apps.observations.models import Observation
from apps.teachers.models import Teacher
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import write_plan
from tests.factories import TeacherFactory
from tests.observations.factories import ObservationFactory, ObservationScoreFactory, RubricFactory
from tests.workbooks.conftest import book, headers, title

LI, ZHOU = "610304198507123029", "610304197903051018"


@pytest.fixture
def li(town: SimpleNamespace) -> Teacher:
    return TeacherFactory(
        school=town.school, no="010", name="李新", sex="f", id_number=LI, birth_date="1985-07-12", phone="13900001234"
    )


@pytest.fixture
def plan_teachers(town: SimpleNamespace) -> Callable:
    def planned(fields: tuple[str, ...], *rows: list[Any], extra: tuple[str, ...] = ()) -> Plan:
        file = book((title(Teacher), [[*headers(Teacher, *fields), *extra], *rows]))
        return plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)

    return planned


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        (("no", "name", "id_number"), ["010", "周明", ZHOU]),
        (("no", "name", "sex"), ["010", "周明", "男"]),
        (("no", "name", "birth_date"), ["010", "周明", "1979-03-05"]),
    ],
)
def test_a_number_that_is_another_persons_is_refused(
    li: Teacher, plan_teachers: Callable, fields: tuple, row: list
) -> None:
    (problem,) = plan_teachers(fields, row).problems
    assert problem.cell == "A2"
    assert problem.what.startswith("按教师编号，系统中是李新")


def test_a_corrected_name_or_a_corrected_number_is_taken(li: Teacher, plan_teachers: Callable) -> None:
    assert plan_teachers(("no", "name", "id_number"), ["010", "李欣", LI]).problems == []
    assert plan_teachers(("no", "name", "title"), ["010", "李新", "高级教师"]).problems == []


def test_a_changed_phone_is_told_by_its_ends(li: Teacher, plan_teachers: Callable) -> None:
    (change,) = plan_teachers(("no", "phone"), ["010", "13900005678"]).changes
    assert (change.old, change.new) == ("1390***1234", "1390***5678")


def test_a_remark_is_pointed_out_though_nothing_else_changes(li: Teacher, plan_teachers: Callable) -> None:
    plan = plan_teachers(("no", "name"), ["010", "李新", "2026年3月起病休"], extra=("备注",))
    assert plan.empty
    (doubt,) = [doubt for part in plan.parts for _record, doubt in part.doubts]
    assert doubt.cell == "C2"
    assert "病休" in doubt.what


def test_a_total_that_follows_from_items_is_told_as_it_will_be(town: SimpleNamespace, all_floors: None) -> None:
    rubric = RubricFactory(township=town.township)
    lesson = ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, rubric=rubric, score=90)
    for item, score in zip(rubric.items.order_by("order"), (10, 20, 35, 25), strict=True):
        ObservationScoreFactory(observation=lesson, item=item, score=score)
    key = ["teacher", "date", "lesson_no", "observer_teacher"]
    values = [town.teacher.name, "2025-10-13", 1, town.colleague.name]
    file = book((title(Observation), [headers(Observation, *key, "score", "lines"), [*values, None, "9；18；30；20"]]))
    plan = plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)
    assert plan.problems == []
    told = {change.column: (change.old, change.new) for change in plan.changes}
    assert told["得分"] == ("90.0", "77")
    write_plan(plan, by=SYSTEM.imports)
    lesson.refresh_from_db()
    assert lesson.score == 77
