"""Reads back what a page says."""

import re
from html import unescape

DATA = re.compile(r"<data\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def measured(html: str) -> dict[str, str]:
    """Return measure → value of what a list says its records add up to."""
    found = [dict(ATTRIBUTE.findall(tag)) for tag in DATA.findall(html)]
    return {unescape(a["data-measure"]): unescape(a["value"]) for a in found if "data-measure" in a}
