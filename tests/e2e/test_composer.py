"""Writing the summary in a real browser: chips, saving by itself, two writers, nothing executed."""

from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from apps.reports.actions import drop_section
from apps.reports.models import AnnualSummary, SummarySection
from apps.reports.prose.suggestions import PROBLEMS
from tests.e2e.conftest import sign_in
from tests.factories import TeacherFactory
from tests.reports.factories import composed, section

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASTE = """() => {
    const data = new DataTransfer();
    data.setData("text/html", "<img src=x onerror='window.bad = true'><b>粗</b>");
    data.setData("text/plain", "平文");
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.querySelector(".editor").dispatchEvent(event);
}"""


@pytest.fixture
def problems(town: SimpleNamespace, cast: dict) -> SummarySection:
    return section(composed(town.township, cast["office"]), PROBLEMS)


@pytest.fixture
def desk(page: Page, cast: dict, problems: SummarySection) -> Page:
    """The composer at the section of problems, its text emptied."""
    sign_in(page, cast["office"].username)
    page.goto(f"/reports/annualsummary/{problems.summary_id}/write/?section={problems.pk}")
    return page


def stored(row: SummarySection) -> str:
    row.refresh_from_db()
    return row.text


def retype(page: Page, text: str) -> None:
    page.locator(".editor").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def test_a_rewritten_sentence_keeps_its_figures_true(
    desk: Page, town: SimpleNamespace, problems: SummarySection
) -> None:
    retype(desk, "我镇教师{教师人数}人，")
    expect(desk.locator(".editor .chip")).to_have_text("3")
    desk.fill("#find", "meiyou")
    expect(desk.locator("#found")).to_have_text("没有这个名称的数据")
    desk.fill("#find", "xuexiaoshu")
    expect(desk.locator("#found [role=option]").first).to_contain_text("学校数")
    desk.fill("#find", "xxs")
    expect(desk.locator("#found [role=option]").first).to_contain_text("学校数")
    desk.locator("#find").press("Enter")
    desk.keyboard.type("所学校。")
    expect(desk.locator("#saved")).to_contain_text("已存")
    expect(desk.locator("#preview")).to_contain_text("我镇教师3人，2所学校。")
    assert stored(problems) == "我镇教师{教师人数}人，{学校数}所学校。"
    TeacherFactory(school=town.school, no="099", name="新来")
    desk.reload()
    expect(desk.locator(".editor .chip").first).to_have_text("4")
    expect(desk.locator("#preview")).to_contain_text("我镇教师4人")
    desk.locator(".editor .chip").first.click()
    expect(desk.locator("#records")).to_contain_text("新来")
    expect(desk.locator("#records > p a")).to_have_attribute("href", "/teachers/teacher/?" + "period=2025&township="
                                                            f"{town.township.pk}&measure=count")  # fmt: skip


def test_a_number_typed_by_hand_is_marked_and_mended(desk: Page, problems: SummarySection) -> None:
    retype(desk, "共有教师3人。")
    expect(desk.locator("#typed-total")).to_have_text("1处手填数字")
    desk.click("#typed button")
    expect(desk.locator("#typed-total")).to_have_text("")
    assert stored(problems) == "共有教师{教师人数}人。"


def test_backspace_takes_a_chip_as_one_and_enter_starts_a_paragraph(desk: Page, problems: SummarySection) -> None:
    retype(desk, "甲{教师人数}")
    desk.keyboard.press("Backspace")
    desk.keyboard.press("Backspace")
    desk.keyboard.type("乙")
    desk.keyboard.press("Enter")
    desk.keyboard.type("丙")
    expect(desk.locator("#saved")).to_contain_text("已存")
    assert stored(problems) in ("甲乙\n丙", "乙\n丙")
    assert "{" not in stored(problems)


