"""The workbook to fill in: the school's own rows, lists behind choices, checks, notes, and a cover that explains."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook

from apps.core.actors import SYSTEM
from apps.core.models import Record
from apps.research.models import Activity
from apps.schools.models import CultureNote, School, SchoolGrade
from apps.teachers.models import Appointment, Teacher, TeachingAssignment
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.overview import CHOICES, COVER
from apps.workbooks.planning.workbook import plan_import
from tests.factories import SchoolGradeFactory, TeachingAssignmentFactory
from tests.workbooks.conftest import headers, opened, title


@pytest.fixture
def filled(town: SimpleNamespace) -> SimpleNamespace:
    """Rows at both schools, so that the neighbour's could leak."""
    for school, teacher in ((town.school, town.teacher), (town.other, town.neighbour)):
        SchoolGradeFactory(school=school, school_year=town.year, grade=7, classes=2)
        TeachingAssignmentFactory(teacher=teacher, school=school, school_year=town.year, class_name=f"{school.code}班")
    return town


def template(town: SimpleNamespace, **kwargs: Any) -> Workbook:
    given = {"scope": town.school.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports} | kwargs
    return opened(template_workbook(**given))


def lines(book: Workbook, model: type[Record]) -> list[tuple]:
    """Return the rows below header and example."""
    return list(book[title(model)].iter_rows(min_row=3, values_only=True))


def rule(book: Workbook, model: type[Record], field: str) -> Any:
    """Return what Excel checks in a column."""
    page = book[title(model)]
    letter = next(cell.column_letter for cell in page[1] if cell.value == headers(model, field)[0])
    found = [rule for rule in page.data_validations.dataValidation if str(rule.sqref).startswith(f"{letter}3:")]
    assert len(found) == 1, field
    return found[0]


def offered(book: Workbook, model: type[Record], field: str) -> list[str]:
    """Return the lines of a column's drop-down, by the way that Excel goes: rule, name, place."""
    name = rule(book, model, field).formula1.removeprefix("=")
    sheet, _mark, place = book.defined_names[name].attr_text.partition("!")
    return [cell.value for (cell,) in book[sheet.strip("'")][place.replace("$", "")]]


def test_template_of_a_school_holds_its_rows_only(filled: SimpleNamespace) -> None:
    book = template(filled)
    assert [row[0] for row in lines(book, School)] == ["镇初级中学"]
    assert [row[0] for row in lines(book, Teacher)] == ["001", "002"]
    assert [row[0] for row in lines(book, SchoolGrade)] == ["镇初级中学"]
    assert [row[4] for row in lines(book, TeachingAssignment)] == ["01班"]
    assert "袁科小学" not in {str(cell.value) for page in book.worksheets for row in page.iter_rows() for cell in row}


def test_template_of_a_township_is_empty_and_knows_all_names(filled: SimpleNamespace) -> None:
    book = template(filled, scope=filled.township.scope)
    assert [lines(book, model) for model in (School, Teacher, SchoolGrade)] == [[], [], []]
    assert offered(book, SchoolGrade, "school") == ["镇初级中学", "袁科小学"]
    assert offered(book, Appointment, "teacher") == ["王思远", "陈一鸣", "赵雪"]


def test_every_code_list_is_offered(filled: SimpleNamespace) -> None:
    book = template(filled)
    assert offered(book, Teacher, "sex") == ["男", "女"]
    assert offered(book, SchoolGrade, "experimental") == ["是", "否"]
    assert offered(book, TeachingAssignment, "teacher") == ["王思远", "陈一鸣"]
    assert offered(book, TeachingAssignment, "school") == ["镇初级中学"]
    assert offered(book, TeachingAssignment, "class_name") == ["01班"]
    assert offered(book, TeachingAssignment, "school_year") == ["2025"]
    assert book[CHOICES].sheet_state == "veryHidden"
    for sheet in (Teacher, TeachingAssignment, SchoolGrade):
        for column in sheet._meta.concrete_fields:
            if column.choices and column.name in {"title", "staffing", "subject", "grade", "position"}:
                assert len(offered(book, sheet, column.name)) >= 4


