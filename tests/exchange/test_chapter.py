"""What the exchange contributes to a summary."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.exchange.actions import post_teacher
from apps.exchange.chapter import CHAPTER, staffing_table
from apps.exchange.models import ExchangeRound, Posting
from apps.teachers.models import Teacher
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import AppointmentFactory, TeacherFactory
from tests.reading import measured


def values(scope: Any, code: str = "2025") -> dict[str, Any]:
    return {figure.key.split(".")[1]: figure.value for figure in CHAPTER.figures(scope, Period.from_code(code))}


def post(town: SimpleNamespace, teacher: Teacher, **changes: Any) -> Posting:
    given = {
        "round": ExchangeRoundFactory(), "from_school": town.school, "to_school": town.other,
        "starts_on": date(2025, 9, 1),
    }  # fmt: skip
    return post_teacher(posting=Posting(teacher=teacher, **(given | changes)), by=SYSTEM.imports)


@pytest.fixture
def round(town: SimpleNamespace) -> None:
    Teacher.objects.filter(pk=town.teacher.pk).update(backbone_level=3)
    TeacherFactory(
        school=town.school, no="030", name="高龄", birth_date=date(1960, 1, 1), started_work_on=date(1980, 9, 1)
    )
    post(town, town.teacher, score=Decimal(95), grade="excellent")
    post(town, town.colleague, score=Decimal("86.5"), grade="qualified")


@pytest.mark.usefixtures("round")
def test_figures_of_a_township_count_its_round(town: SimpleNamespace) -> None:
    assert values(town.township.scope) == {
        "documents": "《慕仪镇中小学教师交流聘用办法》",
        "teachers": 2,
        "backbone": 1,
        "backbone_share": Decimal("50.0"),
        "eligible": 3,
        "share": Decimal("66.7"),
        "from_schools": 1,
        "to_schools": 1,
        "excellent": 1,
        "average": Decimal("90.8"),
    }
    assert values(town.far.township.scope)["teachers"] == 0


@pytest.mark.usefixtures("round")
def test_figures_of_a_school_count_its_own(town: SimpleNamespace) -> None:
    here, there = values(town.school.scope), values(town.other.scope)
    assert (here["teachers"], here["eligible"], here["share"]) == (2, 2, Decimal("100.0"))
    assert (there["teachers"], there["eligible"], there["share"]) == (2, 1, Decimal("0.0"))


@pytest.mark.usefixtures("round")
def test_figures_after_a_new_posting_change_where_it_counts(town: SimpleNamespace) -> None:
    before = values(town.township.scope)
    post(town, town.neighbour, from_school=town.other, to_school=town.school)
    after = values(town.township.scope)
    assert {key for key in after if after[key] != before[key]} == {
        "teachers", "backbone_share", "share", "from_schools", "to_schools",
    }  # fmt: skip


def test_shares_without_a_round_are_empty(town: SimpleNamespace) -> None:
    found = values(town.township.scope)
    assert (found["eligible"], found["share"], found["backbone_share"], found["documents"]) == (0, None, None, "")


@pytest.mark.usefixtures("round")
def test_round_in_the_period_in_which_it_closes_is_counted(town: SimpleNamespace) -> None:
    assert values(town.township.scope, "c2026")["teachers"] == 2
    assert values(town.township.scope, "c2025")["teachers"] == 0


@pytest.mark.usefixtures("round")
def test_figure_followed_to_its_page_stands_there(town: SimpleNamespace, browser: Any) -> None:
    for role, scope in (("office", town.township.scope), ("principal", town.school.scope)):
        for figure in CHAPTER.figures(scope, Period.from_code("2025")):
            text = browser(role).get(figure.source).content.decode().replace('class="figure" ', "")
            text = text.replace('class="words" ', "")
            measure = figure.source.rpartition("measure=")[2]
            assert f'<data value="{figure.value}" data-measure="{measure}"' in text, (role, figure.key)


@pytest.mark.usefixtures("round")
def test_figures_of_a_township_cost_few_queries(town: SimpleNamespace, django_assert_max_num_queries: Any) -> None:
    period = Period.from_code("2025")
    with django_assert_max_num_queries(4):
        CHAPTER.figures(town.township.scope, period)


@pytest.mark.usefixtures("round")
def test_staffing_cells_followed_to_their_lists_stand_there(town: SimpleNamespace, browser: Any) -> None:
    table = staffing_table(town.township.scope, Period.from_code("2025"))
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["镇初级中学", None, 3, 2, 0, 0, 1],
        ["袁科小学", None, 1, 0, 2, 0, 3],
    ]
    for row in table.rows:
        for cell in (cell for cell in row[3:5]):
            assert f'<data class="figure" value="{cell.value}"' in browser("office").get(cell.source).content.decode()


@pytest.mark.usefixtures("round")
def test_staffing_with_other_gains_adds_up(town: SimpleNamespace, browser: Any) -> None:
    """A teacher who is appointed on the day of the exchange is none of it."""
    AppointmentFactory(teacher=TeacherFactory(no="088", name="孙梅"), school=town.other, starts_on=date(2025, 9, 1))
    table = staffing_table(town.township.scope, Period.from_code("2025"))
    assert [cell.value for cell in table.rows[1][2:]] == [1, 0, 2, 1, 4]
    for row in table.rows:
        before, left, came, others, after = (cell.value for cell in row[2:])
        assert before - left + came + others == after
    assert "其他增减人数" in browser("office").get(ExchangeRound.objects.get().get_absolute_url()).content.decode()


@pytest.mark.usefixtures("round")
def test_staffing_numbers_followed_to_their_lists_are_measured_there(town: SimpleNamespace, browser: Any) -> None:
    table = staffing_table(town.township.scope, Period.from_code("2025"))
    client = browser("office")
    for row in table.rows:
        for cell in (*row[1:5], row[6]):
            shown = measured(client.get(cell.source).content.decode())
            measure = parse_qs(urlsplit(cell.source).query)["measure"][0]
            assert shown.get(measure, "") == ("" if cell.value is None else str(cell.value)), cell
    # Those who left served there the day before, not on the last day; nobody of the period's own rows tells that.
    before, after = (next(iter(parse_qs(urlsplit(row[place].source).query)["on"])) for place in (2, 6))
    assert (before, after) == ("2025-08-31", "2025-09-01")
