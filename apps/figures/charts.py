"""Charts as SVG: the same drawing in the page and in the PDF, and the same bytes for the same data.

The drawing is plain SVG attributes, without style attributes or sheets, which a strict Content-Security-Policy
forbids; text stays text; dark bars with their values beside them read well in black and white.
"""

import re
from html import escape
from io import BytesIO
from typing import Any
from unicodedata import east_asian_width

from apps.core.glyphs import printable

from .figures import Chart

# The first is measured with here; a reader's machine may have another.
FONTS = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'BabelStone Han', HanaMinA, HanaMinB, sans-serif"
INK, BAR = "#22262b", "#1d5b59"
# In points: the width of the text of an A4 page, what a bar takes in height, and what all of them may take: a page.
WIDTH, PITCH, HIGHEST = 440.0, 16.0, 570.0
SIZE, SMALLEST = 10.0, 6.0
# A bar's name in full-width characters: what a line holds (longer names take two), and how broad a digit is.
LINE, LATIN = 12, 0.58
SETTINGS: dict[Any, object] = {
    "svg.fonttype": "none",
    # Ids of clips and markers are salted by chance unless this is set.
    "svg.hashsalt": "townedu",
    "text.parse_math": False,
    "axes.unicode_minus": False,
}
# Of those that are installed. One file holds the faces of all countries; matplotlib knows it by its first.
FAMILIES = ("Noto Sans CJK SC", "Noto Sans CJK JP", "BabelStone Han")
STYLE = re.compile(r'\s*style="([^"]*)"')
PIXELS = re.compile(r"[\d.]+px")
# What serves only machines: ids (several charts stand in one page), links to another window.
CLUTTER = re.compile(
    r"<metadata>.*?</metadata>|<defs>\s*<style[^>]*>.*?</style>\s*</defs>|<!--.*?-->"
    r'|\sid="[^"]*"|\starget="_blank"|\stransform="rotate\(-0 [^"]*"',
    re.DOTALL,
)


def width_of(text: str) -> float:
    """Return about how many full-width characters long a text is."""
    return sum(1 if east_asian_width(character) in "WFA" else LATIN for character in text)


def bar_chart(chart: Chart) -> str:
    """Return the SVG of a chart of horizontal bars, each linking to its records; an empty value has no bar."""
    drawn = _drawn(chart, format="svg", metadata={"Date": None, "Creator": None})
    title = f"{chart.title}（{chart.unit}）" if chart.unit else str(chart.title)
    names = _names(chart)
    close = _lines(names) > 1 or _size(names) < SIZE
    return _plain(drawn.decode(), title, "chart close" if close else "chart")


def bar_picture(chart: Chart) -> bytes:
    """Return the same chart as PNG, for programs that take no SVG."""
    return _drawn(chart, format="png", dpi=200, metadata={"Software": None})


def _names(chart: Chart) -> list[str]:
    return [_broken(printable(str(label))) for label, _value, _source in chart.bars]


def _broken(name: str) -> str:
    """Return a name in one line, or in two about equally long; what does not go into two is cut with a mark."""
    if width_of(name) <= LINE:
        return name
    if width_of(name) > 2 * LINE:
        while width_of(name) > 2 * LINE - 1:
            name = name[:-1]
        name += "…"
    half = width_of(name) / 2
    place = min(range(1, len(name)), key=lambda cut: abs(width_of(name[:cut]) - half))
    return f"{name[:place]}\n{name[place:]}"


def _lines(names: list[str]) -> int:
    return max((name.count("\n") + 1 for name in names), default=1)


def _pitch(names: list[str]) -> float:
    """Return how far apart bars stand: two lines of a name need their height, as far as the page has it."""
    return min(PITCH if _lines(names) == 1 else 2.5 * SIZE, HIGHEST / max(1, len(names)))


def _size(names: list[str]) -> float:
    """Return the size of the letters, smaller where many bars stand on a page."""
    return max(SMALLEST, min(SIZE, _pitch(names) / (1.2 * _lines(names))))


def _drawn(chart: Chart, **form: Any) -> bytes:
    # heavy: 0.8 s to import, and only charts need it
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas
    from matplotlib.font_manager import get_font_names

    families = [family for family in FAMILIES if family in get_font_names()] or ["sans-serif"]
    names = _names(chart)
    values = ["" if value is None else str(value) for _label, value, _source in chart.bars]
    numbers = [max(0.0, float(value or 0)) for _label, value, _source in chart.bars]
    size, pitch = _size(names), _pitch(names)
    left = size * max((width_of(line) for name in names for line in name.split("\n")), default=1) + 8
    room = WIDTH - left - size * max(map(width_of, values), default=1) - 8
    longest = max(numbers, default=0) or 1
    with rc_context(SETTINGS | {"font.size": size, "font.family": families}):
        canvas = Canvas(figsize=(WIDTH / 72, pitch * max(1, len(names)) / 72))
        axes = canvas.add_axes((left / WIDTH, 0.0, 1 - left / WIDTH, 1.0))
        bars = axes.barh(range(len(names)), numbers, height=0.62 * min(PITCH, pitch) / pitch, color=BAR)
        canvas.patch.set_visible(False)
        axes.patch.set_visible(False)
        for place, (bar, value, (_label, _value, source)) in enumerate(zip(bars, values, chart.bars, strict=True)):
            bar.set_clip_on(False)
            if source:
                bar.set_url(source)
            axes.annotate(value, (bar.get_width(), place), (5, 0), textcoords="offset points", va="center", color=INK)
        axes.set_yticks(range(len(names)), names, color=INK, linespacing=1.1)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.set_xlim(0, longest * (WIDTH - left) / room)
        axes.set_ylim(max(1, len(names)) - 0.5, -0.5)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        axes.spines["left"].set_color(INK)
        drawn = BytesIO()
        canvas.savefig(drawn, transparent=form["format"] == "svg", **form)
    return drawn.getvalue()


def _plain(svg: str, title: str, look: str) -> str:
    """Return the drawing alone: styles as attributes, links as HTML has them, and a name for those who cannot see."""
    svg = svg[svg.index("<svg") :]
    svg = STYLE.sub(lambda found: _attributes(found[1]), svg).replace("xlink:href=", "href=")
    # Without a width and height of its own the drawing fills the place that it is given.
    head, rest = CLUTTER.sub("", svg).split(">", 1)
    svg = re.sub(r'\s(width|height|xmlns:xlink)="[^"]*"', "", head) + ">" + rest
    return svg.replace("<svg ", f'<svg class="{look}" role="img" aria-label="{escape(title)}" ', 1).strip()


def _attributes(style: str) -> str:
    attributes = []
    for declaration in style.replace("&quot;", "'").split(";"):
        name, _colon, value = (piece.strip() for piece in declaration.partition(":"))
        if name == "font" and (size := PIXELS.search(value)):
            attributes += [("font-size", size.group()), ("font-family", FONTS)]
        elif name:
            attributes.append((name, FONTS if name == "font-family" else value))
    return "".join(f' {name}="{value}"' for name, value in attributes)
