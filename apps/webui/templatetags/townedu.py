"""Values as people read them, addresses, and the facts of a record."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.db import models
from django.db.models.fields.files import FieldFile
from django.http import QueryDict
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.models import Record
from apps.webui.forms import PickField
from apps.webui.pages import REGISTRY, Button, Pages, value_of
from apps.webui.ways import list_address

register = template.Library()

DASH = "—"
LONG = 60


def heading(label: Any) -> str:
    """Return a label as it begins a line: a plain text, translated once."""
    return capfirst(str(label))


def flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Return value and label of choices, those in groups included."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


@register.filter
def shown(value: Any) -> str:
    """Return a value as people read it: ISO dates, yes and no, a dash for nothing."""
    if value is None or value == "":
        return DASH
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return str(value.name).rsplit("/", 1)[-1] if value else DASH
    if isinstance(value, models.Manager):
        value = value.all()
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return "、".join(shown(part) for part in value) or DASH
    return str(value)


@register.filter
def grouped(value: Any) -> str:
    """Return a number with its thousands set apart, any other value as `shown`."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return f"{value:,}" if is_number else shown(value)


@register.filter
def place_name(user: object) -> str:
    """Return what the user's scope is called: the school, or the office of the township or district."""
    wide = any(getattr(user, f"{level}_id", None) for level in ("school", "township", "district"))
    owner = user if wide else getattr(user, "teacher", None) or getattr(user, "researcher", None) or user
    places = [getattr(owner, level, None) for level in ("school", "township", "district")]
    place = next((place for place in places if place), None)
    return (getattr(place, "office_name", "") or str(place)) if place else ""


@register.simple_tag
def address(pages: Pages[Any], page: str, *args: Any) -> str:
    """Return the address of one of the pages of a kind of record."""
    return pages.url(page, *args)


@register.simple_tag(takes_context=True)
def way_back(context: Context, pages: Pages[Any]) -> dict[str, str]:
    """Return address and words of the way back from a record: to what it is part of, else to the list as it stood."""
    owner = context.get("owner")
    if isinstance(owner, Record):
        return {"url": owner.get_absolute_url(), "text": str(owner)}
    return {"url": list_address(context["request"], pages), "text": capfirst(str(pages.meta.verbose_name_plural))}


@register.simple_tag(takes_context=True)
def here(context: Context, name: str) -> bool:
    """Return whether the open page is the one called `name`, or lies below it."""
    url = reverse(name)
    return context["request"].path == url or (url != "/" and context["request"].path.startswith(url))


@register.simple_tag(takes_context=True)
def more_of(context: Context, related: dict[str, Any]) -> dict[str, str]:
    """Return where all rows of a related list are and where to add one, empty texts where that is not possible."""
    pages, field, record = related["pages"], related["field"], context["record"]
    listed = field in pages.filterset.base_filters
    asked = pages.form.base_fields.get(field) if pages.may(context["request"].user, "add") else None
    value = f"#{record.pk}" if isinstance(asked, PickField) else str(record.pk)
    period = {"period": ""} if pages.model.dated_by else {}
    return {
        "all": f"{pages.url('list')}?{_query({field: record.pk, **period})}" if listed else "",
        "add": f"{pages.url('create')}?{_query({field: value})}" if asked else "",
    }


@register.filter
def has_main(buttons: list[Button]) -> bool:
    """Return whether one of the buttons is the main one."""
    return any(button.main for button in buttons)


@register.filter
def rare(buttons: list[Button]) -> list[Button]:
    """Return the buttons that stand under "more"."""
    return [button for button in buttons if button.rare]


def _query(params: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update(params)
    return query.urlencode()


def _page_of(value: Any, user: Actor) -> str:
    """Return the address of a row's own page if `user` may open such pages, else an empty text."""
    pages = REGISTRY.get(value.label) if isinstance(value, Record) else None
    return value.get_absolute_url() if pages and pages.may(user, "view") else ""


def look_of(record: models.Model, path: str) -> str:
    """Return how the state at `path` looks (done, wait, late, none), from the looks of the row that owns it."""
    *way, name = path.split(".")
    owner = value_of(record, ".".join(way)) if way else record
    looks: Mapping[Any, str] = getattr(owner, "state_looks", {})
    return looks.get(getattr(owner, name, None), "none")


@register.simple_tag
def state_of(pages: Pages[Any], record: Record) -> tuple[str, str] | None:
    """Return words and look of the record's state, None for records without one."""
    column = next((column for column in pages.columns if column.kind == "state"), None)
    return (shown(value_of(record, column.path)), look_of(record, column.path)) if column else None


@register.simple_tag(takes_context=True)
def facts(context: Context) -> list[dict[str, Any]]:
    """Return the record's fields for its page: label, text, state's look, address of what a field refers to."""
    pages, record, user = context["pages"], context["record"], context["request"].user
    states = {column.path for column in pages.columns if column.kind == "state"}
    found = []
    for label, name, value in context["fields"]:
        *way, last = name.split(".")
        target = value_of(record, ".".join(way)) if way and last == "name" else value
        text = shown(f"{value.normalize():f}" if isinstance(value, Decimal) else value)
        found.append(
            {
                "label": heading(label),
                "text": text,
                "look": look_of(record, name) if name in states and text != DASH else "",
                "url": _page_of(target, user),
                "long": len(text) > LONG or "\n" in text,
            }
        )
    return found
