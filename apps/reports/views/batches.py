"""Batches: how far one is, its zip, and what can be done with it."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import requires
from apps.reports.actions import cancel_batch, pack_without, resume_batch
from apps.reports.models import SummaryBatch
from apps.webui.pages import REGISTRY
from apps.webui.views import act, follow

VIEW, START = "reports.view_summarybatch", "reports.add_summarybatch"


def _batch(request: HttpRequest, pk: int) -> SummaryBatch:
    return get_object_or_404(REGISTRY[SummaryBatch.label].rows(request.user), pk=pk)


@requires(VIEW)
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell how far a batch is; when it has ended, the page is loaded anew."""
    return follow(request, _batch(request, pk), "reports/batch_progress.html")


@requires(VIEW)
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Return the zip of a batch that is done."""
    batch = _batch(request, pk)
    if batch.status != SummaryBatch.Status.DONE:
        raise Http404
    return FileResponse(
        batch.file.open("rb"), as_attachment=True, filename=f"{batch}.zip", content_type="application/zip"
    )


def _step(request: HttpRequest, pk: int, step: Any) -> HttpResponse:
    batch = _batch(request, pk)
    return act(request, batch, lambda: step(batch))


@requires(START)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop what has not begun, and remove what was made."""

    def step(batch: SummaryBatch) -> str:
        cancel_batch(batch=batch, by=request.user)
        return _("Cancelled. What was made has been removed.")

    return _step(request, pk, step)


@requires(START)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Make what is missing."""

    def step(batch: SummaryBatch) -> str:
        number = resume_batch(batch=batch, by=request.user)
        return ngettext("%(number)d document is being made.", "%(number)d documents are being made.", number) % {
            "number": number
        }

    return _step(request, pk, step)


@requires(START)
@require_POST
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Pack what could be made, without the documents that failed."""

    def step(batch: SummaryBatch) -> str:
        pack_without(batch=batch, by=request.user)
        return _("Packed without the documents that failed.")

    return _step(request, pk, step)
