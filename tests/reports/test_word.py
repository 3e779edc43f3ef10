"""The Word file: the text of the paper in real styles, tables that go on over pages, the same bytes."""

from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document as read_word
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor

from apps.core.actions import save_record
from apps.figures.charts import width_of
from apps.figures.figures import Cell, Table
from apps.reports.actions import add_section, save_title, write_section
from apps.reports.composing.document import Annexes
from apps.reports.composing.versions import document_of, public_json
from apps.reports.models import AnnualSummary
from apps.reports.printing.files import summary_file
from apps.reports.printing.word import word_docx
from tests.factories import DesignationFactory
from tests.reports.factories import composed
from tests.reports.papers import document
from tests.reports.test_layout import HEAD, WIDE


@pytest.fixture
def draft(town: SimpleNamespace, cast: dict) -> AnnualSummary:
    DesignationFactory(school=town.other, level=2)
    return composed(town.township, cast["office"])


@pytest.fixture
def word(draft: AnnualSummary) -> Any:
    return read_word(BytesIO(summary_file(draft, "docx").data))


def test_word_says_what_the_paper_says(draft: AnnualSummary, word: Any) -> None:
    outline = public_json(document_of(draft), state="draft")["outline"]
    said = [paragraph.text for paragraph in word.paragraphs]
    expected = [draft.title]
    for part in outline:
        expected += [f"{part['number']}{part['heading']}"] if part["heading"] else []
        expected += part["text"].splitlines()
    assert [text for text in said if text in expected] == expected
    assert "3" in "".join(expected)


def test_word_has_real_styles_and_chinese_fonts(word: Any) -> None:
    styles = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs}
    assert styles["慕仪镇2025—2026学年校本研修工作总结"] == "Title"
    assert next(style for text, style in styles.items() if text.startswith("一、")) == "Heading 1"
    fonts = {
        name: word.styles[name].element.rPr.rFonts.get(qn("w:eastAsia"))
        for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")
    }
    assert fonts == {
        "Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312",
        "Heading 3": "仿宋_GB2312",
    }  # fmt: skip


def test_word_has_the_page_of_the_paper(word: Any) -> None:
    first = word.sections[0]
    margins = (first.top_margin, first.right_margin, first.bottom_margin, first.left_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 26, 35, 28]
    assert word.settings.odd_and_even_pages_header_footer
    for footer in (first.footer, first.even_page_footer):
        assert "PAGE" in footer._element.xml
        assert footer.paragraphs[0].text.startswith("— ")


def test_annexes_are_tables_whose_heads_are_repeated(draft: AnnualSummary, word: Any) -> None:
    tables = document_of(draft).annexes.tables
    assert tables
    assert len(word.sections) == 1 + len(tables)
    for table, made in zip(tables, word.tables, strict=True):
        assert [cell.text.replace("\n", "") for cell in made.rows[0].cells] == [str(head) for head in table.heads]
        assert made.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert len(made.rows) == 1 + len(table.rows)
        first = ["" if cell.value is None else str(cell.value) for cell in table.rows[0]]
        assert [cell.text for cell in made.rows[1].cells] == first


@pytest.mark.parametrize("form", ["docx", "xlsx", "pdf"])
def test_the_same_data_give_the_same_bytes(draft: AnnualSummary, form: str, settings: Any) -> None:
    from datetime import UTC, datetime
    from unittest.mock import patch

    first = summary_file(draft, form).data
    with patch("time.time", return_value=datetime(2030, 1, 1, tzinfo=UTC).timestamp()):
        assert summary_file(draft, form).data == first


def test_word_is_downloaded_from_the_page(draft: AnnualSummary, browser: Any) -> None:
    client = browser("office")
    assert f"/reports/annualsummary/{draft.pk}/file/docx/" in client.get(draft.get_absolute_url()).content.decode()
    answer = client.get(f"/reports/annualsummary/{draft.pk}/file/docx/")
    assert read_word(BytesIO(answer.content)).core_properties.title == draft.title


def official() -> Any:
    """Return the Word file of an official document with a wide annex, a chart, and names that go on one page."""
    made = word_docx(document(letterhead=replace(HEAD, signer="李𬭎"), annexes=Annexes(tables=(WIDE, WIDE))))
    return read_word(BytesIO(made))


