"""A principal fills in the school's workbook: download, write, upload, mend, import, look; and back again."""

import re
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from apps.schools.models import SchoolGrade
from tests.e2e.conftest import sign_in
from tests.workbooks.conftest import headers, title

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
GRADE = ("school", "school_year", "grade", "classes", "students", "experimental")


def fill(path: Path, *rows: list[Any]) -> Path:
    """Write rows into the sheet of grades of a downloaded workbook, below what is there."""
    book = load_workbook(path)
    page = book[title(SchoolGrade)]
    columns = {cell.value: cell.column for cell in page[1]}
    for number, row in enumerate(rows, page.max_row + 1):
        for head, value in zip(headers(SchoolGrade, *GRADE), row, strict=True):
            page.cell(number, columns[head]).value = value
    out = path.with_name(f"填好-{path.name}")
    book.save(out)
    return out


def mend(content: bytes, path: Path) -> Path:
    """Put right the cells that the marked copy shows as wrong."""
    book = load_workbook(BytesIO(content))
    page = book[title(SchoolGrade)]
    marked = [cell for row in page.iter_rows() for cell in row if cell.comment and cell.row > 1]
    assert [cell.fill.fgColor.rgb[-6:] for cell in marked] == ["F6C6B4", "F6C6B4"]
    right = {"袁科小学": "镇初级中学", "许多": 5}
    for cell in marked:
        cell.value = right[cell.value]
    book.save(path)
    return path


def test_principal_brings_the_workbook(page: Page, cast: dict, town: SimpleNamespace, tmp_path: Path) -> None:
    sign_in(page, cast["principal"].username)
    page.goto("/workbooks/")
    with page.expect_download() as loading:
        page.click("button[formaction$='/workbooks/template/']")
    template = tmp_path / loading.value.suggested_filename
    loading.value.save_as(template)
    assert town.school.name in template.name
    filled = fill(
        template,
        [town.school.name, 2025, "七年级", 4, 180, "是"],
        ["袁科小学", 2025, "八年级", 4, 170, "否"],
        [town.school.name, 2025, "九年级", "许多", 160, "否"],
    )

    page.set_input_files("input[type=file]", filled)
    page.click("main form .btn-primary")
    expect(page.locator(".state.late").first).to_be_visible()
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    page.evaluate("window.stayed = true")
    page.click("#kind-new")
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    page.click("#kind-wrong")
    expect(page.locator("#rows tbody tr")).to_have_count(2)
    assert page.evaluate("window.stayed") is True
    assert not SchoolGrade.objects.exists()

    with page.expect_download() as loading:
        page.click("a[href$='/marked/']")
    marked = tmp_path / "marked.xlsx"
    loading.value.save_as(marked)
    page.set_input_files("input[name=file]", mend(marked.read_bytes(), tmp_path / "改好.xlsx"))
    page.click("form[action$='/mend/'] .savebar button")
    expect(page.locator(".note.success")).to_be_visible()
    page.click("form[action$='/commit/'] button")
    expect(page.locator(".state.done").first).to_be_visible()

    page.goto("/schools/schoolgrade/?period=2025")
    expect(page.locator("data[data-measure=count]")).to_have_attribute("value", "3")
    for name in ("七年级", "八年级", "九年级"):
        expect(page.locator("main")).to_contain_text(name)

    page.goto("/workbooks/importbatch/")
    page.click("td a:has-text('改好.xlsx')")
    page.click("a[href$='/undo/'], form[action$='/undo/'] button")
    expect(page.locator("table").first).to_contain_text(re.compile("年级"))
    page.click(".btn-danger")
    expect(page.locator(".note.success")).to_be_visible()
    assert not SchoolGrade.objects.exists()


def test_pages_are_accessible_and_fit_a_phone(page: Page, cast: dict, town: SimpleNamespace, tmp_path: Path) -> None:
    sign_in(page, cast["principal"].username)
    page.goto("/workbooks/")
    with page.expect_download() as loading:
        page.click("button[formaction$='/workbooks/template/']")
    loading.value.save_as(tmp_path / "表.xlsx")
    page.set_input_files(
        "input[type=file]", fill(tmp_path / "表.xlsx", ["袁科小学", 2025, "七年级", "许多", 180, "是"])
    )
    page.click("main form .btn-primary")
    expect(page.locator("#rows")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.wait_for_load_state("networkidle")
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
