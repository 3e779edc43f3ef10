"""Conditions: each filter finds its rows and leaves the others."""

from datetime import date
from types import SimpleNamespace

import pytest

from apps.observations.filters import ObservationFilter
from apps.observations.models import Observation

from .factories import ObservationFactory, RubricFactory


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
        ({"verdict": "excellent"}, "by teacher"),
        ({"verdict": "good"}, "by researcher"),
        ({"verdict": "fair"}, "by other"),
        ({"verdict": "unqualified"}, "draft"),
        ({"stage": "primary"}, "by other"),
        ({"since": "2026-01-01"}, "draft"),
        ({"until": "2025-10-13"}, "by teacher,by researcher,by other"),
        ({"q": "赵雪"}, "by other"),
        ({"q": "苟主任"}, "by researcher"),
    ],
)
def test_filters(params: dict[str, str], found: str, rows: dict[str, Observation]) -> None:
    shown = Observation.objects.filter(ObservationFilter.where(params))
    assert {name for name, row in rows.items() if row in shown} == set(found.split(","))


def test_given_and_observed(rows: dict[str, Observation], town: SimpleNamespace) -> None:
    for name, found in (("teacher", 3), ("given_by", 2), ("observer_teacher", 1)):
        condition = ObservationFilter.where({name: str(town.teacher.pk)})
        assert Observation.objects.filter(condition).count() == found, name


def test_wrong_date_is_refused() -> None:
    with pytest.raises(ValueError, match="since"):
        ObservationFilter.where({"since": "gestern"})
