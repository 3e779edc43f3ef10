"""What forbids taking an import back goes away as its page says: newer things taken back, edited back or deleted."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear
from apps.ethics.models import Questionnaire, QuestionnaireItem
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.actions.undo import Blocked, undo_import
from apps.workbooks.models import ImportBatch, ImportChange
from apps.workbooks.undo.trace import Trace
from tests.architecture.rows import make
from tests.factories import TeacherFactory
from tests.workbooks.conftest import book, headers, title
from tests.workbooks.test_undo import TEACHER, _exported, _phone, _sheet, imported, roster, stored

__all__ = ["roster"]  # a fixture


def taken_back(batch: ImportBatch, client: Any) -> str:
    """Take an import back by its page, and return what the import's page says then."""
    page = client.post(reverse("workbooks:importbatch_undo", args=[batch.pk]), follow=True)
    batch.refresh_from_db()
    assert batch.status == "undone", page.content.decode()
    return page.content.decode()


def test_last_import_first(town: SimpleNamespace, roster: BytesIO, browser: Any) -> None:
    before = stored(Teacher, Appointment)
    first = imported(town, roster)
    second, third = imported(town, _phone(town, "13700000000")), imported(town, _phone(town, "13600000000"))
    client = browser("office")
    assert "导入之后已被修改" in client.get(reverse("workbooks:importbatch_undo", args=[first.pk])).content.decode()
    for batch in (third, second, first):
        taken_back(batch, client)
    assert stored(Teacher, Appointment) == before


def test_import_that_brought_the_year_after_one_into_it(town: SimpleNamespace, overview: list, browser: Any) -> None:
    later = {2025: 2031, date(2025, 9, 1): date(2031, 9, 1), date(2026, 8, 31): date(2032, 8, 31)}
    rows = [[label, later.get(value, value)] for label, value in overview if "学期" not in str(label)]
    town.year = None  # the workbook says it
    first = imported(town, book(("概况", rows)))
    town.year = SchoolYear.objects.get(start_year=2031)
    second = imported(town, _phone(town, "13700000000"))
    assert first.school_year == second.school_year == town.year
    taken_back(second, browser("office"))
    undo_import(batch=first, by=SYSTEM.imports)  # years are all townships' own
    assert not SchoolYear.objects.filter(start_year=2031).exists()


def test_edited_and_edited_back(town: SimpleNamespace, roster: BytesIO, browser: Any) -> None:
    batch, client = imported(town, roster), browser("office")
    rows = {"010": ("name", "李欣"), "001": ("position", "vice")}
    left = {}
    for no, (name, value) in rows.items():
        teacher = Teacher.objects.get(no=no, appointments__school=town.school)
        left[no] = getattr(teacher, name)
        setattr(teacher, name, value)
        save_record(record=teacher, by=SYSTEM.imports)
    with pytest.raises(Blocked) as refusal:
        undo_import(batch=batch, by=SYSTEM.imports)
    assert {blocker.name for blocker in refusal.value.blockers} == {"李欣", "王思源"}
    for no, (name, _value) in rows.items():
        teacher = Teacher.objects.get(no=no, appointments__school=town.school)
        setattr(teacher, name, left[no])
        save_record(record=teacher, by=SYSTEM.imports)
    taken_back(batch, client)
    assert not Teacher.objects.filter(no="010").exists()


def test_a_new_row_that_a_later_import_changed_and_gave_back(
    town: SimpleNamespace, roster: BytesIO, browser: Any
) -> None:
    first = imported(town, roster)
    rows = [headers(Teacher, "no", "name", "title"), ["010", "李新", "高级教师"]]
    second, client = imported(town, book((title(Teacher), rows))), browser("office")
    assert Teacher.objects.get(no="010").title == "senior"
    with pytest.raises(Blocked):
        undo_import(batch=first, by=SYSTEM.imports)
    for batch in (second, first):
        taken_back(batch, client)
    assert not Teacher.objects.filter(no="010").exists()


def test_a_new_row_whose_phone_was_changed_is_not_lost(town: SimpleNamespace, roster: BytesIO) -> None:
    batch = imported(town, roster)
    for phone in ("13700000000", ""):
        teacher = Teacher.objects.get(no="010")
        teacher.phone = phone
        save_record(record=teacher, by=SYSTEM.imports)
    with pytest.raises(Blocked):
        undo_import(batch=batch, by=SYSTEM.imports)


def test_created_and_deleted_since_is_gone(town: SimpleNamespace, roster: BytesIO, browser: Any) -> None:
    before = stored(Teacher, Appointment)
    batch = imported(town, roster)
    Appointment.objects.filter(teacher__no="010").delete()
    taken_back(batch, browser("office"))
    assert stored(Teacher, Appointment) == before


def test_changed_and_deleted_since_is_left_aside_and_said(town: SimpleNamespace, browser: Any) -> None:
    TeacherFactory(school=town.school, no="020", name="马远")
    rows = [
        ["020", "马远", "男", "1985-07-12", "2008-09-01", "13700000000"],
        ["021", "牛新", "男", "1985-07-12", "2008-09-01", ""],
    ]
    batch, client = imported(town, book((title(Teacher), [headers(Teacher, *TEACHER), *rows]))), browser("office")
    teacher = Teacher.objects.get(no="020")
    teacher.appointments.all().delete()
    teacher.delete()
    said = "教师马远：导入之后已被删除，撤销导入时不再恢复。"
    assert said in client.get(reverse("workbooks:importbatch_undo", args=[batch.pk])).content.decode()
    assert said in taken_back(batch, client)
    assert not Teacher.objects.filter(no__in=["020", "021"]).exists()


@pytest.mark.usefixtures("all_floors")
def test_what_hung_on_a_record_deleted_since_is_not_put_back(town: SimpleNamespace, browser: Any) -> None:
    questionnaire = make(Questionnaire, town.school)
    QuestionnaireItem.objects.filter(questionnaire=questionnaire).delete()
    make(QuestionnaireItem, town.school, questionnaire=questionnaire)
    content, out = _exported(town), BytesIO()
    page, sheet = content[title(Questionnaire)], _sheet(Questionnaire)
    place = [column.header for column in sheet.all_columns].index(sheet.lines.header) + 1
    page.cell(2, place).value = "是否公平｜10\n是否耐心｜10"
    content.save(out)
    batch = imported(town, out)
    questionnaire.delete()
    taken_back(batch, browser("office"))
    assert not QuestionnaireItem.objects.exists()


def test_import_kept_before_values_were_compared(town: SimpleNamespace, roster: BytesIO) -> None:
    """Its trace knows the versions only: these decide, as they did."""
    before = stored(Teacher, Appointment)
    batch = imported(town, roster)
    for change in ImportChange.objects.filter(batch=batch):
        trace = Trace.unpacked(change)
        trace.changed = {pk: (left[0], values) for pk, (left, values) in trace.changed.items()}
        change.rows = trace.packed()
        change.save()
    teacher = Teacher.objects.get(no="010")
    save_record(record=teacher, by=SYSTEM.imports)
    with pytest.raises(Blocked):
        undo_import(batch=batch, by=SYSTEM.imports)
    Teacher.objects.filter(pk=teacher.pk).update(version=teacher.version - 1)
    undo_import(batch=batch, by=SYSTEM.imports)
    assert stored(Teacher, Appointment) == before
