"""The sheet of mentoring pairs: what offices write is read, and what is written out comes back unchanged."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import Workbook

from apps.core.actors import SYSTEM
from apps.mentoring.models import MentoringPair
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import write_plan
from tests.factories import TeacherFactory
from tests.mentoring.factories import MentoringPairFactory

HEAD = ("学校", "师傅", "徒弟", "学科", "结对开始日期", "结对结束日期", "结对协议内容", "协议签订日期", "结对考核等次")


def planned(town: SimpleNamespace, *rows: tuple[Any, ...], by: Any = SYSTEM.imports) -> Plan:
    book = Workbook()
    book.active.title = "师徒结对"
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return plan_import(file, by=by, township=town.township, year=town.year)


def test_rows_as_offices_write_them_become_pairs(town: SimpleNamespace) -> None:
    plan = planned(
        town,
        ("单位", "指导教师", "青年教师", "结对学科", "结对时间", "期满时间", "考核结果"),
        ("镇初级中学", "陈一鸣", "王思远", "语文", "2025.9.10", "2026年7月5日", "优秀"),
    )
    assert [str(problem) for problem in plan.problems] == []
    write_plan(plan, by=SYSTEM.imports)
    pair = MentoringPair.objects.get()
    assert (pair.mentor, pair.apprentice, pair.school) == (town.colleague, town.teacher, town.school)
    assert (f"{pair.starts_on} {pair.ends_on}", pair.subject, pair.result) == (
        "2025-09-10 2026-07-05",
        "chinese",
        "excellent",
    )


def test_workbook_written_out_and_read_in_again_changes_nothing(town: SimpleNamespace) -> None:
    MentoringPairFactory(school=town.school, mentor=town.colleague, apprentice=town.teacher)
    given = {"scope": town.township.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports}
    plan = plan_import(BytesIO(year_workbook(**given)), by=SYSTEM.imports, township=town.township, year=town.year)
    assert ([str(problem) for problem in plan.problems], plan.empty) == ([], True)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("镇初级中学", "王思远", "王思远", "", "2025-09-10"), "师傅和徒弟不能是同一人。"),
        (("镇初级中学", "陈一鸣", "王思远", "", "2025-09-10", "2025-09-01"), "结对结束日期必须晚于开始日期。"),
        (
            ("镇初级中学", "陈一鸣", "王思远", "", "2025-09-10", "", "", "", "合格"),
            "填写结束日期后才能评定考核等次。",
        ),
    ],
)
def test_row_that_breaks_a_rule_is_named(town: SimpleNamespace, row: tuple[Any, ...], said: str) -> None:
    assert said in "".join(str(problem) for problem in planned(town, HEAD, row).problems)


def test_principal_gives_no_result_of_the_own_pair_by_a_workbook(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    MentoringPairFactory(school=town.school, mentor=head, apprentice=town.teacher)
    row = ("镇初级中学", "林校长", "王思远", "语文", "2025-09-10", "2026-07-05", "每周互相听课一节。", "", "优秀")
    refused = planned(town, HEAD, row, by=cast["principal"]).problems
    assert [(problem.cell, "结对考核等次" in problem.what) for problem in refused] == [("I2", True)]
    write_plan(planned(town, HEAD, row, by=cast["office"]), by=cast["office"])
    assert MentoringPair.objects.get().result == "excellent"
