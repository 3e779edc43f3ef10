"""Tags of the shared templates: values as people read them, the table of records, filters and history in words."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page
from django.db import models
from django.db.models.fields.files import FieldFile
from django.forms import BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_filters.widgets import BooleanWidget

from apps.core.context import chosen_year
from apps.core.forms import PickField
from apps.core.models import Record
from apps.core.pages import REGISTRY, Button, Column, Pages, value_of
from apps.core.periods import Period
from apps.core.views import PAGE_SIZES

register = template.Library()

NOTHING = "—"
DASHES = "---------"
OWN_BUSINESS = {"id", "version", "created_at", "updated_at"}
LONG = 60


# Values


@register.filter
def shown(value: Any) -> str:
    """Return a value as people read it: ISO dates, yes and no, a dash for nothing."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, FieldFile):
        return value.name.rsplit("/", 1)[-1] if value else NOTHING
    if isinstance(value, models.Manager):
        value = value.all()
    if isinstance(value, (list, tuple, set, models.QuerySet)):
        return "、".join(shown(part) for part in value) or NOTHING
    return str(value)


@register.filter
def grouped(value: Any) -> str:
    """Return a number with its thousands set apart, any other value as `shown`."""
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    return f"{value:,}" if is_number else shown(value)


@register.filter
def place_name(user: Any) -> str:
    """Return what the user's scope is called: the school, or the office of the township or district."""
    teacher, researcher = getattr(user, "teacher", None), getattr(user, "researcher", None)
    for place in (user.school, user.township, user.district, teacher and teacher.township, researcher and researcher.district):
        if place:
            return getattr(place, "office_name", "") or str(place)
    return ""


# Addresses


@register.simple_tag
def address(pages: Pages, page: str, *args: Any) -> str:
    """Return the address of one of the pages of a kind of record."""
    return pages.url(page, *args)


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


def _query(params: dict[str, Any]) -> str:
    query = QueryDict(mutable=True)
    query.update(params)
    return query.urlencode()


def _page_of(value: Any, user: Any) -> str:
    """Return the address of a row's own page if `user` may open such pages, else an empty text."""
    pages = REGISTRY.get(value.label) if isinstance(value, Record) else None
    return value.get_absolute_url() if pages and pages.may(user, "view") else ""


# The table of records


@register.inclusion_tag("core/table.html", takes_context=True)
def record_table(
    context: Context, pages: Pages, records: Iterable[Record], columns: Iterable[Column] = (), sort: str | None = None
) -> dict[str, Any]:
    """Draw records as a table, cards on a phone. `sort` is the present order of a list that can be sorted, else None."""
    columns = list(columns or pages.columns)
    labels = [capfirst(pages.labels[column.path]) for column in columns]
    drawn = list(zip(columns, labels, strict=True))
    return {
        "request": context["request"],
        "caption": pages.meta.verbose_name_plural,
        "heads": [_head(column, label, sort) for column, label in drawn],
        "rows": [(record.get_absolute_url(), [_cell(record, column, label) for column, label in drawn]) for record in records],
    }


def _head(column: Column, label: str, sort: str | None) -> dict[str, str]:
    order = column.order if sort is not None else ""
    present = {order: "ascending", f"-{order}": "descending"}.get(sort, "") if order else ""
    after = f"-{order}" if present == "ascending" else order
    return {"path": column.path, "kind": column.kind, "label": label, "order": after, "present": present}


def _cell(record: Record, column: Column, label: str) -> tuple[str, str, str, str]:
    look = look_of(record, column.path) if column.kind == "state" else ""
    value = value_of(record, column.path)
    if isinstance(value, datetime) and column.kind == "date":
        value = timezone.localtime(value).date()
    return column.kind, label, shown(value), look


def look_of(record: models.Model, path: str) -> str:
    """Return how the state at `path` looks (done, wait, late, none), from the looks of the row that owns it."""
    *way, name = path.split(".")
    owner = value_of(record, ".".join(way)) if way else record
    return getattr(owner, "state_looks", {}).get(getattr(owner, name, None), "none")