def test_classes_come_from_the_grades_where_none_are_written_yet(town: SimpleNamespace) -> None:
    SchoolGradeFactory(school=town.school, school_year=town.year, grade=7, classes=2)
    assert offered(template(town), TeachingAssignment, "class_name") == ["七年级(1)班", "七年级(2)班"]


def test_days_and_numbers_are_checked(filled: SimpleNamespace) -> None:
    book = template(filled)
    day = rule(book, Teacher, "birth_date")
    assert (day.type, day.operator, day.errorStyle, day.showErrorMessage) == ("date", "between", "warning", True)
    number = rule(book, SchoolGrade, "classes")
    assert (number.type, number.formula1, number.errorStyle) == ("whole", "1", "stop")
    assert int(number.formula2) >= 30
    assert day.error
    assert number.error


def test_headers_are_frozen_noted_and_wide_enough(filled: SimpleNamespace) -> None:
    book = template(filled)
    for page in book.worksheets:
        if page.title in (COVER, CHOICES, book.worksheets[1].title):
            continue
        assert page.freeze_panes == "A2"
        for cell in page[1]:
            assert cell.comment.text, (page.title, cell.value)
            assert page.column_dimensions[cell.column_letter].width >= 2 * len(cell.value)
    page = book[title(Teacher)]
    at = {cell.value: cell for cell in page[1]}
    number = at[headers(Teacher, "id_number")[0]]
    assert page.column_dimensions[number.column_letter].number_format == "@"


def test_example_row_looks_like_one_and_is_not_imported(filled: SimpleNamespace) -> None:
    book = template(filled)
    page = book[title(Teacher)]
    assert page["A2"].value.startswith("示例")
    assert page["A2"].font.italic
    assert not page["A3"].font.italic
    page["A2"].value = "示例：999"
    out = BytesIO()
    book.save(out)
    plan = plan_import(out, by=SYSTEM.imports, scope=filled.school.scope, township=filled.township, year=filled.year)
    assert ([str(problem) for problem in plan.problems], plan.empty) == ([], True)


def test_cover_explains_in_about_ten_lines(filled: SimpleNamespace) -> None:
    told = [row[0] for row in template(filled)[COVER].iter_rows(values_only=True)]
    assert "镇初级中学" in told[0]
    assert "2025" in told[0]
    assert 9 <= len([line for line in told if line]) <= 13
    assert any("示例" in line for line in told)


def test_principal_gets_what_the_school_fills_in(filled: SimpleNamespace, cast: dict, browser: Any) -> None:
    town = filled
    town.teacher.phone = "13800001234"
    town.teacher.save()
    address = reverse("workbooks:template")
    book = opened(b"".join(browser("principal").get(address).streaming_content))
    assert title(Appointment) not in book.sheetnames  # only the office keeps them
    phone = headers(Teacher).index(*headers(Teacher, "phone"))
    assert [row[phone] for row in lines(book, Teacher)] == ["1380***1234", None]
    for school, expected in ((town.school, ["镇初级中学"]), (town.other, ["袁科小学"])):
        own = opened(b"".join(browser("office").get(address, {"school": school.pk}).streaming_content))
        assert [row[0] for row in lines(own, School)] == expected
        assert title(Appointment) in own.sheetnames


@pytest.mark.usefixtures("all_floors")
def test_template_and_export_have_the_same_columns(town: SimpleNamespace) -> None:
    CultureNote.objects.create(school=town.school, title="班规", since=date(2025, 9, 1))
    given = {"scope": town.township.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports}
    empty, full = template(town, scope=town.township.scope), opened(year_workbook(**given))
    assert title(Activity) in full.sheetnames
    heads = {page.title: [cell.value for cell in page[1]] for page in full.worksheets if page.title != CHOICES}
    assert {name: [cell.value for cell in empty[name][1]] for name in heads} == heads
