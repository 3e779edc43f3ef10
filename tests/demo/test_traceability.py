"""Every number leads to its records: the page behind it shows the same value, to whoever may open it."""

import re
from html import unescape

import pytest

from apps.core.access import may_open
from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.reports.actions import compose_summary
from apps.reports.composing.document import figures_of
from apps.schools.models import School, Township
from fixtures.demo.muyi import YUANKE
from tests.tracing import annexes, figures, sign_in, untrue

LINK = re.compile(r'href="([^"]*\bmeasure=[^"]*)"')
# Who answered a questionnaire stays unknown to those whom it is about, and to their principal.
FORMS = {"ethics.student_forms", "ethics.parent_forms"}


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
    summary = compose_summary(scope=user.school.scope, period=year_2025, by=SYSTEM.imports)
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
        "teachers", "exchange", "ethics", "research", "mentoring", "observations", "handbook"
    }  # fmt: skip
    assert untrue(client, opened) == []
    office, _user = sign_in("office")
    assert untrue(office, claims) == []
