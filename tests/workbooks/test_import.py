"""What is refused, with every error at its cell and nothing written; what is taken although it is untidy."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear
from apps.schools.models import School, SchoolGrade
from apps.teachers.models import Appointment, Teacher, TeachingAssignment
from apps.workbooks.files.validation import UserError
from apps.workbooks.language import spoken
from apps.workbooks.planning.overview import TITLE
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan, Refused
from apps.workbooks.planning.writing import try_plan, write_plan
from tests.factories import SchoolFactory, SchoolYearFactory, TeacherFactory, UserFactory
from tests.workbooks.conftest import book, headers, sheet_of, title

Rows = Callable[..., list[list[Any]]]


def planned(town: SimpleNamespace, *pages: tuple[str, list[list[Any]]], **kwargs: Any) -> Plan:
    return plan_import(book(*pages), **{"by": SYSTEM.imports, "township": town.township, "year": town.year} | kwargs)


def cells_of(plan: Plan) -> list[tuple[str, str]]:
    return [(problem.sheet, problem.cell) for problem in plan.problems]


def test_all_errors_at_once_and_nothing_written(town: SimpleNamespace, tmp_path: Any, capsys: Any) -> None:
    teachers = [
        headers(Teacher, "no", "name", "sex", "birth_date", "started_work_on"),
        ["010", "李新", "男", "1985-07-12", "2008.9"],
        ["011", "周明", "男", "1985-13-12", "2008.9"],
        ["012", "吴芳", "也许", "1985-07-12", "1980-01-01"],
        ["010", "郑强", "男", "1985-07-12", "2008.9"],
        ["013", "何杰", "男", "1985-07-12", "1980-01-01"],
    ]
    appointments = [
        headers(Appointment, "teacher", "school", "starts_on"),
        ["李新", "镇初级中学", "2020-09-01"],
        ["李新", "东湖中学", "2019-09-01"],
        ["周明", "袁科小学", "2020-09-01"],
        ["没有的人", "袁科小学", "2020-09-01"],
        ["李新", "袁科小学", "2021-09-01"],
    ]
    grades = [headers(SchoolGrade, "school", "classes"), ["镇初级中学", 3]]
    path = tmp_path / "坏.xlsx"
    path.write_bytes(
        book((title(Teacher), teachers), (title(Appointment), appointments), (title(SchoolGrade), grades)).getvalue()
    )
    before = Teacher.objects.count()
    with pytest.raises(CommandError):
        call_command("import_workbook", str(path), "--year", "2025", "--township", town.township.code)
    said = capsys.readouterr()
    for place in ("D3", "C4", "A5", "E6", "B3", "A5"):
        assert place in said.err
    assert said.out == ""
    assert Teacher.objects.count() == before
    plan = planned(town, (title(Teacher), teachers), (title(Appointment), appointments), (title(SchoolGrade), grades))
    people, places = title(Teacher), title(Appointment)
    assert cells_of(plan) == [
        (title(SchoolGrade), "C1"),
        (people, "D3"),
        (people, "C4"),
        (people, "A5"),
        (people, "E6"),
        (places, "B3"),
        (places, "A5"),
        (places, "C6"),
    ]
    with pytest.raises(Refused):
        write_plan(plan, by=SYSTEM.imports)


def test_untidy_roster_is_taken(town: SimpleNamespace) -> None:
    rows = [
        ["慕仪镇教师花名册"],
        ["填表单位：镇教育组", None, None, "2025年"],
        ["备注", "姓 名", "教师编号", "性别", "参加工作时间", "出生年月", "职称", "学科"],
        [None, "李 新", " ０１０ ", "男", 2008.9, "1985.7", "小高", "道法"],
        [None] * 8,
        [None, "周明", "011", "女", "200809", 31240, "无", "—"],
        ["合计", None, "2人"],
    ]
    plan = planned(town, (title(Teacher), rows))
    assert [str(problem) for problem in plan.problems] == []
    assert plan.counts[title(Teacher)] == {"new": 2, "changed": 0, "unchanged": 0, "wrong": 0}
    write_plan(plan, by=SYSTEM.imports)
    new = Teacher.objects.get(no="010")
    assert (new.name, new.pinyin, new.birth_date, new.started_work_on) == (
        "李新",
        " lx lixin",
        date(1985, 7, 1),
        date(2008, 9, 1),
    )
    assert (new.title, new.subject) == ("first", "morality")
    assert Teacher.objects.get(no="011").birth_date == date(1985, 7, 12)


def test_changed_cells_are_told_and_written(town: SimpleNamespace, one_teacher: Rows) -> None:
    rows = one_teacher(
        no="001", name="王思远", birth_date=date(1980, 5, 1), started_work_on=date(2003, 9, 1), title="高级教师"
    )
    plan = planned(town, (title(Teacher), rows))
    assert [(change.cell, change.row, change.new) for change in plan.changes] == [("H2", "王思远", "高级教师")]
    write_plan(plan, by=SYSTEM.imports)
    row = Teacher.objects.get(no="001", township=town.township)
    assert (row.title, row.version) == ("senior", 2)
    assert planned(town, (title(Teacher), rows)).empty


@pytest.mark.parametrize("name", ["王 思远", "王　思远", "王 思 远", "\u00a0王思远"])
def test_blanks_that_widen_a_name_change_nothing(name: str, town: SimpleNamespace, one_teacher: Rows) -> None:
    same = {"no": "001", "birth_date": "1980.5", "started_work_on": date(2003, 9, 1), "title": "无职称"}
    plan = planned(town, (title(Teacher), one_teacher(**same, name=name)))
    assert ([str(problem) for problem in plan.problems], plan.changes, plan.empty) == ([], [], True)


def test_empty_cell_empties_and_absent_column_leaves(town: SimpleNamespace) -> None:
    town.school.posts, town.school.aliases = 40, "镇中"
    town.school.save()
    rows = [headers(School, "name", "code", "stage", "aliases"), ["镇初级中学", "01", "初级中学", None]]
    stage = headers(School, "stage")
    assert stage
    rows[1][2] = str(School.Stage.JUNIOR)
    plan = planned(town, (title(School), rows))
    assert plan.problems == []
    write_plan(plan, by=SYSTEM.imports)
    town.school.refresh_from_db()
    assert (town.school.posts, town.school.aliases) == (40, "")


def test_namesakes_are_told_apart_by_the_school(town: SimpleNamespace, appointment_rows: Rows) -> None:
    namesake = TeacherFactory(school=town.other, no="004", name="王思远")
    head = headers(TeachingAssignment, "teacher", "school", "school_year", "grade", "class_name", "subject")
    rows = [head, ["王思远", "袁科小学", 2025, "三年级", "三年级1班", "数学"]]
    plan = planned(town, (title(TeachingAssignment), rows))
    assert [str(problem) for problem in plan.problems] == []
    assert plan.parts[0].new[0].teacher == namesake
    unsure = planned(
        town, (title(Appointment), appointment_rows(["王思远", "镇初级中学", None, "2010-09-01", "2011-07-01"]))
    )
    assert unsure.problems == []
    SchoolFactory(code="03", name="新民小学", stage="primary")
    unsure = planned(
        town, (title(Appointment), appointment_rows(["王思远", "新民小学", None, "2010-09-01", "2011-07-01"]))
    )
    assert cells_of(unsure) == [(title(Appointment), "A2")]
    assert "王思远（001）、王思远（004）" in unsure.problems[0].remedy


def test_appointment_that_ends_makes_room_for_a_new_one(town: SimpleNamespace, appointment_rows: Rows) -> None:
    rows = appointment_rows(
        ["王思远", "镇初级中学", None, "2015-09-01", "2025-07-01"], ["王思远", "袁科小学", None, "2025-09-01", None]
    )
    plan = planned(town, (title(Appointment), rows))
    assert plan.problems == []
    write_plan(plan, by=SYSTEM.imports)
    assert list(town.teacher.appointments.order_by("starts_on").values_list("school__name", flat=True)) == [
        "镇初级中学",
        "袁科小学",
    ]


def test_rows_of_another_year_are_refused(town: SimpleNamespace) -> None:
    SchoolYearFactory(start_year=2024)
    rows = [headers(SchoolGrade, "school", "school_year", "grade", "classes"), ["镇初级中学", "2024", "七年级", 3]]
    assert cells_of(planned(town, (title(SchoolGrade), rows))) == [(title(SchoolGrade), "B2")]
    assert SchoolYear.objects.count() == 2


def test_missing_key_column_and_missing_header(town: SimpleNamespace) -> None:
    rows = [headers(Appointment, "school", "starts_on"), ["镇初级中学", "2020-09-01"]]
    plan = planned(town, (title(Appointment), rows), (title(School), [["随便写写"], ["什么都没有"]]))
    assert cells_of(plan) == [(title(School), "A1"), (title(Appointment), "C1")]


def test_formula_is_refused_and_shortened_number_too(town: SimpleNamespace, one_teacher: Rows) -> None:
    rows = one_teacher(name='=CONCAT("李","新")', id_number=610304198507120022)
    assert cells_of(planned(town, (title(Teacher), rows))) == [(title(Teacher), "B2"), (title(Teacher), "D2")]


def test_masked_personal_data_stays(town: SimpleNamespace, one_teacher: Rows) -> None:
    town.teacher.phone = "13800001234"
    town.teacher.save()
    same = {
        "no": "001",
        "name": "王思远",
        "birth_date": date(1980, 5, 1),
        "started_work_on": date(2003, 9, 1),
        "title": "none",
    }
    plan = planned(town, (title(Teacher), one_teacher(**same, phone="1380***1234")))
    assert (plan.problems, plan.empty) == ([], True)
    new = planned(town, (title(Teacher), one_teacher(phone="1380***1234")))
    assert cells_of(new) == [(title(Teacher), "F2")]


def test_other_uniqueness_is_checked(town: SimpleNamespace) -> None:
    rows = [headers(School, "name", "code", "stage"), ["新民小学", "02", "primary"]]
    assert cells_of(planned(town, (title(School), rows))) == [(title(School), "B2")]


def test_list_under_another_title_is_known_by_its_columns(town: SimpleNamespace, one_teacher: Rows) -> None:
    plan = planned(town, ("Sheet1", one_teacher()))
    assert plan.counts == {"Sheet1": {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}}


def test_what_is_no_workbook_is_said_in_one_sentence(town: SimpleNamespace) -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "x")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    broken = BytesIO()
    with zipfile.ZipFile(broken, "w") as parts:
        parts.writestr("[Content_Types].xml", "x")
        parts.writestr("xl/workbook.xml", "<")
    empty = BytesIO()
    Workbook().save(empty)
    old = BytesIO(b"\xd0\xcf\x11\xe0" + b"0" * 600)
    locked = BytesIO(b"\xd0\xcf\x11\xe0" + b"0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    sentences = set()
    for file in (BytesIO(b"name,no"), BytesIO(b""), bomb, broken, empty, old, locked):
        with pytest.raises(UserError) as error:
            plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year)
        sentences.add("".join(error.value.messages))
    assert len(sentences) == 5


def test_import_costs_no_query_a_row(town: SimpleNamespace) -> None:
    def cost(number: int) -> int:
        head = headers(Teacher, "no", "name", "sex", "birth_date", "started_work_on")
        rows = [head, *[[f"N{n}", f"教师{n}", "女", "1985-07-12", "2008-09-01"] for n in range(number)]]
        places = [
            headers(Appointment, "teacher", "school", "starts_on"),
            *[[f"N{n}", "袁科小学", "2020-09-01"] for n in range(number)],
        ]
        with CaptureQueriesContext(connection) as queries:
            plan = planned(town, (title(Teacher), rows), (title(Appointment), places))
        assert plan.problems == []
        return len(queries)

    assert cost(1) == cost(30) <= 15


def test_who_keeps_the_installation_founds_a_year_and_others_do_not(
    town: SimpleNamespace, cast: dict, overview: list[list[Any]]
) -> None:
    later = {2025: 2026, date(2025, 9, 1): date(2026, 9, 1), date(2026, 8, 31): date(2027, 8, 31)}
    later |= {date(2026, 2, 15): date(2027, 2, 15), date(2026, 2, 16): date(2027, 2, 16)}
    rows = [[label, later.get(value, value)] for label, value in overview]
    file = book((spoken(TITLE), rows))
    above = UserFactory(username="district", role="office", district=town.township.district)
    plan = plan_import(file, by=above, township=town.township)
    assert [str(problem) for problem in plan.problems] == []
    write_plan(plan, by=above)
    assert SchoolYear.objects.get(start_year=2026).terms.count() == 2
    SchoolYear.objects.filter(start_year=2026).delete()
    with pytest.raises(UserError):
        plan_import(file, by=cast["principal"], scope=town.school.scope, township=town.township)
    with pytest.raises(UserError):  # the school years are those of the other townships too
        plan_import(file, by=cast["office"], township=town.township)


def test_workbook_of_another_township_or_year_is_refused(town: SimpleNamespace, overview: list[list[Any]]) -> None:
    file = book((spoken(TITLE), overview))
    for asked in (
        {"township": town.far.township, "year": town.year},
        {"township": town.township, "start_year": 2031},
        {"code": "999"},
    ):
        with pytest.raises(UserError):
            plan_import(file, by=SYSTEM.imports, **asked)


def test_row_changed_between_preview_and_import_is_not_overwritten(town: SimpleNamespace, one_teacher: Rows) -> None:
    same = {"no": "001", "name": "王思远", "birth_date": date(1980, 5, 1), "started_work_on": date(2003, 9, 1)}
    plan = planned(town, (title(Teacher), one_teacher(**same, title="高级教师")))
    Teacher.objects.filter(pk=town.teacher.pk).update(version=7)
    with pytest.raises(Refused):
        write_plan(plan, by=SYSTEM.imports)
    town.teacher.refresh_from_db()
    assert (town.teacher.title, town.teacher.version) == ("none", 7)


def test_what_only_writing_finds_stands_in_the_preview(
    town: SimpleNamespace, one_teacher: Rows, monkeypatch: Any
) -> None:
    def refuse(**_kwargs: Any) -> None:
        raise ValidationError("nothing doing")

    sheet = replace(sheet_of(Teacher), save=refuse)
    monkeypatch.setattr("apps.workbooks.planning.overview.sheets", lambda: (sheet,))
    plan = planned(town, (title(Teacher), one_teacher()))
    assert plan.problems == []
    try_plan(plan, by=SYSTEM.imports)
    assert [problem.what for problem in plan.problems] == ["nothing doing"]
