"""Schools, their designations and grades, and what they contribute to a summary."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.core.periods import Period
from apps.schools.chapter import CHAPTER
from tests.factories import DesignationFactory, SchoolGradeFactory
from tests.reading import measured


def values(town: SimpleNamespace, code: str = "2025") -> dict[str, Any]:
    return {f.key.split(".")[1]: f.value for f in CHAPTER.figures(town.township.scope, Period.from_code(code))}


def test_designations_are_named_by_level(town: SimpleNamespace) -> None:
    DesignationFactory(school=town.school, kind="subject_base", project="优化教学模式，构建高效课堂")
    DesignationFactory(school=town.other, level=2)
    DesignationFactory(school=town.far, level=2)
    found = values(town)
    assert found["experimental_town"] == "袁科小学"
    assert found["experimental_district"] == ""
    assert found["bases"] == "镇初级中学"
    assert found["bases_projects"] == "“优化教学模式，构建高效课堂”"


def test_experimental_grades_of_junior_schools_are_counted(town: SimpleNamespace) -> None:
    for grade in (7, 8, 9):
        SchoolGradeFactory(school=town.school, grade=grade, experimental=grade != 9)
    SchoolGradeFactory(school=town.other, grade=3, experimental=True)
    assert values(town)["experimental_grades"] == 2


def test_designation_counts_while_it_is_held(town: SimpleNamespace) -> None:
    DesignationFactory(school=town.school, level=2, awarded_on=date(2020, 9, 1), ends_on=date(2025, 7, 1))
    assert values(town)["experimental_count"] == 0
    assert values(town, "c2025")["experimental_count"] == 1


def test_figure_links_to_a_page_with_the_same_value(town: SimpleNamespace, browser: Any) -> None:
    DesignationFactory(school=town.other, level=2)
    figures = {f.key: f for f in CHAPTER.figures(town.township.scope, Period.from_code("2025"))}
    page = browser("office").get(figures["schools.experimental_town"].source).content.decode()
    assert measured(page)["names"] == "袁科小学"
