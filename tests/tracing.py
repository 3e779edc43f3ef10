"""Follows the numbers that a summary states to the pages behind them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from django.test import Client

from apps.accounts.models import User
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.composing.document import annexes_of, figures_of
from tests.reading import measured


class Claim(NamedTuple):
    """A number that something states: where it stands, its text, the address behind it."""

    place: str
    text: str
    source: str


def sign_in(username: str) -> tuple[Client, User]:
    """Return a client that an account has signed in with, and the account."""
    user, client = User.objects.with_places().get(username=username), Client()
    client.force_login(user, backend="apps.accounts.backends.ScopedBackend")
    return client, user


def figures(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the figures of a summary state."""
    for figure in figures_of(scope, period).values():
        yield Claim(figure.key, str(figure), figure.source)


# What is left between counted cells of its row: no list holds it.
REST = "其他增减人数"


def annexes(scope: Scope, period: Period) -> Iterator[Claim]:
    """Yield what the counted cells of the annex tables and the bars of the charts state."""
    found = annexes_of(scope, period)
    for table in found.tables:
        for row in table.rows:
            for head, cell in zip(table.heads, row, strict=True):
                if REST in (head, row[1].value):
                    continue
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
            answer = client.get(claim.source, headers={"HX-Request": "true"})  # the list without the page around it
            pages[claim.source] = measured(answer.content.decode()) if answer.status_code == 200 else {}
        # A page says nothing of a mean or sum over no records.
        shown = pages[claim.source].get(parse_qs(urlsplit(claim.source).query)["measure"][0], "")
        if not pages[claim.source] or shown != claim.text:
            wrong.append(f"{claim.place}: {claim.text!r}, its page {shown!r}: {claim.source}")
    return wrong
