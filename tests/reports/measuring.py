"""Where the letters of a PDF stand: its pages' lines of body text, in millimetres from the page's left and top."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber

MM = 72 / 25.4
BODY, DIGITS = 15.75, 14.0
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0


@dataclass(frozen=True)
class Line:
    """A line of text: what it says, its edges, the line that it stands on, its font and size."""

    text: str
    left: float
    right: float
    base: float
    font: str
    size: float

    @property
    def heading(self) -> bool:
        return "Sans" in self.font or "UKai" in self.font


def measured(data: bytes) -> list[tuple[Any, list[Line]]]:
    """Return each page of a PDF with its lines, from top to bottom; what stands turned is left out."""
    with pdfplumber.open(BytesIO(data)) as reader:
        return [(page, list(_lines(page))) for page in reader.pages]


def _lines(page: Any) -> Iterator[Line]:
    rows: dict[float, list[dict]] = {}
    for char in page.chars:
        if char["upright"]:
            rows.setdefault(round(char["matrix"][5], 0), []).append(char)
    for height in sorted(rows, reverse=True):
        row = sorted((c for c in rows[height] if c["text"].strip()), key=lambda c: c["x0"])
        if row:
            base = (float(page.height) - row[0]["matrix"][5]) / MM
            # A font's size is that of its matrix; the em of a character is as broad as it is high.
            text = "".join(c["text"] for c in row)
            yield Line(text, row[0]["x0"] / MM, row[-1]["x1"] / MM, base, row[-1]["fontname"], _size(row[0]))


def _size(char: dict) -> float:
    return round(char["size"], 2)


def body(lines: list[Line]) -> list[Line]:
    """Return the lines of the size of the text."""
    return [line for line in lines if abs(line.size - BODY) < 0.1 and line.base < BOTTOM]


def rules(page: Any, across: float) -> list[tuple[float, float]]:
    """Return upper edge and thickness of each line that a page shows so far from its left, in millimetres."""
    dots = 600 / 25.4
    image = page.to_image(resolution=600).original.convert("L")
    column = round(across * dots)
    strip = image.crop((column, 0, column + 1, image.height)).tobytes()
    found, start = [], None
    for place, shade in enumerate([*strip, 255]):
        if shade < 160 and start is None:
            start = place
        elif shade >= 160 and start is not None:
            found.append((start / dots, (place - start) / dots))
            start = None
    return found
