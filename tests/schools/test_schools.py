"""Schools, their designations and grades, and what they contribute to a summary."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.core.periods import Period
from apps.schools.chapter import CHAPTER
from tests.factories import DesignationFactory, ResearcherFactory, SchoolGradeFactory
from tests.reading import measured


def values(town: SimpleNamespace, code: str = "2025") -> dict[str, Any]:
    return {f.key.split(".")[1]: f.value for f in CHAPTER.figures(town.township.scope, Period.from_code(code))}


def test_designations_of_two_levels_are_named_by_level(town: SimpleNamespace) -> None:
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


def test_designation_no_longer_held_is_not_counted(town: SimpleNamespace) -> None:
    DesignationFactory(school=town.school, level=2, awarded_on=date(2020, 9, 1), ends_on=date(2025, 7, 1))
    assert values(town)["experimental_count"] == 0
    assert values(town, "c2025")["experimental_count"] == 1


def test_figure_followed_leads_to_a_page_with_the_same_value(town: SimpleNamespace, browser: Any) -> None:
    DesignationFactory(school=town.other, level=2)
    figures = {f.key: f for f in CHAPTER.figures(town.township.scope, Period.from_code("2025"))}
    page = browser("office").get(figures["schools.experimental_town"].source).content.decode()
    assert measured(page)["names"] == "袁科小学"


def researcher_data(row: Any, **given: Any) -> dict[str, Any]:
    return {"district": row.district_id, "name": row.name, "duty": "", "stage": "", "subject": "", **given}


def test_researcher_form_with_a_township_ticked_lets_the_researcher_serve_it(
    town: SimpleNamespace, browser: Any
) -> None:
    row = ResearcherFactory(name="苏研员")
    row.townships.add(town.far.township)
    page = f"/schools/researcher/{row.pk}/edit/"
    browser("office").post(page, researcher_data(row, townships=[town.township.pk]))
    assert set(row.townships.all()) == {town.township, town.far.township}


def test_researcher_form_with_no_township_ticked_leaves_foreign_ones(town: SimpleNamespace, browser: Any) -> None:
    town.researcher.townships.add(town.far.township)
    page = f"/schools/researcher/{town.researcher.pk}/edit/"
    browser("office").post(page, researcher_data(town.researcher, name="苟主任"))
    assert list(town.researcher.townships.all()) == [town.far.township]


def test_admin_form_of_a_researcher_leaves_foreign_townships(town: SimpleNamespace, browser: Any) -> None:
    town.researcher.townships.set([town.far.township])
    page = f"/admin/schools/researcher/{town.researcher.pk}/change/"
    browser("office").post(page, researcher_data(town.researcher, townships=[town.township.pk]))
    assert set(town.researcher.townships.all()) == {town.township, town.far.township}


def test_district_with_other_townships_is_not_the_office_s_to_change(town: SimpleNamespace, browser: Any) -> None:
    page = f"/schools/district/{town.township.district_id}/edit/"
    assert browser("office").get(page).status_code == 403


def test_district_with_one_township_is_changed_by_its_office(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    cast["stranger"].delete()
    town.stranger.appointments.all().delete()
    town.stranger.delete()
    town.far.delete()
    town.far.township.delete()
    district = town.township.district
    data = {"name": "新名区", "code": district.code, "office_name": "", "read_version": district.version}
    assert browser("office").post(f"/schools/district/{district.pk}/edit/", data).status_code == 302
    district.refresh_from_db()
    assert district.name == "新名区"
