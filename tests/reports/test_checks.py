"""What is said before a summary is finalised."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import TeacherFactory
from tests.observations.factories import ObservationFactory
from tests.reports.factories import composed


def check_page(browser: Any, summary: Any) -> str:
    """Return the text of the page that comes before finalising."""
    return browser("office").get(f"/reports/annualsummary/{summary.pk}/finalise/").content.decode()


LOCKED = "定稿后学校不能再录入、修改本期记录"


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2025, 8, 31), f"本期从2025年9月1日才开始，{LOCKED}"),
        (date(2026, 8, 31), f"本期到2026年8月31日才结束，{LOCKED}"),
        (date(2026, 9, 1), ""),
    ],
)
def test_a_year_that_goes_on_is_told(
    today: date, said: str, town: SimpleNamespace, cast: dict, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: today)
    page = check_page(browser, composed(town.township, cast["office"]))
    assert said in page
    assert bool(said) == ("本期从" in page or "本期到" in page)


def test_a_school_and_a_term_lock_nothing(
    town: SimpleNamespace, cast: dict, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2025, 10, 1))
    for place, code in ((town.school, "2025"), (town.township, "2025-1")):
        page = check_page(browser, composed(place, cast["office"], code))
        assert "才结束，此后录入的记录不会写进定稿" in page
        assert LOCKED not in page


def test_a_place_without_records_is_told(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    TeacherFactory(school=town.school, no="099", name="孙梅")
    ObservationFactory(teacher=town.neighbour)
    assert "镇初级中学在本期没有任何记录" in check_page(browser, composed(town.school, cast["office"]))
    ObservationFactory(teacher=town.teacher)
    assert "没有任何记录" not in check_page(browser, composed(town.school, cast["office"]))
