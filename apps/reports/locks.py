"""Locked years: once the township's summary is finalised, only the office changes the records behind it.

A record is locked by the days it is dated by: a lesson observed in the year, a posting that begins or ends in it.
Master data without a date (schools, teachers) and spans that only cover the year stay open.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.models import Record

from .models import AnnualSummary

FINALISE = "reports.finalise_annualsummary"
# What belongs to no township's year: the summaries themselves, accounts, imports.
OPEN_APPS = ("reports", "accounts", "workbooks", "core")


def locked_spans(user: Any) -> list[tuple[date, date, str]]:
    """Return first day, last day and name of the years that are locked for `user`; none for who may finalise."""
    if user is None or user.has_perm(FINALISE):
        return []
    townships = [user.scope.township] if user.served_townships is None else user.served_townships
    rows = AnnualSummary.objects.filter(
        township__in=townships, school=None, teacher=None, status=AnnualSummary.Status.FINALISED
    ).exclude(period_code__contains="-")  # a term's summary locks nothing
    return list(rows.values_list("starts_on", "ends_on", "period_label"))


def _paths(model: type[Record]) -> tuple[str, ...]:
    if model._meta.app_label in OPEN_APPS or not model.dated_by or "township" not in model.reached_from:
        return ()
    return model.dated_by if isinstance(model.dated_by, tuple) else (model.dated_by,)


def _day(record: Record, path: str) -> date | None:
    value: Any = record
    for name in path.split("__"):
        value = getattr(value, name, None)
        if value is None:
            return None
    return value


def why_locked(records: Sequence[Record], by: Any) -> str:
    """Return why `by` may not write these records of one model, empty if nothing forbids it.

    Both the days that are stored and those that would be stored count. Two queries at most, whatever the number.
    """
    paths = _paths(type(records[0])) if records else ()
    spans = locked_spans(by) if paths else []
    if not spans:
        return ""
    days = {day for record in records for path in paths if (day := _day(record, path))}
    known = [record.pk for record in records if record.pk]
    for row in type(records[0]).objects.filter(pk__in=known).order_by().values_list(*paths).distinct() if known else ():
        days |= {day for day in row if day}
    for first, last, label in spans:
        if any(first <= day <= last for day in days):
            return _("The summary of %(year)s is finalised: only the education office changes its records.") % {
                "year": label
            }
    return ""


def demand_unlocked(records: Sequence[Record], by: Any) -> None:
    """Raise ValidationError if one of the records lies in a year that is locked for `by`."""
    if said := why_locked(records, by):
        raise ValidationError(said, code="locked")
