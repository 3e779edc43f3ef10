"""Each constraint broken once, the arithmetic of the assessment, and who is barred."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.ethics.models import AssessmentCycle, EthicsAssessment, MisconductCase, barred
from apps.ethics.models.conduct import months_later
from apps.teachers.models import Teacher
from tests.ethics.factories import (
    AssessmentFactory,
    CampaignFactory,
    CaseFactory,
    ContestFactory,
    CycleFactory,
    EntryFactory,
    HonourFactory,
    ParticipantFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ResponseFactory,
)

Build = Callable[[SimpleNamespace], Any]


def twice(factory: Any, **kwargs: Any) -> Build:
    """Return a function that makes the same row twice, around factories that would find the first."""

    def build(town: SimpleNamespace) -> Any:
        given = {name: value(town) if callable(value) else value for name, value in kwargs.items()}
        first = factory(**given)
        first.pk, first._state.adding = None, True
        return first.save()

    return build


def teacher(town: SimpleNamespace) -> Any:
    return town.teacher


BROKEN: dict[str, Build] = {
    "cycle_once_a_year": twice(CycleFactory),
    "cycle_weights_add_up": lambda town: CycleFactory(student_weight=30),
    "cycle_cutoffs_in_order": lambda town: CycleFactory(qualified_from=95),
    "cycle_closes_after_opening": lambda town: CycleFactory(closes_on=date(2026, 5, 1)),
    "cycle_excellent_share_is_a_percentage": lambda town: CycleFactory(excellent_share=101),
    "cycle_bar_months_sensible": lambda town: CycleFactory(bar_months=0),
    "questionnaire_once": twice(QuestionnaireFactory),
    "questionnaire_closes_after_opening": lambda town: QuestionnaireFactory(closes_on=date(2026, 5, 1)),
    "question_order_once": twice(QuestionFactory),
    "response_once": twice(ResponseFactory, serial=1, teacher=teacher),
    "response_score_in_range": lambda town: ResponseFactory(score=101),
    "assessed_once_a_cycle": twice(AssessmentFactory, teacher=teacher),
    "assessment_scores_in_range": lambda town: AssessmentFactory(student_score=101),
    "assessment_grade_when_decided": lambda town: AssessmentFactory(status="decided"),
    "assessment_decided_at_and_by": lambda town: AssessmentFactory(decided_at="2026-06-30T08:00Z"),
    "case_no_once_in_school": twice(CaseFactory, no="1"),
    "case_handled_when_confirmed": lambda town: CaseFactory(confirmed=True, handling=""),
    "case_unhandled_unless_confirmed": lambda town: CaseFactory(handling="criticism"),
    "case_decided_after_received": lambda town: CaseFactory(decided_on=date(2025, 10, 1)),
    "case_ends_after_decision": lambda town: CaseFactory(confirmed=True, ends_on=date(2025, 11, 1)),
    "case_bars_when_confirmed": lambda town: CaseFactory(confirmed=True, barred_until=None),
    "honour_once": twice(HonourFactory, teacher=teacher),
    "honour_level_known": lambda town: HonourFactory(level=0),
    "contest_once": twice(ContestFactory),
    "entry_once_a_contest": twice(EntryFactory, teacher=teacher),
    "entry_prize_known": lambda town: EntryFactory(prize=4),
    "campaign_once": twice(CampaignFactory),
    "campaign_ends_after_start": lambda town: CampaignFactory(ends_on=date(2025, 9, 1)),
    "participant_once": twice(ParticipantFactory, teacher=teacher),
}


@pytest.mark.parametrize("name", BROKEN)
def test_row_against_a_constraint_is_refused_by_the_database(name: str, town: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](town)


def test_constraint_of_any_model_is_broken_once() -> None:
    from django.apps import apps

    known = {c.name for model in apps.get_app_config("ethics").get_models() for c in model._meta.constraints}
    assert set(BROKEN) == known


@pytest.mark.parametrize(
    ("scores", "total"),
    [
        ((90, 80, 95), Decimal("91.00")),
        ((Decimal("90.05"), Decimal("88.11"), Decimal("92.33")), Decimal("91.03")),
        ((None, 80, 95), None),
        ((90, None, 95), None),
        ((90, 80, None), None),
        ((0, 80, 95), Decimal("73.00")),
    ],
)
def test_total_with_a_missing_source_is_none(scores: tuple, total: Decimal | None) -> None:
    assert AssessmentCycle().total(*(None if s is None else Decimal(s) for s in scores)) == total


def test_total_with_half_a_hundredth_is_rounded_up() -> None:
    cycle = AssessmentCycle(student_weight=50, parent_weight=0, school_weight=50)
    assert cycle.total(Decimal("90.00"), None, Decimal("90.01")) == Decimal("90.01")


def test_total_without_a_source_of_no_weight_is_counted() -> None:
    cycle = AssessmentCycle(student_weight=40, parent_weight=0, school_weight=60)
    assert cycle.total(Decimal(90), None, Decimal(80)) == Decimal("84.00")


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("90", "excellent"),
        ("89.99", "qualified"),
        ("70", "qualified"),
        ("69.99", "basic"),
        ("60", "basic"),
        ("59.99", "unqualified"),
    ],
)
def test_total_on_the_line_has_the_better_grade(total: str, grade: str) -> None:
    cycle = AssessmentCycle(excellent_from=Decimal(90), qualified_from=Decimal(70), basic_from=Decimal(60))
    assert cycle.grade(Decimal(total), veto=False) == grade


def test_grade_with_misconduct_is_unqualified_and_without_a_total_empty() -> None:
    assert AssessmentCycle().grade(Decimal(99), veto=True) == "unqualified"
    assert AssessmentCycle().grade(None, veto=True) == "unqualified"
    assert AssessmentCycle().grade(None, veto=False) == ""


@pytest.mark.parametrize(("assessed", "limit"), [(0, 0), (3, 0), (4, 1), (10, 3), (19, 5)])
def test_limit_of_a_broken_share_is_rounded_down(assessed: int, limit: int) -> None:
    assert AssessmentCycle(excellent_share=30).excellent_limit(assessed) == limit


def test_months_later_at_the_end_of_a_month_stays_in_the_month() -> None:
    assert months_later(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_later(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert months_later(date(2025, 11, 10), 24) == date(2027, 11, 10)


def test_arithmetic_with_a_missing_source_shows_a_dash(town: SimpleNamespace) -> None:
    row = AssessmentFactory(student_score=Decimal("92.00"), school_score=Decimal("95.00"))
    assert row.arithmetic() == "92.00 × 20% + — × 20% + 95.00 × 60% = —"


def test_case_once_confirmed_bars_as_long_as_the_cycle_says(town: SimpleNamespace) -> None:
    case = CaseFactory.build(confirmed=True, school=town.school, teacher=town.teacher, barred_until=None)
    case.clean()
    assert case.barred_until == date(2027, 11, 10)
    CycleFactory(bar_months=36)
    case.clean()
    assert case.barred_until == date(2028, 11, 10)
    case.ends_on = date(2030, 1, 1)
    case.clean()
    assert case.barred_until == date(2030, 1, 1)
    case.finding = MisconductCase.Finding.UNFOUNDED
    case.clean()
    assert case.barred_until is None


def barred_on(day: date) -> set[str]:
    return {row.name for row in Teacher.objects.filter(barred(day))}


def test_teacher_with_a_confirmed_case_is_barred_until_its_end(town: SimpleNamespace) -> None:
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    CaseFactory(school=town.school, teacher=town.colleague)
    assert barred_on(date(2025, 11, 9)) == set()
    assert barred_on(date(2025, 11, 10)) == {"王思远"}
    assert barred_on(date(2027, 11, 10)) == {"王思远"}
    assert barred_on(date(2027, 11, 11)) == set()


def test_teacher_unqualified_in_the_latest_decided_assessment_is_barred(town: SimpleNamespace) -> None:
    from tests.factories import SchoolYearFactory

    AssessmentFactory(school=town.school, teacher=town.teacher, grade="unqualified")
    AssessmentFactory(school=town.school, teacher=town.colleague, grade="basic")
    assert barred_on(date(2026, 6, 19)) == set()
    assert barred_on(date(2026, 6, 20)) == {"王思远"}
    following = CycleFactory(school_year=SchoolYearFactory(start_year=2026))
    later = AssessmentFactory(school=town.school, teacher=town.teacher, cycle=following)
    assert barred_on(date(2027, 9, 10)) == {"王思远"}
    EthicsAssessment.objects.filter(pk=later.pk).update(status="decided", grade="qualified")
    assert barred_on(date(2027, 9, 10)) == set()
    assert Teacher.objects.exclude(barred(date(2027, 9, 10))).count() == Teacher.objects.count()


def test_row_across_townships_is_refused(town: SimpleNamespace) -> None:
    for row in (
        AssessmentFactory.build(cycle=CycleFactory(), school=town.far, teacher=town.stranger),
        EntryFactory.build(contest=ContestFactory(), school=town.far, teacher=town.stranger),
        ParticipantFactory.build(campaign=CampaignFactory(), school=town.far, teacher=town.stranger),
        ResponseFactory.build(questionnaire=QuestionnaireFactory(), school=town.far, teacher=town.stranger),
        HonourFactory.build(school=town.far, teacher=town.teacher),
        CaseFactory.build(school=town.far, teacher=town.teacher),
    ):
        with pytest.raises(ValidationError):
            row.clean()


def test_questions_written_as_text_are_read_again(town: SimpleNamespace) -> None:
    questionnaire = QuestionnaireFactory()
    QuestionFactory(questionnaire=questionnaire)
    text = questionnaire.questions()
    assert text == "老师是否公平对待每一位学生｜10"
    items = questionnaire.read_questions(f"{text}\n\n 有没有体罚 | 20 \n作业量是否合适")
    assert [(item.order, item.text, item.maximum) for item in items] == [
        (1, "老师是否公平对待每一位学生", 10),
        (2, "有没有体罚", 20),
        (3, "作业量是否合适", 10),
    ]
    with pytest.raises(ValidationError, match="2"):
        questionnaire.read_questions("好\n太多｜101")


def test_answer_of_a_questionnaire_keeps_neither_who_nor_when() -> None:
    from apps.ethics.models import SurveyResponse

    fields = {field.name for field in SurveyResponse._meta.concrete_fields}
    assert fields == {"id", "version", "questionnaire", "school", "teacher", "serial", "score"}


def test_state_of_a_graded_assessment_follows_from_the_grade(town: SimpleNamespace) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher)
    row.grade = EthicsAssessment.Grade.QUALIFIED
    row.clean()
    assert row.status == "decided"
    row.grade = ""
    row.clean()
    assert row.status == "draft"
