"""Each verb: what it does, what it refuses, and whom."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError

from apps.core.actions import Conflict
from apps.observations.actions import (
    confirm_observation,
    import_observations,
    import_scores,
    record_observation,
    reopen_observation,
    save_rubric,
    submit_observation,
)
from apps.observations.models import Observation, Rubric
from apps.observations.sheets import read_scores
from tests.factories import AppointmentFactory
from tests.observations.factories import ObservationFactory, RubricFactory


@pytest.fixture
def rubric(town: SimpleNamespace) -> Rubric:
    return RubricFactory(township=town.township)


def draft(town: SimpleNamespace, rubric: Rubric | None = None, **values: object) -> Observation:
    given = {
        "teacher": town.teacher,
        "school": town.school,
        "rubric": rubric,
        "status": "draft",
        "observer_name": "周敏",
    }
    return ObservationFactory.build(**given | values)


def scores(rubric: Rubric, *values: str | int) -> dict[int, Decimal]:
    return {item.pk: Decimal(value) for item, value in zip(rubric.items.order_by("order"), values, strict=True)}


def test_recording_with_item_scores_totals_them(town: SimpleNamespace, cast: dict, rubric: Rubric) -> None:
    row = record_observation(
        observation=draft(town, rubric), scores=scores(rubric, 9, 18, "36.5", 27), by=cast["principal"]
    )
    row.refresh_from_db()
    assert (row.score, row.status, row.scores.count()) == (Decimal("90.5"), "draft", 4)
    assert [row.maximum for row in row.scored_items] == [10, 20, 40, 30]
    entry = LogEntry.objects.get_for_object(row).latest("timestamp")
    assert entry.actor == cast["principal"]


def test_recording_again_writes_only_what_changed(town: SimpleNamespace, cast: dict, rubric: Rubric) -> None:
    row = record_observation(observation=draft(town, rubric), scores=scores(rubric, 9, 18, 36, 27), by=cast["office"])
    before = {score.item_id: score.version for score in row.scores.all()}
    record_observation(
        observation=row, scores=scores(rubric, 8, 18, 36, 27), by=cast["office"], version=row.version, submit=True
    )
    after = {score.item_id: score.version for score in row.scores.all()}
    assert (row.score, row.status) == (89, "submitted")
    assert [after[pk] - before[pk] for pk in before] == [1, 0, 0, 0]


def test_recording_without_scores_removes_them_and_with_none_keeps_them(
    town: SimpleNamespace, cast: dict, rubric: Rubric
) -> None:
    row = record_observation(observation=draft(town, rubric), scores=scores(rubric, 9, 18, 36, 27), by=cast["office"])
    record_observation(observation=row, scores=None, by=cast["office"])
    assert (row.score, row.scores.count()) == (90, 4)
    record_observation(observation=row, scores={}, by=cast["office"])
    assert (row.score, row.scores.count()) == (None, 0)


def test_recording_a_typed_total_without_items_keeps_it(town: SimpleNamespace, cast: dict, rubric: Rubric) -> None:
    row = ObservationFactory(teacher=town.teacher, rubric=rubric, score=88)
    record_observation(observation=row, scores={}, by=cast["office"])
    assert row.score == 88


def test_scores_of_some_items_or_another_rubric_are_refused(town: SimpleNamespace, cast: dict, rubric: Rubric) -> None:
    first, *_others = scores(rubric, 9, 18, 36, 27).items()
    other = RubricFactory(township=town.township, name="过关课量表")
    for given in (
        dict([first]),
        scores(other, 9, 18, 36, 27),
        scores(rubric, 11, 18, 36, 27),
        scores(rubric, -1, 18, 36, 27),
    ):
        with pytest.raises(ValidationError):
            record_observation(observation=draft(town, rubric), scores=given, by=cast["office"])
    assert not Observation.objects.exists()


def test_recording_an_old_version_is_refused_and_keeps_the_scores(
    town: SimpleNamespace, cast: dict, rubric: Rubric
) -> None:
    row = record_observation(observation=draft(town, rubric), scores=scores(rubric, 9, 18, 36, 27), by=cast["office"])
    with pytest.raises(Conflict):
        record_observation(observation=row, scores=scores(rubric, 1, 1, 1, 1), by=cast["office"], version=0)
    assert [score.score for score in row.scored_items] == [9, 18, 36, 27]


def test_lesson_at_a_school_outside_the_scope_is_refused(town: SimpleNamespace, cast: dict) -> None:
    for role in ("neighbour", "stranger"):
        with pytest.raises(PermissionDenied):
            record_observation(observation=draft(town), scores={}, by=cast[role])


def test_recording_a_confirmed_one_is_refused_to_all_but_the_office(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher, status="confirmed")
    with pytest.raises(PermissionDenied):
        record_observation(observation=row, scores={}, by=cast["principal"])
    row.topic = "春（修改）"
    assert record_observation(observation=row, scores={}, by=cast["office"]).status == "confirmed"


def test_recording_by_a_researcher_in_another_name_is_refused(town: SimpleNamespace, cast: dict) -> None:
    own = draft(town, observer_name="", observer_researcher=town.researcher)
    assert record_observation(observation=own, scores={}, by=cast["researcher"]).pk
    with pytest.raises(PermissionDenied):
        record_observation(observation=draft(town, lesson_no=2), scores={}, by=cast["researcher"])


@pytest.mark.parametrize("role", ["teacher", "principal", "office"])
def test_confirmation_by_teacher_principal_or_office_notes_who_and_when(
    role: str, town: SimpleNamespace, cast: dict
) -> None:
    row = confirm_observation(observation=ObservationFactory(teacher=town.teacher), by=cast[role])
    assert (row.status, row.confirmed_by) == ("confirmed", cast[role])
    assert row.confirmed_at


@pytest.mark.parametrize("role", ["colleague", "neighbour", "researcher"])
def test_confirmation_by_others_is_refused(role: str, town: SimpleNamespace, cast: dict) -> None:
    with pytest.raises(PermissionDenied):
        confirm_observation(observation=ObservationFactory(teacher=town.teacher), by=cast[role])


def test_step_from_another_state_is_refused(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher, status="draft")
    for verb in (confirm_observation, reopen_observation):
        with pytest.raises(ValidationError):
            verb(observation=row, by=cast["office"])
    submit_observation(observation=row, by=cast["principal"])
    with pytest.raises(ValidationError):
        submit_observation(observation=row, by=cast["principal"])
    assert reopen_observation(observation=row, by=cast["principal"]).status == "draft"


def test_reopening_a_confirmed_one_is_refused_to_all_but_the_office(town: SimpleNamespace, cast: dict) -> None:
    row = confirm_observation(observation=ObservationFactory(teacher=town.teacher), by=cast["teacher"])
    for role in ("principal", "teacher", "researcher"):
        with pytest.raises(PermissionDenied):
            reopen_observation(observation=row, by=cast[role])
    reopen_observation(observation=row, by=cast["office"])
    assert (row.status, row.confirmed_by, row.confirmed_at) == ("draft", None, None)


def test_stale_confirmation_is_a_conflict(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher)
    seen = Observation.objects.get(pk=row.pk)
    record_observation(observation=row, scores={}, by=cast["principal"])
    with pytest.raises(Conflict):
        confirm_observation(observation=seen, by=cast["teacher"])


def test_import_of_confirmed_ones_notes_who_confirmed(town: SimpleNamespace, cast: dict) -> None:
    new = draft(town, status="confirmed")
    old = ObservationFactory(teacher=town.teacher, lesson_no=2)
    old.status, old.topic = "confirmed", "夏"
    import_observations(records=[new, old], by=cast["principal"], fields=["status", "topic"])
    assert {row.confirmed_by for row in Observation.objects.all()} == {cast["principal"]}
    stored = Observation.objects.get(pk=old.pk)
    assert (stored.topic, stored.version) == ("夏", 2)


def test_import_of_confirmed_ones_is_refused_to_all_but_the_office(town: SimpleNamespace, cast: dict) -> None:
    row = ObservationFactory(teacher=town.teacher, status="confirmed")
    row.topic = "夏"
    with pytest.raises(PermissionDenied, match="王思远 夏"):
        import_observations(records=[row], by=cast["principal"], fields=["topic"])
    import_observations(records=[row], by=cast["office"], fields=["topic"])
    assert Observation.objects.get().topic == "夏"


def test_changing_items_or_cut_offs_of_a_scored_rubric_is_refused(
    town: SimpleNamespace, cast: dict, rubric: Rubric
) -> None:
    record_observation(observation=draft(town, rubric), scores=scores(rubric, 9, 18, 36, 27), by=cast["office"])
    same = rubric.read_items(rubric.items_text)
    rubric.in_use = False
    save_rubric(rubric=rubric, items=same, by=cast["office"])
    with pytest.raises(ValidationError):
        save_rubric(rubric=rubric, items=rubric.read_items("教学 100"), by=cast["office"])
    rubric.good_from = 70
    with pytest.raises(ValidationError):
        save_rubric(rubric=rubric, items=same, by=cast["office"])


def test_lesson_of_a_teacher_who_had_left_the_school_is_refused_to_the_school(
    town: SimpleNamespace, cast: dict
) -> None:
    AppointmentFactory(
        teacher=town.neighbour, school=town.school, starts_on=date(2010, 9, 1), ends_on=date(2015, 8, 31)
    )
    with pytest.raises(ValidationError) as refusal:
        record_observation(observation=draft(town, teacher=town.neighbour), scores=None, by=cast["principal"])
    assert list(refusal.value.error_dict) == ["teacher"]
    with pytest.raises(ValidationError, match="赵雪"):
        import_observations(records=[draft(town, teacher=town.neighbour)], by=cast["principal"])
    assert not Observation.objects.exists()
    assert record_observation(observation=draft(town, teacher=town.neighbour), scores=None, by=cast["office"]).pk


def test_scores_of_a_row_that_the_same_import_confirmed_are_written(
    town: SimpleNamespace, cast: dict, rubric: Rubric
) -> None:
    row = ObservationFactory(teacher=town.teacher, rubric=rubric)
    row.status = "confirmed"
    children = read_scores("9；18；36；27", row)
    import_observations(records=[row], by=cast["principal"], fields=["status"])
    import_scores(records=[row], children=[children], by=cast["principal"])
    row = Observation.objects.get()
    assert (row.status, row.score, [score.score for score in row.scored_items]) == ("confirmed", 90, [9, 18, 36, 27])
