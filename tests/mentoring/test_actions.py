"""How a pair is written, ends with a result and is extended, and what is refused on the way."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from apps.mentoring.actions import end_pairing, extend_pairing, save_pair, save_pairs
from apps.mentoring.models import MentoringPair
from tests.factories import TeacherFactory
from tests.mentoring.factories import MentoringPairFactory

TODAY = timezone.localdate()


@pytest.fixture
def pair(town: SimpleNamespace) -> MentoringPair:
    return MentoringPairFactory(school=town.school, mentor=town.colleague, apprentice=town.teacher)


def refusal(action: Any, **given: Any) -> dict[str, list[str]] | list[str]:
    with pytest.raises(ValidationError) as refused:
        action(**given)
    return getattr(refused.value, "message_dict", refused.value.messages)


def test_pair_that_ends_keeps_day_and_result(pair: MentoringPair, cast: dict[str, Any]) -> None:
    end_pairing(pair=pair, on=date(2026, 6, 30), result="excellent", by=cast["principal"])
    pair.refresh_from_db()
    assert (pair.ends_on, pair.result, pair.version) == (date(2026, 6, 30), "excellent", 2)


def test_pair_with_a_result_neither_ends_again_nor_goes_on(pair: MentoringPair, cast: dict[str, Any]) -> None:
    end_pairing(pair=pair, on=date(2026, 6, 30), result="qualified", by=cast["office"])
    said = ["该结对已评定考核等次。"]
    assert refusal(end_pairing, pair=pair, on=date(2026, 7, 1), result="excellent", by=cast["office"]) == said
    assert refusal(extend_pairing, pair=pair, until=date(2027, 7, 5), by=cast["office"]) == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"on": TODAY + timedelta(days=1)}, {"on": ["结对结束后才能评定考核等次，请勿填写今后的日期。"]}),
        ({"on": date(2025, 9, 10)}, {"on": ["结对结束日期必须晚于开始日期。"]}),
        ({"result": ""}, {"result": ["请选择考核等次。"]}),
    ],
    ids=["in days to come", "on the first day", "without a result"],
)
def test_end_that_cannot_be_is_refused(
    pair: MentoringPair, cast: dict[str, Any], change: dict[str, Any], said: dict[str, list[str]]
) -> None:
    given = {"on": date(2026, 6, 30), "result": "qualified"} | change
    assert refusal(end_pairing, pair=pair, by=cast["office"], **given) == said
    pair.refresh_from_db()
    assert (pair.ends_on, pair.result) == (date(2026, 7, 5), "")


def test_pair_that_is_extended_ends_later(pair: MentoringPair, cast: dict[str, Any]) -> None:
    extend_pairing(pair=pair, until=date(2027, 7, 5), by=cast["principal"])
    pair.refresh_from_db()
    assert (pair.ends_on, pair.result) == (date(2027, 7, 5), "")


@pytest.mark.parametrize("ends_on", [date(2026, 7, 5), None], ids=["to the same day", "without an end"])
def test_extension_to_no_later_day_is_refused(
    town: SimpleNamespace, cast: dict[str, Any], ends_on: date | None
) -> None:
    pair = MentoringPairFactory(school=town.school, mentor=town.colleague, apprentice=town.teacher, ends_on=ends_on)
    said = {"until": ["请填写晚于原定结束日期的日期。"]}
    assert refusal(extend_pairing, pair=pair, until=date(2026, 7, 5), by=cast["office"]) == said


def test_apprentice_of_another_school_is_refused_with_nothing_written(
    town: SimpleNamespace, cast: dict[str, Any]
) -> None:
    def pair() -> MentoringPair:
        return MentoringPairFactory.build(school=town.school, mentor=town.colleague, apprentice=town.neighbour)

    said = ["以下徒弟结对当日不在该校任职：赵雪（2025-09-10）。"]
    assert refusal(save_pair, record=pair(), by=cast["office"]) == said
    assert refusal(save_pairs, records=[pair()], by=cast["office"]) == said
    assert not MentoringPair.objects.exists()


def test_mentor_of_another_school_is_taken_from_the_office_only(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    given = {"school": town.school, "mentor": town.neighbour, "apprentice": town.teacher}
    with pytest.raises(PermissionDenied):
        save_pair(record=MentoringPairFactory.build(**given), by=cast["principal"])
    pair = save_pair(record=MentoringPairFactory.build(**given), by=cast["office"])
    pair.agreement = "每月到师傅所在学校听课一次。"
    save_pair(record=pair, by=cast["principal"])
    pair.mentor = town.colleague
    with pytest.raises(PermissionDenied):
        save_pair(record=pair, by=cast["principal"])


def test_head_of_the_school_does_not_write_a_result_of_the_own_pair(
    town: SimpleNamespace, cast: dict[str, Any]
) -> None:
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    pair = MentoringPairFactory(school=town.school, mentor=head, apprentice=town.teacher)
    pair.result = "excellent"
    with pytest.raises(PermissionDenied):
        save_pairs(records=[pair], fields=["result"], by=cast["principal"])
    save_pairs(records=[pair], fields=["result"], by=cast["office"])
    assert MentoringPair.objects.get().result == "excellent"


def test_pair_with_a_result_keeps_its_two_teachers(
    pair: MentoringPair, town: SimpleNamespace, cast: dict[str, Any]
) -> None:
    MentoringPair.objects.filter(pk=pair.pk).update(result="excellent")
    pair.refresh_from_db()
    pair.mentor = TeacherFactory(school=town.school, no="019", name="林校长", position="principal")
    for role in ("principal", "office"):
        with pytest.raises(PermissionDenied):
            save_pair(record=pair, by=cast[role])
