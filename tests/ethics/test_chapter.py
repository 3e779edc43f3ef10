"""Every figure changes with a record, and says what the linked list says."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.core.periods import Period
from apps.ethics.chapter import CHAPTER
from apps.ethics.models import AssessmentCycle, Questionnaire
from tests.ethics.factories import (
    AssessmentFactory,
    CampaignFactory,
    CaseFactory,
    ContestFactory,
    EntryFactory,
    HonourFactory,
    ParticipantFactory,
    QuestionnaireFactory,
    ResponseFactory,
)
from tests.factories import TeacherFactory

Add = Callable[[dict[str, Any]], Any]


def essay(own: dict, **kwargs: Any) -> Any:
    return EntryFactory(**own, contest=ContestFactory(kind="essay", title="师德征文"), **kwargs)


def case(kind: str) -> Add:
    return lambda own: CaseFactory(**own, confirmed=True, kind=kind, handling="warning")


def answer(audience: str) -> Add:
    return lambda own: ResponseFactory(**own, questionnaire=QuestionnaireFactory(audience=audience))


# Figure → a record that makes it what stands beside.
CHANGES: dict[str, tuple[Add, Any]] = {
    "ethics.campaign_themes": (lambda own: CampaignFactory(), "“倾情、用心、超越、奉献”"),
    "ethics.campaign_teachers": (lambda own: ParticipantFactory(**own), 1),
    "ethics.assessed": (lambda own: AssessmentFactory(**own, total=80), 1),
    "ethics.grade_excellent": (lambda own: AssessmentFactory(**own, grade="excellent"), 1),
    "ethics.grade_qualified": (lambda own: AssessmentFactory(**own, grade="qualified"), 1),
    "ethics.grade_basic": (lambda own: AssessmentFactory(**own, grade="basic"), 1),
    "ethics.grade_unqualified": (lambda own: AssessmentFactory(**own, grade="unqualified"), 1),
    "ethics.student_average": (lambda own: AssessmentFactory(**own, student_score=Decimal("91.25")), Decimal("91.3")),
    "ethics.parent_average": (lambda own: AssessmentFactory(**own, parent_score=88), Decimal("88.0")),
    "ethics.school_average": (lambda own: AssessmentFactory(**own, school_score=95), Decimal("95.0")),
    "ethics.student_forms": (answer(Questionnaire.Audience.STUDENT), 1),
    "ethics.parent_forms": (answer(Questionnaire.Audience.PARENT), 1),
    "ethics.eligible": (lambda own: AssessmentFactory(**own, grade="basic"), 1),
    "ethics.barred": (lambda own: AssessmentFactory(**own, grade="unqualified"), 1),
    "ethics.misconduct": (case("other"), 1),
    "ethics.misconduct_paid_tutoring": (case("paid_tutoring"), 1),
    "ethics.misconduct_outside_teaching": (case("outside_teaching"), 1),
    "ethics.misconduct_tutoring_class": (case("tutoring_class"), 1),
    "ethics.misconduct_corporal": (case("corporal"), 1),
    "ethics.misconduct_study_aids": (case("study_aids"), 1),
    "ethics.misconduct_others": (case("gifts"), 1),
    "ethics.misconduct_other_handling": (lambda own: CaseFactory(**own, confirmed=True, handling="warning"), 1),
    "ethics.misconduct_criticism": (lambda own: CaseFactory(**own, confirmed=True), 1),
    "ethics.advanced": (lambda own: HonourFactory(**own), 1),
    "ethics.advanced_schools": (lambda own: HonourFactory(**own), 1),
    "ethics.models": (lambda own: HonourFactory(**own, kind="ethics_model", title="师德模范"), 1),
    "ethics.speech_contests": (lambda own: ContestFactory(), 1),
    "ethics.speakers": (lambda own: EntryFactory(**own), 1),
    "ethics.essays": (essay, 1),
    "ethics.essays_won": (lambda own: essay(own, prize=2), 1),
}


def figures(town: SimpleNamespace, scope: Any = None) -> dict[str, Any]:
    period = Period.of_year(town.year)
    return {figure.key: figure for figure in CHAPTER.figures(scope or town.township.scope, period)}


def test_figure_of_any_key_is_tried() -> None:
    assert set(CHANGES) == {tally.key for tally in CHAPTER.tallies}


@pytest.mark.parametrize("key", CHANGES)
def test_figure_changes_with_a_record_and_its_link_shows_it(
    key: str, town: SimpleNamespace, browser: Callable[[str], Client]
) -> None:
    add, value = CHANGES[key]
    assert not figures(town)[key].value
    add({"school": town.school, "teacher": town.teacher})
    figure = figures(town)[key]
    assert figure.value == value
    measure = next(tally.measure for tally in CHAPTER.tallies if tally.key == key)
    text = browser("office").get(figure.source).content.decode()
    assert f'value="{value}" data-measure="{measure}"' in text


def test_figures_of_a_school_leave_out_the_neighbour(town: SimpleNamespace) -> None:
    AssessmentFactory(school=town.school, teacher=town.teacher, grade="qualified")
    AssessmentFactory(school=town.other, teacher=town.neighbour, grade="qualified")
    AssessmentFactory(school=town.far, teacher=town.stranger, grade="qualified")
    assert figures(town)["ethics.grade_qualified"].value == 2
    assert figures(town, town.school.scope)["ethics.grade_qualified"].value == 1
    own = town.teacher.scope_on(date(2026, 6, 1))
    assert figures(town, own)["ethics.grade_qualified"].value == 0
    AssessmentCycle.objects.update(status="published")
    assert figures(town, own)["ethics.grade_qualified"].value == 1
    assert figures(town, town.far.township.scope)["ethics.grade_qualified"].value == 1


def test_draft_and_open_case_are_not_counted(town: SimpleNamespace) -> None:
    AssessmentFactory(school=town.school, teacher=town.teacher)
    CaseFactory(school=town.school, teacher=town.teacher)
    ContestFactory(date=date(2024, 5, 4))
    assert {key for key, figure in figures(town).items() if figure.value} == set()


def test_average_with_a_missing_score_leaves_it_out(town: SimpleNamespace) -> None:
    for score in (90, 80, None):
        AssessmentFactory(school=town.school, student_score=score)
    assert figures(town)["ethics.student_average"].value == Decimal("85.0")


def test_person_honoured_twice_is_counted_once(town: SimpleNamespace) -> None:
    for title in ("师德先进个人", "师德标兵"):
        HonourFactory(school=town.school, teacher=town.teacher, title=title)
    HonourFactory(school=town.school, teacher=town.colleague)
    found = figures(town)
    assert (found["ethics.advanced"].value, found["ethics.advanced_schools"].value) == (2, 1)


def test_case_of_last_year_still_bars(town: SimpleNamespace) -> None:
    days = {"received_on": date(2025, 5, 1), "decided_on": date(2025, 6, 1), "barred_until": date(2027, 6, 1)}
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher, **days)
    AssessmentFactory(school=town.school, teacher=town.teacher, grade="qualified")
    found = figures(town)
    assert (found["ethics.eligible"].value, found["ethics.barred"].value, found["ethics.misconduct"].value) == (0, 1, 0)


def test_cells_of_the_grades_followed_to_their_lists_stand_there(
    town: SimpleNamespace, browser: Callable[[str], Client]
) -> None:
    AssessmentFactory(school=town.school, teacher=town.teacher, grade="excellent")
    AssessmentFactory(school=town.school, teacher=town.colleague, grade="qualified")
    AssessmentFactory(school=town.other, teacher=town.neighbour, grade="qualified")
    table = CHAPTER.tables[0](town.township.scope, Period.of_year(town.year))
    values = [[cell.value for cell in row] for row in table.rows]
    assert values == [["镇初级中学", 2, 1, 1, 0, 0], ["袁科小学", 1, 0, 1, 0, 0]]
    for row in table.rows:
        for cell in row[1:]:
            page = browser("office").get(cell.source).context["page"]
            assert len(page.object_list) == cell.value


def test_table_of_a_teacher_counts_and_links_only_the_teacher(
    town: SimpleNamespace, browser: Callable[[str], Client]
) -> None:
    for teacher in (town.teacher, town.colleague):
        AssessmentFactory(school=town.school, teacher=teacher, grade="qualified")
    AssessmentCycle.objects.update(status="published")
    scope = town.teacher.scope_on(date(2026, 6, 1))
    (row,) = CHAPTER.tables[0](scope, Period.of_year(town.year)).rows
    assert [cell.value for cell in row] == ["镇初级中学", 1, 0, 1, 0, 0]
    assert len(browser("office").get(row[1].source).context["page"].object_list) == 1


def test_table_and_chart_of_a_township_state_its_honours_and_grades(town: SimpleNamespace) -> None:
    HonourFactory(school=town.school, teacher=town.teacher)
    AssessmentFactory(school=town.school, teacher=TeacherFactory(school=town.school), grade="basic")
    period = Period.of_year(town.year)
    table = CHAPTER.tables[1](town.township.scope, period)
    assert table.key == "ethics.honours"
    assert [[cell.value for cell in row] for row in table.rows] == [
        ["王思远", "镇初级中学", "师德先进个人", date(2025, 9, 10)]
    ]
    assert [bar[1] for bar in CHAPTER.charts[0](town.township.scope, period).bars] == [0, 0, 1, 0]


def test_figures_with_misconduct_name_nobody(town: SimpleNamespace) -> None:
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher, facts="王思远")
    period, scope = Period.of_year(town.year), town.township.scope
    said = [str(figure.value) for figure in CHAPTER.figures(scope, period)]
    said += [str(cell.value) for make in CHAPTER.tables for row in make(scope, period).rows for cell in row]
    assert "王思远" not in "".join(said)


def test_prose_of_each_section_is_sentences_with_figures() -> None:
    for section in CHAPTER.sections:
        text = (settings.BASE_DIR / "templates" / section.prose).read_text()
        assert text.strip().endswith("。")
        assert "{" in text
