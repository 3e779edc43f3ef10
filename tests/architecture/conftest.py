"""What the walks over all addresses share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse

from apps.webui import context
from tests.databases import Databases
from tests.starts import ROWS
from townedu import urls


@pytest.fixture
def rows(databases: Databases, cast: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """A row of each kind of record at the own school, the neighbour's, and in another township: kind → place → row."""
    return databases.given(ROWS)


@pytest.fixture
def bare_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages have no side bar, refusals say no more than their status: a walk meets thousands.

    Both have tests of their own.
    """

    def handler(status: int) -> Callable[[HttpRequest, Exception], HttpResponse]:
        return lambda request, exception: HttpResponse(status=status)

    for status in (403, 404):
        monkeypatch.setattr(urls, f"handler{status}", handler(status), raising=False)
    monkeypatch.setattr(context, "menu_for", lambda user, path: [])