@register.simple_tag
def state_of(pages: Pages, record: Record) -> tuple[str, str] | None:
    """Return words and look of the record's state, None for records without one."""
    column = next((column for column in pages.columns if column.kind == "state"), None)
    return (shown(value_of(record, column.path)), look_of(record, column.path)) if column else None


@register.simple_tag
def page_sizes() -> list[int]:
    """Return how many rows a page may have."""
    return list(PAGE_SIZES.values())


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """Return the numbers of the pages around this one, the first and the last, with … between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


# The head of a list


@register.simple_tag
def standing(pages: Pages, measures: list, asked: str | None) -> dict[str, Any]:
    """Return how a list stands: the measure asked for in the address (or None), and the others in their order."""
    known = {measure.key: measure for measure in pages.filterset.measures}
    values = {measure.key: value for measure, value in measures}
    if asked in known:
        values.setdefault(asked, None)
    first = pages.filterset.measures[0].key
    lines = [
        {
            "key": key,
            "label": "" if key == first else capfirst(known[key].label),
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


# Filters


@register.simple_tag
def filter_fields(bound: Any, in_row: int = 4) -> dict[str, Any]:
    """Return the fields of a filter: the first few for the row above the list, the search box, the rest."""
    visible = [field for field in bound.form if not field.is_hidden]
    choosing = sorted((field for field in visible if field.name != "q"), key=lambda field: field.name != "school")
    rest = choosing[in_row:]
    return {
        "row": choosing[:in_row],
        "search": next((field for field in visible if field.name == "q"), None),
        "rest": rest,
        "open": any(bound.data.get(field.html_name) or field.errors for field in rest),
    }


@register.filter
def control(field: BoundField) -> SafeString:
    """Return a filter's control; being without a label of its own, it says by itself what it filters."""
    widget, label = field.field.widget, capfirst(field.label)
    if isinstance(widget, forms.Select):
        choices = list(widget.choices)
        if isinstance(widget, BooleanWidget):
            widget.choices = [("", label), ("true", f"{label}: {shown(True)}"), ("false", f"{label}: {shown(False)}")]
        elif choices and choices[0][1] == DASHES:
            widget.choices = [(choices[0][0], label), *choices[1:]]
        return field.as_widget(attrs={"class": "form-select form-select-sm", "aria-label": label})
    if field.name == "q":
        widget.input_type = "search"
    return field.as_widget(attrs={"class": "form-control form-control-sm", "aria-label": label, "placeholder": label})


@register.simple_tag(takes_context=True)
def kept(context: Context) -> list[tuple[str, str]]:
    """Return what the address carries besides the filter's visible fields and the page: it stays when filtering."""
    shown_names = {field.html_name for field in context["filter"].form if not field.is_hidden}
    return [(key, value) for key, value in context["request"].GET.items() if key not in shown_names | {"page"}]


@register.simple_tag
def period_of(bound: Any) -> Period | None:
    """Return the period to which a list is narrowed, None for all times."""
    return bound.form.cleaned_data.get("period")


@register.simple_tag(takes_context=True)
def pills(context: Context) -> list[dict[str, str]]:
    """Return the filters in force in words, each with the address that drops it."""
    bound, request = context["filter"], context["request"]
    found = []
    for name, field in bound.form.fields.items():
        keys = [key for key in request.GET if key == name or (key.startswith(f"{name}_") and _is_range(field))]
        value = bound.form.cleaned_data.get(name)
        if not keys or (name != "period" and not any(request.GET.get(key) for key in keys)):
            continue
        if name in bound.form.errors:
            text = "、".join(request.GET.get(key, "") for key in keys)
        elif name == "period":
            text = _period_words(value, request)
        else:
            text = _words(name, field, value, request.user)
        if text:
            query = request.GET.copy()
            for key in [*keys, "page"]:
                query.pop(key, None)
            found.append({"label": capfirst(field.label), "text": text, "url": f"?{query.urlencode()}"})
    return found


def _is_range(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.MultiWidget)


def _period_words(value: Period | None, request: HttpRequest) -> str:
    if value is None:
        return _("all school years")
    year = chosen_year(request)
    return "" if year and value.code == str(year.start_year) else value.label


