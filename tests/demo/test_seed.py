"""Every row of the source summary is stated by the demo town's records, counted as the summary counts."""

import pytest

from apps.core.periods import Period
from apps.figures.figures import Figure
from apps.observations.models import Observation
from apps.research.models import Attendance, BaseMember
from apps.schools.models import Designation, SchoolGrade, Township
from apps.teachers.models import Teacher
from apps.webui.manifests import chapters
from fixtures.demo.muyi import JUNIOR


@pytest.fixture
def figures(demo: Township, year_2025: Period) -> dict[str, Figure]:
    """All figures of the township's summary of 2025, by key."""
    return {figure.key: figure for chapter in chapters() for figure in chapter.figures(demo.scope, year_2025)}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("schools.count", 14),
        ("schools.junior_names", "镇初级中学"),
        ("schools.experimental_grades", 3),
        ("schools.experimental_district", "镇中心小学"),
        ("schools.experimental_town", "五星小学、袁科小学"),
        ("schools.bases", "镇中心小学、镇初级中学"),
        ("schools.bases_projects", "“优化教学模式，构建高效课堂”"),
        ("schools.culture_notes", "展示六字诀、读书六字诀"),
        ("schools.study_groups", 60),
        ("exchange.documents", "《慕仪镇中小学教师交流聘用办法》"),
        ("exchange.teachers", 18),
        ("exchange.backbone", 5),
        ("ethics.campaign_themes", "“倾情、用心、超越、奉献”"),
        ("ethics.misconduct", 5),
        ("ethics.misconduct_paid_tutoring", 1),
        ("ethics.misconduct_outside_teaching", 1),
        ("ethics.misconduct_tutoring_class", 1),
        ("ethics.misconduct_corporal", 1),
        ("ethics.misconduct_study_aids", 1),
        ("ethics.misconduct_criticism", 5),
        ("ethics.grade_unqualified", 5),
        ("ethics.advanced_schools", 14),
        ("ethics.speech_contests", 1),
        ("research.ethics_schools", 14),
        ("research.researched_junior", 6),
        ("research.surveys", 3),
        ("research.photos", 96),
        ("research.base_groups", 2),
        ("research.salon_schools", 14),
        ("research.speakers", "苟明哲"),
        ("observations.researchers_junior", 28),
        ("observations.shown_backbone", 10),
    ],
)
def test_the_summary_of_2025_states_what_the_source_states(figures: dict[str, Figure], key: str, value: object) -> None:
    assert figures[key].value == value


def test_all_teachers_take_part_where_the_source_says_all(figures: dict[str, Figure], demo: Township) -> None:
    teachers = figures["teachers.count"].value
    assert 250 <= teachers <= 280
    everybody = (
        "ethics.campaign_teachers",
        "ethics.assessed",
        "research.reflecting",
        "handbook.scored",
        "handbook.teachers",
    )
    assert {figures[key].value for key in everybody} == {teachers}


def test_every_school_studied_the_four_laws(demo: Township, year_2025: Period) -> None:
    studies = Attendance.objects.within(demo.scope).in_period(year_2025).filter(activity__kind="ethics_study")
    by_school = {
        (row.activity.school.name, row.activity.document) for row in studies.select_related("activity__school")
    }
    assert len(by_school) == 14 * 4


def test_all_grades_of_the_junior_school_are_experimental(demo: Township) -> None:
    rows = SchoolGrade.objects.within(demo.scope).filter(school__name=JUNIOR, school_year__start_year=2025)
    assert list(rows.order_by("grade").values_list("grade", "experimental")) == [(7, True), (8, True), (9, True)]


def test_backbone_teachers_showed_lessons_only_at_the_meetings(demo: Township, year_2025: Period) -> None:
    shown = Observation.objects.within(demo.scope).in_period(year_2025).filter(occasion__in=["showing", "report"])
    assert set(shown.values_list("activity__kind", flat=True)) == {"meeting"}
    assert set(shown.values_list("school__name", flat=True)) == {"镇中心小学", "袁科小学", "五星小学"}
    assert {row.teacher.backbone_level >= demo.backbone_from for row in shown.select_related("teacher")} == {True}


def test_bases_have_leaders_and_goals(demo: Township) -> None:
    bases = Designation.objects.within(demo.scope).filter(kind="subject_base")
    assert all(base.goals for base in bases)
    leaders = BaseMember.objects.filter(designation__in=bases, role="leader")
    assert sorted(leaders.values_list("designation__school__name", flat=True)) == ["镇中心小学", "镇初级中学"]
    assert {member.teacher.position for member in leaders.select_related("teacher")} == {Teacher.Position.PRINCIPAL}


def test_honoured_teachers_have_no_misconduct(demo: Township) -> None:
    honoured = Teacher.objects.within(demo.scope).filter(honours__isnull=False)
    assert honoured.exists()
    assert not honoured.filter(misconduct_cases__finding="confirmed").exists()


def test_the_year_before_has_other_numbers(demo: Township) -> None:
    before = Period.from_code("2024")
    figures = {figure.key: figure.value for chapter in chapters() for figure in chapter.figures(demo.scope, before)}
    wanted = {
        "research.researched_junior": 5,
        "observations.researchers_junior": 21,
        "research.surveys": 2,
        "research.photos": 40,
    }
    assert {key: figures[key] for key in wanted} == wanted
