"""What a summary says of mentoring pairs, for a township, a school and a teacher."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.periods import Period
from apps.mentoring.chapter import CHAPTER, pairs_table
from apps.reports.composing.versions import document_of
from tests.factories import SchoolYearFactory, TeacherFactory
from tests.mentoring.factories import MentoringPairFactory
from tests.reading import measured
from tests.reports.factories import composed, section


@pytest.fixture
def pairs(town: SimpleNamespace) -> SimpleNamespace:
    """A mentor with two apprentices, one of whom has ended; a pair of the neighbour; one of the year before."""
    SchoolYearFactory(start_year=2024)
    third = TeacherFactory(school=town.school, no="007", name="孙丽")
    guide = TeacherFactory(school=town.other, no="008", name="周平")
    given = {"school": town.school, "mentor": town.colleague}
    MentoringPairFactory(**given, apprentice=town.teacher)
    MentoringPairFactory(**given, apprentice=third, ends_on=date(2026, 6, 30), result="excellent")
    MentoringPairFactory(school=town.other, mentor=guide, apprentice=town.neighbour, subject="mathematics")
    MentoringPairFactory(
        **given, apprentice=third, starts_on=date(2024, 9, 10), ends_on=date(2025, 7, 5), result="qualified"
    )
    return town


def counted(scope: Any, code: str = "2025") -> dict[str, Any]:
    figures = CHAPTER.figures(scope, Period.from_code(code))
    return {figure.key.removeprefix("mentoring."): figure.value for figure in figures}


@pytest.mark.parametrize(
    ("place", "code", "numbers"),
    [
        ("township", "2025", (3, 3, 2, 2, 1, 1)),
        ("township", "2024", (1, 1, 1, 1, 1, 0)),
        ("school", "2025", (2, 2, 1, 1, 1, 1)),
        ("other", "2025", (1, 1, 1, 1, 0, 0)),
        ("far", "2025", (0, 0, 0, 0, 0, 0)),
    ],
)
def test_figures_of_a_place_count_its_pairs_and_each_person_once(
    pairs: SimpleNamespace, place: str, code: str, numbers: tuple[int, ...]
) -> None:
    keys = ("pairs", "apprentices", "mentors", "schools", "concluded", "excellent")
    assert counted(getattr(pairs, place).scope, code) == dict(zip(keys, numbers, strict=True))


def test_units_are_pairs_people_and_schools(pairs: SimpleNamespace) -> None:
    figures = CHAPTER.figures(pairs.township.scope, Period.from_code("2025"))
    assert {figure.label: f"{figure.text}{figure.unit}" for figure in figures} == {
        "师徒结对": "3对",
        "结对徒弟": "3人",
        "结对师傅": "2人",
        "结对学校": "2所",
        "期满考核师徒": "1对",
        "考核优秀师徒": "1对",
    }


@pytest.mark.parametrize("code", ["2025", "2025-1", "c2026"])
def test_page_behind_each_figure_shows_its_value(pairs: SimpleNamespace, browser: Any, code: str) -> None:
    client = browser("office")
    for figure in CHAPTER.figures(pairs.township.scope, Period.from_code(code)):
        shown = measured(client.get(figure.source).content.decode())
        assert shown[figure.source.rpartition("measure=")[2]] == str(figure.value), figure.key


def said(place: Any, by: Any) -> str:
    summary = composed(place, by)
    wanted = section(summary, "mentoring.pairs").pk
    return next(part.plain for part in document_of(summary, annexes=False).parts if part.pk == wanted)


def test_township_tells_of_schools_pairs_people_and_results(pairs: SimpleNamespace, cast: dict[str, Any]) -> None:
    text = said(pairs.township, cast["office"])
    assert "本年度2所学校有师徒3对，2名师傅带教徒弟3名。" in text
    assert "年内结对期满并参加考核的师徒1对。考核评为优秀的师徒1对。" in text


def test_school_tells_of_itself_without_what_did_not_happen(pairs: SimpleNamespace, cast: dict[str, Any]) -> None:
    text = said(pairs.other, cast["office"])
    assert "学校坚持以师徒结对带动教师成长，本年度有师徒1对，1名师傅带教徒弟1名。" in text
    assert "期满" not in text


def test_town_without_pairs_says_nothing_of_them(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    assert "师徒" not in said(town.township, cast["office"])


def test_table_lists_the_pairs_of_the_period_by_school(pairs: SimpleNamespace) -> None:
    table = pairs_table(pairs.township.scope, Period.from_code("2025"))
    cells = [tuple(cell.value for cell in row) for row in table.rows]
    first = date(2025, 9, 10)
    assert cells == [
        ("陈一鸣", "王思远", "镇初级中学", "语文", first, date(2026, 7, 5), ""),
        ("陈一鸣", "孙丽", "镇初级中学", "语文", first, date(2026, 6, 30), "优秀"),
        ("周平", "赵雪", "袁科小学", "数学", first, date(2026, 7, 5), ""),
    ]
    assert table.heads == ("师傅", "徒弟", "学校", "学科", "结对开始日期", "结对结束日期", "结对考核等次")


def test_file_of_a_teacher_lists_the_own_pairs(pairs: SimpleNamespace) -> None:
    scope = pairs.teacher.scope_on(date(2025, 10, 13))
    rows = pairs_table(scope, Period.from_code("2025")).rows
    assert [(row[0].value, row[1].value) for row in rows] == [("陈一鸣", "王思远")]
    assert counted(scope)["pairs"] == 1
