"""The roster: ID numbers, who serves where and when, transfers, personal data."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.teachers.actions import transfer_teacher
from apps.teachers.chapter import CHAPTER, schools_table
from apps.teachers.id_numbers import mask, validate_id_number
from apps.teachers.models import Appointment, Teacher
from tests.factories import TeacherFactory

# Test vectors of GB 11643-1999 and made-up numbers with a right check character.
GOOD = ["11010519491231002X", "610304198507123029", "610304197903051018", "610304199011234125"]


@pytest.mark.parametrize("number", GOOD)
def test_id_number_that_is_right_passes(number: str) -> None:
    validate_id_number(number)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("610304198507123028", "校验码"),
        ("610304198513123029", "不存在"),
        ("61030419850712302", "18位"),
        ("61030418500712302X", "不合常理"),
        ("６10304198507123029", "18位"),
    ],
)
def test_id_number_that_is_wrong_says_why(number: str, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        validate_id_number(number)


def test_id_number_against_birth_date_or_sex_is_refused(town: SimpleNamespace) -> None:
    teacher = town.teacher
    teacher.id_number, teacher.birth_date, teacher.sex = "610304198507123029", date(1985, 7, 12), "m"
    with pytest.raises(ValidationError, match="性别与身份证号不符"):
        save_record(record=teacher, by=SYSTEM.imports)
    teacher.sex, teacher.birth_date = "f", date(1985, 7, 13)
    with pytest.raises(ValidationError, match="出生日期与身份证号不符"):
        save_record(record=teacher, by=SYSTEM.imports)


def test_personal_data_when_stored_is_encrypted_and_unique(town: SimpleNamespace) -> None:
    data = {"id_number": "610304198507123029", "birth_date": date(1985, 7, 12), "sex": "f", "phone": "13900001111"}
    first, second = town.teacher, town.colleague
    for teacher in (first, second):
        for name, value in data.items():
            setattr(teacher, name, value)
    save_record(record=first, by=SYSTEM.imports)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone FROM teachers_teacher WHERE no = '001'")
        stored = str(cursor.fetchall())
    assert "610304" not in stored
    assert "1390000" not in stored
    assert Teacher.objects.get(pk=first.pk).id_number == data["id_number"]
    with pytest.raises(ValidationError, match="本镇已有使用该身份证号的教师"):
        save_record(record=second, by=SYSTEM.imports)


def test_mask_of_a_number_hides_its_middle() -> None:
    assert mask("610304198507123029") == "6103**********3029"
    assert mask("1390") == "****"


def test_personal_data_on_the_page_is_masked_and_a_look_noted(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    teacher = town.teacher
    teacher.id_number, teacher.birth_date, teacher.sex = "610304198507123029", date(1985, 7, 12), "f"
    save_record(record=teacher, by=SYSTEM.imports)
    address = teacher.get_absolute_url()
    assert "6103**********3029" in browser("principal").get(address).content.decode()
    assert browser("principal").post(f"{address}reveal/").status_code == 403
    assert "610304198507123029" in browser("office").post(f"{address}reveal/").content.decode()
    entry = LogEntry.objects.get_for_object(teacher).latest("pk")
    assert (entry.action, entry.actor) == (LogEntry.Action.ACCESS, cast["office"])
    assert "610304198507123029" not in str(list(LogEntry.objects.values_list("changes", flat=True)))


def test_transfer_to_another_school_ends_one_appointment_and_begins_the_next(town: SimpleNamespace) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2025, 9, 1), by=SYSTEM.imports)
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2025, 9, 1), by=SYSTEM.imports)
    rows = Appointment.objects.filter(teacher=town.teacher).order_by("starts_on")
    assert [(a.school.name, a.starts_on, a.ends_on) for a in rows] == [
        ("镇初级中学", date(2015, 9, 1), date(2025, 8, 31)),
        ("袁科小学", date(2025, 9, 1), None),
    ]


def test_appointment_overlapping_another_is_refused_in_words(town: SimpleNamespace) -> None:
    row = Appointment(teacher=town.teacher, school=town.other, starts_on=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="请先结束那一段任职"):
        save_record(record=row, by=SYSTEM.imports)


def test_roster_of_a_period_is_counted_on_its_last_day(town: SimpleNamespace, browser: Any) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2026, 9, 1), by=SYSTEM.imports)
    gone = TeacherFactory(school=town.school, no="010", name="李早退")
    gone.appointments.update(ends_on=date(2026, 1, 31))
    figures = {f.key: f for f in CHAPTER.figures(town.school.scope, Period.from_code("2025"))}
    assert figures["teachers.count"].value == 2  # the gone one no longer, the transferred one still
    page = browser("office").get(figures["teachers.count"].source).content.decode()
    assert "王思远" in page
    assert "李早退" not in page


def test_table_of_a_township_has_a_row_a_school(town: SimpleNamespace) -> None:
    table = schools_table(town.township.scope, Period.from_code("2025"))
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["镇初级中学", "初级中学", 2, 0],
        ["袁科小学", "小学", 1, 0],
    ]


def test_backbone_level_lowered_by_the_township_counts_more(town: SimpleNamespace) -> None:
    Teacher.objects.filter(pk=town.teacher.pk).update(backbone_level=2)
    assert not Teacher.objects.backbone().exists()
    type(town.township).objects.filter(pk=town.township.pk).update(backbone_from=2)
    assert list(Teacher.objects.backbone()) == [town.teacher]


def test_id_number_written_by_who_does_not_see_it_is_refused(town: SimpleNamespace, cast: dict) -> None:
    town.teacher.phone = "13900001111"
    with pytest.raises(PermissionDenied):
        save_record(record=town.teacher, by=cast["principal"])


def test_teacher_who_has_left_the_school_is_not_its_principal_s_to_change(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2025, 9, 1), by=SYSTEM.imports)
    with pytest.raises(PermissionDenied):
        save_record(record=town.teacher, by=cast["principal"])
    page = f"{town.teacher.get_absolute_url()}edit/"
    assert browser("principal").get(page).status_code == 403
    assert browser("neighbour").get(page).status_code == 200
