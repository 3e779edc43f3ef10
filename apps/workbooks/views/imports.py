from io import BytesIO
from pathlib import PurePath

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from apps.core.access import Request, requires, signed_in
from apps.core.addresses import number_in
from apps.core.models import SchoolYear
from apps.core.scope import Scope
from apps.schools.models import School, Township
from apps.webui.context import chosen_year, school_years
from apps.webui.pages import REGISTRY
from apps.webui.views import filtered, follow
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.exporting.writer import list_workbook, place_name, year_workbook
from apps.workbooks.files.annotated_copy import marked_copy
from apps.workbooks.forms.imports import ImportForm
from apps.workbooks.models import ImportBatch
from apps.workbooks.places import own_township

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What files that were brought are, by the end of their names.
BROUGHT = {".xlsx": WORKBOOK, ".xls": "application/vnd.ms-excel", ".csv": "text/csv"}


def place_asked(request: Request) -> tuple[Scope, Township, SchoolYear]:
    """Return scope, township and school year of the workbook asked for, within what the user may see, or raise 404."""
    user, query = request.user, request.GET
    year = chosen_year(request)
    if asked_year := query.get("year"):
        year = next((year for year in school_years(request) if str(year.start_year) == asked_year), None)
    if school_id := query.get("school"):
        school = get_object_or_404(
            School.objects.visible_to(user).select_related("township__district"), pk=number_in(school_id)
        )
        scope, township = school.scope, school.township
    else:
        townships = Township.objects.visible_to(user).select_related("district")
        asked = query.get("township")
        found = get_object_or_404(townships, pk=number_in(asked)) if asked else own_township(user) or townships.first()
        if not found:
            raise Http404(_("There is no school year or no township yet."))
        scope, township = user.scope if user.scope.kind == "school" else found.scope, found
    if not year:
        raise Http404(_("There is no school year or no township yet."))
    return scope, township, year


def download(content: bytes, name: str) -> FileResponse:
    """Return a workbook to be saved under `name`."""
    return FileResponse(BytesIO(content), as_attachment=True, filename=f"{name}.xlsx", content_type=WORKBOOK)


@requires("workbooks.view_importbatch")
def home(request: Request) -> HttpResponse:
    """Show what can be downloaded, take an upload, and list past imports."""
    user, pages = request.user, REGISTRY[ImportBatch.label]
    form = ImportForm(user=user, initial={"school_year": chosen_year(request)}) if pages.may(user, "add") else None
    wide = user.scope.kind != "school"
    context = {
        "pages": pages,
        "form": form,
        "year": chosen_year(request),
        "townships": Township.objects.visible_to(user) if not own_township(user) else [],
        "schools": School.objects.visible_to(user) if wide else [],
        "batches": pages.rows(user).order_by("-created_at")[:10],
    }
    return render(request, "workbooks/home.html", context)


@requires("workbooks.view_importbatch")
def template(request: Request) -> HttpResponseBase:
    """Download the empty workbook."""
    scope, township, year = place_asked(request)
    content = template_workbook(scope=scope, township=township, year=year, user=request.user)
    return download(content, _("%(place)s template %(year)s") % {"place": place_name(scope, township), "year": year})


@requires("workbooks.view_importbatch")
def year_export(request: Request) -> HttpResponseBase:
    """Download the workbook of a school year."""
    scope, township, year = place_asked(request)
    content = year_workbook(scope=scope, township=township, year=year, user=request.user)
    return download(content, _("%(place)s workbook %(year)s") % {"place": place_name(scope, township), "year": year})


@requires("workbooks.view_importbatch")
def progress(request: Request, pk: int) -> HttpResponse:
    """Tell how far an import is; when it has ended, the page is loaded anew."""
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
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


@signed_in
def list_export(request: Request, label: str) -> HttpResponseBase:
    """Download a list as it is filtered; 403 without the permission to see such records."""
    pages = REGISTRY.get(label)
    if pages is None:
        raise Http404
    if not pages.may(request.user, "view"):
        raise PermissionDenied
    bound = filtered(pages, request)
    rows = (bound.qs if bound.is_valid() else bound.queryset.none()).order_by(*pages.model._meta.ordering or (), "pk")
    content = list_workbook(pages=pages, rows=rows, scope=request.user.scope, user=request.user)
    return download(content, str(pages.meta.verbose_name_plural))
