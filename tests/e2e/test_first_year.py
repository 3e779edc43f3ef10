"""A town's first year by clicking alone: from a database without a row to a summary, and into the second September."""

import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from apps.firstrun.middleware import FirstSteps
from apps.firstrun.models import FirstCode
from apps.webui.guide import FIRST_YEAR
from tests.workbooks.corpus.cases import valid

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

JUNIOR, PRIMARY, KINDERGARTEN = "青川镇初级中学", "青川镇中心小学", "青川镇幼儿园"
HEAD = (
    "序号",
    "学校",
    "姓名",
    "身份证号",
    "参加工作时间",
    "最高学历",
    "职称",
    "行政职务",
    "任教学科",
    "联系电话",
    "备注",
)
FIRST = (
    (JUNIOR, "王建国", "61030419700312101", "1992.7", "本科", "高级教师", "校长", "思想政治", "13800000001"),
    (JUNIOR, "李小梅", "61030419850620102", "2007.9", "本科", "一级教师", "教导主任", "语文", "13800000002"),
    (JUNIOR, "张伟", "61030419900105103", "2013.8", "本科", "二级教师", "", "数学", "13800000003"),
    (PRIMARY, "赵秀兰", "61030419720815104", "1993.7", "本科", "高级教师", "校长", "语文", "13800000004"),
    (PRIMARY, "刘芳", "61030419880222106", "2010.9", "本科", "一级教师", "", "数学", "13800000005"),
    (PRIMARY, "陈静", "61030419951130108", "2018.9", "本科", "二级教师", "", "英语", "13800000006"),
    (KINDERGARTEN, "周敏", "61030419800909120", "2001.9", "专科", "一级教师", "园长", "学前教育", "13800000007"),
    (KINDERGARTEN, "吴霞", "61030419660401122", "1986.7", "专科", "一级教师", "", "学前教育", "13800000008"),
)
NEW = (PRIMARY, "孙悦", "61030420030518124", "2026.9", "本科", "", "", "语文", "13800000009")
# What the guide tells of, with how many clicks and fields each takes.
STAGES = ("建站", "花名册", "账号", "通用规则", "校长记录", "第一份总结", "第二个九月")
OFFICE, HEADMASTER = "qingchuan-office-1", "wangjianguo-qc-1"


def roster(path: Path, title: str, *rows: tuple[str, ...]) -> Path:
    """Write a roster as offices keep it: a title, a header, without teacher numbers and days of birth."""
    book = Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append([title])
    sheet.merge_cells("A1:K1")
    sheet.append(HEAD)
    for number, (school, name, digits, *more) in enumerate(rows, 1):
        sheet.append([number, school, name, valid(digits), *more, ""])
    book.save(path)
    return path


def second_september() -> Iterator[tuple[str, ...]]:
    """Yield next year's roster: 吴霞 has left, 陈静 has moved, 张伟 has a new title, 孙悦 has arrived."""
    for row in FIRST[:-1]:
        if row[1] == "陈静":
            yield (JUNIOR, *row[1:])
        elif row[1] == "张伟":
            yield (*row[:5], "一级教师", *row[6:])
        else:
            yield row
    yield NEW


def text_of(paper: bytes) -> str:
    """Return the text of a PDF without its line ends."""
    return "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).replace("\n", "")


