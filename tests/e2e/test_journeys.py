"""What people do with the mouse, in a real browser."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from apps.observations.models import Observation
from tests.architecture.rows import make
from tests.e2e.conftest import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lessons(town: SimpleNamespace) -> list[Any]:
    """Three lessons observed at the own school, one at the neighbour's."""
    own = [make(Observation, town.school, number) for number in range(3)]
    return [*own, make(Observation, town.other)]


def test_office_walks_from_a_list_to_a_figure_and_back(page: Page, cast: dict, lessons: list) -> None:
    sign_in(page, cast["office"].username)
    page.locator("select[name=year]:visible").select_option("2025")
    page.click("nav >> text=听课")
    expect(page.locator("data[data-measure=count]")).to_have_attribute("value", "4")

    page.click("nav >> text=年度总结")
    page.click("text=新增")
    page.locator("main form .btn-primary:visible").first.click()
    chip = page.locator("a.chip[href*='/observations/observation/']").first
    expect(chip).to_be_visible()
    number = re.search(r"\d+(\.\d+)?", chip.inner_text())[0]
    measure = re.search(r"measure=(\w+)", chip.get_attribute("href"))[1]
    chip.click()
    expect(page.locator(f"data[data-measure={measure}]")).to_have_attribute("value", number)
    page.go_back()
    expect(page.locator("a.chip").first).to_be_visible()


def test_principal_sees_the_own_school_only(page: Page, cast: dict, lessons: list) -> None:
    sign_in(page, cast["principal"].username)
    page.goto("/observations/observation/?period=2025")
    expect(page.locator("data[data-measure=count]")).to_have_attribute("value", "3")
    expect(page.locator("main")).not_to_contain_text("袁科小学")


@pytest.mark.parametrize(
    "address", ["/", "/observations/observation/?period=2025", "/teachers/teacher/", "/reports/annualsummary/"]
)
def test_nothing_scrolls_sideways_on_a_phone(page: Page, cast: dict, lessons: list, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, cast["office"].username)
    page.goto(address)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


def test_list_filters_without_loading_the_page(page: Page, cast: dict, lessons: list) -> None:
    sign_in(page, cast["office"].username)
    page.goto("/observations/observation/?period=2025")
    page.evaluate("window.stayed = true")
    page.select_option("select[name=school]", label="袁科小学")
    expect(page.locator("data[data-measure=count]")).to_have_attribute("value", "1")
    assert page.evaluate("window.stayed") is True


@pytest.mark.parametrize("address", ["/", "/observations/observation/?period=2025", "/observations/observation/new/"])
def test_pages_are_accessible(page: Page, cast: dict, lessons: list, address: str) -> None:
    sign_in(page, cast["principal"].username)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
