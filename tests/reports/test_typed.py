"""Numbers typed by hand in all the ways that offices write them."""

import pytest

from apps.figures.figures import Figure
from apps.reports.prose.typed_numbers import typed_numbers

FIGURES = {
    figure.key: figure
    for figure in (
        Figure("a", "教师人数", 265, "人", "/a"),
        Figure("b", "听课总节数", 884, "节", "/b"),
        Figure("c", "课堂条目数", 1020, "篇", "/c"),
        Figure("d", "听课总人次", 1338, "人次", "/d"),
        Figure("e", "学校数", 14, "所", "/e"),
        Figure("f", "学校总数", 14, "节", "/f"),
        Figure("g", "到会人次", 265, "人次", "/g"),
        Figure("h", "评优人数", 14, "项", "/h"),
    )
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("教师２６５名", [("２６５", "{教师人数}")]),
        ("教师265名，参与265人次", [("265", "{教师人数}"), ("265", "{到会人次}")]),
        ("教师265位", [("265", "{教师人数}")]),
        ("全镇14个学校", [("14", "{学校数}")]),
        ("教师二百六十五人", [("二百六十五", "{教师人数}")]),
        ("听课八百八十四节", [("八百八十四", "{听课总节数}")]),
        ("填写一千零二十篇、一千〇二十篇", [("一千零二十", "{课堂条目数}"), ("一千〇二十", "{课堂条目数}")]),
        ("听课1,338人次", [("1,338", "{听课总人次}")]),
        ("共“265人”", [("265", "{教师人数}")]),
        ("共“二百六十五人”", [("二百六十五", "{教师人数}")]),
        ("评选“265”工程", []),
        ("四百多人，第二百六十五人，每十四所", []),
        ("十四个抓手，七八节，二百六十五次，十四五规划", []),
        ("２０２５年１２月，第２６５名，教办〔2025〕265号", []),
    ],
)
def test_numbers_are_found_as_offices_write_them(text: str, expected: list[tuple[str, str]]) -> None:
    found = typed_numbers(text, FIGURES)
    assert [(typed.text, typed.token) for typed in found] == expected
    assert [text[typed.start : typed.end] for typed in found] == [typed.text for typed in found]
