"""A roster whose titles differ: new with a later day beside it, else a correction, which the preview says."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from apps.core.actors import SYSTEM
from apps.teachers.models import Teacher, TeacherPastFact
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import write_plan
from tests.workbooks.corpus.writing import xlsx

HEAD = ["教师编号", "姓名", "职称", "职称取得时间"]


def planned(town: SimpleNamespace, *row: Any) -> Plan:
    Teacher.objects.filter(pk=town.teacher.pk).update(title="second", title_since=date(2015, 12, 1))
    file = ContentFile(xlsx([HEAD, list(row)], "教师"), name="教师.xlsx")
    plan = plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)
    assert plan.problems == []
    return plan


def test_title_with_a_later_day_leaves_the_earlier_one_in_the_past(town: SimpleNamespace) -> None:
    plan = planned(town, "001", "王思远", "一级教师", "2025-12-01")
    assert [doubt for part in plan.parts for doubt in part.doubts] == []
    write_plan(plan, by=SYSTEM.imports)
    row = TeacherPastFact.objects.get()
    assert (row.value, row.since, row.until) == ("second", date(2015, 12, 1), date(2025, 11, 30))


def test_title_without_a_later_day_is_a_correction_and_the_preview_says_so(town: SimpleNamespace) -> None:
    plan = planned(town, "001", "王思远", "一级教师", "2015-12-01")
    doubts = [(doubt.cell, doubt.what) for part in plan.parts for _record, doubt in part.doubts]
    assert doubts == [("C2", "没有更晚的取得日期，按更正处理，以往学年的数据也随之改变。")]
    write_plan(plan, by=SYSTEM.imports)
    town.teacher.refresh_from_db()
    assert town.teacher.title == "first"
    assert not TeacherPastFact.objects.exists()
