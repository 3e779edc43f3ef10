"""Each step of an assessment cycle, and each refusal."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from apps.ethics import actions
from apps.ethics.models import (
    EthicsAssessment,
)
from tests.ethics.assessments import draft, stored, submitted
from tests.ethics.factories import (
    CaseFactory,
    CycleFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ResponseFactory,
)
from tests.factories import AppointmentFactory, SchoolYearFactory, TeacherFactory


def test_next_cycle_of_a_cycle_carries_parameters_and_questions_forward(town: SimpleNamespace, office: object) -> None:
    cycle = CycleFactory(
        student_weight=10, school_weight=70, smallest_group=8, bar_months=36, document="镇教发〔2025〕3号"
    )
    cycle.status = "published"
    cycle.save()
    QuestionFactory(questionnaire=QuestionnaireFactory(cycle=cycle))
    following = actions.open_next_cycle(cycle=cycle, school_year=SchoolYearFactory(start_year=2026), by=office)
    assert (following.student_weight, following.school_weight, following.smallest_group) == (10, 70, 8)
    assert (following.bar_months, following.document, following.status) == (36, "镇教发〔2025〕3号", "open")
    assert (following.opens_on, following.closes_on) == (date(2027, 5, 20), date(2027, 6, 20))
    questionnaire = following.questionnaires.get()
    assert (questionnaire.issued, questionnaire.closes_on) == (0, date(2027, 6, 10))
    assert questionnaire.questions() == "老师是否公平对待每一位学生｜10"
    with pytest.raises(ValidationError):
        actions.open_next_cycle(cycle=following, school_year=cycle.school_year, by=office)


def test_start_of_an_open_cycle_makes_a_draft_for_each_serving_teacher(town: SimpleNamespace, office: object) -> None:
    left = TeacherFactory(township=town.township, no="9", name="孙离任")
    AppointmentFactory(teacher=left, school=town.school, ends_on=date(2026, 6, 19))
    cycle = CycleFactory()
    draft(town)
    assert actions.start_assessments(cycle=cycle, by=office) == 2
    assert actions.start_assessments(cycle=cycle, by=office) == 0
    rows = cycle.assessments.order_by("teacher__no").values_list("teacher__name", "school__name", "status", "grade")
    assert list(rows) == [
        ("王思远", "镇初级中学", "draft", ""),
        ("陈一鸣", "镇初级中学", "draft", ""),
        ("赵雪", "袁科小学", "draft", ""),
    ]
    assert LogEntry.objects.filter(content_type__model="ethicsassessment", actor=office).count() == 2


def test_start_of_a_closed_cycle_is_refused(town: SimpleNamespace, office: object) -> None:
    with pytest.raises(ValidationError):
        actions.start_assessments(cycle=CycleFactory(status="closed"), by=office)


def answer(town: SimpleNamespace, audience: str, scores: list, teacher: object = None) -> None:
    questionnaire = QuestionnaireFactory(audience=audience)
    for score in scores:
        ResponseFactory(questionnaire=questionnaire, school=town.school, teacher=teacher or town.teacher, score=score)


def test_tally_of_a_small_group_gives_no_score(town: SimpleNamespace, office: object) -> None:
    one = draft(town, school_score=95)
    paper = draft(town, teacher=town.colleague, parent_score=88)
    answer(town, "student", [90, 90, 91, 92, 93])
    answer(town, "parent", [80, 80, 80, 80])
    assert actions.tally_responses(cycle=one.cycle, by=office) == 1
    found = stored(one)
    assert (found.student_score, found.parent_score, found.total) == (Decimal("91.20"), None, None)
    assert stored(paper).parent_score == 88
    answer(town, "parent", [90])
    actions.tally_responses(cycle=one.cycle, by=office)
    found = stored(one)
    assert (found.parent_score, found.total) == (Decimal("82.00"), Decimal("91.64"))


def test_tally_with_decided_results_leaves_them_and_rounds_half_up(town: SimpleNamespace, office: object) -> None:
    one = draft(town)
    done = draft(town, teacher=town.colleague, grade="qualified")
    cycle = one.cycle
    answer(town, "student", ["90.00"] * 7 + ["90.04"])
    answer(town, "student", [70] * 5, town.colleague)
    actions.tally_responses(cycle=cycle, by=office)
    assert stored(one).student_score == Decimal("90.01")
    assert stored(done).student_score is None


def test_cycle_with_changed_rules_counts_open_totals_anew(town: SimpleNamespace, office: object) -> None:
    one = draft(town, student_score=80, parent_score=90, school_score=100)
    done = draft(
        town, teacher=town.colleague, grade="qualified", student_score=80, parent_score=90, school_score=100, total=94
    )
    case = CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    cycle = one.cycle
    cycle.student_weight, cycle.school_weight, cycle.bar_months = 30, 50, 12
    actions.save_cycle(record=cycle, by=office)
    assert (stored(one).total, stored(done).total) == (Decimal("92.00"), Decimal("94.00"))
    case.refresh_from_db()
    assert case.barred_until == date(2026, 11, 10)


def test_publishing_before_every_decision_is_refused(town: SimpleNamespace, office: object) -> None:
    one = submitted(town)
    with pytest.raises(ValidationError, match="1"):
        actions.publish_cycle(cycle=one.cycle, by=office)
    EthicsAssessment.objects.filter(pk=one.pk).update(status="decided", grade="qualified")
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    with pytest.raises(ValidationError, match="1"):
        actions.publish_cycle(cycle=one.cycle, by=office)
    EthicsAssessment.objects.filter(pk=one.pk).update(grade="unqualified")
    assert actions.publish_cycle(cycle=one.cycle, by=office).status == "published"
    with pytest.raises(ValidationError):
        actions.save_cycle(record=one.cycle, by=office)


def test_cycle_in_another_state_is_not_turned(town: SimpleNamespace, office: object) -> None:
    cycle = CycleFactory()
    with pytest.raises(ValidationError):
        actions.reopen_cycle(cycle=cycle, by=office)
    assert actions.close_cycle(cycle=cycle, by=office).status == "closed"
    with pytest.raises(ValidationError):
        actions.close_cycle(cycle=cycle, by=office)
    actions.publish_cycle(cycle=cycle, by=office)
    assert actions.reopen_cycle(cycle=cycle, by=office).status == "open"


def test_questions_written_again_keep_their_rows_by_place(town: SimpleNamespace, office: object) -> None:
    questionnaire = QuestionnaireFactory()
    kept = QuestionFactory(questionnaire=questionnaire)
    QuestionFactory(questionnaire=questionnaire, order=2, text="有没有体罚")
    items = questionnaire.read_questions("老师是否公平对待每一位学生｜20")
    actions.save_questionnaire(record=questionnaire, items=items, by=office)
    assert list(questionnaire.items.values_list("pk", "order", "maximum")) == [(kept.pk, 1, 20)]
