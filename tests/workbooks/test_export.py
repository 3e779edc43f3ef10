"""What goes out: typed cells, nothing that Excel computes, nothing that the role may not see; and all comes back."""

from datetime import date, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.actors import SYSTEM
from apps.schools.models import CultureNote, SchoolGrade
from apps.teachers.id_numbers import check_character
from apps.teachers.models import Teacher
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from tests.factories import SchoolGradeFactory, TeacherFactory
from tests.workbooks.conftest import headers, opened, title

ID_NUMBER = "61030419800501001" + check_character("61030419800501001")
NASTY = ["=1+1", '=HYPERLINK("http://example.org")', "+86 10", "-2", "@SUM(A1)", "#1", "2025.9", "0917", "1E5", "是"]


@pytest.fixture
def private(town: SimpleNamespace) -> SimpleNamespace:
    """A teacher with an ID number and a phone."""
    town.teacher.id_number, town.teacher.phone = ID_NUMBER, "13800001234"
    town.teacher.clean()
    town.teacher.save()
    return town


def exported(town: SimpleNamespace, **kwargs: Any) -> bytes:
    given = {"scope": town.township.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports}
    return year_workbook(**given | kwargs)


def download(client: Any, name: str, *args: Any, **query: Any) -> bytes:
    return b"".join(client.get(reverse(f"workbooks:{name}", args=args), query).streaming_content)


def test_cells_have_their_types(private: SimpleNamespace) -> None:
    SchoolGradeFactory(school=private.school, school_year=private.year, grade=7, classes=4)
    made = opened(exported(private))
    row = dict(zip(headers(Teacher), made[title(Teacher)][2], strict=True))
    number, born, no = (row[head] for head in headers(Teacher, "id_number", "birth_date", "no"))
    assert (number.value, number.data_type, number.number_format) == (ID_NUMBER, "s", "@")
    assert (born.value, born.is_date, born.number_format) == (datetime(1980, 5, 1), True, "yyyy-mm-dd")
    assert (no.value, no.number_format) == ("001", "@")
    classes = dict(zip(headers(SchoolGrade), made[title(SchoolGrade)][2], strict=True))[
        headers(SchoolGrade, "classes")[0]
    ]
    assert (classes.value, classes.data_type) == (4, "n")


def test_nothing_is_computed_and_all_comes_back(town: SimpleNamespace) -> None:
    for text in NASTY:
        CultureNote.objects.create(school=town.school, title=text, text=text, since=date(2025, 9, 1))
    content = exported(town)
    page = opened(content)[title(CultureNote)]
    cells = [cell for row in page.iter_rows(min_row=2) for cell in row[1:3]]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells} == set(NASTY)
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, township=town.township, year=town.year)
    assert ([str(problem) for problem in plan.problems], plan.changes, plan.empty) == ([], [], True)
    CultureNote.objects.all().delete()
    write_plan(
        plan_import(BytesIO(content), by=SYSTEM.imports, township=town.township, year=town.year), by=SYSTEM.imports
    )
    assert set(CultureNote.objects.values_list("title", "text")) == {(text, text) for text in NASTY}


@pytest.mark.parametrize("way", ["year_export", "template", "list_export"])
def test_masked_cells_are_masked_everywhere_and_change_nothing(
    way: str, private: SimpleNamespace, cast: dict, browser: Any
) -> None:
    args = ["teachers.teacher"] if way == "list_export" else []
    content = download(browser("principal"), way, *args)
    shown = {str(cell.value) for page in opened(content).worksheets for row in page.iter_rows() for cell in row}
    assert "1380***1234" in shown
    assert not {ID_NUMBER, "13800001234"} & shown
    for by in (cast["principal"], cast["office"]):
        plan = plan_import(
            BytesIO(content), by=by, scope=private.school.scope, township=private.township, year=private.year
        )
        assert ([str(problem) for problem in plan.problems], plan.changes, plan.empty) == ([], [], True)
    private.teacher.refresh_from_db()
    assert (private.teacher.id_number, private.teacher.phone) == (ID_NUMBER, "13800001234")


def test_masked_cell_beside_a_changed_one_stays(private: SimpleNamespace, cast: dict, browser: Any) -> None:
    made = opened(download(browser("principal"), "year_export"))
    page = made[title(Teacher)]
    head = {cell.value: cell.column for cell in page[1]}
    page.cell(2, head[headers(Teacher, "title")[0]]).value = "高级教师"
    out = BytesIO()
    made.save(out)
    plan = plan_import(
        out, by=cast["principal"], scope=private.school.scope, township=private.township, year=private.year
    )
    assert [(change.row, change.new) for change in plan.changes] == [("王思远", "高级教师")]
    write_plan(plan, by=cast["principal"])
    stored = Teacher.objects.get(pk=private.teacher.pk)
    assert (stored.title, stored.id_number, stored.phone) == ("senior", ID_NUMBER, "13800001234")


def test_filtered_list_has_the_columns_of_the_year(private: SimpleNamespace, browser: Any) -> None:
    listed = opened(download(browser("office"), "list_export", "teachers.teacher", q="王思远")).worksheets[0]
    whole = opened(download(browser("office"), "year_export"))[title(Teacher)]
    assert [cell.value for cell in listed[1]] == [cell.value for cell in whole[1]] == headers(Teacher)
    assert [row[1] for row in listed.iter_rows(min_row=2, values_only=True)] == ["王思远"]
    assert whole.max_row == 4


def test_a_hundred_rows_cost_no_more_queries_than_one(town: SimpleNamespace) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            exported(town)
        return len(captured)

    one = cost()
    for number in range(100):
        TeacherFactory(school=town.school, no=f"N{number:03}")
    assert cost() == one


def test_headers_of_filled_columns_are_darker(town: SimpleNamespace) -> None:
    page = opened(exported(town))[title(Teacher)]
    fills = {cell.value: cell.fill.fgColor.rgb for cell in page[1]}
    required, free = headers(Teacher, "name", "phone")
    assert fills[required] != fills[free]
    assert page["A1"].font.bold
    assert page.freeze_panes == "A2"


def test_export_taken_back_in_gives_the_same_file(private: SimpleNamespace) -> None:
    def values(content: bytes) -> dict[str, list]:
        return {page.title: list(page.iter_rows(values_only=True)) for page in opened(content).worksheets}

    content = exported(private)
    Teacher.objects.filter(pk=private.teacher.pk).update(title="senior", phone="1")
    plan = plan_import(
        BytesIO(content),
        by=SYSTEM.imports,
        township=private.township,
        year=private.year,
        decisions={"how": {str(private.teacher.pk): "correct"}},  # not news since the year's first day
    )
    write_plan(plan, by=SYSTEM.imports)
    assert values(exported(private)) == values(content)


def test_control_characters_do_not_break_the_file(town: SimpleNamespace) -> None:
    CultureNote.objects.create(school=town.school, title="铃\x07声\x1b", text="a\r\nb", since=date(2025, 9, 1))
    row = opened(exported(town))[title(CultureNote)][2]
    assert [cell.value for cell in row[1:3]] == ["铃声", "a\nb"]
