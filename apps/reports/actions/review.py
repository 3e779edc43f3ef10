"""What reviewers and writers do: send a summary for review, take it back, remark on paragraphs."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core.actions import lock, write_record
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.core.stamps import stamp
from apps.reports.models import AnnualSummary, ParagraphComment, SummarySection
from apps.reports.rules import may_remark, may_resolve, may_submit, reviewers, signer

from .summaries import demand_open

QUOTED = 30


@transaction.atomic
def submit_for_review(*, summary: AnnualSummary, reviewer: User, by: Actor) -> AnnualSummary:
    """Send a draft to a reviewer; text and figures stay open.

    Raises ValidationError if it is finalised, or for an account that could not finalise it.
    """
    demand(may_submit, by, lock(summary))
    demand_open(summary)
    if not reviewers(summary).filter(pk=reviewer.pk).exists():
        raise ValidationError({"reviewer": _("This account cannot review the summary.")})
    summary.status, summary.reviewer = AnnualSummary.Status.REVIEW, reviewer
    return write_record(record=summary, by=by)


@transaction.atomic
def end_review(*, summary: AnnualSummary, by: Actor) -> AnnualSummary:
    """Make a summary under review a draft again; raise ValidationError if it is not under review."""
    demand(may_submit, by, lock(summary))
    if summary.status != AnnualSummary.Status.REVIEW:
        raise ValidationError(_("The summary is not under review."))
    summary.status, summary.reviewer = AnnualSummary.Status.DRAFT, None
    return write_record(record=summary, by=by)


@transaction.atomic
def add_comment(*, section: SummarySection, paragraph: str, text: str, by: Actor) -> ParagraphComment:
    """Remark on a paragraph of an open summary, and return the remark."""
    demand(may_remark, by, lock(section))
    demand_open(section.summary)
    comment = ParagraphComment(section=section, quote=paragraph[:QUOTED], text=text.strip(), written_by=signer(by))
    return write_record(record=comment, by=by)


@transaction.atomic
def resolve_comment(*, comment: ParagraphComment, by: Actor) -> ParagraphComment:
    """Mark a remark as done."""
    demand(may_resolve, by, lock(comment))
    demand_open(comment.section.summary)
    stamp(comment, "resolved", signer(by))
    return write_record(record=comment, by=by)
