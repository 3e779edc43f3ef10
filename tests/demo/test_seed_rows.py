"""Every row of the source summary has its figures in the JSON that `annual_summary` writes."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.schools.models import Township
from apps.webui.manifests import chapters
from tests.databases import Databases
from tests.starts import DEMO

# What the source summary states, row by row, and the figures that say so. The last line is what any reader expects.
ROWS = {
    1: "exchange.documents exchange.teachers exchange.backbone exchange.excellent exchange.average "
    "exchange.from_schools exchange.to_schools",
    2: "research.ethics research.ethics_schools research.ethics_documents research.reflections research.reflecting",
    3: "ethics.campaign_themes ethics.campaign_teachers",
    4: "handbook.entries handbook.reviewed handbook.routine handbook.classroom handbook.research handbook.average "
    "handbook.scored",
    5: "observations.lessons observations.taught_by observations.discussions research.salons research.salon_schools",
    6: "ethics.assessed ethics.student_average ethics.parent_average ethics.school_average ethics.student_forms "
    "ethics.parent_forms",
    7: "ethics.eligible ethics.barred",
    8: "ethics.misconduct ethics.misconduct_paid_tutoring ethics.misconduct_outside_teaching "
    "ethics.misconduct_tutoring_class ethics.misconduct_corporal ethics.misconduct_study_aids "
    "ethics.misconduct_criticism",
    9: "ethics.advanced ethics.advanced_schools ethics.models ethics.speech_contests ethics.essays",
    10: "schools.junior_names schools.experimental_grades",
    11: "handbook.guides handbook.guide_teachers handbook.guides_checked",
    12: "research.photos",
    13: "schools.culture_notes schools.study_groups",
    14: "research.researched_junior observations.researchers_junior research.surveys",
    15: "schools.experimental_district schools.experimental_town schools.experimental_count",
    16: "research.meetings research.hosts observations.shown observations.shown_backbone research.comments "
    "research.commentators research.speeches research.speakers",
    17: "schools.bases schools.bases_count schools.bases_projects",
    18: "research.base_groups research.base_members research.base_meetings research.base_activities "
    "research.base_researched",
    19: "research.projects research.applied research.established research.concluded research.project_teachers",
    "whole town": "schools.count teachers.count teachers.backbone teachers.title_senior teachers.title_first "
    "teachers.title_second research.hours research.hours_each observations.each handbook.completion "
    "ethics.grade_excellent ethics.grade_qualified ethics.grade_basic ethics.grade_unqualified",
}


@pytest.fixture(scope="module")
def written(databases: Databases) -> dict[str, Any]:
    """What the command writes for the demo town, which is the only township: none need be named."""

    def write() -> str:
        out = StringIO()
        with databases.at(DEMO):
            call_command("annual_summary", "--year=2025", "--format=json", stdout=out)
        return out.getvalue()

    return json.loads(databases.run.once("demo-json", write))


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_the_source_is_stated(written: dict[str, Any], row: int | str) -> None:
    figures = written["figures"]
    assert {key: figures[key]["value"] for key in ROWS[row].split() if not figures[key]["value"]} == {}


def test_no_row_of_the_source_is_left_out() -> None:
    assert [row for row in ROWS if row != "whole town"] == list(range(1, 20))


def test_the_json_is_shaped_as_promised(demo: Township, written: dict[str, Any]) -> None:
    figures = written["figures"]
    assert set(figures) == {tally.key for chapter in chapters() for tally in chapter.tallies}
    assert {frozenset(figure) for figure in figures.values()} == {frozenset({"label", "value", "unit", "source"})}
    assert {type(figure["value"]) for figure in figures.values()} <= {int, float, str}
    assert len({figure["label"] for figure in figures.values()}) == len(figures)
    # A number without a unit says little; a list of names has none.
    assert [key for key, figure in figures.items() if isinstance(figure["value"], str) == bool(figure["unit"])] == []
    assert all(figure["source"].startswith("/") and "period=2025" in figure["source"] for figure in figures.values())
    assert [chapter["key"] for chapter in written["chapters"]][0] == "reports"
    assert {chapter["key"] for chapter in written["chapters"]} == {"reports", *(chapter.key for chapter in chapters())}
    assert {frozenset(chapter) for chapter in written["chapters"]} == {frozenset({"key", "title", "sections"})}
