"""What a workbook may write is what the rules of the records say: told at the cell, and refused when it is written."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.ethics.models import EthicsAssessment
from apps.schools.models import SchoolGrade
from apps.teachers.models import Teacher
from apps.workbooks.actions import imports
from apps.workbooks.actions.imports import commit_now, preview_workbook
from apps.workbooks.actions.undo import Blocked, undo_import
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Refused
from apps.workbooks.planning.writing import write_plan
from tests.ethics.factories import AssessmentFactory, CycleFactory, QuestionnaireFactory
from tests.factories import TeacherFactory
from tests.workbooks.conftest import book, headers, title, upload

pytestmark = pytest.mark.usefixtures("all_floors")
SCORES = ("cycle", "teacher", "school", "student_score", "school_score")
GRADE = ("school", "school_year", "grade", "classes")
Bring = Callable[..., ImportBatch]


@pytest.fixture
def bring(town: SimpleNamespace, cast: dict[str, Any]) -> Bring:
    """Previews rows of scores, or of another sheet, as the principal."""

    def preview(*rows: list[Any], model: type = EthicsAssessment, fields: tuple[str, ...] = SCORES) -> ImportBatch:
        by, file = cast["principal"], upload(book((title(model), [headers(model, *fields), *rows])))
        return preview_workbook(file=file, scope=by.scope, year=town.year, township=town.township, by=by)

    return preview


def said(batch: ImportBatch) -> list[tuple[str, str]]:
    return [(problem["cell"], problem["what"]) for problem in batch.problems]


def test_score_that_questionnaires_count_is_refused_at_its_cell(town: SimpleNamespace, bring: Bring) -> None:
    cycle = CycleFactory(township=town.township)
    QuestionnaireFactory(cycle=cycle)
    AssessmentFactory(cycle=cycle, school=town.school, teacher=town.colleague, student_score=80)
    batch = bring(
        [2025, "王思远", "镇初级中学", 95, 90],
        [2025, "陈一鸣", "镇初级中学", 81, 90],
    )
    what = "“学生测评得分”只能由镇教育组填写。"
    assert said(batch) == [("D2", what), ("D3", what)]
    assert said(bring([2025, "王思远", "镇初级中学", None, 90], [2025, "陈一鸣", "镇初级中学", 80, 90])) == []


def test_own_assessment_of_a_principal_is_refused_at_its_row(town: SimpleNamespace, bring: Bring) -> None:
    TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    CycleFactory(township=town.township)
    batch = bring([2025, "林校长", "镇初级中学", None, 90])
    assert said(batch) == [("A2", "您不能新增这条记录。")]


def test_plan_of_the_system_written_by_a_principal_is_refused(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    rows = [headers(Teacher, "no", "name", "title"), ["001", "王思远", "高级教师"], ["003", "赵雪", "高级教师"]]
    plan = plan_import(book((title(Teacher), rows)), by=SYSTEM.imports, township=town.township, year=town.year)
    assert plan.problems == []
    with pytest.raises(Refused) as refusal:
        write_plan(plan, by=cast["principal"])
    assert [problem.what for problem in refusal.value.plan.problems] == ["此表中有您不能写入的记录。"]
    assert set(Teacher.objects.values_list("title", flat=True)) == {"none"}


def test_place_changed_since_the_go_ahead_ends_the_import_and_writes_nothing(
    town: SimpleNamespace, bring: Bring, cast: dict[str, Any]
) -> None:
    batch = bring(["镇初级中学", 2025, "七年级", 3], model=SchoolGrade, fields=GRADE)
    attempt, principal = imports._claim(batch), cast["principal"]
    principal.school = town.other
    save_record(record=principal, by=SYSTEM.imports)
    imports.write_batch.func(batch.pk, principal.pk, attempt)
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.count()) == ("failed", 0)
    assert said(batch) == [("", "下达导入指令的人已无权导入此工作簿，未写入任何内容。")]


def test_import_of_a_school_whose_records_are_closed_since_is_not_taken_back_by_the_school(
    town: SimpleNamespace, bring: Bring, cast: dict[str, Any], browser: Any
) -> None:
    cycle = CycleFactory(township=town.township)
    batch = bring([2025, "王思远", "镇初级中学", None, 90])
    commit_now(batch=batch, by=cast["principal"])
    assert EthicsAssessment.objects.get().school_score == 90
    cycle.status = "closed"
    cycle.save()
    with pytest.raises(Blocked) as refusal:
        undo_import(batch=batch, by=cast["principal"])
    assert [blocker.why for blocker in refusal.value.blockers] == ["您不能修改它。"]
    page = browser("principal").get(reverse("workbooks:importbatch_undo", args=[batch.pk])).content.decode()
    assert "您不能修改它。" in page
    assert "btn-danger" not in page
    undo_import(batch=batch, by=cast["office"])
    assert not EthicsAssessment.objects.exists()


def test_row_that_nobody_sees_but_its_owner_is_left_alone(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    rows = [headers(Teacher, "no", "name", "title"), ["003", "赵雪", "高级教师"]]
    plan = plan_import(book((title(Teacher), rows)), by=cast["principal"], township=town.township, year=town.year)
    assert [(problem.cell, problem.what) for problem in plan.problems] == [("A2", "这条记录不在您能看到的范围内。")]
