"""Lines and pages: no lonely heading, line or signature; a sheet on its side; red header and imprint, measured."""

from dataclasses import replace
from datetime import date

import pytest

from apps.figures.figures import Cell, Table
from apps.reports.composing.document import Annexes, Document, Part
from apps.reports.letterhead import Letterhead
from apps.reports.printing.html import paper_pdf
from tests.reports.measuring import BOTTOM, LEFT, MM, RIGHT, TOP, body, measured, rules
from tests.reports.papers import CHART, document

HALF = 0.5
HEAD = Letterhead(
    "慕仪镇教育组文件",
    "宝陈慕教发〔2026〕12号",
    addressee="区教育体育局",
    copied_to="区教研室，各中小学、幼儿园，镇党政办公室，镇人大办公室，各村民委员会",
    printed_by="慕仪镇教育组",
    printed_on=date(2026, 7, 6),
)
WIDE = Table(
    "w", "各校情况一览表", tuple("甲乙丙丁戊己庚辛壬癸子丑寅卯"), tuple((Cell("第一小学"),) * 14 for _n in range(40))
)


def text_only(lines: int, **given: object) -> Document:
    parts = (Part(1, "", paragraphs=(("研" * (28 * lines - 2),),)),)
    return document(**({"parts": parts, "annexes": Annexes()} | given))


def test_a_page_holds_22_lines_of_28_characters() -> None:
    _page, lines = measured(paper_pdf(text_only(60)))[1]
    assert [len(line.text) for line in body(lines)] == [28] * 22
    assert abs(body(lines)[0].left - LEFT) < HALF
    assert abs(body(lines)[0].right - RIGHT) < HALF


def test_no_heading_ends_a_page_and_no_single_line_begins_or_ends_one() -> None:
    parts = []
    for number in range(60):
        chart = (CHART,) if number % 4 == 0 else ()
        long = "".join(f"第{number}段研修，" for _n in range(6 + number % 13))
        parts += [Part(1, f"标题{number}", "一、"), Part(2, "小标题", "（一）", paragraphs=((long,),), charts=chart)]
    pages = measured(paper_pdf(document(parts=tuple(parts), annexes=Annexes())))
    assert len(pages) > 15
    for page, lines in pages[1:-1]:
        rows = body(lines)
        below = [image["top"] / MM for image in page.images]
        last_is_text = not below or max(below) < rows[-1].base
        assert not (rows[-1].heading and last_is_text), rows[-1].text
        if abs(rows[0].left - LEFT) < HALF:
            assert abs(rows[1].left - LEFT) < HALF, rows[0].text
        # The first line of a paragraph, without its second one, at the foot of a page.
        ends = rows[-1].text.endswith("，") and last_is_text
        if ends and abs(rows[-1].left - LEFT) > HALF:
            assert rows[-1].right < RIGHT - HALF, rows[-1].text


@pytest.mark.parametrize("lines", range(13, 24))
@pytest.mark.parametrize("annexes", [0, 3])
def test_signature_never_stands_on_a_page_without_text(lines: int, annexes: int) -> None:
    tables = tuple(replace(WIDE, heads=("学校",), rows=((Cell("甲"),),)) for _n in range(annexes))
    pages = measured(paper_pdf(text_only(lines, annexes=Annexes(tables=tables))))
    signed = next(rows for _page, rows in pages if any(row.text == "慕仪镇教育组" for row in rows))
    assert sum(set(row.text) == {"研"} for row in signed) >= 2


def test_signature_and_day_stand_as_the_standard_says() -> None:
    for name in ("慕仪镇教育组", "镇中心小学", "慕仪镇教育组教学研究办公室"):
        rows = {row.text: row for _page, lines in measured(paper_pdf(text_only(3, signature=name))) for row in lines}
        signed, day = rows[name], rows["2026年7月5日"]
        character = 15.75 / MM
        assert abs(day.left - signed.left - 2 * character) < HALF
        assert abs(max(day.right, signed.right) - (RIGHT - 2 * character)) < HALF


def test_annexes_are_named_and_titled_on_their_lines() -> None:
    two = Annexes(tables=(replace(WIDE, heads=("学校",), rows=((Cell("甲"),),)), WIDE))
    pages = measured(paper_pdf(text_only(3, annexes=two)))
    texts = [line.text for line in pages[0][1]]
    assert any(text.startswith("附件：1.") for text in texts)
    rows = pages[1][1]
    assert (rows[0].text, rows[1].text) == ("附件1", "各校情况一览表")
    assert abs(rows[0].left - LEFT) < HALF
    assert abs(rows[1].base - rows[0].base - 2 * 28.95 / MM) < 2  # the third line; its letters are larger
    assert abs((rows[1].left + rows[1].right) / 2 - (LEFT + RIGHT) / 2) < HALF
    single = measured(paper_pdf(text_only(3, annexes=Annexes(tables=(WIDE,)))))
    assert "附件：各校情况一览表" in [line.text for line in single[0][1]]
    assert single[1][1][0].text == "附件"


