"""A document as Word: the text, tables and pictures of the paper, in real styles, so that an office can go on in it.

The layout is that of GB/T 9704-2012; the fonts are named as offices have them, and fall back to what is installed.
"""

from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.formats import localize
from django.utils.translation import gettext as _
from docx import Document as new_word
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from apps.figures.charts import bar_picture, width_of
from apps.figures.figures import Table
from apps.reports.composing.document import LANGUAGE, Document
from apps.reports.prose.tokens import plain

from .html import (
    VERY_MANY,
    annex_name,
    annex_titles,
    chart_caption,
    column_shares,
    head_lines,
    printed_day,
    short_caption,
    small_photo,
    table_size,
)
from .title_lines import title_lines
from .word_page import (
    FANGSONG,
    HEI,
    INDENT,
    KAI,
    LYING,
    NARROWER,
    PITCH,
    SIZE,
    SONG,
    WIDTH,
    east_asian,
    flush,
    imprint,
    red_header,
    set_page,
)
from .xlsx import NO_DAY, steady

LATIN = "Times New Roman"
PHOTOS_A_ROW = 3
# In points, the letters of a table in each size of the paper.
TABLE_SIZES = {"": 12, "many": 10.5, "small": 9, "very-many": 9}


def word_docx(document: Document) -> bytes:
    """Return a document as a Word file; the same document gives the same bytes."""
    with translation.override(LANGUAGE):
        word = new_word()
        _styles(word)
        set_page(word, word.sections[0])
        _text(word, document)
        _annexes(word, document)
        if document.letterhead and document.letterhead.imprint:
            if (word.sections[-1].page_width or 0) > (word.sections[-1].page_height or 0):
                set_page(word, word.add_section(WD_SECTION.NEW_PAGE))
            imprint(word, document.letterhead)
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
    narrower = OxmlElement("w:spacing")
    narrower.set(qn("w:val"), NARROWER)
    word.styles["Normal"].element.get_or_add_rPr().insert_element_before(
        narrower, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:highlight", "w:u", "w:lang"
    )
    word.styles["Title"].paragraph_format.alignment = ALIGN.CENTER
    word.styles["Title"].paragraph_format.line_spacing = Pt(36)
    # A picture's caption stands with it, and takes its own height.
    word.styles["Caption"].paragraph_format.alignment = ALIGN.CENTER
    word.styles["Caption"].paragraph_format.keep_with_next = True


def _picture(paragraph: Any, data: bytes, width: Any, said: str) -> None:
    """Put a picture into a paragraph, with what it shows for those who cannot see it."""
    made = paragraph.add_run().add_picture(BytesIO(data), width=width)
    made._inline.docPr.set("descr", said)


def _text(word: Any, document: Document) -> None:
    if document.letterhead:
        red_header(word, document.letterhead)
    title = word.add_paragraph(style="Title")
    for place, line in enumerate(title_lines(document.title)):
        run = title.add_run()
        if place:
            run.add_break()
        run.add_text(line)
    flush(word)
    if document.letterhead and document.letterhead.addressee:
        flush(word, f"{document.letterhead.addressee}：")
    number = 0
    for part in document.printed:
        if part.heading:
            word.add_heading(f"{part.number}{part.heading}", level=part.level)
        for paragraph in part.paragraphs:
            word.add_paragraph(plain(paragraph)).alignment = ALIGN.JUSTIFY
        for chart in part.charts:
            number += 1
            caption = chart_caption(chart, number)
            word.add_paragraph(caption, style="Caption")
            paragraph = flush(word, alignment=ALIGN.CENTER)
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            _picture(paragraph, bar_picture(chart), WIDTH, caption)
    _end(word, document)


def _end(word: Any, document: Document) -> None:
    """Add the annexes' names and the signature; they stay with the last paragraph above them."""
    before = len(word.paragraphs)
    titles = annex_titles(document)
    if titles:
        flush(word)
    for place, title in enumerate(titles, start=1):
        begin = _("Annexes:") if place == 1 else ""
        line = word.add_paragraph(f"{begin}{place}.{title}" if len(titles) > 1 else f"{begin}{title}")
        # What goes on in another line stands under the first character of the name.
        hanging = (3 + (0 if len(titles) == 1 else 0.75)) * SIZE
        line.paragraph_format.left_indent = INDENT + int(hanging)
        line.paragraph_format.first_line_indent = -int(hanging) if place == 1 else -int(0.75 * SIZE)
    flush(word)
    day = printed_day(document.day)
    name_indent, day_indent = _indents(document.signature, day)
    flush(word, document.signature, ALIGN.RIGHT).paragraph_format.right_indent = name_indent
    flush(word, day, ALIGN.RIGHT).paragraph_format.right_indent = day_indent
    for paragraph in word.paragraphs[max(0, before - 1) : -1]:
        paragraph.paragraph_format.keep_with_next = True


