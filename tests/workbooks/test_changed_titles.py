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


def planned(town: SimpleNamespace, *row: Any, how: str = "") -> Plan:
    Teacher.objects.filter(pk=town.teacher.pk).update(title="second", title_since=date(2015, 12, 1))
    file = ContentFile(xlsx([HEAD, list(row)], "教师"), name="教师.xlsx")
    said = {"how": {str(town.teacher.pk): how}} if how else {}
    plan = plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year, decisions=said)
    assert plan.problems == []
    return plan


def test_title_with_a_later_day_leaves_the_earlier_one_in_the_past(town: SimpleNamespace) -> None:
    plan = planned(town, "001", "王思远", "一级教师", "2025-12-01")
    assert [doubt for part in plan.parts for doubt in part.doubts] == []
    write_plan(plan, by=SYSTEM.imports)
    row = TeacherPastFact.objects.get()
    assert (row.value, row.since, row.until) == ("second", date(2015, 12, 1), date(2025, 11, 30))


def test_title_that_is_said_to_be_a_correction_leaves_nothing_in_the_past(town: SimpleNamespace) -> None:
    plan = planned(town, "001", "王思远", "一级教师", "2015-12-01", how="correct")
    (changed,) = plan.comparison.rows["changed"]
    assert (changed["name"], changed["facts"]) == ("王思远", ["title"])
    write_plan(plan, by=SYSTEM.imports)
    town.teacher.refresh_from_db()
    assert town.teacher.title == "first"
    assert not TeacherPastFact.objects.exists()
