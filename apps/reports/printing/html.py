"""A document on paper: the layout of GB/T 9704-2012, as a working report, or with red header and imprint."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from math import ceil
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import localize
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.core.glyphs import installed, printable
from apps.figures.charts import bar_chart, width_of
from apps.figures.figures import BLANK, Chart, Figure, Photo, Table
from apps.reports.composing.document import LANGUAGE, Document, Part
from apps.reports.prose.tokens import Segment

from .title_lines import title_lines
from .xlsx import tables_xlsx

PHOTOS_A_PAGE = 12
# Pixels: about 200 to the inch at the size in which a photo is printed.
PHOTO_SIZE = (400, 320)
PHOTO_QUALITY = 75
# What a line under a photo holds, and two of them, in full-width characters.
CAPTION_LINE, CAPTION = 15, 28
# Of so many columns on, a table is set smaller, and on a page lying on its side.
MANY, VERY_MANY = 8, 12
# How many characters of a title go on a line.
ROOM_UPRIGHT, ROOM_LYING = 20, 29
# In full-width characters: how many a line of a table holds in each size (as paper.css sets them), what a column
# takes at least, what its lines and paddings take, and up to where a head stands on one line.
ROOM = {"": 36, "many": 41, "small": 48, "very-many": 69}
NARROW, MARGIN, SHORT = 2, 0.75, 4
# The name on the red header: at most so high, and so broad as the text.
HIGHEST, BROADEST = 48, 430
# Fonts that offices have, and which have no bold: nothing may be drawn twice to make one.
OWN_TITLE = ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK")


@dataclass(frozen=True)
class Annex:
    """An annex as it is printed: its name (附件1), its title, and a table (widths in percent) or pages of photos.

    `heads` are the heads of the table in their lines.
    """

    name: str
    title: str
    table: Table | None = None
    widths: tuple[str, ...] = ()
    size: str = ""
    heads: tuple[list[str], ...] = ()
    photos: tuple[list[dict[str, Any]], ...] = ()

    @property
    def lines(self) -> list[str]:
        """Return the title in lines; a sheet on its side holds longer ones."""
        return title_lines(self.title, ROOM_LYING if self.size == "very-many" else ROOM_UPRIGHT)


def static_text(name: str) -> str:
    """Return the text of a static file of ours; raise FileNotFoundError without it."""
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(name)
    return Path(path).read_text()


def paper_html(document: Document, *, base: str = "") -> str:
    """Return the HTML of a document's paper, all styles and pictures inside.

    With the address of the site as `base` each number of a draft leads to its records. A character that no font has
    is a mark.
    """
    base = "" if document.day else base.rstrip("/")
    day = printed_day(document.day)
    with translation.override(LANGUAGE):
        annexes = list(_annexes(document))
        numbers = iter(range(1, 1 + sum(len(part.charts) for part in document.printed)))
        context = {
            "document": document,
            "css": mark_safe(static_text("reports/paper.css")),  # noqa: S308  (our own file)
            "parts": [_part(part, numbers, base) for part in document.printed],
            "annexes": annexes,
            "day": day,
            "long_day": width_of(day) > width_of(document.signature),
            "title_lines": title_lines(document.title),
            "own_title": any(map(installed, OWN_TITLE)),
            "head": document.letterhead,
            "issuer_size": issuer_size(document.letterhead.issuer) if document.letterhead else 0,
            "printed_on": printed_day(document.letterhead.printed_on) if document.letterhead else "",
            "base": base,
            "created": (document.day or document.period.ends_on).isoformat(),
        }
        return printable(render_to_string("reports/paper.html", context))


def paper_pdf(document: Document, *, base: str = "") -> bytes:
    """Return a document as PDF, its figures and tables inside as a workbook; the same document, the same bytes."""
    from .pdf import write_pdf  # heavy: WeasyPrint, only where a PDF is made

    return write_pdf(paper_html(document, base=base), workbook=tables_xlsx(document), title=document.title)


def printed_day(day: date | None) -> str:
    """Return a day as it stands under a document, without padding noughts; without a day, places to fill in."""
    with translation.override(LANGUAGE):
        if day is None:
            return _("%(year)s-%(month)s-%(day)s") % dict.fromkeys(("year", "month", "day"), BLANK)
        return _("%(year)s-%(month)s-%(day)s") % {"year": day.year, "month": day.month, "day": day.day}


def issuer_size(issuer: str) -> float:
    """Return how large the name on the red header is set, in points, so that it stays on one line."""
    return round(min(HIGHEST, BROADEST / max(1, width_of(issuer))), 1)


def _pieces(paragraph: Iterable[Segment], base: str) -> list[tuple[str, str]]:
    """Return a paragraph as texts, each with the address of its records or none."""
    return [
        (piece.text, base + piece.source if base and piece.source else "") if isinstance(piece, Figure) else (piece, "")
        for piece in paragraph
    ]


def _part(part: Part, numbers: Iterator[int], base: str) -> dict[str, Any]:
    return {
        "tag": f"h{part.level + 1}",
        "number": part.number,
        "heading": part.heading,
        "paragraphs": [_pieces(paragraph, base) for paragraph in part.paragraphs],
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


def annex_name(number: int, total: int) -> str:
    """Return what stands at the head of an annex: a number only where there are several."""
    return _("Annex %(number)d") % {"number": number} if total > 1 else _("Annex")


def annex_titles(document: Document) -> list[str]:
    """Return the titles of a document's annexes."""
    titles = [str(table.title) for table in document.annexes.tables]
    return [*titles, _("Photos of activities")] if document.annexes.photos else titles


