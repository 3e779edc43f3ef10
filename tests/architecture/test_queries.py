"""A page costs the same number of queries with one row and with ten, and never more than the budget."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture.rows import all_pages, make

LIST_BUDGET, DETAIL_BUDGET = 12, 12
LABELS = [pages.model.label for pages in all_pages()]


def cost(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200, address
    return len(queries)


@pytest.mark.parametrize("label", LABELS)
def test_pages_cost_the_same_with_ten_rows(label: str, town: SimpleNamespace, browser: Any) -> None:
    pages = next(pages for pages in all_pages() if pages.model.label == label)
    client = browser("office")
    row = make(pages.model, town.school)
    everything = pages.url("list") + "?period="
    for address in (everything, row.get_absolute_url()):
        cost(client, address)  # what a process does once
    one, detail = cost(client, everything), cost(client, row.get_absolute_url())
    for number in range(1, 10):
        make(pages.model, town.school, number)
    assert (one, cost(client, everything)) == (one, one)
    assert one <= LIST_BUDGET
    assert cost(client, row.get_absolute_url()) == detail
    assert detail <= DETAIL_BUDGET
