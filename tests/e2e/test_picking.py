"""Choosing a teacher by typing: by keys, by thumb on a phone, and without JavaScript."""

from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from apps.core.pinyin import pinyin_of
from apps.teachers.models import Appointment
from tests.e2e.conftest import sign_in
from tests.factories import TeacherFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
FORM = "/teachers/teachingassignment/new/"


@pytest.fixture
def people(town: SimpleNamespace) -> SimpleNamespace:
    """Two teachers of one name at different schools, and one beside them."""
    for school, no, name in ((town.school, "041", "曾晓"), (town.other, "042", "曾晓"), (town.school, "043", "单明")):
        TeacherFactory(school=school, no=no, name=name, pinyin=pinyin_of(name))
    return town


def test_teacher_is_picked_by_keys_and_by_thumb(page: Page, cast: dict, people: SimpleNamespace) -> None:
    sign_in(page, cast["office"].username)
    page.goto(FORM)
    box = page.get_by_role("combobox", name="教师")
    listed = page.get_by_role("listbox").get_by_role("option")

    # Two of one name are told apart by number and school; arrows go round, Escape closes, the form is not sent.
    box.press_sequentially("zengx")
    expect(listed).to_have_text(["曾晓（041） 镇初级中学", "曾晓（042） 袁科小学"])
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("Enter")
    expect(listed.first).to_be_visible()
    box.press("Escape")
    expect(listed.first).to_be_hidden()
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        box.press(key)
    expect(listed.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", listed.nth(1).get_attribute("id"))
    found = Axe().run(page)
    assert [violation["id"] for violation in found.response["violations"]] == []
    box.press("Enter")
    expect(box).to_have_value("曾晓（042）")
    expect(listed.first).to_be_hidden()

    # The only one is meant, also unmarked.
    box.fill("")
    box.press_sequentially("danming")
    expect(listed).to_have_text(["单明（043） 镇初级中学"])
    box.press("Tab")
    expect(box).to_have_value("单明（043）")
    assert page.url.endswith(FORM)

    # On a phone: large enough for a thumb, within the screen.
    page.set_viewport_size({"width": 390, "height": 844})
    box.fill("")
    box.press_sequentially("曾晓")
    expect(listed).to_have_count(2)
    assert listed.first.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    listed.first.click()
    expect(box).to_have_value("曾晓（041）")


def test_teacher_is_typed_without_javascript(chromium: Any, live_server: Any, cast: dict, people: Any) -> None:
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast["office"].username)
    page.goto("/teachers/appointment/new/")
    page.get_by_label("教师").fill("曾晓")
    page.get_by_label("学校").select_option("镇初级中学")
    page.locator("[name=starts_on]").fill("2010-09-01")
    page.locator("[name=ends_on]").fill("2012-08-31")
    page.get_by_role("button", name="保存").first.click()
    expect(page.locator("main")).to_contain_text("曾晓（041）、曾晓（042）")
    page.get_by_label("教师").fill("曾晓（041）")
    page.get_by_role("button", name="保存").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("曾晓")
    assert Appointment.objects.filter(teacher__no="041", starts_on="2010-09-01").exists()
    context.close()
