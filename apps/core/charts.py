"""Charts: the same drawing as SVG in the page and in the PDF, and as PNG in Word; the same bytes for the same data.

The SVG is plain attributes, without style attributes or sheets, which a strict Content-Security-Policy forbids; text
stays text; dark bars with their values beside them read well in black and white.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from io import BytesIO
from unicodedata import east_asian_width

from PIL import Image, ImageDraw, ImageFont

from .figures import Chart
from .glyphs import UNUSUAL, face_of, face_with, printable

FAMILY = "Noto Sans CJK SC"
# The first is measured with here; a reader's machine may have another.
FONTS = f"'{FAMILY}', 'PingFang SC', 'Microsoft YaHei', 'BabelStone Han', HanaMinA, HanaMinB, sans-serif"
INK, BAR = "#22262b", "#1d5b59"
# In points: the width of the text of an A4 page, and the height that a bar takes; all bars together go on one page.
WIDTH, PITCH, HIGHEST = 440.0, 16.0, 570.0
SIZE, SMALLEST = 10.0, 6.0
# A bar's name in full-width characters: what a line holds (longer names take two), and how broad a digit is.
LINE, LATIN = 12, 0.58
GAP = 5.0
# Of the PNG, pixels to a point: 200 to the inch.
SCALE = 200 / 72


@dataclass(frozen=True)
class Bar:
    """A bar as it is drawn: its name in one or two lines, its value, how far down and how long it is."""

    lines: tuple[str, ...]
    value: str
    source: str
    middle: float
    length: float


@dataclass(frozen=True)
class Drawing:
    """A chart laid out: its height, where the bars begin, how high they and their letters are, and the bars."""

    height: float
    left: float
    thick: float
    size: float
    bars: tuple[Bar, ...]


def width_of(text: str) -> float:
    """Return about how many full-width characters long a text is."""
    return sum(1 if east_asian_width(character) in "WFA" else LATIN for character in text)


def bar_chart(chart: Chart) -> str:
    """Return the SVG of a chart of horizontal bars, each linking to its records; an empty value has no bar."""
    title = f"{chart.title}（{chart.unit}）" if chart.unit else str(chart.title)
    drawing = _laid_out(chart)
    # Where letters are close together a page must not make them larger.
    close = " close" if drawing.size < SIZE or any(len(bar.lines) > 1 for bar in drawing.bars) else ""
    head = (
        f'<svg class="chart{close}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {_n(WIDTH)} {_n(drawing.height)}" font-family="{FONTS}" font-size="{_n(drawing.size)}" '
        f'fill="{INK}">'
    )
    axis = f'<path d="M{_n(drawing.left)} 0V{_n(drawing.height)}" stroke="{INK}" stroke-width=".75"/>'
    return head + "".join(_bar_svg(bar, drawing) for bar in drawing.bars) + axis + "</svg>"


def bar_picture(chart: Chart) -> bytes:
    """Return the same chart as PNG, for programs that take no SVG."""
    drawing = _laid_out(chart)
    image = Image.new("RGB", (round(WIDTH * SCALE), round(drawing.height * SCALE)), "white")
    pen = ImageDraw.Draw(image)
    pen.fontmode = "L"
    for bar in drawing.bars:
        top = bar.middle - drawing.thick / 2
        box = (drawing.left, top, drawing.left + bar.length, top + drawing.thick)
        if bar.length:
            pen.rectangle([round(side * SCALE) for side in box], fill=BAR)
        for line, down in zip(bar.lines, _middles(bar, drawing), strict=True):
            _write(pen, line, drawing.left - GAP, down, drawing.size, flush="r")
        _write(pen, bar.value, drawing.left + bar.length + GAP, bar.middle, drawing.size, flush="l")
    pen.line([(drawing.left * SCALE, 0), (drawing.left * SCALE, drawing.height * SCALE)], fill=INK, width=2)
    made = BytesIO()
    image.save(made, "PNG", dpi=(200, 200))
    return made.getvalue()


def _laid_out(chart: Chart) -> Drawing:
    names = [_broken(printable(str(label))) for label, _value, _source in chart.bars]
    values = ["" if value is None else str(value) for _label, value, _source in chart.bars]
    pitch = min(PITCH, HIGHEST / max(1, len(names)))
    if any(len(lines) > 1 for lines in names):
        # Two lines of a name need their height, as far as the page has it.
        pitch = min(2.5 * SIZE, HIGHEST / len(names))
    lines = max(map(len, names), default=1)
    size = max(SMALLEST, min(SIZE, pitch / (1.2 * lines)))
    left = size * max((width_of(line) for lines in names for line in lines), default=1) + GAP + 3
    room = WIDTH - left - GAP - size * max(map(width_of, values), default=1) - 1
    numbers = [max(0.0, float(value or 0)) for _label, value, _source in chart.bars]
    longest = max(numbers, default=0) or 1
    bars = tuple(
        Bar(lines, text, source, (place + 0.5) * pitch, room * number / longest)
        for place, (lines, text, number, (_label, _value, source)) in enumerate(
            zip(names, values, numbers, chart.bars, strict=True)
        )
    )
    return Drawing(pitch * max(1, len(bars)), left, min(PITCH, pitch) * 0.62, size, bars)


def _broken(name: str) -> tuple[str, ...]:
    """Return a name in one line, or in two about equally long; what does not go into two is cut with a mark."""
    if width_of(name) <= LINE:
        return (name,)
    if width_of(name) > 2 * LINE:
        while width_of(name) > 2 * LINE - 1:
            name = name[:-1]
        name += "…"
    half = width_of(name) / 2
    place = min(range(1, len(name)), key=lambda cut: abs(width_of(name[:cut]) - half))
    return name[:place], name[place:]


def _middles(bar: Bar, drawing: Drawing) -> Iterator[float]:
    step = drawing.size * 1.15
    for place in range(len(bar.lines)):
        yield bar.middle + (place - (len(bar.lines) - 1) / 2) * step


def _bar_svg(bar: Bar, drawing: Drawing) -> str:
    # The middle of Chinese characters is about 0.37 of their size above the line that they stand on.
    drop = 0.37 * drawing.size
    texts = "".join(
        f'<text x="{_n(drawing.left - GAP)}" y="{_n(down + drop)}" text-anchor="end">{escape(line)}</text>'
        for line, down in zip(bar.lines, _middles(bar, drawing), strict=True)
    )
    top = bar.middle - drawing.thick / 2
    inside = (
        f'<rect x="{_n(drawing.left)}" y="{_n(top)}" width="{_n(bar.length)}" height="{_n(drawing.thick)}" '
        f'fill="{BAR}"/>'
        if bar.length
        else ""
    )
    if bar.value:
        inside += (
            f'<text x="{_n(drawing.left + bar.length + GAP)}" y="{_n(bar.middle + drop)}">{escape(bar.value)}</text>'
        )
    return texts + (f'<a href="{escape(bar.source)}">{inside}</a>' if bar.source and inside else inside)


def _n(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _font(character: str, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    rare = UNUSUAL.match(character)
    face = (face_with(character) if rare else None) or face_of(FAMILY)
    return ImageFont.truetype(face.file, round(size * SCALE), index=face.index) if face else ImageFont.load_default()


def _write(pen: ImageDraw.ImageDraw, text: str, x: float, y: float, size: float, *, flush: str) -> None:
    """Write a text that begins (flush `l`) or ends (`r`) at x; a rare character in the font that has it."""
    # One piece, unless a character of another font stands in it.
    pieces = list(text) if UNUSUAL.search(text) else [text]
    fonts = [_font(piece[:1] or " ", size) for piece in pieces]
    lengths = [pen.textlength(piece, font=font) for piece, font in zip(pieces, fonts, strict=True)]
    across = x * SCALE - (sum(lengths) if flush == "r" else 0)
    for piece, font, length in zip(pieces, fonts, lengths, strict=True):
        pen.text((across, (y + 0.37 * size) * SCALE), piece, font=font, fill=INK, anchor="ls")
        across += length