def test_what_word_cannot_hold_is_nowhere_stored(
    draft: AnnualSummary, town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    evil = "\x00\x07\x08\x1b\ufffe\ud800"
    part = draft.outline.last()
    write_section(section=part, text=f"甲{evil}乙。", base=part.text, heading=f"打{evil}算", by=cast["office"])
    add_section(summary=draft, heading=f"特{evil}色", after=None, by=cast["office"])
    draft.title = f"总{evil}结"
    save_title(record=draft, by=cast["office"])
    town.school.name = f"镇{evil}中"
    save_record(record=town.school, by=cast["office"])
    part.refresh_from_db()
    assert (part.text, part.heading, draft.outline.last().heading) == ("甲乙。", "打算", "特色")
    assert (part.revisions.first().text, part.revisions.first().heading) == ("甲乙。", "打算")
    answer = browser("office").get(f"{draft.get_absolute_url()}file/docx/")
    said = [paragraph.text for paragraph in read_word(BytesIO(answer.content)).paragraphs]
    assert said[0] == "总结"
    assert "甲乙。" in said
    town.school.refresh_from_db()
    assert town.school.name == "镇中"


def test_lines_and_characters_stand_on_the_grid_of_the_standard(word: Any) -> None:
    normal = word.styles["Normal"]
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert normal.font.size.pt == 16
    narrower = int(normal.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    # 28 characters go on 156 mm, 29 do not; 22 lines on 225 mm.
    assert 28 * (16 + narrower) <= 156 / 25.4 * 72 < 29 * (16 + narrower)
    assert 22 * 28.95 <= 225 / 25.4 * 72 < 22.1 * 28.95
    grid = word.sections[0]._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_official_document_has_its_header_and_imprint() -> None:
    word = official()
    texts = [paragraph.text for paragraph in word.paragraphs]
    assert texts[0] == "慕仪镇教育组文件"
    assert word.paragraphs[0].runs[0].font.color.rgb == RGBColor(0xE0, 0, 0)
    assert texts[1:3] == ["", ""]
    assert texts[3] == "宝陈慕教发〔2026〕12号\t签发人：李𬭎"
    assert 'w:color="E00000"' in word.paragraphs[4]._p.xml
    title = next(place for place, p in enumerate(word.paragraphs) if p.style.name == "Title")
    assert texts[5:title] == ["", ""]
    assert texts[title + 2] == "区教育体育局："
    last = word.tables[-1]
    assert [row.cells[0].text for row in last.rows][1] == "慕仪镇教育组\t2026年7月6日印发"
    place = last._tbl.tblPr.find(qn("w:tblpPr"))
    assert (place.get(qn("w:vertAnchor")), place.get(qn("w:tblpYSpec"))) == ("margin", "bottom")
    # The last annex lies on its side; the imprint stands on an upright page.
    assert word.sections[-1].page_width < word.sections[-1].page_height


def test_sheet_on_its_side_has_its_number_turned_at_the_left() -> None:
    lying = official().sections[1]
    assert lying.page_width > lying.page_height
    for footer, edge in ((lying.footer, "right"), (lying.even_page_footer, "left")):
        cell = footer.tables[0].cell(0, 0)
        assert "PAGE" in cell._element.xml
        assert cell._element.tcPr.find(qn("w:textDirection")).get(qn("w:val")) == "tbRl"
        assert cell.paragraphs[0].alignment == (ALIGN.RIGHT if edge == "right" else ALIGN.LEFT)
        place = footer.tables[0]._tbl.tblPr.find(qn("w:tblpPr"))
        across = int(place.get(qn("w:tblpX"))) / 1440 * 25.4
        # Its right edge is as far from the type area as the upper edge of an upright page's number.
        assert across + 14 / 72 * 25.4 == pytest.approx(35 - 4.6, abs=0.1)


def test_columns_of_tables_hold_their_words() -> None:
    """Beside a long title short texts keep their line; heads break between words, empty cells are no higher."""
    row = ("MYX2025-02", "小组合作学习中学困生参与度的研究" * 2, "欧阳宝玉", "镇级", "合格", 12, None)
    heads = ("课题编号", "课题名称", "主持人", "级别", "结题等次", "听课节数（节）", "交流前教师数")
    table = Table("t", "小课题", heads, (tuple(map(Cell, row)),))
    made = read_word(BytesIO(word_docx(document(annexes=Annexes(tables=(table,)))))).tables[0]
    printed = [cell.text for cell in made.rows[0].cells]
    assert printed == [*heads[:5], "听课节数\n（节）", "交流前\n教师数"]
    letter = made.rows[0].cells[0].paragraphs[0].runs[0].font.size.pt
    for place, cell in enumerate(made.rows[0].cells):
        words = [*printed[place].split("\n"), "" if place == 1 else str(row[place] or "")]
        # The paddings of the table, as the paper has them, are 3 points on each side.
        assert cell.width.pt - 6 >= letter * max(map(width_of, words)), printed[place]
    assert [side.get(qn("w:w")) for side in made._tbl.tblPr.find(qn("w:tblCellMar"))] == ["60", "60"]
    assert made.rows[1].cells[6].paragraphs[0]._p.find(f".//{qn('w:sz')}").get(qn("w:val")) == str(int(2 * letter))


def test_pictures_say_what_they_show_and_rows_stay_whole() -> None:
    word = official()
    assert [shape._inline.docPr.get("descr") for shape in word.inline_shapes] == ["图1\u3000各校听课节数（单位：节）"]
    rows = word.tables[0].rows
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows[1:])
    signed = next(p for p in word.paragraphs if p.text == "慕仪镇教育组")
    assert signed.paragraph_format.keep_with_next
