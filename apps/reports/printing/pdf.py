"""HTML to PDF by WeasyPrint. Import this module only where a PDF is made: WeasyPrint is heavy."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from PIL import ImageFile
from weasyprint import HTML, Attachment
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline
from weasyprint.text.line_break import create_layout
from weasyprint.urls import URLFetcher

# On import WeasyPrint lets Pillow take pictures that are cut off, in the whole process; uploads must not be.
ImageFile.LOAD_TRUNCATED_IMAGES = False

# PDF/A-3 with Unicode text: what archives take.
VARIANT = "pdf/a-3u"


# A file inside tells no day of making.
NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)


class SafeFetcher(URLFetcher):
    """Fetches nothing but `data:` addresses: no file of this machine, no request to any host."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, timeout=2)


def _texts(box: Any) -> Iterator[Any]:
    if isinstance(box, boxes.TextBox):
        yield box
    elif isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        for child in box.children:
            yield from _texts(child)


def justify_line(context: Any, line: Any, extra: float) -> None:
    """Spread a line over its width, between all its characters: Chinese has no blanks, and WeasyPrint knows no other.

    A line falls short where a mark that may not begin the next one drew its neighbour down with it, and by what the
    digits in it are narrower than characters.
    """
    gaps = sum(len(box.text) for box in _texts(line)) - 1
    if gaps > 0 and extra > 0:
        _spread(context, line, extra / gaps, 0)


def _spread(context: Any, box: Any, spacing: float, moved: float) -> float:
    """Space the characters of a box, move it by what those before it have taken, and return where the next goes."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        # The style is that of a whole paragraph: the line takes its own.
        box.style = box.style.copy()
        box.style["letter_spacing"] = spacing
        layout = create_layout(box.text, box.style, context, max_width=None, justification_spacing=0)
        layout.deactivate()
        box.pango_layout = layout
        # Between two boxes there is a gap too; the last one's falls outside the line.
        box.width += spacing * (len(box.text) - 1)
        return moved + spacing * len(box.text)
    if not isinstance(box, (boxes.LineBox, boxes.InlineBox)):
        box.translate(moved, 0)
        return moved
    box.position_x += moved
    before = moved
    for child in box.children:
        if child.is_in_normal_flow():
            moved = _spread(context, child, spacing, moved)
    box.width += moved - before
    return moved


inline.justify_line = justify_line


def write_pdf(html: str, *, workbook: bytes = b"", title: str = "") -> bytes:
    """Return `html` as tagged PDF/A with a workbook inside, if one is given; the same text gives the same bytes."""
    identifier = sha256(html.encode() + workbook).digest()[:16]
    inside = Attachment(
        string=workbook, name=f"{title}.xlsx", description=title, created=NO_DAY, modified=NO_DAY, relationship="Data"
    )
    document = HTML(string=html, base_url="about:blank", url_fetcher=SafeFetcher())
    data: bytes = document.write_pdf(
        pdf_variant=VARIANT, pdf_tags=True, pdf_identifier=identifier, attachments=[inside] if workbook else []
    )
    return data
