"""Every list can be downloaded as it is shown, and no nonsense in its address breaks it."""

from html import unescape
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apps.webui.pages import REGISTRY
from tests.architecture.rows import all_pages, make

LABELS = [pages.model.label for pages in all_pages()]

# None of these is a choice, a day, a number that fits, or a text that a database takes.
NONSENSE = ("abc", "9" * 25, "\0")


@pytest.mark.parametrize("label", LABELS)
def test_list_with_rows_is_downloaded(label: str, town: SimpleNamespace, browser: Any) -> None:
    pages = REGISTRY[label]
    make(pages.model, town.school)
    client = browser("office")
    page = client.get(pages.url("list") + "?period=").content.decode()
    address = reverse("workbooks:list_export", args=[label])
    assert f'href="{address}?' in page
    offered = unescape(page.split(f'href="{address}', 1)[1].split('"', 1)[0])
    answer = client.get(address + offered)
    assert answer.status_code == 200
    book = load_workbook(BytesIO(answer.getvalue()))
    assert book.worksheets[0].max_row > 1


@pytest.mark.parametrize("label", LABELS)
def test_nonsense_in_an_address_is_answered(label: str, town: SimpleNamespace, browser: Any) -> None:
    pages = REGISTRY[label]
    make(pages.model, town.school)
    client = browser("office")
    parameters = [*pages.filterset.base_filters, "sort", "page", "size", "measure", "unheard_of"]
    # All at once shows whether each is read, one by one whether what is read so is looked for.
    asked = [dict.fromkeys(parameters, word) for word in NONSENSE] + [{name: NONSENSE[1]} for name in parameters]
    for words in asked:
        assert client.get(pages.url("list"), words).status_code == 200, words
    answer = client.get(reverse("workbooks:list_export", args=[label]), asked[0])
    assert answer.status_code == 200
    assert load_workbook(BytesIO(answer.getvalue())).worksheets[0].max_row == 1
