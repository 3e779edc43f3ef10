"""The pages of teacher ethics: who sees what, what a form writes, what a button refuses, what a list costs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.ethics.models import AssessmentCycle, EthicsAssessment, Honour, MisconductCase, Questionnaire
from apps.ethics.pages import EthicsAssessmentPages
from apps.webui.pages import REGISTRY
from tests.ethics.factories import (
    AssessmentFactory,
    CampaignFactory,
    CaseFactory,
    ContestFactory,
    CycleFactory,
    EntryFactory,
    HonourFactory,
    ParticipantFactory,
    QuestionFactory,
    QuestionnaireFactory,
    ResponseFactory,
)
from tests.factories import SchoolYearFactory, TeacherFactory

Browser = Callable[[str], Client]
OF_A_SCHOOL = {
    "ethicsassessment": AssessmentFactory,
    "misconductcase": CaseFactory,
    "honour": HonourFactory,
    "contestentry": EntryFactory,
    "campaignparticipant": ParticipantFactory,
    "surveyresponse": ResponseFactory,
}
OF_THE_TOWN = {
    "assessmentcycle": CycleFactory,
    "questionnaire": QuestionnaireFactory,
    "contest": ContestFactory,
    "campaign": CampaignFactory,
}
LISTS = {**OF_A_SCHOOL, **OF_THE_TOWN}
VERBS = ("start", "tally", "submit", "decide", "close", "publish", "reopen", "next")


def listed(name: str, query: str = "period=") -> str:
    return f"{reverse(f'ethics:{name}_list')}?{query}"


def at(name: str, school: Any, teacher: Any) -> Any:
    """Return a row of the kind at a school; what it hangs on belongs to the school's township."""
    parent = {
        "contestentry": ("contest", ContestFactory),
        "campaignparticipant": ("campaign", CampaignFactory),
    }.get(name)
    given = {parent[0]: parent[1](township=school.township)} if parent else {}
    if name == "surveyresponse":
        given = {"questionnaire": QuestionnaireFactory(cycle=CycleFactory(township=school.township))}
    return OF_A_SCHOOL[name](school=school, teacher=teacher, **given)


@pytest.mark.parametrize("name", OF_A_SCHOOL)
def test_list_of_a_principal_shows_the_own_rows_and_not_a_neighbours(
    name: str, town: SimpleNamespace, browser: Browser
) -> None:
    rows = {
        "own": at(name, town.school, town.teacher),
        "neighbour": at(name, town.other, town.neighbour),
        "far": at(name, town.far, town.stranger),
    }
    expected = {"office": {"own", "neighbour"}, "stranger": {"far"}}
    if name != "surveyresponse":
        expected |= {"principal": {"own"}, "neighbour": {"neighbour"}}
    for role, seen in expected.items():
        text = browser(role).get(listed(name)).content.decode()
        assert {place for place, row in rows.items() if f'href="{row.get_absolute_url()}"' in text} == seen, role


@pytest.mark.parametrize("name", LISTS)
def test_page_of_ethics_is_closed_to_researchers(name: str, town: SimpleNamespace, browser: Browser) -> None:
    row = LISTS[name]()
    client = browser("researcher")
    assert client.get(listed(name)).status_code == 403
    assert client.get(row.get_absolute_url()).status_code == 403
    assert client.get(reverse("ethics:eligibility")).status_code == 403


@pytest.mark.parametrize("role", ["principal", "teacher"])
def test_single_answers_are_closed_to_all_but_the_office(role: str, town: SimpleNamespace, browser: Browser) -> None:
    row = ResponseFactory(school=town.school, teacher=town.teacher)
    assert browser(role).get(listed("surveyresponse")).status_code == 403
    assert browser(role).get(row.get_absolute_url()).status_code == 403


def test_result_once_published_is_seen_by_its_teacher(town: SimpleNamespace, browser: Browser) -> None:
    own = AssessmentFactory(school=town.school, teacher=town.teacher, grade="qualified")
    other = AssessmentFactory(school=town.school, teacher=town.colleague, grade="qualified")
    client = browser("teacher")
    assert client.get(own.get_absolute_url()).status_code == 404
    assert own.get_absolute_url() not in client.get(reverse("ethics:eligibility")).content.decode()
    AssessmentCycle.objects.update(status="published")
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    text = client.get(reverse("ethics:eligibility")).content.decode()
    assert own.get_absolute_url() in text
    assert other.get_absolute_url() not in text


