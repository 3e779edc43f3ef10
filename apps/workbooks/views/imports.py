from pathlib import PurePath

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from apps.core.access import Request, requires
from apps.schools.models import School, Township
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY
from apps.webui.views import follow
from apps.workbooks.files.annotated_copy import marked_copy
from apps.workbooks.forms.imports import ImportForm
from apps.workbooks.models import ImportBatch, WorkbookExport
from apps.workbooks.places import own_township

from .exports import WORKBOOK, download, year_asked

# What files that were brought are, by the end of their names.
BROUGHT = {".xlsx": WORKBOOK, ".xls": "application/vnd.ms-excel", ".csv": "text/csv"}


@requires("workbooks.view_importbatch")
def home(request: Request) -> HttpResponse:
    """Show what can be downloaded, take an upload, and list past imports."""
    user, pages = request.user, REGISTRY[ImportBatch.label]
    year = year_asked(request, request.GET.get("year")) or chosen_year(request)
    form = ImportForm(user=user, initial={"school_year": year}) if pages.may(user, "add") else None
    wide = user.scope.kind != "school"
    context = {
        "pages": pages,
        "form": form,
        "year": year,
        "townships": Township.objects.visible_to(user) if not own_township(user) else [],
        "schools": School.objects.visible_to(user) if wide else [],
        "exports": WorkbookExport.objects.visible_to(user)[:5],
        "batches": pages.rows(user).order_by("-created_at")[:10],
    }
    return render(request, "workbooks/home.html", context)


@requires("workbooks.view_importbatch")
def progress(request: Request, pk: int) -> HttpResponse:
    """Tell how far an import is; when it has ended, the page is loaded anew."""
    batch = get_object_or_404(REGISTRY[ImportBatch.label].rows(request.user), pk=pk)
    return follow(request, batch, "workbooks/progress.html")


@requires("workbooks.view_importbatch")
def original(request: Request, pk: int) -> HttpResponseBase:
    """Download the workbook as it was brought."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    kind = BROUGHT.get(PurePath(batch.name).suffix.lower(), "application/octet-stream")
    return FileResponse(batch.file.open("rb"), as_attachment=True, filename=batch.name, content_type=kind)


@requires("workbooks.view_importbatch")
def marked(request: Request, pk: int) -> HttpResponseBase:
    """Download a copy of the workbook with its wrong cells marked."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    with batch.kept() as file:
        content = marked_copy(file, batch.problems, batch.doubts)
    name = PurePath(batch.name)
    return download(content, _("%(name)s with marks") % {"name": name.stem if name.suffix.lower() in BROUGHT else name})
