"""Every figure follows the records, and the page behind it shows the same number."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Figure
from apps.research import chapter
from apps.research.models import Activity, SmallProject
from tests.factories import DesignationFactory
from tests.research.factories import (
    ActivityFactory,
    ActivityGuestFactory,
    AttendanceFactory,
    BaseMemberFactory,
    PhotoFactory,
    ProjectMemberFactory,
    ResearcherSurveyFactory,
    SmallProjectFactory,
)


def figures(town: SimpleNamespace, scope: Scope | None = None) -> dict[str, Figure]:
    found = chapter.CHAPTER.figures(scope or town.township.scope, Period.of_year(town.year))
    return {figure.key.removeprefix("research."): figure for figure in found}


def values(town: SimpleNamespace, scope: Scope | None = None) -> dict[str, Any]:
    return {key: figure.value for key, figure in figures(town, scope).items() if figure.value}


@pytest.fixture
def full(town: SimpleNamespace) -> SimpleNamespace:
    """A year with one of everything at the own school, and something outside that must not count."""
    base = DesignationFactory(school=town.school, kind="subject_base")
    meeting = ActivityFactory(school=town.school, kind="meeting", title="观摩研讨", base=base)
    ActivityGuestFactory(activity=meeting, commented=True, spoke=True)
    ethics = ActivityFactory(school=town.other, kind="ethics_study", title="学习", document="《教师法》")
    AttendanceFactory(activity=ethics, teacher=town.neighbour, hours=1, reflection="学法有感")
    training = ActivityFactory(school=town.school, kind="training", title="培训")
    AttendanceFactory(activity=training, teacher=town.teacher, hours=4)
    AttendanceFactory(activity=meeting, teacher=town.teacher, hours=2)
    PhotoFactory(activity=training)
    PhotoFactory(activity=meeting)
    ActivityFactory(school=town.school, kind="base_meeting", title="领导小组会议", base=base)
    ActivityFactory(school=town.school, title="去年的沙龙", date=date(2024, 10, 13))
    ActivityFactory(school=town.far, title="别镇的沙龙")
    BaseMemberFactory(designation=base, teacher=town.teacher)
    ResearcherSurveyFactory(school=town.school)
    project = SmallProjectFactory(
        school=town.school,
        stage="closed",
        approved_on=date(2025, 10, 1),
        closed_on=date(2026, 6, 1),
        result="excellent",
    )
    ProjectMemberFactory(project=project, teacher=town.teacher, role="leader")
    SmallProjectFactory(school=town.school, applied_on=date(2025, 6, 1), approved_on=date(2025, 7, 1), stage="running")
    SmallProjectFactory(school=town.far)
    return town


def test_figures_with_all_kinds_of_rows_count_the_township(full: SimpleNamespace) -> None:
    assert values(full) == {
        "activities": 4, "trainings": 1, "researched": 1, "researched_junior": 1, "meetings": 1, "hosts": "镇初级中学",
        "ethics": 1, "ethics_schools": 1, "ethics_documents": "《教师法》", "base_meetings": 1, "base_activities": 1,
        "base_researched": 1, "attendances": 3, "teachers": 2, "hours": 7, "hours_each": 3.5, "ethics_attendances": 1,
        "reflections": 1, "reflecting": 1, "speeches": 1, "speakers": "苟主任", "comments": 1, "commentators": "苟主任",
        "photos": 1, "photos_all": 2, "surveys": 1, "survey_forms": 58, "base_members": 1, "base_groups": 1,
        "projects": 2, "applied": 1, "established": 1, "concluded": 1, "excellent": 1, "project_schools": 1,
        "project_teachers": 1,
    }  # fmt: skip


def test_figures_of_a_school_or_a_teacher_count_their_own(full: SimpleNamespace) -> None:
    school = values(full, full.other.scope)
    assert (school["activities"], school["attendances"], school["hours"], "photos" in school) == (1, 1, 1, False)
    teacher = values(full, full.teacher.scope_on(date(2025, 10, 13)))
    assert (teacher["activities"], teacher["attendances"], teacher["hours"], teacher["projects"]) == (2, 2, 6, 1)


def test_no_records_give_no_numbers(town: SimpleNamespace) -> None:
    assert values(town) == {}


@pytest.mark.parametrize("kind", [kind for kind in Activity.Kind if kind != Activity.Kind.VISIT])
def test_figure_changes_when_a_record_changes(kind: str, full: SimpleNamespace) -> None:
    before = values(full)
    ActivityFactory(school=full.school, kind=kind, title="又一次")
    after = values(full)
    assert after["activities"] == before["activities"] + 1
    assert {key for key in after if after[key] != before.get(key)} - {"activities", "salon_schools", "ethics_schools"}
    Activity.objects.filter(title="又一次").delete()
    assert values(full) == before


def test_projects_fall_into_the_period_by_each_date(full: SimpleNamespace) -> None:
    project = SmallProject.objects.get(stage="running")
    project.approved_on = date(2025, 9, 2)
    project.save()
    assert values(full)["established"] == 2
    project.applied_on = date(2025, 9, 1)
    project.save()
    assert values(full)["applied"] == 2


@pytest.mark.parametrize("role", ["office", "principal"])
def test_page_behind_each_figure_shows_its_value(role: str, full: SimpleNamespace, browser: Any) -> None:
    scope = full.township.scope if role == "office" else full.school.scope
    client = browser(role)
    for figure in figures(full, scope).values():
        context = client.get(figure.source).context
        assert not context["filter"].form.errors, figure.source
        asked = parse_qs(urlsplit(figure.source).query)["measure"][0]
        shown = {measure.key: value for measure, value in context["measures"]}
        assert (shown.get(asked) or None) == (figure.value or None), figure


def test_figures_cost_a_query_for_numbers_and_one_for_names(
    full: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        figures(full)


def test_tables_chart_and_album_with_rows_show_them(full: SimpleNamespace, browser: Any) -> None:
    scope, period = full.township.scope, Period.of_year(full.year)
    table = chapter.activities_table(scope, period)
    assert [row[0].value for row in table.rows] == ["镇初级中学", "袁科小学"]
    client = browser("office")
    for row in table.rows:
        for cell in row[1:]:
            assert dict(client.get(cell.source).context["measures"])[_count(client, cell.source)] == cell.value
    projects = chapter.projects_table(scope, period)
    assert [[cell.value for cell in row][2:4] for row in projects.rows][0] == ["镇初级中学", "王思远"]
    assert [bar[1] for bar in chapter.kinds_chart(scope, period).bars] == [0, 1, 1, 0, 1, 1, 0, 0]
    assert [photo.caption for photo in chapter.training_photos(scope, period)] == ["教师在交流"]
    assert len(chapter.training_photos(full.other.scope, period)) == 0


def _count(client: Any, address: str) -> Any:
    return next(measure for measure, _value in client.get(address).context["measures"] if measure.key == "count")


def test_table_of_projects_costs_the_same_with_more(full: SimpleNamespace, django_assert_num_queries: Any) -> None:
    for _number in range(5):
        project = SmallProjectFactory(school=full.school)
        ProjectMemberFactory(project=project, teacher=full.teacher, role="leader")
    with django_assert_num_queries(2):
        chapter.projects_table(full.township.scope, Period.of_year(full.year))
