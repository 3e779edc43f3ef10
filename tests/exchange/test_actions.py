"""What is done with rounds and postings, and how the roster follows."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.core.actors import SYSTEM
from apps.exchange.actions import (
    assess_posting,
    delete_posting,
    end_posting,
    open_next_round,
    post_teacher,
    post_teachers,
)
from apps.exchange.models import ExchangeRound, Posting
from apps.teachers.actions import transfer_teacher
from tests.exchange.factories import ExchangeRoundFactory, PostingFactory
from tests.factories import SchoolFactory, SchoolYearFactory, TeacherFactory

FIRST = date(2025, 9, 1)


def new(town: SimpleNamespace, **changes: Any) -> Posting:
    given = {
        "round": ExchangeRoundFactory(), "teacher": town.teacher, "from_school": town.school, "to_school": town.other,
        "starts_on": FIRST,
    }  # fmt: skip
    return Posting(**(given | changes))


def roster(teacher: Any) -> list[tuple]:
    rows = teacher.appointments.order_by("starts_on")
    return [(row.school.name, row.kind, row.starts_on, row.ends_on) for row in rows]


POSTED = [
    ("镇初级中学", "regular", date(2015, 9, 1), date(2025, 8, 31)),
    ("袁科小学", "exchange", FIRST, None),
]
BACK = [
    ("镇初级中学", "regular", date(2015, 9, 1), date(2025, 8, 31)),
    ("袁科小学", "exchange", FIRST, date(2026, 7, 10)),
    ("镇初级中学", "regular", date(2026, 7, 11), None),
]


def one(posting: Posting) -> None:
    post_teacher(posting=posting, by=SYSTEM.imports)


def many(posting: Posting) -> None:
    post_teachers(records=[posting], by=SYSTEM.imports)


@pytest.fixture(params=[one, many], ids=["one", "many"])
def post(request: Any) -> Any:
    return request.param


def test_new_posting_moves_the_teacher(town: SimpleNamespace, post: Any) -> None:
    post(new(town))
    assert roster(town.teacher) == POSTED
    assert Posting.objects.count() == 1


def test_posting_with_a_last_day_brings_the_teacher_back(town: SimpleNamespace, post: Any) -> None:
    post(new(town, ends_on=date(2026, 7, 10)))
    assert roster(town.teacher) == BACK


def test_posting_of_a_teacher_who_is_there_already_moves_nobody(town: SimpleNamespace, post: Any) -> None:
    transfer_teacher(teacher=town.teacher, school=town.other, on=date(2025, 8, 25), by=SYSTEM.imports, kind="exchange")
    before = roster(town.teacher)
    post(new(town))
    assert roster(town.teacher) == before


def test_posting_in_an_appointment_that_ends_ends_with_it(town: SimpleNamespace, post: Any) -> None:
    town.teacher.appointments.update(ends_on=date(2026, 1, 31))
    post(new(town, ends_on=date(2026, 7, 10)))
    assert roster(town.teacher)[1] == ("袁科小学", "exchange", FIRST, date(2026, 1, 31))
    assert len(roster(town.teacher)) == 2


@pytest.mark.parametrize("wrong", ["from_school", "teacher", "always_there", "same_day"])
def test_posting_from_a_school_that_is_not_the_teachers_is_refused(
    town: SimpleNamespace, post: Any, wrong: str
) -> None:
    posting = new(town)
    if wrong == "from_school":
        posting.from_school = SchoolFactory(code="03", name="五星小学", stage="primary")
    elif wrong == "teacher":
        posting.teacher = town.neighbour
    elif wrong == "always_there":
        town.teacher.appointments.update(school=town.other)
    else:
        town.teacher.appointments.update(starts_on=FIRST)
    before = roster(posting.teacher)
    with pytest.raises(ValidationError) as refusal:
        post(posting)
    assert list(refusal.value.message_dict) == ["from_school"]
    assert roster(posting.teacher) == before
    assert not Posting.objects.exists()


def test_posting_before_a_later_appointment_elsewhere_is_refused(town: SimpleNamespace, post: Any) -> None:
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    transfer_teacher(teacher=town.teacher, school=third, on=date(2026, 3, 1), by=SYSTEM.imports)
    town.teacher.appointments.filter(school=town.school).update(ends_on=date(2025, 8, 31))
    with pytest.raises(ValidationError) as refusal:
        post(new(town))
    assert list(refusal.value.message_dict) == ["ends_on"]


def test_posting_beyond_the_rounds_township_is_refused(town: SimpleNamespace) -> None:
    for name, value in (("to_school", town.far), ("from_school", town.far), ("teacher", town.stranger)):
        with pytest.raises(ValidationError) as refusal:
            post_teacher(posting=new(town, **{name: value}), by=SYSTEM.imports)
        assert name in refusal.value.message_dict


def test_posting_once_written_keeps_its_move_and_changes_the_rest(town: SimpleNamespace, post: Any) -> None:
    posting = new(town)
    post(posting)
    posting.way, posting.score, posting.grade = "support", Decimal(91), "excellent"
    post_teachers(records=[posting], by=SYSTEM.imports, fields=["way", "score", "grade"])
    posting = Posting.objects.get()
    assert (posting.way, posting.version, roster(town.teacher)) == ("support", 2, POSTED)
    posting.starts_on = date(2025, 10, 1)
    with pytest.raises(ValidationError):
        post(posting)


def test_two_postings_of_a_teacher_in_one_file_move_twice(town: SimpleNamespace) -> None:
    following = ExchangeRoundFactory(school_year=SchoolYearFactory(start_year=2026), closes_on=date(2027, 7, 10))
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    later = new(town, round=following, from_school=town.other, to_school=third, starts_on=date(2026, 9, 1))
    post_teachers(records=[later, new(town)], by=SYSTEM.imports)
    assert roster(town.teacher) == [
        POSTED[0],
        ("袁科小学", "exchange", FIRST, date(2026, 8, 31)),
        ("五星小学", "exchange", date(2026, 9, 1), None),
    ]


def test_many_postings_in_one_file_cost_few_queries(town: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    teachers = [TeacherFactory(school=town.school, no=f"1{number:02}") for number in range(20)]
    records = [new(town, teacher=teacher) for teacher in teachers]
    with django_assert_max_num_queries(20):
        post_teachers(records=records, by=SYSTEM.imports)
    assert [roster(teacher) for teacher in teachers] == [POSTED] * 20


def test_posting_once_ended_returns_the_teacher(town: SimpleNamespace) -> None:
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    end_posting(posting=posting, ends_on=date(2026, 7, 10), by=SYSTEM.imports)
    assert (posting.ends_on, roster(town.teacher)) == (date(2026, 7, 10), BACK)
    with pytest.raises(ValidationError):
        end_posting(posting=posting, ends_on=date(2026, 8, 10), by=SYSTEM.imports)


def test_end_before_the_first_day_is_refused(town: SimpleNamespace) -> None:
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    with pytest.raises(ValidationError):
        end_posting(posting=posting, ends_on=FIRST, by=SYSTEM.imports)
    assert roster(town.teacher) == POSTED


def test_end_of_a_teacher_who_has_moved_on_moves_nobody(town: SimpleNamespace) -> None:
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    transfer_teacher(teacher=town.teacher, school=third, on=date(2026, 3, 1), by=SYSTEM.imports)
    before = roster(town.teacher)
    end_posting(posting=posting, ends_on=date(2026, 2, 28), by=SYSTEM.imports)
    assert roster(town.teacher) == before


def test_assessment_beyond_a_hundred_is_refused(town: SimpleNamespace) -> None:
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    assess_posting(posting=posting, score=Decimal("92.5"), grade="excellent", by=SYSTEM.imports)
    posting.refresh_from_db()
    assert (posting.score, posting.grade) == (Decimal("92.5"), "excellent")
    with pytest.raises(ValidationError):
        assess_posting(posting=posting, score=Decimal(101), grade="excellent", by=SYSTEM.imports)


def test_deleted_posting_without_a_follower_undoes_the_move(town: SimpleNamespace) -> None:
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    delete_posting(record=posting, by=SYSTEM.imports)
    assert roster(town.teacher) == [("镇初级中学", "regular", date(2015, 9, 1), None)]
    posting = post_teacher(posting=new(town), by=SYSTEM.imports)
    end_posting(posting=posting, ends_on=date(2026, 7, 10), by=SYSTEM.imports)
    delete_posting(record=posting, by=SYSTEM.imports)
    assert roster(town.teacher) == BACK


def test_next_round_of_a_round_takes_over_document_and_limits(town: SimpleNamespace) -> None:
    round = ExchangeRoundFactory(oldest_man=55, reference_date=date(2025, 8, 31))
    following = SchoolYearFactory(start_year=2026)
    opened = open_next_round(round=round, school_year=following, by=SYSTEM.imports)
    assert (opened.document, opened.oldest_man, opened.township) == (round.document, 55, town.township)
    assert (opened.opens_on, opened.closes_on, opened.reference_date) == (
        date(2026, 7, 10), date(2027, 7, 10), date(2026, 8, 31),
    )  # fmt: skip
    with pytest.raises(ValidationError):
        open_next_round(round=round, school_year=following, by=SYSTEM.imports)


@pytest.mark.parametrize("changes", [{"closes_on": "2025-07-01"}, {"exchange_share": 101}, {"backbone_share": 101}])
def test_round_against_a_check_is_refused_by_the_database(year: Any, changes: dict) -> None:
    row = ExchangeRoundFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRound.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize("changes", ["to_school", {"ends_on": "2025-09-01"}, {"score": 101}])
def test_posting_against_a_check_is_refused_by_the_database(town: SimpleNamespace, changes: Any) -> None:
    row = PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other)
    changes = {"to_school": town.school} if changes == "to_school" else changes
    with pytest.raises(IntegrityError), transaction.atomic():
        Posting.objects.filter(pk=row.pk).update(**changes)


@pytest.mark.parametrize("model", [ExchangeRound, Posting])
def test_row_written_twice_is_refused(town: SimpleNamespace, model: Any) -> None:
    posting = PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other)
    row = posting if model is Posting else posting.round
    row.pk, row._state.adding = None, True
    with pytest.raises(ValidationError):
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
