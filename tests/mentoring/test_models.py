"""Each rule of mentoring pairs broken once, by the sentence that people read; who finds which pair."""

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from apps.core.periods import Period
from apps.mentoring.models import MentoringPair
from tests.factories import SchoolYearFactory
from tests.mentoring.factories import MentoringPairFactory


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def pair(town: SimpleNamespace) -> MentoringPair:
    return MentoringPairFactory(school=town.school, mentor=town.colleague, apprentice=town.teacher)


def sentences(row: MentoringPair) -> list[str]:
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return refusal.value.messages


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": date(2025, 9, 10)}, "A pair must end after it begins."),
        ({"ends_on": None, "result": "excellent"}, "Only a pair that has ended, with its last day, has a result."),
    ],
)
def test_pair_that_breaks_a_rule_is_refused(pair: MentoringPair, change: dict[str, Any], sentence: str) -> None:
    pair.full_clean()
    for name, value in change.items():
        setattr(pair, name, value)
    assert sentences(pair) == [sentence]


def test_mentor_of_oneself_is_refused(pair: MentoringPair) -> None:
    pair.mentor = pair.apprentice
    assert sentences(pair) == ["Nobody is the own mentor."]


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, True),
        ({"starts_on": date(2026, 7, 5), "ends_on": None}, True),
        ({"starts_on": date(2026, 7, 6), "ends_on": None}, False),
        ({"subject": "mathematics"}, False),
    ],
    ids=["same days", "from the last day on", "after the last day", "another subject"],
)
def test_same_pair_at_the_same_time_is_refused(pair: MentoringPair, change: dict[str, Any], refused: bool) -> None:
    same = {name: getattr(pair, name) for name in ("school", "mentor", "apprentice", "subject", "starts_on", "ends_on")}
    again = MentoringPair(**same | change)
    if refused:
        assert sentences(again) == ["These two are already a pair in this subject at that time."]
    else:
        again.full_clean()


@pytest.mark.parametrize("name", ["mentor", "apprentice"])
def test_teacher_of_another_township_is_refused(pair: MentoringPair, town: SimpleNamespace, name: str) -> None:
    setattr(pair, name, town.stranger)
    assert sentences(pair) == ["The teacher belongs to another township than the school."]


def test_pair_is_found_by_both_its_school_and_its_township(pair: MentoringPair, town: SimpleNamespace) -> None:
    day = date(2025, 10, 13)
    found = {
        name: MentoringPair.objects.within(scope).filter(pk=pair.pk).exists()
        for name, scope in {
            "mentor": town.colleague.scope_on(day),
            "apprentice": town.teacher.scope_on(day),
            "somebody else": town.neighbour.scope_on(day),
            "school": town.school.scope,
            "neighbour": town.other.scope,
            "township": town.township.scope,
            "other township": town.far.township.scope,
        }.items()
    }
    assert {name for name, there in found.items() if there} == {"mentor", "apprentice", "school", "township"}


@pytest.mark.parametrize(
    ("text", "found"), [("陈一鸣", 1), ("王思", 1), ("陈一鸣—王思远", 1), ("陈一鸣 赵雪", 0), ("赵雪", 0)]
)
def test_search_by_names_of_the_two_finds_the_pair(pair: MentoringPair, text: str, found: int) -> None:
    assert MentoringPair.objects.search(text).count() == found


def test_period_that_the_pair_reaches_into_holds_it(pair: MentoringPair) -> None:
    SchoolYearFactory(start_year=2024)
    counts = {
        code: MentoringPair.objects.in_period(Period.from_code(code)).count() for code in ("2024", "2025", "c2026")
    }
    assert counts == {"2024": 0, "2025": 1, "c2026": 1}
