"""Ticking rows of a list, by keyboard, without JavaScript, on a phone."""

from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from apps.ethics.models import EthicsAssessment
from tests.e2e.conftest import sign_in
from tests.ethics.factories import AssessmentFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LIST = "/ethics/ethicsassessment/?period=2025"


@pytest.fixture
def submitted(town: SimpleNamespace) -> list[Any]:
    """The submitted assessments of two teachers of the school."""
    return [
        AssessmentFactory(school=town.school, teacher=teacher, school_score=90, status="submitted")
        for teacher in (town.teacher, town.colleague)
    ]


def states() -> list[str]:
    return list(EthicsAssessment.objects.order_by("pk").values_list("status", flat=True))


def test_rows_ticked_by_keyboard_without_javascript_are_returned(
    chromium: Any, live_server: Any, cast: dict, submitted: list
) -> None:
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast["office"].username)
    page.goto(LIST)
    page.get_by_label("勾选：").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="退回学校").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main li")).to_have_count(1)
    page.get_by_role("button", name="退回学校").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".note")).to_contain_text("1条记录")
    assert sorted(states()) == ["draft", "submitted"]
    context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (390, 844)])
def test_what_can_be_done_with_ticked_rows_stays_in_sight(
    width: int, height: int, page: Page, cast: dict, submitted: list
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    sign_in(page, cast["office"].username)
    page.goto(LIST)
    page.get_by_label("勾选：").first.check()
    button = page.locator(".ticked").get_by_role("button", name="退回学校")
    expect(button).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []
    button.click()
    expect(page.get_by_role("heading", name="退回学校")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
