"""The office's back room: the same action, and what stays as it is."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.observations.models import Observation
from tests.observations.factories import (
    ObservationFactory,
    ObservationQuotaFactory,
    ObservationScoreFactory,
    RubricFactory,
)


@pytest.fixture
def scored(town: SimpleNamespace) -> Observation:
    rubric = RubricFactory(township=town.township)
    row = ObservationFactory(teacher=town.teacher, rubric=rubric, score=36)
    for item in rubric.items.all():
        ObservationScoreFactory(observation=row, item=item)
    ObservationQuotaFactory(township=town.township)
    return row


@pytest.mark.parametrize("name", ["observation", "rubric", "observationquota"])
def test_admin_pages_opened_by_the_office_are_shown(name: str, scored: Observation, browser: Any) -> None:
    client = browser("office")
    page = client.get(f"/admin/observations/{name}/")
    row = page.context["cl"].queryset.get()
    for address in (f"{row.pk}/change/", "add/"):
        assert client.get(f"/admin/observations/{name}/{address}").status_code == 200


def test_cut_offs_of_an_applied_rubric_are_read_only(scored: Observation, browser: Any) -> None:
    page = browser("office").get(f"/admin/observations/rubric/{scored.rubric_id}/change/").content.decode()
    assert 'name="name"' in page
    assert 'name="excellent_from"' not in page


def test_admin_form_sent_keeps_state_and_scores(scored: Observation, browser: Any) -> None:
    sent = {
        "school": scored.school_id, "teacher": scored.teacher_id, "date": "2025-10-13", "lesson_no": 1,
        "subject": "chinese", "grade": 7, "topic": "秋", "lesson_type": "new", "occasion": "drop_in",
        "observer_name": "李文静", "rubric": scored.rubric_id, "scores-TOTAL_FORMS": 0, "scores-INITIAL_FORMS": 0,
    }  # fmt: skip
    browser("office").post(f"/admin/observations/observation/{scored.pk}/change/", sent)
    row = Observation.objects.get()
    assert (row.topic, row.status, row.score, row.scores.count(), row.version) == ("秋", "submitted", 36, 4, 2)
