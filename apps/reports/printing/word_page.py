"""The page of a Word document: margins and grid of GB/T 9704-2012, page numbers, red header, imprint."""

from typing import Any

from django.utils.translation import gettext as _
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from apps.reports.letterhead import Letterhead

from .html import issuer_size, printed_day

SONG, FANGSONG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
PAGE_NUMBER = "宋体"
SIZE, PITCH, INDENT = Pt(16), Pt(28.95), Pt(32)
# The width of the text of an upright page, and of one lying on its side.
WIDTH, LYING = Mm(156), Mm(225)
RED = RGBColor(0xE0, 0, 0)
# 28 characters of 16 pt go on 156 mm when each takes a quarter of a point less (in twentieths of a point). The grid's
# own means, `linesAndChars`, is understood in different ways by the programs that offices have.
NARROWER = "-5"
# The page number's line, 14 pt high, begins so far below the type area that its dash stands 7 mm below.
DROP, LINE = Mm(4.6), Pt(14)


def east_asian(run: Any, font: str) -> None:
    """Set the font of a run's Chinese characters, which python-docx does not set."""
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def set_page(word: Any, section: Any, *, lying: bool = False) -> None:
    """Set a section's page as on paper: margins, 22 lines of 28 characters, page numbers outside."""
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))
    margins = (28, 37, 26, 35) if lying else (37, 26, 35, 28)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(35) - DROP - LINE if not lying else Mm(15)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(28.95 * 20)))
    word.settings.odd_and_even_pages_header_footer = True
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        for old in list(footer._element):
            footer._element.remove(old)
        if lying:
            footer._element.append(_turned(odd=odd))
            _number(footer.tables[0].cell(0, 0).paragraphs[0], odd=odd, indented=False)
            _tightly(footer.add_paragraph())
        else:
            _number(footer.add_paragraph(), odd=odd, indented=True)


def _twips(length: int) -> int:
    return round(length / 635)


def _turned(*, odd: bool) -> Any:
    """Return a cell at the left of a sheet on its side, its text turned: where the number of an upright page stands."""
    across = Mm(35) - DROP - LINE
    height = Mm(40)
    down = Mm(210 - 26) - Pt(14) - height if odd else Mm(28) + Pt(14)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        '<w:tblpPr w:vertAnchor="page" w:horzAnchor="page" '
        f'w:tblpX="{_twips(across)}" w:tblpY="{_twips(down)}"/>'
        f'<w:tblW w:w="{_twips(LINE)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{_twips(LINE)}"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{_twips(height)}" w:hRule="exact"/></w:trPr>'
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(LINE)}" w:type="dxa"/><w:textDirection w:val="tbRl"/></w:tcPr><w:p/></w:tc>'
        "</w:tr></w:tbl>"
    )


def _tightly(paragraph: Any, line: Any = LINE) -> None:
    form = paragraph.paragraph_format
    form.first_line_indent = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    form.space_before = form.space_after = Pt(0)


def _number(paragraph: Any, *, odd: bool, indented: bool) -> None:
    _tightly(paragraph)
    paragraph.alignment = ALIGN.RIGHT if odd else ALIGN.LEFT
    if indented:
        setattr(paragraph.paragraph_format, "right_indent" if odd else "left_indent", Pt(14))
    for piece in ("— ", None, " —"):
        run = paragraph.add_run(piece or "")
        run.font.size, run.font.name = Pt(14), PAGE_NUMBER
        east_asian(run, PAGE_NUMBER)
        if piece is None:
            _field(run, "PAGE")


def _field(run: Any, instruction: str) -> None:
    for kind in ("begin", None, "end"):
        if kind is None:
            part = OxmlElement("w:instrText")
            part.set(qn("xml:space"), "preserve")
            part.text = instruction
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run._element.append(part)


def flush(word: Any, text: str = "", alignment: Any = None) -> Any:
    """Add a paragraph without indent and return it."""
    paragraph = word.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.alignment = alignment
    return paragraph


def red_header(word: Any, head: Letterhead) -> None:
    """Add the red header: name, number, who signed and issued it, the red line, and two lines of nothing."""
    size = Pt(issuer_size(head.issuer))
    name = flush(word, alignment=ALIGN.CENTER)
    run = name.add_run(head.issuer)
    run.font.size, run.font.color.rgb = size, RED
    east_asian(run, SONG)
    form = name.paragraph_format
    form.line_spacing_rule, form.line_spacing, form.space_before = WD_LINE_SPACING.EXACTLY, size, Mm(35)
    for _line in range(2):
        flush(word)
    row = flush(word, alignment=None if head.signer else ALIGN.CENTER)
    row.add_run(head.number)
    if head.signer:
        row.paragraph_format.left_indent = row.paragraph_format.right_indent = Pt(16)
        row.paragraph_format.tab_stops.add_tab_stop(WIDTH - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
        row.add_run("\t" + _("Signed and issued by:"))
        east_asian(row.add_run(head.signer), KAI)
    line = flush(word)
    line.paragraph_format.line_spacing_rule, line.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Mm(2)
    line._p.get_or_add_pPr().insert_element_before(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="9" w:space="0" w:color="E00000"/></w:pBdr>'),
        "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr",
    )  # fmt: skip
    for _line in range(2):
        flush(word)


def imprint(word: Any, head: Letterhead) -> None:
    """Add the imprint at the foot of the last page: whom it is copied to, who printed it when."""
    rows = []
    if head.copied_to:
        rows.append((_("Copied to:"), f"{head.copied_to}。"))
    if head.printed_by:
        rows.append((head.printed_by, _("printed %(day)s") % {"day": printed_day(head.printed_on)}))
    # A paragraph keeps it apart from the table above; the table is bound to the one below.
    _tightly(word.add_paragraph(), Pt(1))
    table = word.add_table(rows=len(rows), cols=1)
    _tightly(word.add_paragraph(), Pt(1))
    form = table._tbl.tblPr
    form.insert_element_before(
        parse_xml(
            f'<w:tblpPr {nsdecls("w")} w:vertAnchor="margin" w:horzAnchor="margin" w:tblpXSpec="left" '
            'w:tblpYSpec="bottom"/>'
        ),
        "w:tblOverlap", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:tblLayout", "w:tblCellMar", "w:tblLook",
    )  # fmt: skip
    form.insert_element_before(
        parse_xml(
            f'<w:tblBorders {nsdecls("w")}><w:top w:val="single" w:sz="8"/><w:bottom w:val="single" w:sz="8"/>'
            '<w:insideH w:val="single" w:sz="6"/></w:tblBorders>'
        ),
        "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook",
    )  # fmt: skip
    table.autofit = False
    table.columns[0].width = WIDTH
    for place, (row, (left, right)) in enumerate(zip(table.rows, rows, strict=True)):
        row.cells[0].width = WIDTH
        _imprint_row(row.cells[0].paragraphs[0], left, right, hanging=bool(head.copied_to) and place == 0)


def _imprint_row(paragraph: Any, left: str, right: str, *, hanging: bool) -> None:
    """Write a row of the imprint: at both its edges, or going on in another line under the first name."""
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(20)
    form.left_indent = form.right_indent = Pt(14)
    form.first_line_indent = Pt(0)
    if hanging:
        form.left_indent, form.first_line_indent = Pt(14 * 4), Pt(-14 * 3)
    else:
        form.tab_stops.add_tab_stop(WIDTH - Pt(14), WD_TAB_ALIGNMENT.RIGHT)
    paragraph.add_run(left + right if hanging else f"{left}\t{right}").font.size = Pt(14)
