"""Every list can be downloaded as it is shown, and no nonsense in its address breaks it."""

from html import unescape
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from apps.core.pages import REGISTRY
from tests.architecture.rows import all_pages, make

LABELS = [pages.model.label for pages in all_pages()]


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
