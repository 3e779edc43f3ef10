"""The rows that the address of a view means, among those that the user sees."""

from django.shortcuts import get_object_or_404

from apps.core.access import Request
from apps.reports.models import AnnualSummary, SummaryBatch, SummarySection


def summary_or_404(request: Request, pk: int) -> AnnualSummary:
    """Return the summary that the user sees under `pk`, with its place; raise 404."""
    fetch = ("township", "school__township", "teacher__township")
    return get_object_or_404(AnnualSummary.objects.visible_to(request.user).select_related(*fetch), pk=pk)


def section_or_404(request: Request, pk: int) -> SummarySection:
    """Return the section that the user sees under `pk`, with its summary and its place; raise 404."""
    fetch = ("summary__township", "summary__school__township", "summary__teacher__township")
    return get_object_or_404(SummarySection.objects.visible_to(request.user).select_related(*fetch), pk=pk)


def batch_or_404(request: Request, pk: int) -> SummaryBatch:
    """Return the batch that the user sees under `pk`; raise 404."""
    rows = SummaryBatch.objects.visible_to(request.user).select_related("township", "school__township")
    batch: SummaryBatch = get_object_or_404(rows, pk=pk)
    return batch