def test_nothing_that_is_typed_or_pasted_is_executed(desk: Page, problems: SummarySection) -> None:
    evil = '<img src=x onerror="window.bad = true">'
    retype(desk, evil)
    desk.evaluate(PASTE)
    expect(desk.locator("#saved")).to_contain_text("已存")
    expect(desk.locator("#preview")).to_contain_text(f"{evil}平文")
    assert desk.evaluate("window.bad") is None
    assert desk.locator("main img").count() == 0
    assert stored(problems) == f"{evil}平文"


def test_two_writers_are_joined_or_asked(desk: Page, cast: dict, problems: SummarySection) -> None:
    retype(desk, "甲段。")
    desk.keyboard.press("Enter")
    desk.keyboard.type("乙段。")
    expect(desk.locator("#saved")).to_contain_text("已存")
    SummarySection.objects.filter(pk=problems.pk).update(text="甲段。\n乙段，补。")
    desk.keyboard.press("Control+Home")
    desk.keyboard.type("新")
    expect(desk.locator(".editor")).to_contain_text("乙段，补。")
    assert stored(problems) == "新甲段。\n乙段，补。"
    SummarySection.objects.filter(pk=problems.pk).update(text="别人的甲段。\n乙段，补。")
    desk.locator(".editor").click()
    desk.keyboard.press("Control+Home")
    desk.keyboard.type("我")
    expect(desk.locator("#theirs")).to_have_text("别人的甲段。\n乙段，补。")
    expect(desk.locator("#mine")).to_contain_text("我新甲段。")
    desk.click("[data-keep=mine]")
    expect(desk.locator("#together")).to_be_hidden()
    expect(desk.locator("#saved")).to_contain_text("已存")
    assert stored(problems) == "我新甲段。\n乙段，补。"


def test_a_heading_renamed_in_another_window_stays(desk: Page, problems: SummarySection) -> None:
    SummarySection.objects.filter(pk=problems.pk).update(heading="问题与不足")
    retype(desk, "甲段。")
    expect(desk.locator("#saved")).to_contain_text("已存")
    expect(desk.locator("input.heading")).to_have_value("问题与不足")
    SummarySection.objects.filter(pk=problems.pk).update(heading="别人的标题")
    desk.fill("input.heading", "我的标题")
    expect(desk.locator("#together-who")).to_have_text("其他人 也改了标题。请选择保留哪一个。")
    expect(desk.locator("#mine")).to_have_text("我的标题")
    expect(desk.locator("#theirs")).to_have_text("别人的标题")
    desk.click("[data-keep=theirs]")
    expect(desk.locator("#saved")).to_contain_text("已存")
    expect(desk.locator("input.heading")).to_have_value("别人的标题")
    problems.refresh_from_db()
    assert (problems.heading, problems.text) == ("别人的标题", "甲段。")


def test_a_section_left_out_in_another_window_is_taken_back(desk: Page, cast: dict, problems: SummarySection) -> None:
    drop_section(section=problems, by=cast["office"])
    retype(desk, "这一段还要。")
    expect(desk.locator("#refused")).to_contain_text("已将本节设为“不列入”，您写的内容尚未保存。")
    expect(desk.locator(".editor")).to_contain_text("这一段还要。")
    desk.click("#refused button")
    expect(desk.locator("#saved")).to_contain_text("已存")
    expect(desk.locator("#refused")).to_be_empty()
    assert (stored(problems), problems.dropped) == ("这一段还要。", False)


def test_a_refused_text_stays_on_the_page_until_it_is_mended(desk: Page, problems: SummarySection) -> None:
    here = desk.url
    retype(desk, "教师{不存在的数据}人。")
    expect(desk.locator("#refused")).to_contain_text("没有{不存在的数据}这项数据")
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with desk.expect_response("**/save/"):
        desk.locator("#outline a").first.click()
    expect(desk.locator("#refused")).to_be_in_viewport()
    expect(desk.locator("#refused")).to_contain_text("没有{不存在的数据}这项数据")
    expect(desk.locator(".editor")).to_contain_text("教师{不存在的数据}人。")
    assert desk.url == here
    # Who closes the window is warned by the browser.
    desk.evaluate("setTimeout(() => { location.href = '/'; })")
    desk.wait_for_timeout(300)
    assert (asked, desk.url) == (["beforeunload"], here)
    retype(desk, "教师{教师人数}人。")
    desk.locator("#outline a").first.click()
    desk.wait_for_url(lambda url: url != here)
    assert stored(problems) == "教师{教师人数}人。"


