"""Records as a table, the pages of a list, and how a list stands."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page
from django.db import models
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.fields import field_of, related_model
from apps.core.models import Record
from apps.figures.measures import Measure, Value
from apps.webui.pages import ListColumn, Pages, value_of
from apps.webui.views import PAGE_SIZES

from .townedu import DASH, grouped, heading, look_of, shown

register = template.Library()


@register.inclusion_tag("webui/table.html", takes_context=True)
def record_table(
    context: Context,
    pages: Pages[Any],
    records: Iterable[Record],
    columns: Iterable[ListColumn] = (),
    sort: str | None = None,
    ticked: object = None,
) -> dict[str, Any]:
    """Draw records as a table, cards on a phone; `sort` is the present order where it can be changed, else None.

    `ticked` gives each row a box to tick, which belongs to the form of that id.
    """
    columns = list(columns or pages.columns)
    labels = [heading(pages.labels[column.path]) for column in columns]
    drawn = [(column, label, _choices(pages.model, column.path)) for column, label in zip(columns, labels, strict=True)]
    return {
        "request": context["request"],
        "caption": pages.meta.verbose_name_plural,
        "heads": [_head(column, label, sort) for column, label, _choice in drawn],
        "rows": [(_tick(record) if ticked else SafeString()) + _row(record, drawn) for record in records],
        "ticked": bool(ticked),
    }


def _tick(record: Record) -> SafeString:
    label = _("Tick: %(record)s") % {"record": record}
    box = '<input class="form-check-input" type="checkbox" form="ticked" name="ticked" value="{}" aria-label="{}">'
    return format_html('<td class="tick">' + box + "</td>", record.pk, label)


def _head(column: ListColumn, label: str, sort: str | None) -> dict[str, str]:
    order = column.order if sort is not None else ""
    present = {order: "ascending", f"-{order}": "descending"}.get(sort or "", "") if order else ""
    after = f"-{order}" if present == "ascending" else order
    return {"path": column.path, "kind": column.kind, "label": label, "order": after, "present": present}


def _row(record: Record, drawn: list[tuple[ListColumn, str, dict[Any, str]]]) -> SafeString:
    """Return the cells of a record, the first one with the link (a template takes ten times as long)."""
    first, *rest = [(column.kind, label, _content(record, column, choices)) for column, label, choices in drawn]
    kind, label, content = first
    cells = [(kind, label, format_html('<a href="{}">{}</a>', record.get_absolute_url(), content)), *rest]
    return format_html_join("", '<td class="{}" data-label="{}">{}</td>', cells)


def _choices(model: type[models.Model], path: str) -> dict[Any, str]:
    """Return value → label of the field at `path`, read once for all rows, not translated cell by cell."""
    *way, name = path.split(".")
    try:
        for step in way:
            model = related_model(field_of(model, step))
        return {value: str(label) for value, label in field_of(model, name).flatchoices}
    except FieldDoesNotExist:
        return {}


def _content(record: Record, column: ListColumn, choices: dict[Any, str]) -> str:
    then = vars(record).get(f"then_{column.path.replace('.', '__')}")
    if then is not None:
        value = choices.get(then, then)
    elif choices:
        *way, name = column.path.split(".")
        owner = value_of(record, ".".join(way)) if way else record
        value = getattr(owner, name, None)
        value = choices.get(value, value)
    else:
        value = value_of(record, column.path)
    if isinstance(value, datetime) and column.kind == "date":
        value = timezone.localtime(value).date()
    text = shown(value)
    if column.kind == "state" and text != DASH:
        return format_html('<span class="state {}">{}</span>', look_of(record, column.path), text)
    return text


@register.simple_tag
def page_sizes() -> list[int]:
    """Return how many rows a page may have."""
    return list(PAGE_SIZES.values())


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """Return the numbers of the pages around this one, the first and the last, with … between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def standing(pages: Pages[Any], measures: list[tuple[Measure, Value]], asked: str | None) -> dict[str, Any]:
    """Return how a list stands: the measure asked for in the address (or None), and the others in their order."""
    known = {measure.key: measure for measure in pages.filterset.measures}
    values = {measure.key: value for measure, value in measures}
    if asked in known:
        values.setdefault(asked, None)
    first = pages.filterset.measures[0].key
    lines = [
        {
            "key": key,
            "label": "" if key == first else heading(known[key].label),
            "raw": "" if value is None else str(value),
            "text": grouped(value),
            "unit": "" if value is None else known[key].unit,
            "words": bool(known[key].names),
        }
        for key, value in values.items()
    ]
    return {
        "asked": next((line for line in lines if line["key"] == asked), None),
        "rest": [line for line in lines if line["key"] != asked],
    }