def _indents(name: str, day: str) -> tuple[int, int]:
    """Return how far from the right name and day end: the day begins two characters right of the name.

    The name ends two characters from the right, unless the day is longer: then the day does.
    """
    # Digits of Times are half as broad as a character.
    longer = (sum(1 if width_of(c) == 1 else 0.5 for c in day) - width_of(name)) * SIZE
    if longer > 0:
        return INDENT + int(longer) + INDENT, INDENT
    return INDENT, int(-longer)


def _annexes(word: Any, document: Document) -> None:
    total = len(annex_titles(document))
    for number, table in enumerate(document.annexes.tables, start=1):
        lying = len(table.heads) > VERY_MANY
        set_page(word, word.add_section(WD_SECTION.NEW_PAGE), lying=lying)
        _annex_head(word, annex_name(number, total), str(table.title))
        _table(word, table, LYING if lying else WIDTH)
    photos = [(data, short_caption(photo)) for photo in document.annexes.photos if (data := small_photo(photo))]
    if photos:
        set_page(word, word.add_section(WD_SECTION.NEW_PAGE))
        _annex_head(word, annex_name(total, total), _("Photos of activities"))
        grid = word.add_table(rows=0, cols=PHOTOS_A_ROW)
        # The imprint needs its place under the photos.
        broad = Mm(40) if document.letterhead and document.letterhead.imprint else Mm(46)
        for start in range(0, len(photos), PHOTOS_A_ROW):
            row = grid.add_row()
            _whole(row)
            for cell, (data, caption) in zip(row.cells, photos[start : start + PHOTOS_A_ROW], strict=False):
                paragraph = cell.paragraphs[0]
                _tight(paragraph, Pt(9))
                _picture(paragraph, data, broad, caption)
                _tight(cell.add_paragraph(caption), Pt(9))


def _annex_head(word: Any, name: str, title: str) -> None:
    east_asian(flush(word).add_run(name), HEI)
    flush(word)
    heading = word.add_heading(title, level=1)
    heading.alignment, heading.paragraph_format.first_line_indent = ALIGN.CENTER, Pt(0)
    for run in heading.runs:
        run.font.size = Pt(22)
        east_asian(run, SONG)


def _whole(row: Any) -> None:
    """Keep a row of a table on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


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
    if not paragraph.runs:
        # An empty line is as high as its mark.
        mark, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
        height.set(qn("w:val"), str(int(2 * size.pt)))
        mark.append(height)
        paragraph._p.get_or_add_pPr().append(mark)


def _close(grid: Any) -> None:
    """Give the cells the paddings of the paper: with Word's own, narrow columns hold a character a line."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        padding = OxmlElement(f"w:{side}")
        padding.set(qn("w:w"), "60")
        padding.set(qn("w:type"), "dxa")
        margins.append(padding)
    grid._tbl.tblPr.insert_element_before(margins, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _table(word: Any, table: Table, width: Any) -> None:
    size = Pt(TABLE_SIZES[table_size(table)])
    grid = word.add_table(rows=1, cols=len(table.heads), style="Table Grid")
    grid.autofit = False
    _close(grid)
    widths = [int(width * share) for share in column_shares(table)]
    for column, share in zip(grid.columns, widths, strict=True):
        column.width = share
    # Cell by cell python-docx is slow in long tables: rows are taken once.
    for cell, head, share in zip(grid.rows[0].cells, head_lines(table), widths, strict=True):
        cell.width = share
        cell.text = "\n".join(head)
        _tight(cell.paragraphs[0], size)
    repeat = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in table.rows:
        added = grid.add_row()
        _whole(added)
        for cell, stated, share in zip(added.cells, row, widths, strict=True):
            cell.width = share
            cell.text = "" if stated.value is None else str(localize(stated.value))
            _tight(cell.paragraphs[0], size)
