"""What goes out comes back: nothing changes; and a whole workbook fills an empty database."""

from contextlib import suppress
from io import BytesIO, StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import ProtectedError

from apps.core.actors import SYSTEM
from apps.core.models import Record, SchoolYear
from apps.schools.models import District, Researcher, School, Township
from apps.teachers.id_numbers import check_character
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from tests.factories import DesignationFactory, SchoolGradeFactory, TeacherFactory, TeachingAssignmentFactory
from tests.workbooks.conftest import book, headers, opened, title

ID_NUMBER = "61030419800501001" + check_character("61030419800501001")


@pytest.fixture
def full(town: SimpleNamespace) -> SimpleNamespace:
    """A town with one row at least on every sheet, two teachers of one name, and text that looks like a formula."""
    town.teacher.id_number, town.teacher.phone = ID_NUMBER, "13800001234"
    town.teacher.clean()
    town.teacher.save()
    town.school.aliases = "=镇中、初中"
    town.school.save()
    town.namesake = TeacherFactory(school=town.other, no="004", name="王思远", id_number="")
    DesignationFactory(school=town.school, goals="第一年\r\n第二年")
    SchoolGradeFactory(school=town.school, school_year=town.year, experimental=True)
    for teacher, school in ((town.teacher, town.school), (town.namesake, town.other)):
        TeachingAssignmentFactory(teacher=teacher, school=school, school_year=town.year)
    return town


def exported(town: SimpleNamespace, **kwargs: Any) -> bytes:
    given = {"scope": town.township.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports}
    return year_workbook(**given | kwargs)


def test_export_imported_again_changes_nothing(full: SimpleNamespace) -> None:
    plan = plan_import(BytesIO(exported(full)), by=SYSTEM.imports, township=full.township, year=full.year)
    assert [str(problem) for problem in plan.problems] == []
    assert plan.changes == []
    assert plan.empty
    assert plan.counts[title(Teacher)] == {"new": 0, "changed": 0, "unchanged": 4, "wrong": 0}


def test_export_of_a_school_holds_its_rows_and_changes_nothing(full: SimpleNamespace) -> None:
    content = exported(full, scope=full.school.scope)
    numbers = [row[0] for row in opened(content)[title(Teacher)].iter_rows(min_row=2, values_only=True)]
    assert numbers == ["001", "002"]
    plan = plan_import(
        BytesIO(content), by=SYSTEM.imports, scope=full.school.scope, township=full.township, year=full.year
    )
    assert (plan.problems, plan.empty) == ([], True)