def test_the_composer_by_keyboard_and_on_a_phone(desk: Page, problems: SummarySection) -> None:
    desk.locator("#find").focus()
    desk.keyboard.type("教师人数")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("Enter")
    expect(desk.locator(".editor .chip[data-label=教师人数]")).to_have_count(1)
    expect(desk.locator("#saved")).to_contain_text("已存")
    found = Axe().run(desk).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.reload()
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_records_and_buttons_stay_within_their_boxes(desk: Page, problems: SummarySection) -> None:
    desk.fill("#find", "教师人数")
    desk.locator("#find").press("Enter")
    expect(desk.locator("#records thead th")).to_have_text(["姓名", "教师编号", "学校", "性别"])
    inside = "(box) => box.scrollWidth <= box.clientWidth"
    assert desk.locator("#records").evaluate(inside)
    expect(desk.locator("#saved")).to_contain_text("已存")
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.reload()
    assert desk.locator(".head .acts").evaluate(inside)
    desk.route("**/lastyear/", lambda route: route.fulfill(json={"学校数": "上年没有这项数据，或口径不同"}))
    desk.locator("#find").focus()
    expect(desk.locator("#found small").first).to_contain_text("上年没有")
    cut = "(all) => all.filter((said) => said.scrollWidth > said.clientWidth).map((said) => said.textContent)"
    assert desk.locator("#found small").evaluate_all(cut) == []


def test_a_section_is_dragged_before_another(desk: Page, problems: SummarySection) -> None:
    links = desk.locator("#outline a")
    links.nth(links.count() - 1).drag_to(links.nth(links.count() - 2))
    desk.wait_for_load_state()
    expect(links.nth(links.count() - 2)).to_contain_text("下一步打算")
    assert AnnualSummary.objects.get().outline.last().pk == problems.pk


def test_a_finalised_paper_stays_and_the_drift_is_told(
    desk: Page, town: SimpleNamespace, problems: SummarySection
) -> None:
    retype(desk, "我镇教师{教师人数}人。")
    expect(desk.locator("#preview")).to_contain_text("我镇教师3人。")
    desk.click(".acts >> text=更多")
    desk.click(".acts >> text=定稿")
    expect(desk.locator("h1")).to_have_text("定稿前检查")
    desk.click("main form .btn-primary")
    expect(desk.locator("main")).to_contain_text("已定稿")
    paper = problems.summary.versions.get()
    with paper.pdf.open("rb") as file:
        first = file.read()
    TeacherFactory(school=town.school, no="099", name="新来")
    desk.goto(problems.summary.get_absolute_url())
    expect(desk.locator(".paper")).to_contain_text("我镇教师3 人。")
    desk.click("text=查看是哪些记录")
    expect(desk.locator("main")).to_contain_text("教师人数: 3 → 4 人")
    expect(desk.locator("main ins + a").first).to_contain_text("新来")
    assert desk.request.get(f"/reports/summaryversion/{paper.pk}/pdf/").body() == first


def test_who_is_signed_out_while_writing_loses_nothing(desk: Page, cast: dict, problems: SummarySection) -> None:
    desk.context.clear_cookies(name="sessionid")
    retype(desk, "这一句还没有保存。")
    expect(desk.locator("#refused")).to_contain_text("登录已失效")
    assert stored(problems) != "这一句还没有保存。"
    other = desk.context.new_page()
    sign_in(other, cast["office"].username)
    expect(desk.locator("#saved")).to_contain_text("已存", timeout=15000)
    expect(desk.locator("#refused")).to_be_empty()
    assert stored(problems) == "这一句还没有保存。"
