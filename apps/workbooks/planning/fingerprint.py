"""What a preview saw, kept so that the import can tell which records have changed since."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from apps.core.journal import PORTION
from apps.core.models import Record
from apps.workbooks.plan import Part, Problem

from .workbook_plan import Plan


def seen(plan: Plan) -> dict[str, dict[str, Any]]:
    """Return sheet → rows that are new (as runs), and row → id and version of the record that it changes.

    To be asked before the plan is tried out, which raises versions.
    """
    return {
        part.title: {
            "new": _runs(part.rows[record.pk] for record in part.new),
            "changed": {str(part.rows[record.pk]): [record.pk, record.version] for record in part.changed},
        }
        for part in plan.parts
    }


def changed_since(plan: Plan, before: dict[str, dict[str, Any]]) -> list[Problem]:
    """Return a problem for each record that is not what it was at the preview, whether new, changed or gone since."""
    if plan.counts and not before:
        return []
    return [problem for part in plan.parts for problem in _differences(part, before.get(part.title, {}))]


def doubts_of(plan: Plan) -> list[dict[str, Any]]:
    """Return what people are to check, cell by cell, with the record's name, and its page once it is stored."""
    return [
        asdict(problem) | {"row": str(record), "url": _page_of(record)}
        for part in plan.parts
        for record, problem in part.doubts
    ]


def _differences(part: Part, before: dict[str, Any]) -> Iterator[Problem]:
    was_new = {row for first, last in before.get("new", ()) for row in range(first, last + 1)}
    was_changed = {int(row): tuple(state) for row, state in before.get("changed", {}).items()}
    new = {part.rows[record.pk]: record for record in part.new}
    changed = {part.rows[record.pk]: record for record in part.changed}
    same = _unchanged(part, {*was_new, *was_changed})
    for row in sorted({*was_new, *was_changed, *new, *changed}):
        if row in new:
            if row not in was_new:
                yield _problem(part, row, new[row], _("“%(name)s” has been deleted since the preview."))
        elif record := changed.get(row) or same.get(row):
            if row in was_new:
                yield _problem(part, row, record, _("“%(name)s” has been entered by somebody else since the preview."))
            elif row in same or was_changed.get(row) != (record.pk, record.version):
                yield _problem(part, row, record, _("“%(name)s” has been changed by somebody else since the preview."))


def _unchanged(part: Part, rows: set[int]) -> dict[int, Record]:
    """Return row → record of those of these rows that are unchanged."""
    found = {part.rows[record.pk]: record for record in part.unchanged if record.pk in part.rows}
    wanted = [pk for pk in part.same if part.rows.get(pk) in rows]
    for start in range(0, len(wanted), PORTION):
        stored = part.sheet.model._base_manager.in_bulk(wanted[start : start + PORTION])
        found |= {part.rows[pk]: record for pk, record in stored.items()}
    return found


def _problem(part: Part, row: int, record: Record, what: str) -> Problem:
    remedy = _("Check the workbook again, then decide.")
    return Problem(part.title, f"A{row}", what % {"name": record}, remedy, _page_of(record))


def _page_of(record: Record) -> str:
    """Return the address of a stored record's page, nothing for one that has none."""
    try:
        return record.get_absolute_url() if record.pk > 0 else ""
    except NoReverseMatch:  # kept on another record's page
        return ""


def _runs(rows: Iterable[int]) -> list[list[int]]:
    """Return numbers as runs of first and last."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    return runs
