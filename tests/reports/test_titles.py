"""Titles and signatures: lines of about the same length, whole words, numbers as the standard writes them."""

import pytest
from django.core.exceptions import ValidationError

from apps.figures.charts import width_of
from apps.reports.letterhead import document_number
from apps.reports.models import AnnualSummary
from apps.reports.printing.title_lines import CLOSING, ROOM, title_lines
from apps.reports.printing.word import _indents


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("慕仪镇2025—2026学年校本研修工作总结", ["慕仪镇2025—2026学年校本研修工作总结"]),
        ("镇初级中学2025—2026学年第一学期校本研修工作总结", ["镇初级中学2025—2026学年第一学期", "校本研修工作总结"]),
        ("镇中心小学2025—2026学年教师校本研修工作总结", ["镇中心小学2025—2026学年", "教师校本研修工作总结"]),
    ],
)
def test_title_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@pytest.mark.parametrize("length", range(1, 100, 7))
@pytest.mark.parametrize("words", ["研", "校本研修工作总结", "慕仪镇（教育组）、2025年度", "A1"])
def test_lines_fit_say_all_and_leave_nothing_lonely(length: int, words: str) -> None:
    title = (words * 100)[:length]
    lines = title_lines(title)
    assert "".join(lines) == title
    if width_of(title) <= ROOM:
        assert len(lines) == 1
    elif words != "A1":  # letters in one run are not broken
        assert all(width_of(line) <= ROOM for line in lines)
        assert all(len(line) > 1 for line in lines)
        assert not any(line[0] in CLOSING for line in lines)


@pytest.mark.parametrize(
    "typed",
    [
        "宝陈教体发【2013】45号",
        "宝陈教体发[2013]45号",
        "宝陈教体发(2013)第045号",
        "宝陈教体发〔２０１３〕４５",
        " 宝陈教体发 〔2013〕 45 号 ",
    ],
)
def test_document_number_is_kept_as_the_standard_writes_it(typed: str) -> None:
    assert document_number(typed) == "宝陈教体发〔2013〕45号"


@pytest.mark.parametrize(
    "typed",
    ["45号", "宝陈教体发13号", "宝陈教体发〔13〕45号", "宝陈教体发〔2013〕号", "〔2013〕45号", "宝陈教体发〔2013〕0号"],
)
def test_what_is_no_document_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        document_number(typed)
    with pytest.raises(ValidationError, match="宝陈教体发〔2013〕45号"):
        AnnualSummary._meta.get_field("document_number").to_python(typed)


def test_day_begins_two_characters_right_of_the_name() -> None:
    character, day = 16 * 12700, "2026年7月5日"  # 6 digits and 3 characters: as broad as 6 characters
    for name in ("镇初级中学", "慕仪镇教育组", "慕仪镇中小学教育教研组"):
        name_right, day_right = _indents(name, day)
        begins = name_right + len(name) * character
        assert begins - (day_right + 6 * character) == 2 * character, name
        assert min(name_right, day_right) >= 0
    assert _indents("慕仪镇教育组", day)[0] == 2 * character
    # The longer day ends two characters from the right, and the name gives way.
    assert _indents("镇初中", day) == ((2 + 3 + 2) * character, 2 * character)