def test_score_entered_by_the_principal_is_submitted(town: SimpleNamespace, browser: Browser) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher, student_score=90, parent_score=80)
    QuestionnaireFactory(cycle=row.cycle)
    client = browser("principal")
    page = client.get(reverse("ethics:ethicsassessment_update", args=[row.pk])).content.decode()
    assert 'name="school_score"' in page
    assert 'name="parent_score"' in page  # no questionnaire counts it
    assert 'name="student_score"' not in page
    sent = {"school_score": "95", "parent_score": "80", "student_score": "100", "note": "", "read_version": row.version}
    assert client.post(reverse("ethics:ethicsassessment_update", args=[row.pk]), sent).status_code == 302
    row.refresh_from_db()
    assert (row.student_score, row.total) == (Decimal(90), Decimal("91.00"))
    client.post(reverse("ethics:ethicsassessment_submit", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "submitted"
    assert client.get(reverse("ethics:ethicsassessment_update", args=[row.pk])).status_code == 403


def test_decision_page_of_a_submitted_assessment_shows_the_arithmetic(town: SimpleNamespace, browser: Browser) -> None:
    row = AssessmentFactory(
        school=town.school,
        teacher=town.teacher,
        status="submitted",
        school_score=Decimal("95.00"),
        student_score=Decimal("92.00"),
    )
    address = reverse("ethics:ethicsassessment_decide", args=[row.pk])
    client = browser("office")
    assert "92.00 × 20% + — × 20% + 95.00 × 60% = —" in client.get(address).content.decode()
    assert "镇初级中学" in client.post(address, {"grade": "excellent"}).content.decode()
    assert client.post(address, {"grade": "qualified"}).status_code == 302
    row.refresh_from_db()
    assert row.grade == "qualified"
    client.post(reverse("ethics:ethicsassessment_return", args=[row.pk]))
    row.refresh_from_db()
    assert (row.grade, row.status) == ("", "draft")


def test_decision_page_with_misconduct_warns(town: SimpleNamespace, browser: Browser) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher, status="submitted")
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    address = reverse("ethics:ethicsassessment_decide", args=[row.pk])
    assert 'class="note error"' in browser("office").get(address).content.decode()
    browser("office").post(address, {"grade": "qualified"})
    row.refresh_from_db()
    assert row.status == "submitted"


def test_verb_by_the_wrong_role_or_place_is_refused(town: SimpleNamespace, browser: Browser) -> None:
    row = AssessmentFactory(school=town.other, teacher=town.neighbour)
    far = CycleFactory(township=town.far.township)
    for verb in ("decide", "return"):
        assert browser("principal").post(reverse(f"ethics:ethicsassessment_{verb}", args=[row.pk])).status_code == 403
    assert browser("principal").post(reverse("ethics:ethicsassessment_submit", args=[row.pk])).status_code == 404
    for verb in VERBS:
        address = reverse(f"ethics:assessmentcycle_{verb}", args=[far.pk])
        assert browser("office").get(address).status_code == 404, verb
        assert browser("office").post(address).status_code == 404, verb
        assert browser("teacher").post(address).status_code == 403, verb
        assert browser("principal").post(address).status_code == (404 if verb == "submit" else 403), verb


def test_cycle_step_by_step_is_run_from_its_page(town: SimpleNamespace, browser: Browser) -> None:
    cycle = CycleFactory()
    client = browser("office")

    def press(verb: str) -> None:
        assert client.post(reverse(f"ethics:assessmentcycle_{verb}", args=[cycle.pk])).status_code == 302
        assert client.get(cycle.get_absolute_url()).status_code == 200
        cycle.refresh_from_db()

    press("start")
    assert cycle.assessments.count() == 3
    press("publish")
    assert cycle.status == "open"  # refused: nothing is decided
    cycle.assessments.update(school_score=80, student_score=80, parent_score=80, total=80)
    for verb in ("tally", "submit", "decide", "close", "publish"):
        press(verb)
    assert cycle.status == "published"
    assert set(cycle.assessments.values_list("grade", flat=True)) == {"qualified"}
    press("next")
    assert AssessmentCycle.objects.count() == 1  # there is no next school year yet
    SchoolYearFactory(start_year=2026)
    press("next")
    assert AssessmentCycle.objects.count() == 2
    press("reopen")
    assert cycle.status == "open"


@pytest.mark.parametrize("verb", ["submit", "tally", "close", "decide", "publish", "reopen"])
def test_step_of_a_cycle_that_is_not_taken_back_asks_first(verb: str, town: SimpleNamespace, browser: Browser) -> None:
    cycle = CycleFactory(status="closed" if verb == "reopen" else "open")
    row = AssessmentFactory(cycle=cycle, school=town.school, teacher=town.teacher, school_score=90)
    page = browser("office").get(reverse(f"ethics:assessmentcycle_{verb}", args=[cycle.pk]))
    assert (page.status_code, page.context["verb"].name, bool(page.context["verb"].question)) == (200, verb, True)
    versions = (cycle.version, row.version)
    cycle.refresh_from_db()
    row.refresh_from_db()
    assert (cycle.version, row.version) == versions


def test_published_cycle_is_not_edited(town: SimpleNamespace, browser: Browser) -> None:
    cycle = CycleFactory(status="published")
    assert browser("office").get(reverse("ethics:assessmentcycle_update", args=[cycle.pk])).status_code == 403


def test_questionnaire_with_questions_is_written_on_its_page(town: SimpleNamespace, browser: Browser) -> None:
    cycle = CycleFactory()
    sent = {
        "cycle": cycle.pk,
        "audience": "parent",
        "title": "家长问卷",
        "opens_on": "2026-05-20",
        "closes_on": "2026-06-10",
        "issued": 200,
        "questions": "是否有偿家教｜20\n是否体罚学生",
    }
    client = browser("office")
    assert client.post(reverse("ethics:questionnaire_create"), sent).status_code == 302
    row = Questionnaire.objects.get()
    assert row.questions() == "是否有偿家教｜20\n是否体罚学生｜10"
    assert "是否有偿家教｜20" in client.get(reverse("ethics:questionnaire_update", args=[row.pk])).content.decode()
    wrong = client.post(reverse("ethics:questionnaire_update", args=[row.pk]), sent | {"questions": "一\n二｜999"})
    assert wrong.status_code == 200
    assert row.items.count() == 2


def test_honour_of_a_barred_teacher_is_refused_in_the_form(town: SimpleNamespace, browser: Browser) -> None:
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    sent = {
        "teacher": town.teacher.names()[-1],
        "school": town.school.pk,
        "kind": "ethics_advanced",
        "title": "师德先进个人",
        "level": 2,
        "occasion": "teachers_day",
        "awarded_on": "2026-09-10",
    }
    client = browser("office")
    response = client.post(reverse("ethics:honour_create"), sent)
    assert "王思远" in str(response.context["form"].non_field_errors())
    assert not Honour.objects.exists()
    assert client.post(reverse("ethics:honour_create"), sent | {"awarded_on": "2025-09-10"}).status_code == 302


def test_honour_of_a_barred_teacher_is_refused_in_the_back_room(town: SimpleNamespace, browser: Browser) -> None:
    CaseFactory(confirmed=True, school=town.school, teacher=town.teacher)
    sent = {
        "teacher": town.teacher.pk,
        "school": town.school.pk,
        "kind": "ethics_advanced",
        "title": "师德先进个人",
        "level": 2,
        "occasion": "teachers_day",
        "awarded_on": "2026-09-10",
    }
    response = browser("office").post(reverse("admin:ethics_honour_add"), sent, follow=True)
    assert "王思远" in "".join(str(message) for message in response.context["messages"])
    assert not Honour.objects.exists()


def test_case_confirmed_on_its_page_sets_the_grade_and_the_bar(town: SimpleNamespace, browser: Browser) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher, grade="excellent")
    sent = {
        "no": "2025-1",
        "school": town.school.pk,
        "teacher": town.teacher.names()[-1],
        "received_on": "2025-10-13",
        "source": "report",
        "kind": "paid_tutoring",
        "finding": "confirmed",
        "handling": "criticism",
        "decided_on": "2025-11-10",
    }
    client = browser("office")
    assert client.post(reverse("ethics:misconductcase_create"), sent | {"handling": ""}).status_code == 200
    assert client.post(reverse("ethics:misconductcase_create"), sent).status_code == 302
    assert MisconductCase.objects.get().barred_until == date(2027, 11, 10)
    row.refresh_from_db()
    assert row.grade == "unqualified"


