"""Who meets the conditions of a round, to the day; headcounts; staffing."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.actors import SYSTEM
from apps.exchange.actions import post_teacher
from apps.exchange.models import ExchangeRound, Posting, eligible, needed, staffing, standing, years_before
from apps.schools.models import School
from apps.teachers.models import Teacher
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import SchoolFactory, TeacherFactory


def meets(teacher: Teacher, **limits: Any) -> bool:
    return Teacher.objects.filter(eligible(ExchangeRoundFactory(**limits)), pk=teacher.pk).exists()


@pytest.mark.parametrize(
    ("sex", "born", "expected"),
    [
        ("m", date(1975, 8, 31), True),  # 50 on this very day
        ("m", date(1974, 9, 1), True),  # 51 on the next day
        ("m", date(1974, 8, 31), False),  # 51 on this day
        ("f", date(1980, 8, 31), True),
        ("f", date(1979, 9, 1), True),
        ("f", date(1979, 8, 31), False),
    ],
)
def test_age_on_the_reference_day_decides_to_the_day(
    town: SimpleNamespace, sex: str, born: date, expected: bool
) -> None:
    Teacher.objects.filter(pk=town.teacher.pk).update(sex=sex, birth_date=born, started_work_on=date(2003, 9, 1))
    assert meets(town.teacher) is expected


@pytest.mark.parametrize(
    ("since", "expected"), [(date(2019, 8, 31), True), (date(2019, 9, 1), True), (date(2019, 9, 2), False)]
)
def test_years_at_the_school_decide_to_the_day(town: SimpleNamespace, since: date, expected: bool) -> None:
    town.teacher.appointments.update(starts_on=since)
    assert meets(town.teacher) is expected


def test_round_that_asks_for_no_years_takes_a_newcomer(town: SimpleNamespace) -> None:
    town.teacher.appointments.update(starts_on=date(2025, 8, 31), ends_on=date(2025, 8, 31))
    assert meets(town.teacher, years_at_school=0)


def test_two_appointments_at_one_school_are_counted_together(town: SimpleNamespace) -> None:
    town.teacher.appointments.update(ends_on=date(2022, 8, 31))
    town.teacher.appointments.create(school=town.school, starts_on=date(2022, 9, 1))
    assert meets(town.teacher)


def test_years_with_a_posting_elsewhere_are_broken(town: SimpleNamespace) -> None:
    town.teacher.appointments.update(ends_on=date(2022, 8, 31))
    town.teacher.appointments.create(school=town.other, starts_on=date(2022, 9, 1), ends_on=date(2023, 8, 31))
    town.teacher.appointments.create(school=town.school, starts_on=date(2023, 9, 1))
    assert not meets(town.teacher)
    town.teacher.appointments.filter(school=town.other).update(school=town.school)
    assert meets(town.teacher)


def test_years_at_another_school_are_not_counted(town: SimpleNamespace) -> None:
    town.teacher.appointments.update(school=town.other, ends_on=date(2023, 8, 31))
    town.teacher.appointments.create(school=town.school, starts_on=date(2023, 9, 1))
    assert not meets(town.teacher)


@pytest.mark.parametrize("staffing_kind", ["special", "agency", "temporary", "retired"])
def test_teacher_who_is_not_established_is_not_eligible(town: SimpleNamespace, staffing_kind: str) -> None:
    Teacher.objects.filter(pk=town.teacher.pk).update(staffing=staffing_kind)
    assert not meets(town.teacher)


def test_teacher_who_does_not_serve_on_the_day_is_not_eligible(town: SimpleNamespace) -> None:
    assert not meets(town.stranger)
    assert meets(town.teacher)
    town.teacher.appointments.update(ends_on=date(2025, 8, 30))
    assert not meets(town.teacher)


@pytest.mark.parametrize(
    ("whole", "share", "expected"),
    [(0, 10, 0), (1, 10, 1), (10, 10, 1), (11, 10, 2), (30, 10, 3), (5, 20, 1), (6, 20, 2)],
)
def test_share_of_a_headcount_is_rounded_up(whole: int, share: int, expected: int) -> None:
    assert needed(whole, share) == expected


def test_years_before_a_leap_day_are_the_day_before_where_there_is_none() -> None:
    assert years_before(date(2024, 2, 29), 6) == date(2018, 2, 28)
    assert years_before(date(2024, 2, 29), 4) == date(2020, 2, 29)


def test_standing_of_a_round_counts_against_its_shares(town: SimpleNamespace) -> None:
    round = ExchangeRoundFactory()
    for number in range(8):
        TeacherFactory(school=town.school, no=f"1{number:02}")
    Teacher.objects.filter(pk=town.teacher.pk).update(backbone_level=3)
    posting = Posting(
        round=round, teacher=town.teacher, from_school=town.school, to_school=town.other, starts_on=date(2025, 9, 1)
    )
    post_teacher(posting=posting, by=SYSTEM.imports)
    now = standing(round)
    assert (now.eligible, now.exchanged, now.exchanged_needed) == (11, 1, 2)
    assert (now.backbone, now.backbone_needed) == (1, 1)


def test_staffing_with_postings_counts_before_and_after(town: SimpleNamespace) -> None:
    round = ExchangeRoundFactory()
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    for teacher, day in ((town.teacher, date(2025, 9, 1)), (town.colleague, date(2025, 9, 8))):
        posting = Posting(round=round, teacher=teacher, from_school=town.school, to_school=town.other, starts_on=day)
        post_teacher(posting=posting, by=SYSTEM.imports)
    lines = staffing(round, School.objects.filter(township=town.township))
    assert [(line.school, line.before, line.left, line.came, line.after) for line in lines] == [
        (town.school, 2, 2, 0, 0),
        (town.other, 1, 0, 2, 3),
        (third, 0, 0, 0, 0),
    ]


def test_staffing_without_postings_is_that_of_the_reference_day(town: SimpleNamespace) -> None:
    lines = staffing(ExchangeRoundFactory(), [town.school])
    assert [(line.before, line.left, line.came, line.after) for line in lines] == [(2, 0, 0, 2)]


def test_absence_breaks_the_years_unless_the_round_says_otherwise(town: SimpleNamespace) -> None:
    town.teacher.appointments.update(ends_on=date(2021, 8, 31))
    town.teacher.appointments.create(school=town.school, starts_on=date(2022, 9, 1))
    assert not meets(town.teacher)
    ExchangeRound.objects.all().delete()
    assert meets(town.teacher, gaps_break=False)
