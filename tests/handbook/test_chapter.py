"""What the action handbook contributes to a summary."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.periods import Period
from apps.handbook.chapter import CHAPTER, schools_chart, schools_table
from tests.handbook.factories import HandbookEntryFactory, HandbookScoreFactory, RequirementFactory


def values(scope: Any) -> dict[str, Any]:
    return {figure.key.split(".")[1]: figure.value for figure in CHAPTER.figures(scope, Period.from_code("2025"))}


@pytest.fixture
def entries(town: SimpleNamespace) -> None:
    plans = RequirementFactory(kind="lesson_plan", dimension="routine")
    HandbookEntryFactory(teacher=town.teacher, status="approved")
    HandbookEntryFactory(teacher=town.teacher, status="returned")
    HandbookEntryFactory(teacher=town.colleague)
    HandbookEntryFactory(teacher=town.neighbour)
    HandbookEntryFactory(teacher=town.neighbour, requirement=plans, status="draft")
    HandbookEntryFactory(teacher=town.stranger, requirement=RequirementFactory(township=town.far.township))
    HandbookScoreFactory(teacher=town.teacher, asked=4, done=4, score=100)
    HandbookScoreFactory(teacher=town.colleague, asked=4, done=2, score=Decimal("50.5"))


@pytest.mark.usefixtures("entries")
def test_figures_of_a_township_count_its_records(town: SimpleNamespace) -> None:
    assert values(town.township.scope) == {
        "entries": 5,
        "teachers": 3,
        "reviewed": 2,
        "review_rate": Decimal("40.0"),
        "routine": 1,
        "classroom": 4,
        "research": 0,
        "average": Decimal("75.3"),
        "scored": 2,
        "completion": Decimal("75.0"),
        "guides": 3,
        "guide_teachers": 2,
        "guides_checked": 2,
    }


@pytest.mark.usefixtures("entries")
def test_figures_after_a_new_entry_change_where_it_counts(town: SimpleNamespace) -> None:
    before = values(town.school.scope)
    HandbookEntryFactory(teacher=town.colleague, status="approved")
    after = values(town.school.scope)
    assert {key for key in after if after[key] != before[key]} == {
        "entries", "reviewed", "review_rate", "classroom", "guides", "guides_checked",
    }  # fmt: skip


def test_rates_without_records_are_empty(town: SimpleNamespace) -> None:
    found = values(town.township.scope)
    assert (found["review_rate"], found["average"], found["completion"]) == (None, None, None)


@pytest.mark.usefixtures("entries")
def test_figure_followed_to_its_page_stands_there(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    for figure in CHAPTER.figures(town.township.scope, Period.from_code("2025")):
        text = " ".join(client.get(figure.source).content.decode().split()).replace('class="figure" ', "")
        measure = figure.source.rpartition("measure=")[2]
        assert f'<data value="{figure.value}" data-measure="{measure}"' in text, figure.key


@pytest.mark.usefixtures("entries")
def test_figures_of_a_township_cost_few_queries(town: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    period = Period.from_code("2025")
    with django_assert_max_num_queries(2):
        CHAPTER.figures(town.township.scope, period)


@pytest.mark.usefixtures("entries")
def test_table_and_chart_of_a_township_have_a_row_a_school(town: SimpleNamespace, browser: Any) -> None:
    period = Period.from_code("2025")
    table = schools_table(town.township.scope, period)
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["镇初级中学", 3, 2, 1, Decimal("66.7"), Decimal("75.3")],
        ["袁科小学", 2, 0, 0, Decimal("0.0"), None],
    ]
    assert len(table.heads) == len(table.rows[0])
    assert all(browser("office").get(cell.source).status_code == 200 for row in table.rows for cell in row)
    assert [bar[:2] for bar in schools_chart(town.township.scope, period).bars] == [("镇初级中学", 3), ("袁科小学", 2)]