class Walk:
    """Somebody at the browser: every click and every field filled in is counted, stage by stage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks: dict[str, int] = {}
        self.fields: dict[str, int] = {}

    def begin(self, stage: str) -> None:
        """Begin a stage of the year."""
        self.stage = stage
        self.clicks[stage] = self.fields[stage] = 0

    def click(self, selector: str | Locator) -> None:
        """Click what is seen, and wait for the page."""
        place = self.page.locator(selector).locator("visible=true").first if isinstance(selector, str) else selector
        place.click()
        self.clicks[self.stage] += 1
        self.page.wait_for_load_state()

    def press(self, label: str) -> None:
        """Click the button or link of this name."""
        self.click(f"main :is(a, button):text-is('{label}')")

    def menu(self, label: str) -> None:
        """Click an entry of the side bar."""
        self.click(f"nav a:text-is('{label}')")

    def fill(self, **values: str) -> None:
        """Type into fields by their names."""
        for name, value in values.items():
            self.page.fill(f"main [name='{name}']", value)
            self.fields[self.stage] += 1

    def choose(self, name: str, label: str) -> None:
        """Choose in a drop-down list: a click to open it, one on the line."""
        self.page.locator(f"select[name='{name}']").locator("visible=true").first.select_option(label=label)
        self.clicks[self.stage] += 2

    def pick(self, name: str, typed: str) -> None:
        """Type the beginning of a person's name and click the first of those offered."""
        box = self.page.locator(f"[name={name}]")
        box.press_sequentially(typed)
        self.fields[self.stage] += 1
        self.click(self.page.locator(f"#id_{name}_picks [role=option]").first)

    def bring(self, path: Path) -> None:
        """Choose a file, as the window of the system asks for it: a click to open it, one on the file."""
        self.page.set_input_files("input[type=file]", path)
        self.clicks[self.stage] += 2
        self.press("预览")

    def download(self, label: str) -> bytes:
        """Click a download and return the file."""
        with self.page.expect_download() as loading:
            self.press(label)
        return Path(loading.value.path()).read_bytes()

    def sign_in(self, username: str, password: str) -> None:
        """Sign in."""
        self.fill(username=username, password=password)
        self.press("登录")

    def sign_out(self, name: str) -> None:
        """Sign out by the menu at the top."""
        self.click(f"header summary:has-text('{name}'), summary:has-text('{name}')")
        self.click("button:text-is('退出')")


def start(walk: Walk) -> int:
    """Go through the first steps; return in which year the school year begins."""
    code = FirstCode.issue()
    walk.begin("建站")
    walk.page.goto("/")  # the one address that is typed
    walk.fill(code=code)
    walk.press("开始")
    walk.fill(name="青川", office_name="县教师发展中心")
    walk.press("下一步")
    walk.fill(**{"form-0-name": "青川"})
    walk.press("下一步")
    year = int(walk.page.input_value("[name=starts_on]")[:4])
    walk.press("下一步")
    walk.fill(name="刘干事", username="liu", password1=OFFICE, password2=OFFICE)
    walk.press("完成设置")
    expect(walk.page.locator("main")).to_contain_text("还有8项")
    return year


def take_in(walk: Walk, path: Path) -> None:
    """Take in the first roster: the schools are new, the days of arrival are asked for once."""
    walk.begin("花名册")
    walk.click("#step-teachers a:text-is('导入')")
    walk.bring(path)
    for name, stage in ((JUNIOR, "初级中学"), (PRIMARY, "小学"), (KINDERGARTEN, "幼儿园")):
        chosen = walk.page.get_by_label(name).evaluate("box => box.selectedOptions[0].text")
        assert chosen == f"新建，学段为{stage}"
    walk.fill(since="2019-09")
    walk.press("确认并重新预览")
    walk.press("确认导入")
    expect(walk.page.locator(".state.done").first).to_have_text("已导入")
    walk.press("返回首页")
    expect(walk.page.locator("#step-schools")).to_contain_text("3所")
    expect(walk.page.locator("#step-teachers")).to_contain_text("8人")


def open_accounts(walk: Walk) -> str:
    """Open an account for everybody and have the slips printed; return the one-time code of the headmaster."""
    walk.begin("账号")
    walk.click("#step-accounts a:text-is('开通账号')")
    walk.click("label:has-text('名册上的校长')")
    walk.click("label:has-text('其他教师')")
    walk.click("label:has-text('全部学校')")
    walk.press("查看开通情况")
    expect(walk.page.locator("main")).to_contain_text("待开通账号8个")
    walk.press("全部开通")
    slips = text_of(walk.download("登录单（PDF，可裁开）"))
    assert all(row[1] in slips for row in FIRST)
    said = walk.page.get_by_label(JUNIOR).input_value()
    line = next(line for line in said.splitlines() if line.startswith("王建国"))
    username, code = line.removeprefix("王建国：用户名").split("，登录码")
    assert username in slips
    assert code in slips
    walk.menu("今日")
    return f"{username} {code}"