def test_eligibility_of_each_result_says_what_it_means(town: SimpleNamespace, browser: Browser) -> None:
    third = TeacherFactory(school=town.school, no="004", name="李待定")
    AssessmentFactory(school=town.school, teacher=town.teacher, grade="unqualified")
    AssessmentFactory(school=town.school, teacher=town.colleague, grade="qualified")
    AssessmentFactory(school=town.school, teacher=third)
    CaseFactory(confirmed=True, received_on=date(2025, 5, 1), school=town.other, teacher=town.neighbour)
    AssessmentFactory(school=town.other, teacher=town.neighbour, grade="qualified")
    response = browser("office").get(reverse("ethics:eligibility"))
    found = {
        row.teacher.name: (row.appraisal_open, row.promotion_open, row.honours_open)
        for row in response.context["page"].object_list
    }
    assert found == {
        "王思远": (False, False, False),
        "陈一鸣": (True, True, True),
        "李待定": (None, None, None),
        "赵雪": (True, False, False),
    }
    for value, names in (("true", {"陈一鸣"}), ("false", {"王思远", "赵雪"})):
        page = browser("office").get(listed("ethicsassessment", f"period=2025&eligible={value}")).context["page"]
        assert {row.teacher.name for row in page.object_list} == names


def test_campaign_joined_on_its_page_takes_a_whole_school(town: SimpleNamespace, browser: Browser) -> None:
    campaign = CampaignFactory()
    assert browser("principal").post(reverse("ethics:campaign_join", args=[campaign.pk])).status_code == 302
    assert set(campaign.participants.values_list("teacher__name", flat=True)) == {"王思远", "陈一鸣"}
    assert browser("teacher").post(reverse("ethics:campaign_join", args=[campaign.pk])).status_code == 403


