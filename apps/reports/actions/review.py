"""What reviewers and writers do: send a summary for review, take it back, remark on paragraphs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.actions import write_record
from apps.reports.models import AnnualSummary, ParagraphComment, SummarySection

from .summaries import demand_open

QUOTED = 30


def submit_for_review(*, summary: AnnualSummary, reviewer: Any, by: Any) -> AnnualSummary:
    """Send a draft to a reviewer; text and figures stay open. Raises ValidationError if it is finalised."""
    demand_open(summary)
    summary.status, summary.reviewer = AnnualSummary.Status.REVIEW, reviewer
    return write_record(record=summary, by=by, version=summary.version)


def end_review(*, summary: AnnualSummary, by: Any) -> AnnualSummary:
    """Make a summary under review a draft again; raise ValidationError if it is not under review."""
    if summary.status != AnnualSummary.Status.REVIEW:
        raise ValidationError(_("The summary is not under review."))
    summary.status, summary.reviewer = AnnualSummary.Status.DRAFT, None
    return write_record(record=summary, by=by, version=summary.version)


def add_comment(*, section: SummarySection, paragraph: str, text: str, by: Any) -> ParagraphComment:
    """Remark on a paragraph of an open summary, and return the remark."""
    demand_open(section.summary)
    comment = ParagraphComment(section=section, quote=paragraph[:QUOTED], text=text.strip(), written_by=by)
    return write_record(record=comment, by=by)


def resolve_comment(*, comment: ParagraphComment, by: Any) -> ParagraphComment:
    """Mark a remark as done."""
    demand_open(comment.section.summary)
    comment.resolved_by, comment.resolved_at = by, timezone.now()
    return write_record(record=comment, by=by)