def _annexes(document: Document) -> Iterator[Annex]:
    photos = [picture for photo in document.annexes.photos if (picture := _photo(photo))]
    total = len(document.annexes.tables) + bool(photos)
    for number, table in enumerate(document.annexes.tables, start=1):
        needs = _needs(table)
        size = _size(needs)
        widths = _widths(needs, ROOM[size])
        yield Annex(annex_name(number, total), str(table.title), table, widths, size, tuple(head_lines(table)))
    if photos:
        name = annex_name(total, total)
        yield Annex(name, _("Photos of activities"), photos=tuple(_by(PHOTOS_A_PAGE, photos)))


def _by(size: int, things: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(things)
    while page := list(islice(rest, size)):
        yield page


def _size(needs: list[float]) -> str:
    """Return how a table is set: smaller with many columns, or where much text has to be broken otherwise."""
    if len(needs) > VERY_MANY:
        return "very-many"
    if len(needs) <= MANY and sum(needs) <= ROOM[""]:
        return ""
    return "small" if ROOM["many"] < sum(needs) <= ROOM["small"] else "many"


def column_shares(table: Table) -> list[float]:
    """Return which part of a table's width each column takes, together 1."""
    needs = _needs(table)
    return [float(width) / 100 for width in _widths(needs, ROOM[_size(needs)])]


def head_lines(table: Table) -> Iterator[list[str]]:
    """Return each head of a table in the lines of its column: broken evenly, between words, before its unit."""
    room = ROOM[table_size(table)]
    for head, share in zip(table.heads, column_shares(table), strict=True):
        # A little less would do: what is counted in characters may not break again.
        inside = max(share * room - MARGIN, NARROW)
        name, bracket, unit = str(head).partition("（")
        if width_of(str(head)) <= inside:
            yield [str(head)]
        elif bracket and width_of(unit) < inside:
            yield [*title_lines(name, inside), bracket + unit]
        else:
            yield title_lines(str(head), inside)


def table_size(table: Table) -> str:
    """Return how a table is set: empty for the common size, else `many`, `small` or `very-many`."""
    return _size(_needs(table))


def _needs(table: Table) -> list[float]:
    """Return how many full-width characters each column needs; the first 200 rows tell enough."""
    needs = []
    for place, head in enumerate(table.heads):
        cells = [width_of(str(localize(row[place].value) or "")) for row in table.rows[:200]]
        # A long head may stand on two lines, a short one and a cell better not.
        name, unit, _rest = str(head).partition("（")
        asked = max(ceil(width_of(head) / 2), min(width_of(head), SHORT), width_of(name) if unit else 0)
        needs.append(MARGIN + max(asked, *cells, NARROW))
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


def _photo(photo: Photo) -> dict[str, Any] | None:
    """Return a photo made small, as a data address with its caption; None for a file that is gone or no picture."""
    made = small_photo(photo)
    if not made:
        return None
    caption = short_caption(photo)
    picture = f"data:image/jpeg;base64,{b64encode(made).decode()}"
    return {"src": picture, "caption": caption, "lines": title_lines(caption, CAPTION_LINE)}


def short_caption(photo: Photo) -> str:
    """Return a photo's caption, cut with a mark where it does not go into two lines."""
    caption = photo.caption
    while width_of(caption) > CAPTION:
        caption = caption.rstrip("…")[:-1] + "…"
    return caption


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
