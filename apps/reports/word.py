"""A document as Word: the text, tables and pictures of the paper, in real styles, so that an office can go on in it.

The layout is that of GB/T 9704-2012; the fonts are named as offices have them, and fall back to what is installed.
"""

from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext as _
from docx import Document as new_word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from apps.core.charts import bar_picture
from apps.core.figures import Table

from .documents import LANGUAGE, Document
from .paper import VERY_MANY, chart_caption, column_shares, printed_day, small_photo
from .prose import plain
from .tables import NO_DAY, steady

LATIN = "Times New Roman"
SONG, FANGSONG, KAI, HEI = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"
SIZE, PITCH, INDENT = Pt(16), Pt(28.95), Pt(32)
# The width of the text of an upright page, and of one lying on its side.
WIDTH, LYING = Mm(156), Mm(225)
PHOTOS_A_ROW = 3


def word_docx(document: Document) -> bytes:
    """Return a document as a Word file; the same document gives the same bytes."""
    with translation.override(LANGUAGE):
        word = new_word()
        _styles(word)
        _page(word, word.sections[0])
        _text(word, document)
        _annexes(word, document)
        about = word.core_properties
        about.title, about.author = document.title, document.signature
        about.created = about.modified = NO_DAY
        about.last_modified_by = ""
        made = BytesIO()
        word.save(made)
    return steady(made.getvalue())


