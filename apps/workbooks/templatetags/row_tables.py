"""Rows of workbooks as tables, cards on a phone: what is wrong, to check, changed and new, counted, and taken back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import template
from django.template.defaultfilters import capfirst
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.labels import Label

register = template.Library()


@dataclass(frozen=True)
class Head:
    """A column: the name by which a row has what stands there, its header, its class, and how a cell is drawn.

    `draw` takes the row and the value, and returns text or HTML.
    """

    name: str
    label: Label
    kind: str = ""
    draw: Callable[[Any, Any], Any] = lambda row, value: value


def _linked(row: Any, value: Any) -> Any:
    """Return a value as a link to the page that its row names, if it names one."""
    url = _value(row, "url")
    return format_html('<a href="{}">{}</a>', url, value) if url else value


def _or_dash(row: Any, value: Any) -> Any:
    return value or "—"


def _capital(row: Any, value: Any) -> Any:
    return capfirst(value)


def _counted(kind: str, look: str = "") -> Callable[[Any, Any], Any]:
    """Return a way to draw a number of rows: as a link to them, if there are any."""

    def draw(row: Mapping[str, Any], number: Any) -> Any:
        if not number:
            return "0"
        link = f"?kind={kind}&sheet={quote(row['title'])}#rows"
        return format_html('<a{} href="{}">{}</a>', format_html(' class="{}"', look) if look else "", link, number)

    return draw


CELL, SHEET, RECORD = Head("cell", _("Cell")), Head("sheet", _("Sheet")), Head("row", _("Which record"))
HEADS = {
    "wrong": (
        Head("cell", _("Cell"), draw=_or_dash),
        Head("sheet", _("Sheet"), draw=_or_dash),
        Head("what", _("What is wrong"), draw=_linked),
        Head("remedy", _("What to do")),
    ),
    "doubtful": (CELL, SHEET, RECORD, Head("what", _("What to check"))),
    # Once they are written, the records are there to be looked at.
    "doubtful_written": (
        CELL,
        SHEET,
        Head("row", _("Which record"), draw=_linked),
        Head("what", _("What to check")),
    ),
    "changed": (
        CELL,
        SHEET,
        RECORD,
        Head("column", _("Column")),
        Head("old", _("Stored"), draw=lambda row, value: format_html('<span class="soft">{}</span>', value)),
        Head("new", _("In the workbook"), draw=lambda row, value: format_html("<strong>{}</strong>", value)),
    ),
    "new": (CELL, SHEET, RECORD),
    "counts": (
        Head("title", _("Sheet")),
        Head("new", _("New"), "num", _counted("new")),
        Head("changed", pgettext_lazy("rows", "Changed"), "num", _counted("changed")),
        Head("unchanged", _("Unchanged"), "num"),
        Head("wrong", _("Wrong"), "num", _counted("wrong", "state late")),
    ),
    "written": (
        Head("name", _("Kind of record"), draw=_capital),
        Head("created", _("New ones deleted"), "num"),
        Head("changed", _("Changed ones put back"), "num"),
        Head("deleted", _("Deleted ones restored"), "num"),
    ),
    "blockers": (
        Head("name", _("Which record"), draw=_linked),
        Head("kind", _("Kind of record"), draw=_capital),
        Head("why", _("Why")),
    ),
}


@register.inclusion_tag("workbooks/table.html")
def row_table(caption: str, kind: str, rows: Iterable[Any]) -> dict[str, Any]:
    """Draw rows, each a mapping or an object, with the columns of their kind; `caption` is for who hears the page."""
    heads = HEADS[kind]
    return {"caption": caption, "heads": heads, "rows": [_cells(row, heads) for row in rows]}


def _cells(row: Any, heads: Iterable[Head]) -> SafeString:
    """Return the cells of a row (a template takes ten times as long)."""
    cells = ((head.kind, head.label, head.draw(row, _value(row, head.name))) for head in heads)
    return format_html_join("\n", '<td class="{}" data-label="{}">{}</td>', cells)


def _value(row: Any, name: str) -> Any:
    return row.get(name, "") if isinstance(row, Mapping) else getattr(row, name, "")
