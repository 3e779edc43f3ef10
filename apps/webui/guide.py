"""The guide of a first year: the page of the documentation, made a page of the site."""

import re
from pathlib import Path

from django.conf import settings
from django.utils.html import escape

FIRST_YEAR = Path(settings.BASE_DIR) / "docs" / "first-year.md"
# What the documentation says to those who write the house comes before this mark.
BEGINS = "<!-- page -->"
BOLD = re.compile(r"\*\*(.+?)\*\*")


def as_html(text: str) -> str:
    """Return a page of the documentation as HTML: headings, paragraphs, lists and bold words, everything escaped."""
    out = []
    for block in re.split(r"\n\s*\n", text.split(BEGINS)[-1].strip()):
        lines = block.splitlines()
        if found := re.fullmatch(r"(#{2,3}) (.+)", block):
            level = len(found[1])
            out.append(f"<h{level}>{_inline(found[2])}</h{level}>")
        elif re.match(r"\d+\. ", lines[0]):
            out.append(_list("ol", lines, r"\d+\. "))
        elif lines[0].startswith("- "):
            out.append(_list("ul", lines, r"- "))
        else:
            out.append(f"<p>{_inline(''.join(lines))}</p>")
    return "\n".join(out)


def _list(kind: str, lines: list[str], mark: str) -> str:
    items: list[str] = []
    for line in lines:
        if found := re.match(mark, line):
            items.append(line[found.end() :])
        else:
            items[-1] += line.strip()
    return f"<{kind}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{kind}>"


def _inline(text: str) -> str:
    return BOLD.sub(r"<strong>\1</strong>", escape(text))