def take_defaults(walk: Walk) -> None:
    """Take over what the checklist offers; then it is gone from the start page."""
    walk.begin("通用规则")
    for step in ("rubric", "quotas", "requirements", "cycle", "round"):
        walk.click(f"#step-{step} button:has-text('采用')")
        expect(walk.page.locator(".note.success")).to_contain_text("出处")
        walk.press("返回首页")
    expect(walk.page.locator("main h1")).to_have_text("今日")


def work_as_head(walk: Walk, slip: str, day: date, year: int) -> None:
    """Sign in by the slip, and record a lesson, an entry of the own handbook and an assessment."""
    walk.begin("校长记录")
    walk.sign_out("刘干事")
    username, code = slip.split()
    walk.sign_in(username, code)
    walk.fill(new_password1=HEADMASTER, new_password2=HEADMASTER)
    walk.press("保存并登录")

    walk.press("新增听课记录")
    walk.pick("teacher", "张伟")
    walk.pick("observer_teacher", "wjg")
    walk.choose("subject", "数学")
    walk.choose("grade", "七年级")
    walk.fill(topic="有理数的加法", date=day.isoformat())
    for row in walk.page.locator("[data-score]").all():
        walk.click(row.locator("label").nth(3))
    walk.press("提交")
    expect(walk.page.locator("main")).to_contain_text("待教师确认")

    walk.menu("行动手册")
    walk.press("新增行动手册条目")
    walk.choose("requirement", f"{year}—{year + 1}学年{term_of(day, year)} 教学反思")
    walk.fill(date=day.isoformat(), title="《有理数》一课的反思", content="学生在去括号处出错较多。")
    walk.press("保存并提交审阅")

    walk.menu("师德考核")
    walk.press("新增师德考核")
    walk.choose("cycle", f"{year}—{year + 1}学年师德考核")
    walk.pick("teacher", "李小梅")
    walk.fill(school_score="92")
    walk.press("保存")
    walk.press("提交教育组")
    walk.press("提交教育组")
    expect(walk.page.locator(".note.success")).to_contain_text("已提交")


def term_of(day: date, year: int) -> str:
    """Return the term of a day, by the days that the first steps propose."""
    return "第一学期" if day < date(year + 1, 2, 1) else "第二学期"


def summarise(walk: Walk, year: int) -> dict[str, Any]:
    """Decide and review what waits, compose the summary, and read its PDF; return its figures."""
    walk.begin("第一份总结")
    walk.sign_out("王建国")
    walk.sign_in("liu", OFFICE)
    walk.click("a:has-text('逐条审阅')")
    walk.press("通过")
    walk.menu("今日")
    walk.click("a:has-text('等待评定的师德考核')")
    walk.click("tbody a:text-is('李小梅')")
    walk.press("评定等次")
    walk.click("label:text-is('合格')")
    walk.press("评定等次")

    walk.menu("年度总结")
    walk.press("新增年度总结")
    walk.press("生成")
    expect(walk.page.locator("main h1")).to_contain_text("青川镇")
    paper = text_of(walk.download("PDF"))
    assert f"青川镇{year}—{year + 1}学年校本研修工作总结" in paper
    for said in ("全镇3所学校、8名教师", "全年听课1节", "填写手册1篇", "评定合格1人", "二级教师2人"):
        assert said in paper
    return figures(walk)


def figures(walk: Walk) -> dict[str, Any]:
    """Return the figures of the summary on the page, from its JSON; not counted, as no office takes it."""
    with walk.page.expect_download() as loading:
        walk.page.click("main a:has-text('JSON')")
    found = json.loads(Path(loading.value.path()).read_bytes())
    return {key: found[key] for key in ("figures", "tables")}


