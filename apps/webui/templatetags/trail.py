"""A record's audit in words."""

from datetime import UTC
from typing import Any

from auditlog.models import LogEntry
from django import template
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actors import system_label
from apps.core.addresses import number_in
from apps.core.fields import field_of, related_model
from apps.core.models import Record

from .townedu import DASH, LONG, flat, heading, shown

register = template.Library()

OWN_BUSINESS = {"id", "version", "created_at", "updated_at"}
DONE = {
    LogEntry.Action.CREATE: gettext_lazy("Created"),
    LogEntry.Action.UPDATE: gettext_lazy("Changed"),
    LogEntry.Action.DELETE: gettext_lazy("Deleted"),
    LogEntry.Action.ACCESS: gettext_lazy("Seen in full"),
}


@register.simple_tag
def trail(record: Record, history: list[LogEntry]) -> list[dict[str, Any]]:
    """Return a record's audit in words: who did what when, and each changed field with its old and new value."""
    changes = [
        [(name, change) for name, change in entry.changes_dict.items() if name not in OWN_BUSINESS]
        if entry.action == LogEntry.Action.UPDATE
        else []
        for entry in history
    ]
    names = _row_names(record, [pair for entry in changes for pair in entry])
    return [
        {
            "who": _who(entry),
            "when": shown(entry.timestamp),
            "what": DONE.get(entry.action, ""),
            "changes": [_change(record, *change, names) for change in own],
        }
        for entry, own in zip(history, changes, strict=True)
    ]


def _who(entry: LogEntry) -> str:
    """Return who acted: the account, or the part of the system that is named."""
    if entry.actor:
        return str(entry.actor)
    return str(system_label((entry.additional_data or {}).get("system", "")) or _("the system"))


def _field(record: Record, name: str) -> models.Field[Any, Any] | None:
    try:
        return field_of(type(record), name)
    except FieldDoesNotExist:
        return None


def _row_names(record: Record, changes: list[tuple[str, Any]]) -> dict[tuple[str, str], str]:
    """Return (field, id) → name of the rows that changed fields referred to, with one query a field."""
    asked: dict[str, set[int]] = {}
    for name, change in changes:
        if isinstance(_field(record, name), models.ForeignKey) and isinstance(change, (list, tuple)):
            numbers = (number_in(str(value)) for value in change)
            asked.setdefault(name, set()).update(number for number in numbers if number is not None)
    return {
        (name, str(pk)): str(row)
        for name, ids in asked.items()
        for pk, row in related_model(field_of(type(record), name))._base_manager.in_bulk(ids).items()
    }


def _change(record: Record, name: str, change: Any, names: dict[tuple[str, str], str]) -> tuple[str, str, str]:
    """Return label, old and new value of one change; what was added to or removed from a set counts as new or old."""
    field = _field(record, name)
    label = heading(getattr(field, "verbose_name", name))
    if isinstance(change, dict):
        rows = "、".join(map(str, change.get("objects", [])))
        return (label, DASH, rows) if change.get("operation") == "add" else (label, rows, DASH)
    labels = {str(key): str(text) for key, text in flat(getattr(field, "choices", None) or [])}
    old, new = (labels.get(str(value)) or names.get((name, str(value))) or _stored(field, value) for value in change)
    return label, old, new


def _stored(field: models.Field[Any, Any] | None, value: Any) -> str:
    """Return a value as the audit stores it (a text) in words."""
    if value in (None, "", "None"):
        return DASH
    if isinstance(field, models.BooleanField):
        return shown(str(value) == "True")
    moment = parse_datetime(str(value)) if isinstance(field, models.DateTimeField) else None
    if moment:
        return shown(moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC))
    text = str(value)
    return text if len(text) <= LONG else f"{text[:LONG]}…"
