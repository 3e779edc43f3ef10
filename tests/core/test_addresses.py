"""Numbers in addresses: what is one, and pages that are asked for something else."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.addresses import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        ("0", 0),
        ("007", 7),
        ("１２", 12),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        ("", None),
        (None, None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1.5", None),
        ("1_000", None),
        ("²", None),
        ("十二", None),
        ("draft", None),
    ],
)
def test_number_in_a_text_is_found_or_none(text: str | None, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize("code", ["²⁰²⁵", "20251", "", "二〇二五"])
def test_year_that_is_no_year_keeps_the_chosen_one(town: SimpleNamespace, browser: Any, code: str) -> None:
    client = browser("office")
    assert client.post("/year/", {"year": code}).status_code == 302
    assert client.session["year"] == 2025


@pytest.mark.parametrize("asked", ["²", "x", "9" * 40, "-1"])
@pytest.mark.parametrize(
    "address", ["/workbooks/template/?school={}", "/workbooks/template/?township={}", "/exchange/eligible/?school={}"]
)
def test_page_of_a_place_that_is_no_number_is_not_found(
    town: SimpleNamespace, browser: Any, address: str, asked: str
) -> None:
    assert browser("office").get(address.format(asked)).status_code == 404