def open_next(walk: Walk, path: Path, year: int) -> None:
    """Open the next year, and take in its roster."""
    walk.begin("第二个九月")
    walk.menu("学年")
    walk.click(f"tbody a:text-is('{year}—{year + 1}学年')")
    walk.press("开设下一学年")
    walk.press(f"开设{year + 1}—{year + 2}学年")
    walk.press("导入新学年的花名册")
    assert walk.page.locator("[name=school_year] option:checked").inner_text() == f"{year + 1}—{year + 2}学年"
    walk.bring(path)
    roster = walk.page.locator("#roster")
    expect(roster).to_contain_text("新来1人，调动1人，变化1人，名册中没有1人，不变5人")
    walk.fill(since=f"{year + 1}-09")
    walk.press("确认并重新预览")
    for look, said in (
        ("调动", ("陈静", PRIMARY, JUNIOR)),
        ("变化", ("张伟", "二级教师 → 一级教师")),
        ("新来", ("孙悦", f"{year + 1}-09-01")),
        ("名册中没有", ("吴霞",)),
    ):
        walk.click(f"#roster a:has-text('{look}')")
        for words in said:
            expect(roster.locator("tbody")).to_contain_text(words)
    walk.choose(roster.locator("tbody select").first.get_attribute("name"), "退休")
    walk.press("确认导入")
    expect(walk.page.locator(".state.done").first).to_have_text("已导入")


def in_turn(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for a text that has these words one after the other."""
    return re.compile(".*".join(words), re.DOTALL)


def look_back(walk: Walk, year: int) -> dict[str, Any]:
    """See who is where now, and return the figures of the first summary again."""
    walk.begin("查看")
    walk.choose("year", f"{year + 1}—{year + 2}学年")
    walk.menu("教师")
    rows = walk.page.locator("main tbody")
    expect(rows).not_to_contain_text("吴霞")
    for name, school, title in (
        ("陈静", JUNIOR, "二级教师"),
        ("张伟", JUNIOR, "一级教师"),
        ("孙悦", PRIMARY, "未评职称"),
    ):
        row = rows.locator(f"tr:has-text('{name}')")
        expect(row).to_contain_text(school)
        expect(row).to_contain_text(title)
    walk.choose("year", f"{year}—{year + 1}学年")
    walk.menu("教师")
    for name, school, title in (
        ("陈静", PRIMARY, "二级教师"),
        ("张伟", JUNIOR, "二级教师"),
        ("吴霞", KINDERGARTEN, "一级"),
    ):
        row = rows.locator(f"tr:has-text('{name}')")
        expect(row).to_contain_text(school)
        expect(row).to_contain_text(title)
    walk.menu("年度总结")
    walk.click("tbody a:has-text('工作总结')")
    return figures(walk)


def test_first_year_by_clicking_alone(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FirstSteps, "begun", False)
    call_command("load_reference", verbosity=0)
    walk = Walk(page)
    year = start(walk)
    day = max(timezone.localdate(), date(year, 9, 1))
    take_in(walk, roster(tmp_path / "花名册.xlsx", f"青川镇{year}—{year + 1}学年教师花名册", *FIRST))
    slip = open_accounts(walk)
    take_defaults(walk)
    work_as_head(walk, slip, day, year)
    counted = summarise(walk, year)
    open_next(walk, roster(tmp_path / "新花名册.xlsx", f"青川镇{year + 1}学年花名册", *second_september()), year)
    assert look_back(walk, year) == counted
    told = FIRST_YEAR.read_text()  # the guide says how much there is to do
    for stage in STAGES:
        assert f"**{stage}**：点{walk.clicks[stage]}次，填{walk.fields[stage]}处" in told
    clicks, fields = (sum(counted[stage] for stage in STAGES) for counted in (walk.clicks, walk.fields))
    assert f"全部走完，共点{clicks}次，填{fields}处" in told
