"""The Word file: the text of the paper in real styles, tables that go on over pages, the same bytes."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document as read_word
from docx.oxml.ns import qn
from docx.shared import Mm

from apps.reports.files import summary_file
from apps.reports.frozen import document_of, public_json
from apps.reports.models import AnnualSummary
from tests.factories import DesignationFactory
from tests.reports.factories import composed


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
        assert [cell.text for cell in made.rows[0].cells] == [str(head) for head in table.heads]
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