def test_import_into_an_empty_database(full: SimpleNamespace, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "全年.xlsx"
    path.write_bytes(exported(full))
    before = exported_values(path.read_bytes())
    wipe_all()
    call_command("import_workbook", str(path), "--year", "2025")
    assert f"{title(Teacher)}：新增 4 行，修改 0 行，无变化 0 行" in capsys.readouterr().out
    town = Township.objects.get()
    year = SchoolYear.objects.get()
    assert (town.name, town.district.code, year.start_year, year.terms.count()) == ("慕仪镇", "610304", 2025, 2)
    assert list(town.researchers.values_list("name", flat=True)) == ["苟主任"]
    assert School.objects.get(code="01").aliases == "=镇中、初中"
    assert Teacher.objects.get(no="001").phone == "13800001234"
    content = year_workbook(scope=town.scope, township=town, year=year, user=SYSTEM.imports)
    assert exported_values(content) == before
    call_command("import_workbook", str(path), "--year", "2025")
    assert f"{title(Teacher)}：新增 0 行，修改 0 行，无变化 4 行" in capsys.readouterr().out


def wipe_all() -> None:
    """Empty the database of all records but accounts, those that hang on others first."""
    left = [model for model in apps.get_models() if issubclass(model, Record)]
    while left:
        for model in list(left):
            with suppress(ProtectedError), transaction.atomic():
                model.objects.all().delete()
                left.remove(model)


def exported_values(content: bytes) -> dict[str, list[tuple]]:
    return {page.title: list(page.iter_rows(values_only=True)) for page in opened(content).worksheets}


def test_second_import_changes_nothing_and_unknown_year_is_said(full: SimpleNamespace, tmp_path: Any) -> None:
    path = tmp_path / "全年.xlsx"
    path.write_bytes(exported(full))
    with pytest.raises(CommandError):
        call_command("import_workbook", str(path), "--year", "2031")


def test_commands_say_in_chinese_what_is_missing(full: SimpleNamespace, tmp_path: Any) -> None:
    path, absent = tmp_path / "教师.xlsx", tmp_path / "没有"
    path.write_bytes(book((title(Teacher), [headers(Teacher, "no", "name"), ["009", "李新"]])).getvalue())
    code = full.township.code
    said = {
        ("import_workbook", str(path)): "命令中没有 --year，“概况”表也没有写明学年。请加上 --year，例如 --year 2025。",
        ("import_workbook", str(path), "--year=1999"): "没有这个学年。请先添加，或填写“概况”表。",
        ("import_workbook", str(absent), "--year=2025"): f"文件不存在：{absent}",
        ("import_workbook", str(path), "--year=2025", f"--township={code}"): "共有 3 处错误，未写入任何数据。",
        ("export_workbook", "--year=1999", f"--township={code}", "--out", str(path)): "没有 1999 年起始的学年。",
        ("export_workbook", "--year=2025", "--out", str(absent / "a.xlsx")): f"没有文件夹{absent}，请先建立。",
    }
    for command, sentence in said.items():
        with pytest.raises(CommandError) as refusal:
            call_command(*command, stderr=StringIO())
        assert str(refusal.value) == sentence, command


def test_commands_export_and_dry_run(full: SimpleNamespace, tmp_path: Any, capsys: Any) -> None:
    path = tmp_path / "out.xlsx"
    call_command("export_workbook", "--year", "2025", "--township", full.township.code, "--out", str(path))
    assert capsys.readouterr().out == ""
    Teacher.objects.filter(no="004").delete()
    call_command("import_workbook", str(path), "--year", "2025", "--township", full.township.code, "--dry-run")
    assert f"{title(Teacher)}：新增 1 行，修改 0 行，无变化 3 行" in capsys.readouterr().out
    assert not Teacher.objects.filter(no="004").exists()
    call_command(
        "export_workbook", "--year", "2025", "--school", "02", "--township", full.township.code, "--out", str(path)
    )
    assert [row[0] for row in opened(path.read_bytes())[title(Teacher)].iter_rows(min_row=2, values_only=True)] == [
        "003"
    ]
    with pytest.raises(CommandError):
        call_command("export_workbook", "--year", "2031", "--township", full.township.code, "--out", str(path))


def test_template_is_empty_for_the_import(full: SimpleNamespace) -> None:
    content = template_workbook(scope=full.township.scope, township=full.township, year=full.year, user=SYSTEM.imports)
    page = opened(content)[title(Teacher)]
    assert [cell.value for cell in page[1]] == headers(Teacher)
    assert page.freeze_panes == "A2"
    assert page["A1"].comment.text
    assert page["A2"].value.startswith("示例")
    assert page.data_validations.dataValidation
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, township=full.township, year=full.year)
    assert (plan.problems, plan.empty, plan.counts[title(Teacher)]["new"]) == ([], True, 0)


def test_text_that_looks_like_a_formula_stays_text(full: SimpleNamespace) -> None:
    page = opened(exported(full))[title(School)]
    cell = next(cell for cell in page[2] if cell.value == "=镇中、初中")
    assert cell.data_type == "s"
    assert (page["B2"].value, page["B2"].number_format) == ("01", "@")


def test_names_of_namesakes_are_written_surely(full: SimpleNamespace) -> None:
    names = [row[0] for row in opened(exported(full))[title(Appointment)].iter_rows(min_row=2, values_only=True)]
    assert names == ["001", "陈一鸣", "赵雪", "004"]


def test_overview_changes_are_written(full: SimpleNamespace) -> None:
    book = opened(exported(full))
    page = book.worksheets[0]
    row = next(row for row in page.iter_rows() if row[1].value == "慕仪镇教育组")
    row[1].value = "慕仪镇教育办"
    out = BytesIO()
    book.save(out)
    plan = plan_import(out, by=SYSTEM.imports, township=full.township, year=full.year)
    assert [(change.old, change.new) for change in plan.changes] == [("慕仪镇教育组", "慕仪镇教育办")]
    write_plan(plan, by=SYSTEM.imports)
    assert Township.objects.get(pk=full.township.pk).office_name == "慕仪镇教育办"
    assert District.objects.count() == 1
    assert Researcher.objects.count() == 1
