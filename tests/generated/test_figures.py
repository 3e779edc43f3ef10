"""In towns of any shape every figure is what its page shows, and the papers say the same as the figures."""

import pytest

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.composing.document import figures_of
from apps.schools.models import School, Township
from tests.generated.conftest import CODES
from tests.generated.papers import disagreements
from tests.tracing import annexes, figures, sign_in, untrue


def scope_of(township: Township, kind: str, period: Period) -> Scope:
    """Return the scope of the town, of its central school, or of the teacher who has an account."""
    if kind == "school":
        return School.objects.select_related("township").get(township=township, name="镇中心小学").scope
    if kind == "teacher":
        _client, user = sign_in(f"teacher-{township.code}")
        return user.teacher.scope_on(period.ends_on)
    return township.scope


def test_every_number_is_what_its_page_shows(township: Township) -> None:
    client, _user = sign_in(f"office-{township.code}")
    period = Period.from_code("2025")
    claims = [*figures(township.scope, period), *annexes(township.scope, period)]
    assert len(claims) > 150
    assert untrue(client, claims) == []


def test_the_papers_say_what_the_figures_say(township: Township) -> None:
    assert disagreements(township.scope, Period.from_code("2025")) == []


def test_a_town_where_nothing_happened_states_no_zeros(made: None, db: None) -> None:
    township = Township.objects.get(code=CODES["gaps"])
    found = figures_of(township.scope, Period.from_code("2025"))
    empty = {key for key, figure in found.items() if figure.empty}
    assert {"ethics.misconduct", "research.projects", "exchange.teachers", "research.surveys"} <= empty


@pytest.mark.parametrize(
    ("kind", "code"),
    [("school", "2025"), ("teacher", "2025"), ("township", "2025-2"), ("township", "c2026"), ("school", "c2025")],
)
def test_other_scopes_and_periods(ordinary: Township, kind: str, code: str) -> None:
    client, _user = sign_in(f"office-{ordinary.code}")
    period = Period.from_code(code)
    scope = scope_of(ordinary, kind, period)
    assert untrue(client, figures(scope, period)) == []
    assert disagreements(scope, period) == []
