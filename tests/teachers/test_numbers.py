"""Teacher numbers are issued: the next free one of the township's form, each once."""

from datetime import date
from itertools import islice
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError

from apps.teachers.actions import save_teacher, save_teachers
from apps.teachers.models import Teacher
from apps.teachers.numbers import free_numbers


@pytest.mark.parametrize(
    ("pattern", "taken", "free"),
    [
        ("0001", [], ["0001", "0002"]),
        ("0001", ["0007", "105", "T900", "20150034"], ["0106", "0107"]),
        ("T098", ["T098"], ["T099", "T100"]),
        ("T098", ["T999"], ["T1000", "T1001"]),
        ("2025-001", ["2025-003"], ["2025-004", "2025-005"]),
        ("0500", ["0007"], ["0500", "0501"]),
    ],
)
def test_free_numbers_follow_the_last_of_their_form(pattern: str, taken: list[str], free: list[str]) -> None:
    assert list(islice(free_numbers(pattern, taken), 2)) == free


def new(town: SimpleNamespace, no: str = "") -> Teacher:
    given = {"sex": "f", "birth_date": date(1980, 5, 1), "started_work_on": date(2003, 9, 1)}
    return Teacher(township=town.township, no=no, name="康知远", **given)


def test_many_new_teachers_get_a_number_each(town: SimpleNamespace, cast: dict) -> None:
    rows = [new(town), new(town, "0200"), new(town)]
    for row in rows:
        row.clean()
    save_teachers(records=rows, by=cast["office"])
    assert [row.no for row in rows] == ["0201", "0200", "0202"]


def test_number_that_was_given_stays(town: SimpleNamespace, cast: dict) -> None:
    assert save_teacher(record=new(town, "自编7"), by=cast["office"]).no == "自编7"


@pytest.mark.parametrize("pattern", ["", "无", "T00x", "有 1"])
def test_form_of_numbers_ends_in_digits(pattern: str, town: SimpleNamespace) -> None:
    town.township.number_pattern = pattern
    with pytest.raises(ValidationError) as refusal:
        town.township.full_clean()
    assert set(refusal.value.message_dict) == {"number_pattern"}
