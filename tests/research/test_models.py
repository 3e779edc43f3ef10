"""Each rule of the models broken once, by the sentence that people read."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from apps.research.models import ProjectMember
from tests.factories import DesignationFactory, TeacherFactory
from tests.research.factories import (
    ActivityFactory,
    ActivityGuestFactory,
    AttendanceFactory,
    BaseMemberFactory,
    ProjectMemberFactory,
    ResearcherSurveyFactory,
    SmallProjectFactory,
)


def refusals(row: Any) -> str:
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return str(refusal.value)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def again(row: Any) -> Any:
    row.pk, row._state.adding = None, True
    return row


@pytest.mark.parametrize(
    ("factory", "change", "sentence"),
    [
        (ActivityFactory, {"hours": 101}, "0 to 100 hours"),
        (ActivityFactory, {"level": 0}, "Choose a level"),
        (ActivityGuestFactory, {"name": "来宾"}, "not both"),
        (ResearcherSurveyFactory, {"returned": 61}, "than were issued"),
        (SmallProjectFactory, {"approved_on": date(2025, 9, 19)}, "after it was applied for"),
        (SmallProjectFactory, {"result": "excellent"}, "Only a concluded project"),
        (SmallProjectFactory, {"team_limit": 0}, "1 to 20 people"),
        (SmallProjectFactory, {"level": 7}, "Choose a level"),
    ],
)
def test_row_that_breaks_a_rule_is_refused(factory: Any, change: dict, sentence: str, town: SimpleNamespace) -> None:
    row = factory()
    row.full_clean()
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "factory", [ActivityFactory, ActivityGuestFactory, ResearcherSurveyFactory, SmallProjectFactory]
)
def test_same_row_twice_is_refused(factory: Any, town: SimpleNamespace) -> None:
    assert "already" in refusals(again(factory()))


def test_guest_by_name_stands_once_on_a_list(town: SimpleNamespace) -> None:
    assert "already" in refusals(again(ActivityGuestFactory(researcher=None, name="李校长")))


def test_teacher_stands_once_on_a_list(town: SimpleNamespace) -> None:
    base = DesignationFactory(school=town.school, kind="subject_base")
    project = SmallProjectFactory(school=town.school)
    rows = [
        AttendanceFactory(teacher=town.teacher),
        BaseMemberFactory(designation=base, teacher=town.teacher),
        ProjectMemberFactory(project=project, teacher=town.teacher),
    ]
    for row in rows:
        assert "already" in refusals(again(row))


def test_second_leader_of_a_project_is_refused(town: SimpleNamespace) -> None:
    project = SmallProjectFactory(school=town.school)
    ProjectMemberFactory(project=project, teacher=town.teacher, role="leader")
    assert "one leader" in refusals(ProjectMember(project=project, teacher=town.colleague, role="leader"))


def test_member_beyond_the_limit_is_refused(town: SimpleNamespace) -> None:
    project = SmallProjectFactory(school=town.school, team_limit=1)
    member = ProjectMemberFactory(project=project, teacher=town.teacher)
    member.full_clean()
    assert "at most 1 people" in refusals(ProjectMember(project=project, teacher=town.colleague))
    project.team_limit = 2
    project.save()
    ProjectMember(project=project, teacher=town.colleague).full_clean()


def test_limit_below_the_present_team_is_refused(town: SimpleNamespace) -> None:
    project = SmallProjectFactory(school=town.school)
    for teacher in (town.teacher, town.colleague):
        ProjectMemberFactory(project=project, teacher=teacher)
    project.team_limit = 1
    assert "already has 2 people" in refusals(project)


def test_base_of_another_township_is_refused(town: SimpleNamespace) -> None:
    activity = ActivityFactory(school=town.school)
    activity.base = DesignationFactory(school=town.far, kind="subject_base")
    assert "another township" in refusals(activity)


def test_activity_is_named_by_day_school_and_topic(town: SimpleNamespace) -> None:
    activity = ActivityFactory(school=town.school)
    assert activity.names() == ("2025-10-13 镇初级中学 小组合作学习沙龙",)
    assert list(type(activity).objects.search(activity.names()[0])) == [activity]


def test_teacher_finds_the_activities_attended(town: SimpleNamespace) -> None:
    activity, _other = ActivityFactory(school=town.school), ActivityFactory(school=town.school, title="另一次")
    AttendanceFactory(activity=activity, teacher=town.teacher)
    scope = town.teacher.scope_on(date(2025, 10, 13))
    assert list(type(activity).objects.within(scope)) == [activity]
    assert TeacherFactory(school=town.school).projects.count() == 0
