"""Charts as SVG: the same drawing in the page and in the PDF, and the same bytes for the same data.

The drawing is plain SVG attributes, without style attributes or sheets, which a strict Content-Security-Policy
forbids; text stays text; dark bars with their values beside them read well in black and white.
"""

import re
from html import escape
from io import BytesIO
from typing import Any

from .figures import Chart

# The first is measured with here; a reader's machine may have another.
FONTS = "'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INK, BAR = "#22262b", "#1d5b59"
# In inches: the width of the text of an A4 page, and what a bar and the margins take in height.
WIDTH, BAR_HEIGHT, MARGIN = 6.1, 0.27, 0.15
LABEL_LENGTH = 12
SETTINGS = {
    "svg.fonttype": "none",
    # Ids of clips and markers are salted by chance unless this is set.
    "svg.hashsalt": "townedu",
    # One file holds the faces of all countries; matplotlib knows it by its first.
    "font.family": ["Noto Sans CJK SC", "Noto Sans CJK JP"],
    "font.size": 10,
    "text.parse_math": False,
    "axes.unicode_minus": False,
}
STYLE = re.compile(r'\s*style="([^"]*)"')
SIZE = re.compile(r"[\d.]+px")
# What serves only machines: ids (several charts stand in one page), links to another window.
CLUTTER = re.compile(
    r"<metadata>.*?</metadata>|<defs>\s*<style[^>]*>.*?</style>\s*</defs>|<!--.*?-->"
    r'|\sid="[^"]*"|\starget="_blank"|\stransform="rotate\(-0 [^"]*"',
    re.DOTALL,
)


def bar_chart(chart: Chart) -> str:
    """Return the SVG of a chart of horizontal bars, each linking to its records; an empty value has no bar."""
    drawn = _drawn(chart, format="svg", metadata={"Date": None, "Creator": None})
    return _plain(drawn.decode(), f"{chart.title}（{chart.unit}）" if chart.unit else str(chart.title))


def bar_picture(chart: Chart) -> bytes:
    """Return the same chart as PNG, for programs that take no SVG."""
    return _drawn(chart, format="png", dpi=200, metadata={"Software": None})


def _drawn(chart: Chart, **form: Any) -> bytes:
    # heavy: 0.8 s to import, and only charts need it
    from matplotlib import rc_context
    from matplotlib.figure import Figure as Canvas

    values = [float(value or 0) for _label, value, _source in chart.bars]
    names = [_short(str(label)) for label, _value, _source in chart.bars]
    longest = max(values, default=0) or 1
    gap = longest * 0.015
    with rc_context(SETTINGS):
        canvas = Canvas(figsize=(WIDTH, BAR_HEIGHT * len(values) + MARGIN))
        left = 0.02 + 0.025 * max(map(len, names), default=1)
        axes = canvas.add_axes((left, 0.0, 0.98 - left, 1.0))
        bars = axes.barh(range(len(values)), values, height=0.62, color=BAR)
        canvas.patch.set_visible(False)
        axes.patch.set_visible(False)
        for place, (bar, (_label, value, source)) in enumerate(zip(bars, chart.bars, strict=True)):
            bar.set_clip_on(False)
            if source:
                bar.set_url(source)
            axes.text(bar.get_width() + gap, place, "" if value is None else str(value), va="center", color=INK)
        axes.set_yticks(range(len(names)), names, color=INK)
        axes.tick_params(length=0)
        axes.set_xticks([])
        axes.set_xlim(0, longest * 1.12)
        axes.set_ylim(len(values) - 0.4, -0.6)
        axes.spines[["top", "right", "bottom"]].set_visible(False)
        axes.spines["left"].set_color(INK)
        drawn = BytesIO()
        canvas.savefig(drawn, transparent=True, **form)
    return drawn.getvalue()


def _short(name: str) -> str:
    return name if len(name) <= LABEL_LENGTH else f"{name[: LABEL_LENGTH - 1]}…"


def _plain(svg: str, title: str) -> str:
    """Return the drawing alone: styles as attributes, links as HTML has them, and a name for those who cannot see."""
    svg = svg[svg.index("<svg") :]
    svg = STYLE.sub(lambda found: _attributes(found[1]), svg).replace("xlink:href=", "href=")
    # Without a width and height of its own the drawing fills the place that it is given.
    head, rest = CLUTTER.sub("", svg).split(">", 1)
    svg = re.sub(r'\s(width|height|xmlns:xlink)="[^"]*"', "", head) + ">" + rest
    return svg.replace("<svg ", f'<svg class="chart" role="img" aria-label="{escape(title)}" ', 1).strip()


def _attributes(style: str) -> str:
    attributes = []
    for declaration in style.replace("&quot;", "'").split(";"):
        name, _colon, value = (piece.strip() for piece in declaration.partition(":"))
        if name == "font" and (size := SIZE.search(value)):
            attributes += [("font-size", size.group()), ("font-family", FONTS)]
        elif name:
            attributes.append((name, FONTS if name == "font-family" else value))
    return "".join(f' {name}="{value}"' for name, value in attributes)
