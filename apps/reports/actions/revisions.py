"""Earlier texts of sections: kept whenever somebody writes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.core.actions import save_record
from apps.reports.documents import default_texts, figures_of, joined
from apps.reports.models import SectionRevision, SummarySection

# What somebody saves within this time of a first save is the same sitting, and one revision.
SITTING = timedelta(minutes=10)


def text_now(section: SummarySection) -> str:
    """Return what stands in a section: its own text, or the default prose of now where nobody has changed it."""
    if section.edited or not section.keys:
        return section.text
    scope, period = section.summary.scope, section.summary.period
    return joined(default_texts(scope, period, figures_of(scope, period)), section.key_list)


def keep_revision(*, section: SummarySection, by: Any, before: str, anew: bool = False) -> SectionRevision:
    """Keep what a section says now among its revisions, and what it said `before` if nobody has written it yet.

    What the same person wrote in the same sitting is one revision, unless it is to be kept `anew`.
    """
    latest = section.revisions.first()
    if latest is None and before:
        save_record(record=SectionRevision(section=section, heading=section.heading, text=before), by=None)
    same = not anew and latest and by and latest.saved_by_id == by.pk and timezone.now() - latest.created_at < SITTING
    revision = latest if same else SectionRevision(section=section, saved_by=by)
    revision.heading, revision.text, revision.edited = section.heading, section.text, section.edited
    return save_record(record=revision, by=by)
