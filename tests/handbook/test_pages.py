"""The pages of the action handbook: writing, the reviewers' queue, lists, the start page, closing the year."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import Term
from apps.handbook.models import HandbookEntry, HandbookScore, Requirement
from tests.architecture.rows import all_pages
from tests.factories import AppointmentFactory
from tests.handbook.factories import HandbookEntryFactory, HandbookScoreFactory, RequirementFactory

LIST = "/handbook/handbookentry/"


def test_entry_submitted_by_its_teacher_is_closed_until_taken_back(town: SimpleNamespace, browser: Any) -> None:
    client, requirement = browser("teacher"), RequirementFactory()
    data = {"requirement": requirement.pk, "date": "2025-10-13", "title": "《春》导学案", "content": "目标"}
    response = client.post(f"{LIST}new/", data | {"then": "submit"})
    entry = HandbookEntry.objects.get()
    assert response.url == entry.get_absolute_url()
    assert (entry.teacher, entry.school, entry.status) == (town.teacher, town.school, "submitted")
    page = client.get(response.url).content.decode()
    assert "withdraw/" in page
    assert "/review/" not in page
    assert client.get(f"{LIST}{entry.pk}/edit/").status_code == 403
    client.post(f"{LIST}{entry.pk}/withdraw/")
    assert client.get(f"{LIST}{entry.pk}/edit/").status_code == 200
    client.post(f"{LIST}{entry.pk}/submit/")
    entry.refresh_from_db()
    assert entry.status == "submitted"


def test_form_with_a_day_without_school_says_so(town: SimpleNamespace, browser: Any) -> None:
    town.teacher.appointments.update(ends_on=date(2025, 9, 30))
    AppointmentFactory(teacher=town.teacher, school=town.school, starts_on=date(2026, 3, 1))
    data = {"requirement": RequirementFactory().pk, "date": "2025-10-13", "title": "《春》导学案"}
    response = browser("teacher").post(f"{LIST}new/", data)
    assert response.status_code == 200
    assert response.context["form"].errors["date"]


def test_review_of_an_entry_leads_to_the_next_one(town: SimpleNamespace, browser: Any) -> None:
    first = HandbookEntryFactory(teacher=town.teacher, date=date(2025, 10, 1))
    second = HandbookEntryFactory(teacher=town.colleague, date=date(2025, 10, 2))
    HandbookEntryFactory(teacher=town.neighbour, date=date(2025, 10, 1))
    client = browser("principal")
    assert client.get("/handbook/review/").url == f"{LIST}{first.pk}/review/"
    page = client.get(f"{LIST}{first.pk}/review/").content.decode()
    assert first.content in page
    assert f"{LIST}{second.pk}/review/" in page
    response = client.post(f"{LIST}{first.pk}/approve/", {"quality": "good", "comment": "", "read_version": 1})
    assert response.url == f"{LIST}{second.pk}/review/"
    refused = client.post(f"{LIST}{second.pk}/return/", {"quality": "", "comment": "", "read_version": 1})
    assert refused.context["form"].errors["comment"]
    response = client.post(f"{LIST}{second.pk}/return/", {"quality": "", "comment": "补写反思", "read_version": 1})
    assert response.url == second.get_absolute_url()
    assert client.get("/handbook/review/").url == LIST
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.quality, second.status, second.comment) == ("approved", "good", "returned", "补写反思")


def test_review_by_others_is_refused(town: SimpleNamespace, browser: Any) -> None:
    entry = HandbookEntryFactory(teacher=town.teacher)
    for verb in ("review", "approve", "return"):
        address = f"{LIST}{entry.pk}/{verb}/"
        assert browser("teacher").post(address).status_code == 403
        assert browser("neighbour").post(address, {"read_version": 1}).status_code == 404
        assert browser("stranger").post(address, {"read_version": 1}).status_code == 404
    entry.refresh_from_db()
    assert entry.status == "submitted"


def test_review_of_an_approved_entry_leads_to_its_page(town: SimpleNamespace, browser: Any) -> None:
    entry = HandbookEntryFactory(teacher=town.teacher, status="approved")
    assert browser("principal").get(f"{LIST}{entry.pk}/review/").url == entry.get_absolute_url()


def test_list_of_each_role_shows_the_own_and_not_the_neighbours(town: SimpleNamespace, browser: Any) -> None:
    HandbookEntryFactory(teacher=town.teacher, title="本校导学案")
    HandbookEntryFactory(teacher=town.neighbour, title="邻校导学案")
    for role, own, other in (("principal", "本校", "邻校"), ("neighbour", "邻校", "本校"), ("teacher", "本校", "邻校")):
        text = browser(role).get(LIST).content.decode()
        assert f"{own}导学案" in text
        assert f"{other}导学案" not in text
    assert "本校导学案" not in browser("colleague").get(LIST).content.decode()


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 3),
        ("kind=learning_guide", 2),
        ("dimension=routine", 1),
        ("reviewed=true", 1),
        ("stage=primary", 1),
        ("status=draft", 0),
    ],
)
def test_list_under_a_filter_counts_what_it_asks_for(
    town: SimpleNamespace, browser: Any, query: str, number: int
) -> None:
    plans = RequirementFactory(kind="lesson_plan", dimension="routine")
    HandbookEntryFactory(teacher=town.teacher)
    HandbookEntryFactory(teacher=town.neighbour, status="returned")
    HandbookEntryFactory(teacher=town.teacher, requirement=plans)
    response = browser("office").get(f"{LIST}?{query}")
    assert response.context["page"].paginator.count == number


@pytest.mark.parametrize(
    ("address", "make"),
    [
        (LIST, lambda teacher, number: HandbookEntryFactory(teacher=teacher)),
        (
            "/handbook/handbookscore/",
            lambda teacher, number: HandbookScoreFactory(teacher=teacher, closed_on=date(2026, 7, number + 1)),
        ),
        ("/handbook/requirement/", lambda teacher, number: RequirementFactory(kind=Requirement.Kind.values[number])),
    ],
)
def test_list_of_ten_rows_costs_as_much_as_of_one(town: SimpleNamespace, browser: Any, address: str, make: Any) -> None:
    client = browser("office")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    make(town.teacher, 0)
    cost()
    one = cost()
    for number in range(1, 10):
        make(town.teacher, number)
    assert cost() == one <= 12


def todo(model: type, user: Any, year: Any) -> list[tuple[int, str]]:
    pages = next(pages for pages in all_pages() if pages.model is model)
    return [(todo.number, todo.url) for todo in pages.todo(user, year)]


def test_todo_of_waiting_entries_is_what_the_role_has_to_do(town: SimpleNamespace, cast: dict) -> None:
    HandbookEntryFactory(teacher=town.teacher, status="returned")
    HandbookEntryFactory(teacher=town.colleague)
    HandbookEntryFactory(teacher=town.neighbour)
    assert todo(HandbookEntry, cast["teacher"], town.year) == [
        (1, f"{LIST}?period=2025&status=returned&teacher={town.teacher.pk}")
    ]
    assert todo(HandbookEntry, cast["principal"], town.year) == [(1, f"{LIST}?period=2025&waiting=true")]
    assert todo(HandbookEntry, cast["colleague"], town.year)[0][0] == 0
    assert todo(HandbookEntry, cast["office"], town.year) == [
        (0, f"{LIST}?period=2025&waiting=true&of_principals=true")
    ]


def test_todo_of_requirements_handed_in_is_empty(town: SimpleNamespace, cast: dict, monkeypatch: Any) -> None:
    today = date(2025, 10, 20)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: today)
    requirement = RequirementFactory(term=Term.objects.get(number=1), minimum=2)
    RequirementFactory(term=Term.objects.get(number=2))
    HandbookEntryFactory(teacher=town.teacher, requirement=requirement, date=today)
    HandbookEntryFactory(teacher=town.colleague, requirement=requirement, date=today, status="approved")
    assert [number for number, _url in todo(Requirement, cast["teacher"], town.year)] == [1]
    HandbookEntryFactory(teacher=town.teacher, requirement=requirement, date=today)
    assert [number for number, _url in todo(Requirement, cast["teacher"], town.year)] == [0]
    assert todo(Requirement, cast["principal"], town.year) == []


def test_year_closed_by_the_office_is_scored_after_its_question(town: SimpleNamespace, browser: Any) -> None:
    requirement = RequirementFactory(term=Term.objects.get(number=1))
    client = browser("office")
    client.post(f"/handbook/requirement/{requirement.pk}/copy/")
    assert Requirement.objects.filter(term__number=2).count() == 1
    assert "再次结算会重新计分" in client.get("/handbook/close/").content.decode()
    assert HandbookScore.objects.count() == 0
    refused = client.post("/handbook/close/", {"township": town.township.pk, "closed_on": "2027-01-01"})
    assert refused.context["form"].errors["closed_on"]
    elsewhere = {"township": town.far.township.pk, "closed_on": "2026-07-03"}
    assert client.post("/handbook/close/", elsewhere).context["form"].errors["township"]
    response = client.post("/handbook/close/", {"township": town.township.pk, "closed_on": "2026-07-03"})
    assert response.url == "/handbook/handbookscore/"
    assert HandbookScore.objects.count() == 3
    for role in ("principal", "teacher"):
        assert browser(role).post("/handbook/close/").status_code == 403
        assert browser(role).post(f"/handbook/requirement/{requirement.pk}/copy/").status_code == 403


def test_admin_of_records_is_open_to_the_own_office_only(town: SimpleNamespace, browser: Any) -> None:
    rows = [
        HandbookEntryFactory(teacher=town.teacher),
        HandbookScoreFactory(teacher=town.teacher),
        RequirementFactory(),
    ]
    for row in rows:
        address = f"/admin/handbook/{row._meta.model_name}/"
        assert browser("office").get(address).status_code == 200
        assert browser("office").get(f"{address}{row.pk}/change/").status_code == 200
        assert browser("stranger").get(f"{address}{row.pk}/change/").status_code == 302
