"""A real browser: Debian's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, TimeoutError, sync_playwright

from tests.databases import SERVED, Databases

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """The browser, started once."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's own loop makes Django think the test is asynchronous
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def emptied(databases: Databases) -> None:
    """The database that the live site works on: what its tests write is removed after each."""
    databases.take(SERVED)


@pytest.fixture(scope="session")
def live_server(emptied: None, live_server: object) -> object:
    """The live site, on that database also when another test has worked on another one before."""
    return live_server


@pytest.fixture
def page(chromium: object, live_server: object, request: pytest.FixtureRequest) -> Iterator[Page]:
    """An empty window on the live site; a failed test leaves a picture of it, a message of the console fails it."""
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", viewport={"width": 1280, "height": 860})
    context.set_default_timeout(15_000)
    window = context.new_page()
    said: list[str] = []
    window.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    window.on("pageerror", lambda error: said.append(str(error)))
    failed = request.session.testsfailed
    yield window
    if request.session.testsfailed > failed:
        folder = Path(settings.BASE_DIR) / "var" / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        window.screenshot(path=folder / f"{request.node.name}.png", full_page=True)
    with suppress(TimeoutError):  # a request still answered would meet the emptying of the database
        window.wait_for_load_state("networkidle", timeout=5_000)
    context.close()
    assert said == []


def sign_in(page: Page, username: str, password: str = "townedu-test") -> None:
    """Sign in by the form."""
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main form button")
    page.wait_for_url("**/")
