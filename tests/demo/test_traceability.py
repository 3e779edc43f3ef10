"""Every number leads to its records: the page behind it shows the same value, to whoever may open it."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.access import may_open
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.actions import compose_summary
from apps.reports.documents import annexes_of, figures_of
from apps.schools.models import School, Township
from fixtures.demo.places import YUANKE
from tests.reading import measured

LINK = re.compile(r'href="([^"]*\bmeasure=[^"]*)"')
# Who answered a questionnaire stays unknown to those whom it is about, and to their principal.
FORMS = {"ethics.student_forms", "ethics.parent_forms"}


class Claim(NamedTuple):
    """A number that something states: where it stands, its text, the address behind it."""

    place: str
    text: str
    source: str


def sign_in(username: str) -> tuple[Client, User]:
    """Return a client that one of the demo's accounts has signed in with, and the account."""
    user, client = User.objects.with_places().get(username=username), Client()
    client.force_login(user, backend="apps.accounts.backends.ScopedBackend")
    return client, user


def figures(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the figures of a summary state."""
    for figure in figures_of(scope, period).values():
        yield Claim(figure.key, str(figure), figure.source)


def annexes(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the counted cells of the annex tables and the bars of the charts state."""
    found = annexes_of(scope, period)
    for table in found.tables:
        for row in table.rows:
            for head, cell in zip(table.heads, row, strict=True):
                if "measure=" in cell.source or isinstance(cell.value, (int, float, Decimal)):
                    yield Claim(f"{table.key} {row[0].value} {head}", text(cell.value), cell.source)
    for _chapter, chart in found.charts:
        for label, value, source in chart.bars:
            yield Claim(f"{chart.key} {label}", text(value), source)


def text(value: object) -> str:
    """Return a value as a list page gives it to programs."""
    return "" if value is None else str(value)


def untrue(client: Client, claims: Iterable[Claim]) -> list[str]:
    """Return, as sentences, each claim that the page behind it does not confirm. A page is asked for once."""
    pages: dict[str, dict[str, str]] = {}
    wrong = []
    for claim in claims:
        if claim.source not in pages:
            answer = client.get(claim.source)
            pages[claim.source] = measured(answer.content.decode()) if answer.status_code == 200 else {}
        # A page says nothing of a mean or sum over no records.
        shown = pages[claim.source].get(parse_qs(urlsplit(claim.source).query)["measure"][0], "")
        if not pages[claim.source] or shown != claim.text:
            wrong.append(f"{claim.place}: {claim.text!r}, its page {shown!r}: {claim.source}")
    return wrong


@pytest.mark.parametrize("code", ["2025", "2025-1", "c2025"])
def test_every_figure_of_the_township_is_what_its_page_shows(demo: Township, code: str) -> None:
    client, _user = sign_in("office")
    assert untrue(client, figures(demo.scope, Period.from_code(code))) == []


def test_every_cell_and_bar_of_the_township_is_what_its_page_shows(demo: Township, year_2025: Period) -> None:
    client, _user = sign_in("office")
    claims = list(annexes(demo.scope, year_2025))
    assert len(claims) > 400
    assert untrue(client, claims) == []


def test_every_figure_of_a_school_is_what_its_page_shows_the_office(demo: Township, year_2025: Period) -> None:
    client, _user = sign_in("office")
    school = School.objects.select_related("township").get(name=YUANKE)
    assert untrue(client, figures(school.scope, year_2025)) == []


def test_every_number_of_a_school_is_what_its_page_shows_the_principal(demo: Township, year_2025: Period) -> None:
    client, user = sign_in("principal1")
    claims = [*figures(user.school.scope, year_2025), *annexes(user.school.scope, year_2025)]
    closed = {claim for claim in claims if not may_open(user, claim.source)}
    assert {claim.place for claim in closed} == FORMS
    assert {client.get(claim.source).status_code for claim in closed} == {403}
    assert untrue(client, [claim for claim in claims if claim not in closed]) == []


def test_the_principal_is_given_no_link_that_is_forbidden(demo: Township, year_2025: Period) -> None:
    client, user = sign_in("principal1")
    summary = compose_summary(scope=user.school.scope, period=year_2025, by=None)
    page, address = client.get(summary.get_absolute_url()).content.decode(), summary.get_absolute_url()
    links = {unescape(link) for link in LINK.findall(page)}
    assert len(links) > 40
    assert [link for link in links if not may_open(user, link)] == []
    forms = figures_of(user.school.scope, year_2025)["ethics.student_forms"]
    assert forms.source not in links
    assert f"收回答卷{forms.value}份" in page
    office, _user = sign_in("office")
    assert forms.source in {unescape(link) for link in LINK.findall(office.get(address).content.decode())}


def test_every_figure_of_a_teacher_is_what_its_page_shows(demo: Township, year_2025: Period) -> None:
    client, user = sign_in("teacher1")
    scope = user.teacher.scope_on(year_2025.ends_on)
    claims = list(figures(scope, year_2025))
    opened = [claim for claim in claims if may_open(user, claim.source)]
    assert {claim.place.partition(".")[0] for claim in opened} == {
        "teachers", "exchange", "ethics", "research", "observations", "handbook"
    }  # fmt: skip
    assert untrue(client, opened) == []
    office, _user = sign_in("office")
    assert untrue(office, claims) == []
