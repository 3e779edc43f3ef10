"""Conditions: each filter finds its rows and leaves the others."""

from datetime import date
from types import SimpleNamespace

import pytest

from apps.observations.filters import ObservationFilter
from apps.observations.models import Observation
from tests.observations.factories import ObservationFactory, RubricFactory


@pytest.fixture
def rows(town: SimpleNamespace) -> dict[str, Observation]:
    rubric = RubricFactory(township=town.township)
    return {
        "by teacher": ObservationFactory(
            teacher=town.teacher, observer_teacher=town.colleague, rubric=rubric, score=85
        ),
        "by researcher": ObservationFactory(
            teacher=town.teacher, observer_researcher=town.researcher, rubric=rubric, score="84.9", occasion="showing"
        ),
        "by other": ObservationFactory(teacher=town.neighbour, rubric=rubric, score=60, grade=3, discussion="目标明确"),
        "draft": ObservationFactory(
            teacher=town.colleague,
            observer_teacher=town.teacher,
            status="draft",
            date=date(2026, 3, 2),
            rubric=rubric,
            score=59,
        ),
    }


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"observer": "teacher"}, "by teacher,draft"),
        ({"observer": "researcher"}, "by researcher"),
        ({"observer": "other"}, "by other"),
        ({"entered": "true"}, "by teacher,by researcher,by other"),
        ({"entered": "false"}, "draft"),
        ({"shown": "true"}, "by researcher"),
        ({"shown": "false", "entered": "true"}, "by teacher,by other"),
        ({"discussed": "true"}, "by other"),
        ({"discussed": "false", "grade": "7", "status": "submitted"}, "by teacher,by researcher"),
        ({"verdict": "good"}, "by teacher,by researcher"),
        ({"verdict": "fair"}, "by other"),
        ({"stage": "primary"}, "by other"),
        ({"since": "2026-01-01"}, "draft"),
        ({"until": "2025-10-13"}, "by teacher,by researcher,by other"),
        ({"q": "赵雪"}, "by other"),
        ({"q": "苟主任"}, "by researcher"),
    ],
)
def test_filter_given_a_value_finds_its_rows(params: dict[str, str], found: str, rows: dict[str, Observation]) -> None:
    shown = Observation.objects.filter(ObservationFilter.where(params))
    assert {name for name, row in rows.items() if row in shown} == set(found.split(","))


@pytest.mark.parametrize(
    ("scores", "verdict"),
    [
        (["100", "69.9"], "good"),
        (["84.9", "85.1"], "excellent"),
        (["85", "80", None], "good"),
        (["92", "57.9"], "fair"),
        (["59.9"], "unqualified"),
        ([None], None),
    ],
)
def test_a_lesson_has_the_verdict_of_its_observers_mean(
    scores: list[str | None], verdict: str | None, town: SimpleNamespace
) -> None:
    rubric = RubricFactory(township=town.township)
    for number, score in enumerate(scores):
        ObservationFactory(teacher=town.teacher, observer_name=f"听课人{number}", rubric=rubric, score=score)
    draft = {"status": "draft", "rubric": rubric, "score": 0}
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, **draft)
    ObservationFactory(teacher=town.teacher, lesson_no=2, rubric=rubric, score=100)
    found = {
        value: Observation.objects.filter(
            ObservationFilter.where({"verdict": value, "entered": "true"}), lesson_no=1
        ).count()
        for value in ("excellent", "good", "fair", "unqualified")
    }
    assert {value: number for value, number in found.items() if number} == ({verdict: len(scores)} if verdict else {})


def test_filter_by_side_finds_given_or_observed(rows: dict[str, Observation], town: SimpleNamespace) -> None:
    for name, found in (("teacher", 3), ("given_by", 2), ("observer_teacher", 1)):
        condition = ObservationFilter.where({name: str(town.teacher.pk)})
        assert Observation.objects.filter(condition).count() == found, name


def test_wrong_date_is_refused() -> None:
    with pytest.raises(ValueError, match="since"):
        ObservationFilter.where({"since": "gestern"})
