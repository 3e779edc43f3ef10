"""Drafts composed as the office composes them."""

from typing import Any

from apps.core.periods import Period
from apps.reports.actions import compose_summary
from apps.reports.models import AnnualSummary, SummarySection


def composed(place: Any, by: Any, code: str = "2025") -> AnnualSummary:
    """Return the composed draft of a township or a school."""
    return compose_summary(scope=place.scope, period=Period.from_code(code), by=by)


def section(summary: AnnualSummary, key: str) -> SummarySection:
    """Return the section of a summary in which `key` stands."""
    return next(row for row in summary.sections.all() if key in row.key_list)