def _words(name: str, field: forms.Field, value: Any, user: Any) -> str:
    """Return a filter's value in words; an id by the name of its row."""
    if isinstance(value, slice):
        return f"{shown(value.start)} – {shown(value.stop)}"
    choices = [] if isinstance(field, forms.ModelChoiceField) else getattr(field, "choices", [])
    labels = {str(key): str(label) for key, label in _flat(choices)}
    if isinstance(value, (list, tuple)):
        return "、".join(labels.get(str(part), str(part)) for part in value)
    if isinstance(field.widget, forms.HiddenInput) and isinstance(value, int):
        pages = next((pages for pages in REGISTRY.values() if pages.meta.model_name == name), None)
        row = pages.model.objects.visible_to(user).filter(pk=value).first() if pages else None
        return str(row or f"#{value}")
    return labels.get(str(value)) or shown(value)


def _flat(choices: Iterable) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


# One record


@register.simple_tag(takes_context=True)
def facts(context: Context) -> list[dict[str, Any]]:
    """Return the record's fields for its page: label, text, state's look, address of what a field refers to."""
    pages, record, user = context["pages"], context["record"], context["request"].user
    states = {column.path for column in pages.columns if column.kind == "state"}
    found = []
    for label, name, value in context["fields"]:
        *way, last = name.split(".")
        target = value_of(record, ".".join(way)) if way and last == "name" else value
        text = shown(value)
        found.append(
            {
                "label": capfirst(label),
                "text": text,
                "look": look_of(record, name) if name in states and text != NOTHING else "",
                "url": _page_of(target, user),
                "long": len(text) > LONG or "\n" in text,
            }
        )
    return found


@register.simple_tag
def trail(record: Record, history: list) -> list[dict[str, Any]]:
    """Return a record's audit in words: who did what when, and each changed field with its old and new value."""
    changes = [
        [(name, change) for name, change in (entry.changes_dict or {}).items() if name not in OWN_BUSINESS] for entry in history
    ]
    names = _row_names(record, [pair for entry in changes for pair in entry])
    return [
        {
            "who": str(entry.actor) if entry.actor else _("the system"),
            "when": shown(entry.timestamp),
            "what": capfirst(entry.get_action_display()),
            "changes": [_change(record, name, change, names) for name, change in own] if entry.action == entry.Action.UPDATE else [],
        }
        for entry, own in zip(history, changes, strict=True)
    ]


def _field(record: Record, name: str) -> models.Field | None:
    try:
        return record._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _row_names(record: Record, changes: list[tuple[str, Any]]) -> dict[tuple[str, str], str]:
    """Return (field, id) → name of the rows that changed fields referred to, with one query a field."""
    asked: dict[str, set[int]] = {}
    for name, change in changes:
        if isinstance(_field(record, name), models.ForeignKey) and isinstance(change, (list, tuple)):
            asked.setdefault(name, set()).update(int(value) for value in change if str(value).isdecimal())
    return {
        (name, str(pk)): str(row)
        for name, ids in asked.items()
        for pk, row in _field(record, name).related_model._base_manager.in_bulk(ids).items()
    }


def _change(record: Record, name: str, change: Any, names: dict[tuple[str, str], str]) -> tuple[str, str, str]:
    """Return label, old and new value of one change; what was added to or removed from a set counts as new or old."""
    field = _field(record, name)
    label = capfirst(str(getattr(field, "verbose_name", name)))
    if isinstance(change, dict):
        rows = "、".join(map(str, change.get("objects", [])))
        return (label, NOTHING, rows) if change.get("operation") == "add" else (label, rows, NOTHING)
    labels = {str(key): str(text) for key, text in _flat(getattr(field, "choices", None) or [])}
    old, new = (labels.get(str(value)) or names.get((name, str(value))) or _stored(field, value) for value in change)
    return label, old, new


def _stored(field: models.Field | None, value: Any) -> str:
    """Return a value as the audit stores it (a text) in words."""
    if value in (None, "", "None"):
        return NOTHING
    if isinstance(field, models.BooleanField):
        return shown(str(value) == "True")
    moment = parse_datetime(str(value)) if isinstance(field, models.DateTimeField) else None
    if moment:
        return shown(moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC))
    text = str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