def _font(style: Any, name: str, size: Any) -> None:
    """Set a style's fonts: Chinese characters go by `eastAsia`, which python-docx does not set."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, size, False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _styles(word: Any) -> None:
    for name, font, size in (
        ("Normal", FANGSONG, SIZE),
        ("Title", SONG, Pt(22)),
        ("Heading 1", HEI, SIZE),
        ("Heading 2", KAI, SIZE),
        ("Heading 3", FANGSONG, SIZE),
        ("Caption", FANGSONG, Pt(12)),
    ):
        style = word.styles[name]
        _font(style, font, size)
        form = style.paragraph_format
        form.space_before = form.space_after = Pt(0)
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, PITCH
        form.first_line_indent = Pt(0) if name in ("Title", "Caption") else INDENT
        form.widow_control = True
        for border in style.element.findall(".//" + qn("w:pBdr")):
            border.getparent().remove(border)
    word.styles["Title"].paragraph_format.alignment = ALIGN.CENTER
    word.styles["Title"].paragraph_format.line_spacing = Pt(36)
    # A picture's caption stands with it, and takes its own height.
    word.styles["Caption"].paragraph_format.alignment = ALIGN.CENTER
    word.styles["Caption"].paragraph_format.keep_with_next = True


def _page(word: Any, section: Any, *, lying: bool = False) -> None:
    """Set a section's page as on paper: margins, 22 lines of 28 characters, page numbers outside."""
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if lying else (Mm(210), Mm(297))
    margins = (28, 37, 26, 35) if lying else (37, 26, 35, 28)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
    section.footer_distance = Mm(35 - 7 - 5)
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(round(28.95 * 20)))
    word.settings.odd_and_even_pages_header_footer = True
    for footer, alignment in ((section.footer, ALIGN.RIGHT), (section.even_page_footer, ALIGN.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        for run in list(paragraph.runs):
            run._element.getparent().remove(run._element)
        paragraph.alignment = alignment
        paragraph.paragraph_format.first_line_indent = Pt(0)
        side = "right_indent" if alignment == ALIGN.RIGHT else "left_indent"
        setattr(paragraph.paragraph_format, side, Pt(14))
        for piece in ("— ", None, " —"):
            run = paragraph.add_run(piece or "")
            run.font.size = Pt(14)
            run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
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


def _flush(word: Any, text: str = "", alignment: Any = None) -> Any:
    paragraph = word.add_paragraph(text)
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.alignment = alignment
    return paragraph


def _picture(word: Any, data: bytes, width: Any) -> None:
    paragraph = _flush(word, alignment=ALIGN.CENTER)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    paragraph.add_run().add_picture(BytesIO(data), width=width)


def _text(word: Any, document: Document) -> None:
    word.add_paragraph(document.title, style="Title")
    _flush(word)
    number = 0
    for part in document.printed:
        if part.heading:
            word.add_heading(f"{part.number}{part.heading}", level=part.level)
        for paragraph in part.paragraphs:
            word.add_paragraph(plain(paragraph)).alignment = ALIGN.JUSTIFY
        for chart in part.charts:
            number += 1
            word.add_paragraph(chart_caption(chart, number), style="Caption")
            _picture(word, bar_picture(chart), WIDTH)
    titles = [str(table.title) for table in document.annexes.tables]
    titles += [_("Photos of activities")] if document.annexes.photos else []
    if titles:
        _flush(word)
        for place, title in enumerate(titles, start=1):
            begin = _("Annexes:") if place == 1 else "\u3000\u3000\u3000"
            word.add_paragraph(f"{begin}{place}.{title}")
    _flush(word)
    signature = _flush(word, document.signature, ALIGN.RIGHT)
    signature.paragraph_format.right_indent = INDENT
    if document.day:
        _flush(word, printed_day(document.day), ALIGN.RIGHT).paragraph_format.right_indent = INDENT


def _annexes(word: Any, document: Document) -> None:
    number = 0
    for table in document.annexes.tables:
        number += 1
        lying = len(table.heads) > VERY_MANY
        _page(word, word.add_section(WD_SECTION.NEW_PAGE), lying=lying)
        _annex_head(word, number, str(table.title))
        _table(word, table, LYING if lying else WIDTH)
    photos = [(small_photo(photo), photo.caption) for photo in document.annexes.photos]
    photos = [(data, caption) for data, caption in photos if data]
    if photos:
        _page(word, word.add_section(WD_SECTION.NEW_PAGE))
        _annex_head(word, number + 1, _("Photos of activities"))
        grid = word.add_table(rows=0, cols=PHOTOS_A_ROW)
        for start in range(0, len(photos), PHOTOS_A_ROW):
            cells = grid.add_row().cells
            for cell, (data, caption) in zip(cells, photos[start : start + PHOTOS_A_ROW], strict=False):
                paragraph = cell.paragraphs[0]
                _tight(paragraph, Pt(9))
                paragraph.add_run().add_picture(BytesIO(data), width=Mm(48))
                _tight(cell.add_paragraph(caption), Pt(9))


def _annex_head(word: Any, number: int, title: str) -> None:
    name = _flush(word).add_run(_("Annex %(number)d") % {"number": number})
    name._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), HEI)
    _flush(word)
    heading = word.add_heading(title, level=1)
    heading.alignment, heading.paragraph_format.first_line_indent = ALIGN.CENTER, Pt(0)


def _tight(paragraph: Any, size: Any) -> None:
    """Set a paragraph of a cell: single lines, in the middle."""
    form = paragraph.paragraph_format
    form.first_line_indent, form.line_spacing_rule = Pt(0), WD_LINE_SPACING.SINGLE
    loose = OxmlElement("w:snapToGrid")
    loose.set(qn("w:val"), "0")
    paragraph._p.get_or_add_pPr().insert_element_before(loose, "w:spacing", "w:ind", "w:jc", "w:rPr")
    paragraph.alignment = ALIGN.CENTER
    for run in paragraph.runs:
        run.font.size = size


def _table(word: Any, table: Table, width: Any) -> None:
    size = Pt(9) if len(table.heads) > VERY_MANY else Pt(10.5)
    grid = word.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.autofit = False
    widths = [int(width * share) for share in column_shares(table)]
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = share
    # Cell by cell python-docx is slow in long tables: rows are taken once.
    for cell, head, share in zip(grid.rows[0].cells, table.heads, widths, strict=True):
        cell.width = share
        cell.text = str(head)
        _tight(cell.paragraphs[0], size)
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        for cell, stated, share in zip(grid.add_row().cells, row, widths, strict=True):
            cell.width = share
            cell.text = "" if stated.value is None else str(localize(stated.value))
            _tight(cell.paragraphs[0], size)
