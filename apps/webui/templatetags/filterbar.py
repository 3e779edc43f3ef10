"""The filters above a list: their controls, and those in force in words."""

from typing import Any

from django import forms, template
from django.core.exceptions import FieldDoesNotExist
from django.forms import BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_filters.widgets import BooleanWidget

from apps.core.access import Request
from apps.core.actors import Actor
from apps.core.periods import Period
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY, Pages

from .townedu import flat, heading, shown

register = template.Library()

DASHES = "---------"
SELECTED, MULTIPLE = SafeString(" selected"), SafeString(" multiple")


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
    widget, label = field.field.widget, heading(field.label)
    if isinstance(widget, forms.Select):
        return _select(field, label)
    if field.name == "q":
        widget.input_type = "search"
    return field.as_widget(attrs={"class": "form-control form-control-sm", "aria-label": label, "placeholder": label})


def _select(field: BoundField, label: str) -> SafeString:
    """Return a select whose empty option says what it chooses (a widget's templates take ten times as long)."""
    choices = [(key, label if text == DASHES else text) for key, text in flat(field.field.widget.choices)]
    if isinstance(field.field.widget, (forms.NullBooleanSelect, BooleanWidget)):
        answers = (("true", shown(True)), ("false", shown(False)))
        words = [(key, _("%(label)s: %(text)s") % {"label": label, "text": text}) for key, text in answers]
        choices = [("", label), *words]
    given = field.data if isinstance(field.data, (list, tuple)) else [field.data]
    chosen = {str(value).lower() if isinstance(value, bool) else str(value) for value in given if value is not None}
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((key, SELECTED if str(key) in chosen else "", text) for key, text in choices),
    )
    several = MULTIPLE if isinstance(field.field.widget, forms.SelectMultiple) else ""
    return format_html(
        '<select class="form-select form-select-sm" name="{}" id="{}" aria-label="{}"{}>{}</select>',
        field.html_name, field.id_for_label, label, several, options,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def kept(context: Context) -> list[tuple[str, str]]:
    """Return what the address carries besides the filter's visible fields and the page: it stays when filtering."""
    shown_names = {field.html_name for field in context["filter"].form if not field.is_hidden}
    return [(key, value) for key, value in context["request"].GET.items() if key not in shown_names | {"page"}]


@register.simple_tag
def period_of(bound: Any) -> Period | None:
    """Return the period to which a list is narrowed, None for all times."""
    found: Period | None = bound.form.cleaned_data.get("period")
    return found


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
        if value is None and name != "period" and name not in bound.form.errors:
            continue
        if name in bound.form.errors:
            text = "、".join(request.GET.get(key, "") for key in keys)
        elif name == "period":
            text = _period_words(value, request)
        else:
            text = _words(bound, name, value, request.user)
        if text:
            query = request.GET.copy()
            for key in [*keys, "page"]:
                query.pop(key, None)
            found.append({"label": heading(field.label), "text": text, "url": f"?{query.urlencode()}"})
    return found


def _is_range(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.MultiWidget)


def _period_words(value: Period | None, request: Request) -> str:
    if value is None:
        return _("all school years")
    year = chosen_year(request)
    return "" if year and value.code == str(year.start_year) else value.label


def _named_by(bound: Any, name: str) -> Pages[Any] | None:
    """Return the pages of the rows whose ids a filter takes, None for rows without pages."""
    if label := getattr(bound.filters[name], "of", ""):
        return REGISTRY.get(label)
    try:
        related = bound._meta.model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        related = None
    if related:
        return REGISTRY.get(related._meta.label_lower)
    return next((pages for pages in REGISTRY.values() if pages.meta.model_name == name), None)


def _words(bound: Any, name: str, value: Any, user: Actor) -> str:
    """Return a filter's value in words; an id by the name of its row."""
    field = bound.form.fields[name]
    if isinstance(value, slice):
        return f"{shown(value.start)} – {shown(value.stop)}"
    choices = [] if isinstance(field, forms.ModelChoiceField) else getattr(field, "choices", [])
    labels = {str(key): str(label) for key, label in flat(choices)}
    if isinstance(value, (list, tuple)):
        return "、".join(labels.get(str(part), str(part)) for part in value)
    if isinstance(field.widget, forms.HiddenInput) and isinstance(value, int):
        pages = _named_by(bound, name)
        row = pages.model.objects.visible_to(user).filter(pk=value).first() if pages else None
        return str(row or f"#{value}")
    return labels.get(str(value)) or shown(value)
