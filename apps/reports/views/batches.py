"""Batches: how far one is, and its zip."""

from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_safe

from apps.core.access import Request, requires
from apps.reports.models import SummaryBatch
from apps.webui.views import follow

from .rows import batch_or_404

VIEW_BATCH = "reports.view_summarybatch"


@requires(VIEW_BATCH)
@require_safe
def progress(request: Request, pk: int) -> HttpResponse:
    """Tell how far a batch is; when it has ended, the page is loaded anew."""
    return follow(request, batch_or_404(request, pk), "reports/batch_progress.html")


@requires(VIEW_BATCH)
@require_safe
def download_zip(request: Request, pk: int) -> FileResponse:
    """Return the zip of a batch that is done."""
    batch = batch_or_404(request, pk)
    if batch.status != SummaryBatch.Status.DONE:
        raise Http404
    return FileResponse(
        batch.file.open("rb"), as_attachment=True, filename=f"{batch}.zip", content_type="application/zip"
    )