def test_a_sheet_on_its_side_has_its_number_where_upright_pages_have_it() -> None:
    pages = measured(paper_pdf(text_only(3, annexes=Annexes(tables=(WIDE,)))))
    lying = pages[1:]
    assert len(lying) >= 2
    for number, (page, lines) in enumerate(lying, start=2):
        assert page.width > page.height
        assert any("甲" in line.text for line in lines)  # the head is repeated
        turned = [char for char in page.chars if not char["upright"] and char["text"].strip()]
        assert "".join(char["text"] for char in turned) == f"—{number}—"
        # Turned back, left is down: the line that the number stands on, from the sheet's foot, as on upright pages.
        assert abs(turned[0]["matrix"][4] / MM - (297 - BOTTOM - 7 - 0.293 * 14 / MM)) < HALF
        if number % 2:
            assert abs((turned[-1]["matrix"][5] - 0.889 * 14) / MM - (26 + 14 / MM)) < HALF
        else:
            assert abs(turned[0]["matrix"][5] / MM - (210 - 28 - 14 / MM)) < HALF


def test_red_header_stands_as_the_standard_says() -> None:
    page, lines = measured(paper_pdf(text_only(30, letterhead=HEAD)))[0]
    name, number, title, addressee = lines[:4]
    assert (name.text, number.text) == ("慕仪镇教育组文件", "宝陈慕教发〔2026〕12号")
    assert addressee.text == "区教育体育局："
    # 35 mm from the head of the type area to the name's upper edge; its characters are 0.84 high above their line.
    assert abs(name.base - 0.84 * name.size / MM - (TOP + 35)) < HALF
    for row in (name, number, title):
        assert abs((row.left + row.right) / 2 - (LEFT + RIGHT) / 2) < HALF
    red = [char for char in page.chars if char["text"] in "慕仪" and char["size"] > 30]
    assert {tuple(round(c, 2) for c in char["non_stroking_color"]) for char in red} == {(0.88, 0, 0)}
    (top, thick), *_rest = rules(page, 30)
    assert top - (number.base + 0.12 * 15.75 / MM) == pytest.approx(4, abs=HALF)
    assert thick == pytest.approx(0.4, abs=0.1)
    assert rules(page, RIGHT - 0.2)[0][0] == pytest.approx(top, abs=0.1)
    assert rules(page, RIGHT + 0.3) == []
    assert addressee.left == pytest.approx(LEFT, abs=HALF)


def test_number_and_signer_stand_one_character_in() -> None:
    _page, lines = measured(paper_pdf(text_only(3, letterhead=replace(HEAD, signer="李𬭎"))))[0]
    row = lines[1]
    assert row.text == "宝陈慕教发〔2026〕12号签发人：李𬭎"
    assert row.left == pytest.approx(LEFT + 15.75 / MM, abs=HALF)
    assert row.right == pytest.approx(RIGHT - 15.75 / MM, abs=HALF)


@pytest.mark.parametrize("annexes", [Annexes(), Annexes(tables=(WIDE,))])
def test_imprint_stands_at_the_foot_of_the_last_page(annexes: Annexes) -> None:
    pages = measured(paper_pdf(text_only(9, letterhead=HEAD, annexes=annexes)))
    page, lines = pages[-1]
    assert page.height > page.width
    said = [line.text for line in lines[-4:-1]]
    assert said[0].startswith("抄送：区教研室")
    assert said[-1] == "慕仪镇教育组2026年7月6日印发"
    last = lines[-2]
    assert last.left == pytest.approx(LEFT + 14 / MM, abs=HALF)
    assert last.right == pytest.approx(RIGHT - 14 / MM, abs=HALF)
    assert lines[-3].left == pytest.approx(LEFT + 4 * 14 / MM, abs=HALF)
    first, middle, end = rules(page, 30)[-3:]
    assert [thick for _top, thick in (first, middle, end)] == pytest.approx([0.35, 0.25, 0.35], abs=0.06)
    assert sum(end) == pytest.approx(BOTTOM, abs=HALF)
    assert rules(page, RIGHT - 0.2)[-1][0] == pytest.approx(end[0], abs=0.1)


def test_a_working_report_has_neither() -> None:
    page, lines = measured(paper_pdf(text_only(3)))[0]
    assert lines[0].text == "慕仪镇2025—2026学年校本研修工作总结"
    # No line goes from one side to the other: what a column meets are letters.
    columns = [{round(top, 1) for top, _thick in rules(page, across)} for across in (LEFT + 0.2, 95, RIGHT - 0.2)]
    assert set.intersection(*columns) == set()
