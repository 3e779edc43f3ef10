"""Every number leads to its records: the page behind it shows the same value, for whoever may open it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.figures import chapters
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.documents import LANGUAGE, annexes_of, figures_of
from apps.schools.models import School, Township
from fixtures.demo.places import JUNIOR, YUANKE
from tests.reading import measured


@dataclass(frozen=True)
class Claim:
    """A number that something states: where it stands, its text, the address behind it."""

    place: str
    text: str
    source: str


def sign_in(username: str) -> tuple[Client, User]:
    """Return a client that one of the demo's accounts has signed in with, and the account."""
    user, client = User.objects.with_places().get(username=username), Client(headers={"accept-language": LANGUAGE})
    client.force_login(user, backend="apps.accounts.backends.ScopedBackend")
    return client, user


def figures(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the figures of a summary state."""
    for figure in figures_of(scope, period).values():
        yield Claim(figure.key, str(figure), figure.source)


def annexes(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the counted cells of the annex tables and the bars of the charts state."""
    found = annexes_of(scope, period, {})
    for table in found.tables:
        for row in table.rows:
            for head, cell in zip(table.heads, row, strict=True):
                if "measure=" in cell.source:
                    yield Claim(f"{table.key} {row[0].value} {head}", _text(cell.value), cell.source)
    for _chapter, chart in found.charts:
        for label, value, source in chart.bars:
            yield Claim(f"{chart.key} {label}", _text(value), source)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def untrue(client: Client, claims: Iterable[Claim]) -> list[str]:
    """Return, as sentences, each claim that the page behind it does not confirm. A page is asked for once."""
    found: dict[str, dict[str, str] | int] = {}
    wrong = []
    for claim in claims:
        if claim.source not in found:
            answer = client.get(claim.source)
            found[claim.source] = measured(answer.content.decode()) if answer.status_code == 200 else answer.status_code
        page, measure = found[claim.source], parse_qs(urlsplit(claim.source).query)["measure"][0]
        shown = page.get(measure, "") if isinstance(page, dict) else f"status {page}"
        if shown != claim.text:
            wrong.append(f"{claim.place}: {claim.text!r}, its page {shown!r}: {claim.source}")
    return wrong
