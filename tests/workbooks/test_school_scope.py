"""What a school's workbook holds, and what a principal may write by it: the school's own staff and records."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.urls import reverse

from apps.core.actors import SYSTEM
from apps.teachers.models import Appointment, Teacher, TeachingAssignment
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.models import ImportBatch
from tests.factories import TeachingAssignmentFactory
from tests.workbooks.conftest import book, headers, opened, title, upload


@pytest.fixture
def bring(browser: Callable, town: SimpleNamespace) -> Callable:
    def as_principal(model: type, *rows: list, head: list[str] | None = None) -> ImportBatch:
        file = book((title(model), [head or headers(model), *rows]))
        form = {"file": upload(file), "school_year": town.year.pk}
        browser("principal").post(reverse("workbooks:importbatch_create"), form)
        return ImportBatch.objects.latest("pk")

    return as_principal


@pytest.fixture
def gone(town: SimpleNamespace) -> Teacher:
    """Somebody who left for another school before the year began."""
    Appointment.objects.filter(teacher=town.colleague).update(starts_on=date(2010, 9, 1), ends_on=date(2024, 8, 31))
    Appointment.objects.create(teacher=town.colleague, school=town.other, starts_on=date(2024, 9, 1))
    return town.colleague


def test_template_and_lists_hold_the_staff_of_the_year(town: SimpleNamespace, gone: Teacher) -> None:
    place = {"scope": town.school.scope, "township": town.township, "year": town.year}
    made = opened(template_workbook(**place, user=SYSTEM.imports))
    names = [row[1] for row in made[title(Teacher)].iter_rows(min_row=3, values_only=True)]
    assert names == [town.teacher.name]
    offered = [cell.value for row in made["选项"].iter_rows() for cell in row]
    assert town.teacher.name in offered
    assert gone.name not in offered


def test_a_principal_does_not_change_who_has_left(
    town: SimpleNamespace, gone: Teacher, bring: Callable, browser: Callable
) -> None:
    head = headers(Teacher, "no", "name", "title")
    batch = bring(
        Teacher, [gone.no, gone.name, "高级教师"], [town.teacher.no, town.teacher.name, "高级教师"], head=head
    )
    assert [(problem["cell"], problem["what"]) for problem in batch.problems] == [("A2", "这条记录属于其他学校。")]
    client = browser("principal")
    assert client.get(reverse("teachers:teacher_update", args=[gone.pk])).status_code == 403
    assert client.get(reverse("teachers:teacher_update", args=[town.teacher.pk])).status_code == 200


def test_a_principal_names_no_teacher_of_another_school(town: SimpleNamespace, bring: Callable) -> None:
    head = headers(TeachingAssignment, "teacher", "grade", "class_name", "subject")
    batch = bring(
        TeachingAssignment,
        [town.teacher.name, "七年级", "七(1)班", "语文"],
        [town.neighbour.name, "七年级", "七(2)班", "语文"],
        head=head,
    )
    assert [(problem["cell"], problem["what"]) for problem in batch.problems] == [("A3", "“赵雪”不是您学校的人员。")]


def test_year_and_own_school_need_no_column(town: SimpleNamespace, bring: Callable) -> None:
    head = headers(TeachingAssignment, "teacher", "grade", "class_name", "subject")
    batch = bring(TeachingAssignment, [town.teacher.name, "七年级", "七(1)班", "语文"], head=head)
    assert batch.problems == []
    assert batch.total("new") == 1


def test_rows_of_others_tell_nothing(town: SimpleNamespace, bring: Callable) -> None:
    """Whether a guess of what another school has stored is right or wrong must not show."""
    TeachingAssignmentFactory(
        teacher=town.neighbour, school=town.other, school_year=town.year, grade=3, class_name="三(1)班", weekly_hours=9
    )
    said = []
    for hours in (9, 10):
        row = [town.neighbour.name, town.other.name, "2025", "三年级", "三(1)班", "语文", hours]
        said.append([problem["what"] for problem in bring(TeachingAssignment, row).problems])
    assert said[0] == said[1] == ["这条记录属于其他学校。"]
