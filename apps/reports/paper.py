"""A document on paper: the layout of GB/T 9704-2012 for working reports, without a red header."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import localize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.charts import bar_chart
from apps.core.figures import BLANK, Chart, Photo, Table

from .documents import LANGUAGE, Document, Part
from .prose import plain
from .tables import tables_xlsx

PHOTOS_A_PAGE = 12
# Pixels: about 200 to the inch at the size in which a photo is printed.
PHOTO_SIZE = (400, 320)
PHOTO_QUALITY = 75
# Of so many columns on, a table is set smaller, and on a page lying on its side.
MANY, VERY_MANY = 8, 12
# In full-width characters: how many a line of a table holds in each size (as paper.css sets them), what a column
# takes at least, what its lines and paddings take, and what a Latin letter or a digit takes.
ROOM = {"": 36, "many": 41, "very-many": 69}
NARROW, MARGIN, LATIN = 2, 0.75, 0.6


@dataclass(frozen=True)
class Annex:
    """An annex as it is printed: its name (附件1), its title, and a table (widths in percent) or pages of photos."""

    name: str
    title: str
    table: Table | None = None
    widths: tuple[str, ...] = ()
    size: str = ""
    photos: tuple[list[dict[str, str]], ...] = ()


def paper_html(document: Document) -> str:
    """Return the HTML of a document's paper, all styles and pictures inside."""
    with translation.override(LANGUAGE):
        annexes = list(_annexes(document))
        numbers = iter(range(1, 1 + sum(len(part.charts) for part in document.printed)))
        context = {
            "document": document,
            "css": mark_safe(Path(finders.find("reports/paper.css")).read_text()),  # noqa: S308  (our own file)
            "parts": [_part(part, numbers) for part in document.printed],
            "annexes": annexes,
            "day": printed_day(document.day) if document.day else "",
            "created": (document.day or document.period.ends_on).isoformat(),
            "blank": BLANK,
        }
        return render_to_string("reports/paper.html", context)


def paper_pdf(document: Document) -> bytes:
    """Return a document as PDF, its figures and tables inside as a workbook; the same document, the same bytes."""
    from .pdf import write_pdf  # heavy: WeasyPrint, only where a PDF is made

    return write_pdf(paper_html(document), workbook=tables_xlsx(document), title=document.title)


def printed_day(day: date) -> str:
    """Return a day as it stands under a document."""
    return _("%(year)d-%(month)d-%(day)d") % {"year": day.year, "month": day.month, "day": day.day}


def _part(part: Part, numbers: Iterator[int]) -> dict[str, Any]:
    return {
        "tag": f"h{part.level + 1}",
        "number": part.number,
        "heading": part.heading,
        "paragraphs": [plain(paragraph) for paragraph in part.paragraphs],
        "charts": [_chart(chart, next(numbers)) for chart in part.charts],
    }


def chart_caption(chart: Chart, number: int) -> str:
    """Return what stands over a chart on paper."""
    caption = _("Chart %(number)d %(title)s") % {"number": number, "title": chart.title}
    if chart.unit:
        caption = _("%(caption)s (unit: %(unit)s)") % {"caption": caption, "unit": chart.unit}
    return caption


def _chart(chart: Chart, number: int) -> dict[str, Any]:
    picture = b64encode(bar_chart(chart).encode()).decode()
    return {"caption": chart_caption(chart, number), "picture": f"data:image/svg+xml;base64,{picture}"}


def _annexes(document: Document) -> Iterator[Annex]:
    number = 0
    for table in document.annexes.tables:
        number += 1
        needs = _needs(table)
        size = _size(needs)
        yield Annex(_("Annex %(number)d") % {"number": number}, table.title, table, _widths(needs, ROOM[size]), size)
    photos = [picture for photo in document.annexes.photos if (picture := _photo(photo))]
    if photos:
        name = _("Annex %(number)d") % {"number": number + 1}
        yield Annex(name, _("Photos of activities"), photos=tuple(_by(PHOTOS_A_PAGE, photos)))


def _by(size: int, things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while page := list(islice(rest, size)):
        yield page


def _size(needs: list[float]) -> str:
    """Return how a table is set: smaller with many columns, or where much text has to be broken otherwise."""
    columns = len(needs)
    if columns > VERY_MANY:
        return "very-many"
    return "many" if columns > MANY or sum(needs) > ROOM[""] else ""


def column_shares(table: Table) -> list[float]:
    """Return which part of a table's width each column takes, together 1."""
    needs = _needs(table)
    return [float(width) / 100 for width in _widths(needs, ROOM[_size(needs)])]


def _needs(table: Table) -> list[float]:
    """Return how many full-width characters each column needs; the first 200 rows tell enough."""
    needs = []
    for place, head in enumerate(table.heads):
        cells = [_ems(str(localize(row[place].value) or "")) for row in table.rows[:200]]
        # A head may stand on two lines, a cell better not.
        needs.append(MARGIN + max(ceil(_ems(head) / 2), *cells, NARROW))
    return needs


def _widths(needs: list[float], room: float) -> tuple[str, ...]:
    """Return the width of each column in percent.

    Where all do not find room, the broadest give way: their text goes on in another line, that of the others does not.
    """
    broadest = max(needs, default=0)
    while broadest > NARROW + MARGIN and sum(min(need, broadest) for need in needs) > room:
        broadest -= 0.5
    widths = [min(need, broadest) for need in needs]
    return tuple(f"{100 * width / sum(widths):.2f}" for width in widths)


def _ems(text: str) -> float:
    """Return about how many full-width characters long a text is."""
    return sum(1 if east_asian_width(character) in "WFA" else LATIN for character in text)


def _photo(photo: Photo) -> dict[str, str] | None:
    """Return a photo made small, as a data address with its caption; None for a file that is gone or no picture."""
    made = small_photo(photo)
    return made and {"src": f"data:image/jpeg;base64,{b64encode(made).decode()}", "caption": photo.caption}


def small_photo(photo: Photo) -> bytes | None:
    """Return a photo made small, as JPEG; None for a file that is gone or no picture."""
    try:
        with default_storage.open(photo.name) as file, Image.open(file) as image:
            image.draft("RGB", PHOTO_SIZE)
            small = ImageOps.exif_transpose(image).convert("RGB")
            small.thumbnail(PHOTO_SIZE)
            made = BytesIO()
            small.save(made, "JPEG", quality=PHOTO_QUALITY)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError, SuspiciousFileOperation):
        return None
    return made.getvalue()
