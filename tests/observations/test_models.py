"""Each constraint broken once: with a sentence for people, and in the database."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.observations.models import Observation, Rubric, RubricItem
from tests.observations.factories import (
    ObservationFactory,
    ObservationQuotaFactory,
    ObservationScoreFactory,
    RubricFactory,
)


def refused(row: Any, constraint: str) -> None:
    """The row is refused with the constraint's sentence, and by the database itself."""
    sentence = next(c.violation_error_message for c in row._meta.constraints if c.name == constraint)
    with pytest.raises(ValidationError) as error:
        row.validate_constraints()
    assert str(sentence) in error.value.messages
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"observer_name": ""}, "observation_has_one_observer"),
        ({"score": Decimal(80)}, "observation_score_needs_rubric"),
        ({"score": Decimal(101)}, "observation_score_in_range"),
        ({"grade": 10}, "observation_grade_between_1_and_9"),
        ({"confirmed_at": datetime(2025, 10, 13, tzinfo=UTC)}, "observation_confirmed_at_and_by"),
    ],
)
def test_observation_that_breaks_a_constraint_is_refused(changes: dict, constraint: str, town: SimpleNamespace) -> None:
    values = {"teacher": town.teacher, "school": town.school, "observer_name": "李文静"} | changes
    refused(ObservationFactory.build(**values), constraint)


def test_observation_by_two_observers_or_none_is_refused(town: SimpleNamespace) -> None:
    row = ObservationFactory.build(
        teacher=town.teacher, school=town.school, observer_teacher=town.colleague, observer_researcher=town.researcher
    )
    refused(row, "observation_has_one_observer")


def test_observation_of_an_own_lesson_is_refused(town: SimpleNamespace) -> None:
    row = ObservationFactory.build(teacher=town.teacher, school=town.school, observer_teacher=town.teacher)
    refused(row, "observation_not_of_oneself")


@pytest.mark.parametrize(
    ("observer", "constraint"),
    [("teacher", "observation_once_by_teacher"), ("researcher", "observation_once_by_researcher")],
)
def test_second_observation_by_the_same_observer_is_refused(
    observer: str, constraint: str, town: SimpleNamespace
) -> None:
    person = {"teacher": town.colleague, "researcher": town.researcher}[observer]
    values = {"teacher": town.teacher, "school": town.school, f"observer_{observer}": person}
    ObservationFactory(**values)
    refused(ObservationFactory.build(**values), constraint)


def test_rubric_of_another_township_is_refused(town: SimpleNamespace) -> None:
    row = ObservationFactory.build(
        teacher=town.teacher, school=town.school, rubric=RubricFactory(township=town.far.township)
    )
    with pytest.raises(ValidationError) as error:
        row.clean()
    assert list(error.value.message_dict) == ["rubric"]


def test_rubric_that_breaks_a_constraint_is_refused(town: SimpleNamespace) -> None:
    rubric = RubricFactory(township=town.township)
    refused(Rubric(township=town.township, name=rubric.name, edition=rubric.edition), "rubric_edition_once")
    refused(Rubric(township=town.township, name="x", edition="1", good_from=90), "rubric_cutoffs_in_order")
    refused(RubricItem(rubric=rubric, order=1, name="教学特色", maximum=10), "rubric_item_order_once")
    refused(RubricItem(rubric=rubric, order=9, name="教学特色", maximum=101), "rubric_item_maximum_sensible")


def test_score_that_breaks_a_constraint_is_refused(town: SimpleNamespace) -> None:
    rubric = RubricFactory(township=town.township)
    row, item = ObservationFactory(teacher=town.teacher, rubric=rubric), rubric.items.first()
    ObservationScoreFactory(observation=row, item=item)
    refused(ObservationScoreFactory.build(observation=row, item=item), "item_scored_once")
    other = rubric.items.get(order=2)
    refused(ObservationScoreFactory.build(observation=row, item=other, score=21), "item_score_within_maximum")


def test_second_quota_of_a_position_is_refused(town: SimpleNamespace) -> None:
    quota = ObservationQuotaFactory(township=town.township)
    refused(ObservationQuotaFactory.build(township=town.township, term=quota.term), "quota_once_a_term")


@pytest.mark.parametrize(
    ("score", "verdict"),
    [(None, ""), ("85", "excellent"), ("84.9", "good"), ("75", "good"), ("60", "fair"), ("59.9", "unqualified")],
)
def test_a_score_at_a_cut_off_has_reached_it(score: str | None, verdict: str, settings: Any) -> None:
    from django.utils import translation

    row = Observation(rubric=Rubric(excellent_from=85, good_from=75, fair_from=60), score=score and Decimal(score))
    with translation.override("en"):
        assert row.verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "教学目标 10；教学过程 90",
        "教学目标：10分\n\n教学过程:90",
        "教学目标10;教学过程　90",
        "教学目标 １０；教学过程 90.0",
    ],
)
def test_items_are_read_as_people_write_them(text: str) -> None:
    items = Rubric().read_items(text)
    assert [(item.order, item.name, item.maximum) for item in items] == [(1, "教学目标", 10), (2, "教学过程", 90)]
