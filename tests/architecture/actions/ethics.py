"""Who may take the actions of teacher ethics."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.ethics import actions
from apps.ethics.models import Honour
from tests.architecture.actions.rows import Row
from tests.ethics.factories import (
    AssessmentFactory,
    CampaignFactory,
    CaseFactory,
    CycleFactory,
    HonourFactory,
    QuestionnaireFactory,
)
from tests.factories import SchoolYearFactory, TeacherFactory


def assessment(town: SimpleNamespace, **given: Any) -> Any:
    return AssessmentFactory(**{"school": town.school, "teacher": town.teacher, "school_score": 90} | given)


def head(town: SimpleNamespace) -> Any:
    """The principal of the school, as a teacher of the roster."""
    return TeacherFactory(school=town.school, no="009", name="林校长", position="principal")


def cycle(town: SimpleNamespace, **given: Any) -> Any:
    return CycleFactory(township=town.township, **given)


def decided(town: SimpleNamespace) -> Any:
    """A cycle in which every grade is decided."""
    return assessment(town, status="decided", grade="qualified").cycle


def case(town: SimpleNamespace) -> Any:
    return CaseFactory(school=town.school, teacher=town.teacher)


def honour(town: SimpleNamespace) -> Honour:
    return HonourFactory.build(school=town.school, teacher=town.teacher, awarded_on=date(2025, 9, 10))


ROWS = (
    # cycles
    Row(actions.save_cycle, lambda town: {"record": cycle(town)}, "office"),
    Row(actions.save_cycles, lambda town: {"records": [cycle(town)]}, "office"),
    Row(actions.start_assessments, lambda town: {"cycle": cycle(town)}, "office"),
    Row(actions.tally_responses, lambda town: {"cycle": cycle(town)}, "office"),
    Row(actions.close_cycle, lambda town: {"cycle": cycle(town)}, "office"),
    Row(actions.publish_cycle, lambda town: {"cycle": decided(town)}, "office"),
    Row(actions.reopen_cycle, lambda town: {"cycle": cycle(town, status="closed")}, "office"),
    Row(
        actions.open_next_cycle,
        lambda town: {"cycle": cycle(town), "school_year": SchoolYearFactory(start_year=2026)},
        "office",
    ),
    Row(
        actions.save_questionnaire,
        lambda town: {"record": QuestionnaireFactory(cycle=cycle(town)), "items": []},
        "office",
    ),
    # assessments
    Row(actions.save_assessment, lambda town: {"record": assessment(town)}, "office principal"),
    Row(
        actions.save_assessment, lambda town: {"record": assessment(town, teacher=head(town))}, "office", "of the head"
    ),
    Row(
        actions.save_assessment,
        lambda town: {"record": assessment(town, cycle=cycle(town, status="closed"))},
        "office",
        "after closing",
    ),
    Row(actions.save_assessments, lambda town: {"records": [assessment(town)]}, "office principal"),
    Row(
        actions.save_assessments,
        lambda town: {"records": [assessment(town, teacher=head(town))]},
        "office",
        "of the head",
    ),
    Row(actions.submit_assessment, lambda town: {"assessment": assessment(town)}, "office principal"),
    Row(actions.submit_assessments, lambda town: {"cycle": assessment(town).cycle}, "office principal neighbour"),
    Row(
        actions.decide_assessment,
        lambda town: {"assessment": assessment(town, status="submitted"), "grade": "qualified"},
        "office",
    ),
    Row(actions.decide_as_suggested, lambda town: {"cycle": assessment(town, status="submitted").cycle}, "office"),
    Row(actions.return_assessment, lambda town: {"assessment": assessment(town, status="submitted")}, "office"),
    # misconduct, honours, campaigns
    Row(actions.save_case, lambda town: {"record": case(town)}, "office"),
    Row(actions.save_cases, lambda town: {"records": [case(town)]}, "office"),
    Row(actions.award_honour, lambda town: {"record": honour(town)}, "office principal"),
    Row(actions.award_honours, lambda town: {"records": [honour(town)]}, "office principal"),
    Row(
        actions.join_campaign,
        lambda town: {"campaign": CampaignFactory(township=town.township)},
        "office principal neighbour",
    ),
    Row(actions.take_default_cycle, lambda town: {"year": town.year}, "office stranger"),
    Row(
        actions.carry_cycles,
        lambda town: {"rows": [CycleFactory()], "following": SchoolYearFactory(start_year=2026)},
        "office",
    ),
)
