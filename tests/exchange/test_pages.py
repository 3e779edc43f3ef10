"""The pages of the exchange: posting, assessing, ending, lists, the round's staffing, eligible teachers."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.exchange.models import ExchangeRound, Posting
from apps.teachers.models import Teacher
from apps.webui.pages import REGISTRY
from tests.exchange.factories import ExchangeRoundFactory, PostingFactory
from tests.factories import SchoolFactory, SchoolYearFactory, TeacherFactory

LIST, ROUNDS = "/exchange/posting/", "/exchange/exchangeround/"


@pytest.fixture
def posting(town: SimpleNamespace) -> Posting:
    return PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other)


def cost(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


def test_posting_step_by_step_is_assessed_and_ended(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    data = {
        "round": ExchangeRoundFactory().pk, "teacher": "王思远", "from_school": town.school.pk,
        "to_school": town.other.pk, "way": "regular", "starts_on": "2025-09-01",
    }  # fmt: skip
    response = client.post(f"{LIST}new/", data)
    row = Posting.objects.get()
    assert response.url == row.get_absolute_url()
    assert town.teacher.appointments.filter(school=town.other, kind="exchange").exists()
    address = row.get_absolute_url()
    assert client.get(f"{address}assess/").status_code == 200
    seen = {"version": row.version}
    refused = client.post(f"{address}assess/", seen | {"score": "101", "grade": "excellent"})
    assert refused.context["form"].errors["score"]
    assert client.post(f"{address}assess/", seen | {"score": "", "grade": ""}).status_code == 200
    client.post(f"{address}assess/", seen | {"score": "92.5", "grade": "excellent"})
    assert client.get(f"{address}end/").status_code == 200
    assert client.post(f"{address}end/", {"ends_on": "2025-08-01"}).context["form"].errors
    client.post(f"{address}end/", {"ends_on": "2026-07-10"})
    row.refresh_from_db()
    assert (row.grade, row.ends_on) == ("excellent", date(2026, 7, 10))
    assert town.teacher.appointments.order_by("starts_on").last().school == town.school
    form = client.get(f"{address}edit/").context["form"]
    assert sorted(form.fields) == ["grade", "read_version", "score", "way"]


def test_assessment_saved_from_two_open_forms_keeps_the_first(
    town: SimpleNamespace, browser: Any, posting: Posting
) -> None:
    client, address = browser("office"), f"{posting.get_absolute_url()}assess/"
    seen = [client.get(address).context["form"].initial["version"] for _form in range(2)]
    client.post(address, {"score": "92.5", "grade": "excellent", "version": seen[0]})
    late = client.post(address, {"score": "60", "grade": "basic", "version": seen[1]})
    assert late.context["form"].non_field_errors()
    posting.refresh_from_db()
    assert (posting.score, posting.grade) == (Decimal("92.5"), "excellent")


@pytest.mark.parametrize(
    ("state", "main"),
    [
        ({}, None),
        ({"ends_on": date(2025, 12, 31)}, "assess"),
        ({"round__closes_on": date(2025, 12, 31)}, "assess"),
        ({"round__closes_on": date(2025, 12, 31), "grade": "qualified"}, "end"),
        ({"ends_on": date(2025, 12, 31), "grade": "qualified"}, None),
    ],
)
def test_main_button_of_a_posting_by_its_state_is_the_next_step(
    town: SimpleNamespace, cast: dict, monkeypatch: Any, state: dict, main: str | None
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 3, 2))
    row = PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other, **state)
    buttons = {
        button.url.split("/")[-2]: button.main for button in REGISTRY[Posting.label].buttons(cast["office"], row)
    }
    assert [name for name, is_main in buttons.items() if is_main] == ([main] if main else [])
    assert list(buttons) == (["assess"] if "ends_on" in state else ["assess", "end"])


def test_next_round_once_the_round_is_over_is_the_main_button(
    town: SimpleNamespace, cast: dict, monkeypatch: Any
) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 7, 11))
    round = ExchangeRoundFactory()

    def main() -> list[bool]:
        return [button.main for button in REGISTRY[ExchangeRound.label].buttons(cast["office"], round)]

    assert main() == [False, True]
    ExchangeRoundFactory(school_year=SchoolYearFactory(start_year=2026), closes_on=date(2027, 7, 10))
    assert main() == [False, False]


def test_form_with_a_wrong_from_school_says_so(town: SimpleNamespace, browser: Any) -> None:
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    data = {
        "round": ExchangeRoundFactory().pk, "teacher": "王思远", "from_school": third.pk, "to_school": town.other.pk,
        "way": "regular", "starts_on": "2025-09-01",
    }  # fmt: skip
    response = browser("office").post(f"{LIST}new/", data)
    assert response.context["form"].errors["from_school"]


def test_posting_deleted_on_its_page_undoes_the_move(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    row = PostingFactory(teacher=town.teacher, from_school=town.school, to_school=town.other)
    town.teacher.appointments.update(ends_on=date(2025, 8, 31))
    town.teacher.appointments.create(school=town.other, kind="exchange", starts_on=date(2025, 9, 1))
    client.post(f"{row.get_absolute_url()}delete/")
    assert [(a.school, a.ends_on) for a in town.teacher.appointments.all()] == [(town.school, None)]


def test_verb_by_others_than_the_office_is_refused(town: SimpleNamespace, browser: Any, posting: Posting) -> None:
    for verb in ("assess", "end"):
        address = f"{posting.get_absolute_url()}{verb}/"
        assert browser("principal").post(address).status_code == 403
        assert browser("stranger").post(address).status_code == 404
    address = f"{posting.round.get_absolute_url()}next/"
    assert browser("principal").post(address).status_code == 403
    assert browser("stranger").post(address).status_code == 404
    assert browser("researcher").get("/exchange/eligible/").status_code == 403


def test_next_round_without_its_school_year_is_refused(town: SimpleNamespace, browser: Any) -> None:
    round, client = ExchangeRoundFactory(), browser("office")
    assert client.post(f"{round.get_absolute_url()}next/").url == round.get_absolute_url()
    SchoolYearFactory(start_year=2026)
    assert client.post(f"{round.get_absolute_url()}next/").url != round.get_absolute_url()
    assert client.post(f"{round.get_absolute_url()}next/").url == round.get_absolute_url()
    assert ExchangeRound.objects.count() == 2


def test_list_of_each_role_shows_either_side_and_not_others(
    town: SimpleNamespace, browser: Any, posting: Posting
) -> None:
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    other = PostingFactory(teacher=town.neighbour, from_school=town.other, to_school=third)
    seen = {
        "office": {posting, other}, "principal": {posting}, "neighbour": {posting, other}, "teacher": {posting},
        "colleague": set(), "stranger": set(),
    }  # fmt: skip
    for role, rows in seen.items():
        text = browser(role).get(f"{LIST}?period=2025").content.decode()
        assert {row for row in (posting, other) if f'href="{row.get_absolute_url()}"' in text} == rows, role


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("school={school}", 1),
        ("school={other}", 2),
        ("school={other}&direction=out", 1),
        ("school={other}&direction=in", 1),
        ("direction=in", 2),
        ("way=support", 1),
        ("grade=excellent", 1),
        ("backbone=true", 1),
        ("period=c2025", 0),
    ],
)
def test_list_under_a_filter_counts_what_it_asks_for(
    town: SimpleNamespace, browser: Any, posting: Posting, query: str, number: int
) -> None:
    third = SchoolFactory(code="03", name="五星小学", stage="primary")
    PostingFactory(teacher=town.neighbour, from_school=town.other, to_school=third, way="support", grade="excellent")
    Teacher.objects.filter(pk=town.teacher.pk).update(backbone_level=3)
    address = f"{LIST}?{query}".format(school=town.school.pk, other=town.other.pk)
    assert browser("office").get(address).context["page"].paginator.count == number


def test_direction_without_a_school_is_seen_from_the_principals_own(
    town: SimpleNamespace, browser: Any, posting: Posting
) -> None:
    assert browser("principal").get(f"{LIST}?direction=out").context["page"].paginator.count == 1
    assert browser("principal").get(f"{LIST}?direction=in").context["page"].paginator.count == 0


def test_round_seen_by_a_principal_shows_the_own_staffing_only(
    town: SimpleNamespace, browser: Any, posting: Posting
) -> None:
    office = browser("office").get(posting.round.get_absolute_url()).content.decode()
    assert f"school={town.school.pk}&amp;direction=out" in office
    assert "/exchange/eligible/?period=2025" in office
    principal = browser("principal").get(posting.round.get_absolute_url()).content.decode()
    assert f"school={town.school.pk}&amp;direction=out" in principal
    assert f"school={town.other.pk}&amp;direction=out" not in principal


def test_eligible_page_of_a_place_lists_who_serves_there(town: SimpleNamespace, browser: Any, posting: Posting) -> None:
    Teacher.objects.filter(pk=town.colleague.pk).update(birth_date=date(1960, 1, 1))
    client = browser("office")
    text = client.get("/exchange/eligible/?period=2025&measure=count").content.decode()
    assert '<data class="figure" value="2" data-measure="count">' in text
    assert '<data value="50.0" data-measure="share">' in text
    assert [name in text for name in ("王思远", "赵雪", "陈一鸣", "何晓东")] == [True, True, False, False]
    narrowed = client.get(f"/exchange/eligible/?period=2025&school={town.other.pk}").content.decode()
    assert "赵雪" in narrowed
    assert "王思远" not in narrowed
    assert "王思远" in client.get(f"/exchange/eligible/?teacher={town.teacher.pk}").content.decode()
    for query in (f"school={town.far.pk}", "school=x", "period=1800", f"teacher={town.stranger.pk}"):
        assert client.get(f"/exchange/eligible/?{query}").status_code == 404, query
    own = browser("principal").get("/exchange/eligible/").content.decode()
    assert "王思远" in own
    assert "赵雪" not in own


def test_eligible_page_without_a_round_counts_nobody(town: SimpleNamespace, browser: Any) -> None:
    assert '<data value="0" data-measure="count">' in browser("office").get("/exchange/eligible/").content.decode()


def test_page_of_ten_rows_costs_as_much_as_of_one(town: SimpleNamespace, browser: Any, posting: Posting) -> None:
    client, round = browser("office"), posting.round
    addresses = [LIST, ROUNDS, posting.get_absolute_url(), round.get_absolute_url(), "/exchange/eligible/"]
    for address in addresses:
        cost(client, address)
    before = [cost(client, address) for address in addresses]
    for number in range(9):
        teacher = TeacherFactory(school=town.school, no=f"1{number:02}")
        PostingFactory(teacher=teacher, from_school=town.school, to_school=town.other)
        year = SchoolYearFactory(start_year=2026 + number)
        ExchangeRoundFactory(school_year=year, closes_on=date(2027 + number, 7, 10))
    after = [cost(client, address) for address in addresses]
    assert after == before
    assert max(after[:2]) <= 12
    assert max(after) <= 15


def test_admin_of_records_is_open_to_the_own_office_only(town: SimpleNamespace, browser: Any, posting: Posting) -> None:
    for row in (posting, posting.round):
        address = f"/admin/exchange/{row._meta.model_name}/"
        assert browser("office").get(address).status_code == 200
        assert browser("office").get(f"{address}{row.pk}/change/").status_code == 200
        assert browser("stranger").get(f"{address}{row.pk}/change/").status_code == 302
    browser("office").post(f"/admin/exchange/posting/{posting.pk}/delete/", {"post": "yes"})
    assert not Posting.objects.exists()