def test_start_page_of_each_role_says_what_waits(town: SimpleNamespace, cast: dict, browser: Browser) -> None:
    AssessmentFactory(school=town.school, teacher=town.teacher)
    AssessmentFactory(school=town.school, teacher=town.colleague, school_score=90)
    AssessmentFactory(school=town.other, teacher=town.neighbour, status="submitted")
    pages = REGISTRY["ethics.ethicsassessment"]
    assert isinstance(pages, EthicsAssessmentPages)

    def waiting(role: str) -> list[int]:
        found = list(pages.todo(cast[role], town.year))
        for todo in found:
            assert len(browser(role).get(todo.url).context["page"].object_list) == todo.number
        return [todo.number for todo in found]

    assert {role: waiting(role) for role in ("office", "principal", "neighbour", "teacher")} == {
        "office": [1, 0],
        "principal": [1],
        "neighbour": [0],
        "teacher": [],
    }
    EthicsAssessment.objects.update(status="draft")
    assert waiting("neighbour") == [1]


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", [*OF_A_SCHOOL, "eligibility"])
def test_list_of_ten_rows_costs_as_much_as_of_one(name: str, town: SimpleNamespace, browser: Browser) -> None:
    client = browser("office")
    kind = "ethicsassessment" if name == "eligibility" else name
    address = reverse("ethics:eligibility") if name == "eligibility" else listed(name)
    row = at(kind, town.school, town.teacher)
    cost(client, address), cost(client, row.get_absolute_url())  # what a process does once
    one, detail = cost(client, address), cost(client, row.get_absolute_url())
    for number in range(9):
        at(kind, town.school, TeacherFactory(school=town.school, no=f"1{number}", name=f"教师{number}"))
    assert cost(client, address) == one <= 12
    assert cost(client, row.get_absolute_url()) == detail <= 15


@pytest.mark.parametrize("name", OF_THE_TOWN)
def test_list_of_a_town_with_many_rows_costs_as_much_as_of_one(
    name: str, town: SimpleNamespace, browser: Browser
) -> None:
    client = browser("office")
    row = LISTS[name]()
    if name == "questionnaire":
        QuestionFactory(questionnaire=row)
    cost(client, listed(name)), cost(client, row.get_absolute_url())
    one, detail = cost(client, listed(name)), cost(client, row.get_absolute_url())
    for number in range(1, 6):
        cycle = CycleFactory(school_year=SchoolYearFactory(start_year=2025 - number))
        given = {"assessmentcycle": {"school_year": cycle.school_year}, "questionnaire": {"cycle": cycle}}
        LISTS[name](**given.get(name, {"theme": f"主题{number}"} if name == "campaign" else {"title": f"比赛{number}"}))
    assert cost(client, listed(name)) == one <= 12
    assert cost(client, row.get_absolute_url()) == detail <= 15


def test_page_of_a_teacher_with_honours_fetches_them_by_themselves(town: SimpleNamespace, browser: Any) -> None:
    HonourFactory(school=town.school, teacher=town.teacher, title="区级师德标兵")
    HonourFactory(school=town.school, teacher=town.colleague, title="镇级师德标兵")
    client, address = browser("office"), town.teacher.get_absolute_url()
    assert 'hx-get="?part=ethics.honour.teacher"' in client.get(address).content.decode()
    part = client.get(f"{address}?part=ethics.honour.teacher").content.decode()
    assert "区级师德标兵" in part
    assert "镇级师德标兵" not in part
    assert client.get(f"{address}?part=ethics.contest").status_code == 404
