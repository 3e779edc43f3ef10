"""Each step of an assessment, each refusal, and honours refused on every road."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.actors import SYSTEM
from apps.ethics import actions
from apps.ethics.models import (
    AssessmentCycle,
    CampaignParticipant,
    Honour,
    MisconductCase,
    SurveyResponse,
)
from tests.ethics.assessments import draft, stored, submitted
from tests.ethics.factories import (
    AssessmentFactory,
    CampaignFactory,
    CaseFactory,
    CycleFactory,
    HonourFactory,
)
from tests.factories import TeacherFactory

# One assessment


def test_assessment_with_the_schools_evaluation_is_submitted(town: SimpleNamespace, principal: object) -> None:
    row = draft(town, student_score=90, parent_score=80)
    with pytest.raises(ValidationError):
        actions.submit_assessment(assessment=row, by=principal)
    row.school_score = Decimal(95)
    saved = actions.save_assessment(record=row, by=principal)
    assert (saved.total, saved.grade, saved.suggested_grade) == (Decimal("91.00"), "", "excellent")
    assert actions.submit_assessment(assessment=row, by=principal).status == "submitted"
    with pytest.raises(PermissionDenied):
        actions.save_assessment(record=row, by=principal)
    with pytest.raises(ValidationError):
        actions.submit_assessment(assessment=row, by=principal)


def test_assessment_once_submitted_is_corrected_by_the_office_until_decided(
    town: SimpleNamespace, office: object
) -> None:
    row = submitted(town)
    row.school_score = Decimal(85)
    assert actions.save_assessment(record=row, by=office).school_score == 85
    actions.decide_assessment(assessment=row, grade="qualified", by=office)
    with pytest.raises(PermissionDenied):
        actions.save_assessment(record=row, by=office)


def test_assessment_of_a_closed_cycle_is_not_changed_by_the_school(
    town: SimpleNamespace, principal: object, office: object
) -> None:
    row = draft(town, cycle=CycleFactory(status="closed"), school_score=90)
    with pytest.raises(PermissionDenied):
        actions.save_assessment(record=row, by=principal)
    with pytest.raises(ValidationError):
        actions.submit_assessment(assessment=row, by=principal)
    assert actions.save_assessment(record=row, by=office)


def test_decision_once_returned_is_forgotten(town: SimpleNamespace, office: object) -> None:
    row = submitted(town)
    actions.decide_assessment(assessment=row, grade="qualified", by=office)
    found = stored(row)
    assert (found.grade, found.status, found.decided_by_id) == ("qualified", "decided", office.pk)
    assert found.decided_at is not None
    with pytest.raises(ValidationError):
        actions.decide_assessment(assessment=row, grade="basic", by=office)
    actions.return_assessment(assessment=row, by=office)
    found = stored(row)
    assert (found.grade, found.status, found.decided_by_id, found.decided_at) == ("", "draft", None, None)
    with pytest.raises(ValidationError):
        actions.return_assessment(assessment=row, by=office)


def test_decision_on_a_draft_is_refused(town: SimpleNamespace, office: object) -> None:
    with pytest.raises(ValidationError):
        actions.decide_assessment(assessment=draft(town), grade="qualified", by=office)


def test_grade_with_confirmed_misconduct_of_the_year_must_be_unqualified(town: SimpleNamespace, office: object) -> None:
    row = submitted(town)
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    assert row.suggested_grade == "unqualified"
    with pytest.raises(ValidationError, match="王思远"):
        actions.decide_assessment(assessment=row, grade="qualified", by=office)
    assert stored(row).status == "submitted"
    row = stored(row)
    assert actions.decide_assessment(assessment=row, grade="unqualified", by=office).grade == "unqualified"


@pytest.mark.parametrize(
    "kwargs", [{}, {"confirmed": True, "received_on": date(2025, 8, 31)}, {"finding": "unfounded"}]
)
def test_grade_with_other_cases_is_decided(kwargs: dict, town: SimpleNamespace, office: object) -> None:
    row = submitted(town)
    CaseFactory(school=town.school, teacher=town.teacher, **kwargs)
    assert actions.decide_assessment(assessment=row, grade="qualified", by=office).grade == "qualified"


def test_decided_grade_with_a_case_confirmed_later_becomes_unqualified(town: SimpleNamespace, office: object) -> None:
    row = draft(town, grade="excellent")
    case = CaseFactory(school=town.school, teacher=town.teacher)
    case.finding, case.handling, case.decided_on = "confirmed", "criticism", date(2025, 11, 10)
    actions.save_case(record=case, by=office)
    assert (stored(row).grade, case.barred_until) == ("unqualified", date(2027, 11, 10))


def test_published_grade_with_a_case_confirmed_later_stays(town: SimpleNamespace, office: object) -> None:
    row = draft(town, grade="excellent", cycle=CycleFactory(status="published"))
    case = CaseFactory.build(confirmed=True, school=town.school, teacher=town.teacher, barred_until=None)
    actions.save_cases(records=[case], by=office)
    assert stored(row).grade == "excellent"
    assert MisconductCase.objects.get().barred_until == date(2027, 11, 10)


def test_grade_beyond_the_schools_share_of_excellent_is_refused(town: SimpleNamespace, office: object) -> None:
    rows = [submitted(town, teacher=TeacherFactory(school=town.school)) for _number in range(7)]
    for row in rows[:2]:
        actions.decide_assessment(assessment=row, grade="excellent", by=office)
    with pytest.raises(ValidationError, match="镇初级中学"):
        actions.decide_assessment(assessment=rows[2], grade="excellent", by=office)
    assert stored(rows[2]).status == "submitted"
    assert actions.decide_assessment(assessment=stored(rows[2]), grade="qualified", by=office)


def test_submitted_beyond_the_share_are_decided_as_suggested_within_it(town: SimpleNamespace, office: object) -> None:
    totals = [99, 96, 96, 91, 80, 65, None]
    rows = [submitted(town, total, teacher=TeacherFactory(school=town.school)) for total in totals]
    assert actions.decide_as_suggested(cycle=rows[0].cycle, by=office) == (4, 3)
    # Two of seven may be excellent: one is, and two share the second place.
    assert [stored(row).grade for row in rows] == ["excellent", "", "", "qualified", "qualified", "basic", ""]


def test_drafts_with_an_evaluation_are_submitted_for_the_own_school_only(town: SimpleNamespace, cast: dict) -> None:
    mine, other = draft(town, school_score=90), draft(town, school=town.other, teacher=town.neighbour, school_score=90)
    empty = draft(town, teacher=town.colleague)
    number = actions.submit_assessments(cycle=mine.cycle, by=cast["principal"])
    assert number == 1
    assert [stored(row).status for row in (mine, other, empty)] == ["submitted", "draft", "draft"]


def test_steps_for_many_cost_as_many_queries_as_for_few(town: SimpleNamespace, office: object) -> None:
    cycle = CycleFactory()

    def run() -> list[int]:
        cycle.assessments.all().delete()
        costs = []
        steps = (
            lambda: actions.start_assessments(cycle=cycle, by=office),
            lambda: cycle.assessments.update(school_score=80),
            lambda: actions.tally_responses(cycle=cycle, by=office),
            lambda: actions.submit_assessments(cycle=cycle, by=office),
            lambda: actions.decide_as_suggested(cycle=cycle, by=office),
        )
        for step in steps:
            with CaptureQueriesContext(connection) as queries:
                step()
            costs.append(len(queries))
        return costs

    run()
    few = run()
    for _number in range(8):
        TeacherFactory(school=town.school)
    assert run() == few


# Many at once


def test_import_of_a_grade_by_the_office_decides_the_row(town: SimpleNamespace, office: object) -> None:
    row = draft(town)
    row.student_score, row.parent_score, row.school_score, row.grade = 90, 80, 95, "qualified"
    new = AssessmentFactory.build(cycle=row.cycle, school=town.school, teacher=town.colleague, school_score=90)
    fields = ["student_score", "parent_score", "school_score", "grade"]
    actions.save_assessments(records=[row, new], by=office, fields=fields)
    found = stored(row)
    assert (found.status, found.total, found.decided_by_id) == ("decided", Decimal("91.00"), office.pk)
    assert stored(new).status == "draft"
    row = stored(row)
    row.grade = ""
    actions.save_assessments(records=[row], by=office, fields=fields)
    assert (stored(row).status, stored(row).decided_by_id) == ("draft", None)


def test_import_of_a_grade_by_a_school_is_refused(town: SimpleNamespace, principal: object) -> None:
    row = draft(town)
    row.grade = "excellent"
    with pytest.raises(ValidationError, match="王思远"):
        actions.save_assessments(records=[row], by=principal, fields=["grade"])
    row.grade, row.school_score = "", Decimal(90)
    actions.save_assessments(records=[row], by=principal, fields=["grade", "school_score"])
    assert stored(row).school_score == 90


def test_import_against_veto_or_share_is_refused(town: SimpleNamespace, office: object) -> None:
    row = draft(town)
    row.grade = "excellent"
    with pytest.raises(ValidationError, match="镇初级中学"):
        actions.save_assessments(records=[row], by=office, fields=["grade"])
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    row = stored(row)
    row.grade = "qualified"
    with pytest.raises(ValidationError, match="王思远"):
        actions.save_assessments(records=[row], by=office, fields=["grade"])
    assert stored(row).status == "draft"


def test_import_into_a_published_cycle_adds_decided_results_only(town: SimpleNamespace, office: object) -> None:
    cycle = CycleFactory(status="published")
    row = AssessmentFactory.build(cycle=cycle, school=town.school, teacher=town.teacher)
    with pytest.raises(ValidationError):
        actions.save_assessments(records=[row], by=office)
    row.grade = "qualified"
    actions.save_assessments(records=[row], by=office)
    assert stored(row).status == "decided"


# Honours and campaigns


def test_honour_on_a_day_while_barred_is_refused(town: SimpleNamespace, office: object) -> None:
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    given = {"school": town.school, "teacher": town.teacher}
    before = HonourFactory.build(**given, awarded_on=date(2025, 9, 10))
    assert actions.award_honour(record=before, by=office).pk
    during = HonourFactory.build(**given, awarded_on=date(2026, 9, 10))
    with pytest.raises(ValidationError, match="王思远"):
        actions.award_honour(record=during, by=office)
    after = HonourFactory.build(**given, awarded_on=date(2027, 11, 11))
    assert actions.award_honour(record=after, by=office).pk


def test_honours_with_an_unqualified_teacher_are_refused_together(town: SimpleNamespace, office: object) -> None:
    draft(town, grade="unqualified")
    day = date(2026, 9, 10)
    records = [
        HonourFactory.build(school=town.school, teacher=teacher, awarded_on=day)
        for teacher in (town.colleague, town.teacher)
    ]
    with pytest.raises(ValidationError, match="王思远") as refused:
        actions.award_honours(records=records, by=office)
    assert "陈一鸣" not in str(refused.value)
    assert not Honour.objects.exists()
    actions.award_honours(records=records[:1], by=office)
    assert Honour.objects.get().teacher == town.colleague


def test_campaign_joined_by_a_place_takes_all_who_serve_there(town: SimpleNamespace, cast: dict) -> None:
    campaign = CampaignFactory()
    by = cast["principal"]
    assert actions.join_campaign(campaign=campaign, by=by) == 2
    assert actions.join_campaign(campaign=campaign, by=cast["office"]) == 1
    names = set(CampaignParticipant.objects.values_list("teacher__name", flat=True))
    assert names == {"王思远", "陈一鸣", "赵雪"}


def test_import_by_the_system_names_nobody_who_decided(town: SimpleNamespace) -> None:
    row = draft(town)
    row.grade = "qualified"
    actions.save_assessments(records=[row], by=SYSTEM.imports, fields=["grade"])
    assert (stored(row).status, stored(row).decided_at) == ("decided", None)
    cycle = AssessmentCycle.objects.get()
    cycle.document = "镇教发〔2025〕3号"
    actions.save_cycles(records=[cycle], by=SYSTEM.imports, fields=["document"])
    assert SurveyResponse.objects.count() == 0
