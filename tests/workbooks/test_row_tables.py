"""Rows of workbooks as tables: which columns each kind has, what is linked, that nothing of a file becomes HTML."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template

from apps.workbooks.templatetags.row_tables import HEADS

PAGE = Template('{% load row_tables %}{% row_table "逐行" kind rows %}')


def drawn(kind: str, *rows: Any) -> str:
    return PAGE.render(Context({"kind": kind, "rows": rows}))


def cells(text: str) -> list[tuple[str, str, str]]:
    """Return class, header and content of the cells."""
    return re.findall(r'<td class="([^"]*)" data-label="([^"]*)">(.*?)</td>', text)


@pytest.mark.parametrize("kind", HEADS)
def test_table_has_a_caption_and_a_header_for_each_cell(kind: str) -> None:
    text = drawn(kind, {"cell": "A2", "title": "教师", "name": "王思远"})
    assert '<caption class="visually-hidden">逐行</caption>' in text
    heads = re.findall(r'<th scope="col" class="([^"]*)">(.*?)</th>', text)
    assert heads == [(look, label) for look, label, _content in cells(text)]
    assert len(heads) == len(HEADS[kind])


def test_error_without_a_place_has_dashes_and_leads_to_what_it_names() -> None:
    (found,) = [cells(drawn("wrong", {"cell": "", "sheet": "", "what": "重名", "remedy": "改名", "url": "/t/1/"}))]
    assert [content for _look, _label, content in found] == ["—", "—", '<a href="/t/1/">重名</a>', "改名"]


@pytest.mark.parametrize(("kind", "name"), [("doubtful", "王思远"), ("doubtful_written", '<a href="/t/1/">王思远</a>')])
def test_record_to_check_is_linked_once_it_is_written(kind: str, name: str) -> None:
    row = {"cell": "A2", "sheet": "教师", "row": "王思远", "what": "日期", "url": "/t/1/"}
    assert [content for _look, _label, content in cells(drawn(kind, row))] == ["A2", "教师", name, "日期"]


def test_changed_cell_shows_stored_and_new_value() -> None:
    row = {"cell": "B2", "sheet": "教师", "row": "王思远", "column": "姓名", "old": "王思远", "new": "王思源"}
    assert [content for _look, _label, content in cells(drawn("changed", row))][-2:] == [
        '<span class="soft">王思远</span>',
        "<strong>王思源</strong>",
    ]


def test_counted_rows_are_linked_and_none_is_a_bare_nought() -> None:
    row = {"title": "任课 & 班级", "new": 3, "changed": 0, "unchanged": 7, "wrong": 1}
    sheet = "%E4%BB%BB%E8%AF%BE%20%26%20%E7%8F%AD%E7%BA%A7"
    assert cells(drawn("counts", row)) == [
        ("", "工作表", "任课 &amp; 班级"),
        ("num", "新增", f'<a href="?kind=new&amp;sheet={sheet}#rows">3</a>'),
        ("num", "修改", "0"),
        ("num", "未变", "7"),
        ("num", "有错", f'<a class="state late" href="?kind=wrong&amp;sheet={sheet}#rows">1</a>'),
    ]


def test_object_with_a_page_is_linked_and_its_kind_begins_with_a_capital() -> None:
    row = SimpleNamespace(name="Li Xin", kind="teacher", why="later", url="/t/2/")
    assert [content for _look, _label, content in cells(drawn("blockers", row))] == [
        '<a href="/t/2/">Li Xin</a>',
        "Teacher",
        "later",
    ]


@pytest.mark.parametrize("kind", HEADS)
def test_text_of_a_file_stays_text(kind: str) -> None:
    names = [head.name for head in HEADS[kind]]
    assert "<b>" not in drawn(kind, dict.fromkeys([*names, "title", "url"], "<b>"))
