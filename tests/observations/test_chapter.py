"""Figures follow the records, and their links lead to exactly these."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from apps.core.periods import Period
from apps.observations.chapter import CHAPTER, schools_chart, schools_table
from apps.observations.models import Rubric
from tests.factories import ResearcherFactory, TeacherFactory
from tests.observations.factories import ObservationFactory, RubricFactory


@pytest.fixture
def rubric(town: SimpleNamespace) -> Rubric:
    return RubricFactory(township=town.township)


def figures(town: SimpleNamespace) -> dict[str, Any]:
    found = CHAPTER.figures(town.township.scope, Period.of_year(town.year))
    return {figure.key.removeprefix("observations."): figure for figure in found}


def values(town: SimpleNamespace) -> dict[str, Any]:
    return {key: figure.value for key, figure in figures(town).items()}


@pytest.fixture
def lessons(town: SimpleNamespace, rubric: Rubric) -> None:
    """A lesson with three observers, one with a researcher, and at a primary school two of backbone teachers."""
    one = {"teacher": town.teacher, "rubric": rubric}
    ObservationFactory(**one, observer_teacher=town.colleague, score=85, discussion="重点突出")
    ObservationFactory(**one, observer_researcher=town.researcher, score=80)
    ObservationFactory(**one, observer_name="张主任", score="84.9")
    ObservationFactory(teacher=town.colleague, observer_researcher=town.researcher, date=date(2025, 11, 3))
    ObservationFactory(
        teacher=town.teacher, observer_teacher=town.colleague, lesson_no=2, status="draft", score=100, rubric=rubric
    )
    ObservationFactory(teacher=town.teacher, lesson_no=3, date=date(2025, 6, 1))
    for number in (1, 2):
        teacher = TeacherFactory(school=town.other, backbone_level=3, no=f"8{number}")
        for observer in (town.teacher, town.neighbour):
            ObservationFactory(teacher=teacher, observer_teacher=observer, occasion="report", lesson_no=number)
    ObservationFactory(teacher=town.neighbour, occasion="showing", lesson_no=4)


def test_figures_with_all_kinds_of_rows_count_the_town(lessons: None, town: SimpleNamespace) -> None:
    assert values(town) == {
        "lessons": 5,
        "attendances": 9,
        "each": Decimal("1.7"),  # five lessons of three observing teachers
        "taught_by": 5,
        "scored": 1,
        "average": Decimal("83.3"),
        "excellent": 0,  # 85 of one observer, but 83.3 of all three
        "drop_in": 2,
        "discussions": 1,
        "researchers_junior": 2,
        "researchers_primary": 0,
        "shown": 3,
        "shown_backbone": 2,
    }


def test_an_excellent_lesson_is_one_by_the_mean_of_its_observers(
    lessons: None, rubric: Rubric, town: SimpleNamespace, browser: Any
) -> None:
    for name, score in (("张主任", "100"), ("王主任", "70")):
        ObservationFactory(teacher=town.colleague, observer_name=name, score=score, rubric=rubric)
    counted = figures(town)["excellent"]
    assert counted.value == 1
    assert [row.score for row in browser("office").get(counted.source).context["page"]] == [100, 70]


def test_a_lesson_is_discussed_once(lessons: None, town: SimpleNamespace, browser: Any) -> None:
    for name in ("张主任", "王主任"):
        ObservationFactory(teacher=town.colleague, observer_name=name, discussion="目标明确")
    assert values(town)["discussions"] == 2  # with the one that is there
    own = CHAPTER.figures(town.colleague.scope_on(date(2025, 10, 13)), Period.of_year(town.year))
    given = next(figure for figure in own if figure.key == "observations.given_discussed")
    assert (given.value, given.unit) == (1, "次")
    assert 'data-measure="discussions">1</data> 次</p>' in browser("office").get(given.source).text


def test_a_record_changes_its_figures(lessons: None, town: SimpleNamespace) -> None:
    before = values(town)
    ObservationFactory(
        teacher=town.teacher, observer_researcher=ResearcherFactory(name="李老师"), date=date(2026, 3, 2)
    )
    after = values(town)
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"lessons", "attendances", "drop_in", "researchers_junior"}


def test_every_link_shows_the_same_number(lessons: None, town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    for figure in figures(town).values():
        asked = figure.source.rpartition("measure=")[2]
        page = client.get(figure.source)
        shown = {measure.key: value for measure, value in page.context["measures"]}
        assert shown.get(asked) == figure.value, figure.key


def test_figures_cost_one_query(lessons: None, town: SimpleNamespace) -> None:
    period = Period.of_year(town.year)
    figures(town)
    with CaptureQueriesContext(connection) as queries:
        CHAPTER.figures(town.township.scope, period)
    assert len(queries) == 1


def test_nothing_recorded_states_nothing(town: SimpleNamespace) -> None:
    assert all(figure.empty for figure in figures(town).values())


def test_table_and_chart_with_two_schools_show_each(lessons: None, town: SimpleNamespace, browser: Any) -> None:
    period = Period.of_year(town.year)
    table = schools_table(town.township.scope, period)
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["镇初级中学", 2, 4, 2, Decimal("83.3"), 3],
        ["袁科小学", 3, 5, 3, None, 3],
    ]
    cell = table.rows[1][1]
    shown = {m.key: v for m, v in browser("office").get(cell.source).context["measures"]}
    assert shown["lessons"] == cell.value
    assert [bar[:2] for bar in schools_chart(town.township.scope, period).bars] == [("袁科小学", 3), ("镇初级中学", 2)]


def test_other_scopes_count_their_own(lessons: None, town: SimpleNamespace) -> None:
    period = Period.of_year(town.year)
    by_school = {figure.key: figure.value for figure in CHAPTER.figures(town.other.scope, period)}
    assert (by_school["observations.lessons"], by_school["observations.researchers_junior"]) == (3, 0)
    by_teacher = {
        figure.key: figure.value for figure in CHAPTER.figures(town.teacher.scope_on(date(2025, 10, 13)), period)
    }
    assert by_teacher["observations.attendances"] == 5


@pytest.mark.parametrize("section", CHAPTER.sections, ids=lambda section: section.key)
def test_prose_ends_in_full_stops(section: Any) -> None:
    lines = render_to_string(section.prose).strip().splitlines()
    assert lines
    assert all(line.endswith("。") for line in lines)
