"""Workbooks to take: short ones at once, long ones as a job with a page of its own."""

from collections.abc import Callable
from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import Request, requires, signed_in
from apps.core.addresses import number_in
from apps.core.models import SchoolYear
from apps.core.scope import Scope
from apps.schools.models import School, Township
from apps.webui.context import chosen_year, school_years
from apps.webui.pages import REGISTRY
from apps.webui.views import follow
from apps.workbooks.actions.exports import cancel_export, list_asked, resume_export, start_export
from apps.workbooks.exporting.asked import Asked, YearAsked
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.exporting.writer import place_name
from apps.workbooks.models import WorkbookExport
from apps.workbooks.places import own_township

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# So many rows are written while somebody waits, within a second or two; of more the worker makes a file.
ROWS_AT_ONCE = 2000


def year_asked(request: Request, asked: str | None) -> SchoolYear | None:
    """Return the school year that begins in the year asked for, None for an unknown one; else the chosen one."""
    if not asked:
        return chosen_year(request)
    return next((year for year in school_years(request) if str(year.start_year) == asked), None)


def place_asked(request: Request) -> tuple[Scope, Township, SchoolYear]:
    """Return scope, township and school year of the workbook asked for, within what the user may see, or raise 404."""
    user, query = request.user, request.POST if "year" in request.POST else request.GET
    year = year_asked(request, query.get("year"))
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
def template(request: Request) -> HttpResponseBase:
    """Download the empty workbook."""
    scope, township, year = place_asked(request)
    content = template_workbook(scope=scope, township=township, year=year, user=request.user)
    return download(content, _("%(place)s template %(year)s") % {"place": place_name(scope, township), "year": year})


def answered(request: Request, asked: Asked) -> HttpResponseBase:
    """Return a short workbook at once; of a long one the page of its export, once that is asked for by a button."""
    rows = asked.total()
    if rows <= ROWS_AT_ONCE:
        content = BytesIO()
        asked.write(content)
        return download(content.getvalue(), asked.name)
    if request.method == "POST":
        return redirect(start_export(asked=asked, by=request.user))
    return render(request, "workbooks/long_export.html", {"name": asked.name, "rows": rows})


@requires("workbooks.view_importbatch")
def year_export(request: Request) -> HttpResponseBase:
    """Download the workbook of a school year, or have it made."""
    scope, township, year = place_asked(request)
    return answered(request, YearAsked(scope, township, year, request.user))


@signed_in
def list_export(request: Request, label: str) -> HttpResponseBase:
    """Download a list as it is filtered, or have it made; 403 without the permission to see such records."""
    pages = REGISTRY.get(label)
    if pages is None:
        raise Http404
    if not pages.may(request.user, "view"):
        raise PermissionDenied
    return answered(request, list_asked(pages, request))


def own_export(request: Request, pk: int) -> WorkbookExport:
    """Return the export that the user has asked for under `pk`; raise 404 for those of others."""
    rows = WorkbookExport.objects.visible_to(request.user)
    found: WorkbookExport = get_object_or_404(rows, pk=pk)
    return found


@requires("workbooks.view_workbookexport")
def export_detail(request: Request, pk: int) -> HttpResponse:
    """Show how far an export is, and its file."""
    return render(request, "workbooks/export.html", {"record": own_export(request, pk)})


@requires("workbooks.view_workbookexport")
def export_progress(request: Request, pk: int) -> HttpResponse:
    """Tell how far an export is; when it has ended, the page is loaded anew."""
    return follow(request, own_export(request, pk), "workbooks/export_progress.html")


@requires("workbooks.view_workbookexport")
def export_file(request: Request, pk: int) -> FileResponse:
    """Return the finished workbook."""
    export = own_export(request, pk)
    if export.status != WorkbookExport.Status.DONE:
        raise Http404
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=export.name, content_type=WORKBOOK)


def steered(request: Request, pk: int, action: Callable[..., None]) -> HttpResponse:
    """Do something with an export, say why it was refused, and show its page."""
    export = own_export(request, pk)
    try:
        action(export=export, by=request.user)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    return redirect(export)


@requires("workbooks.add_workbookexport")
@require_POST
def export_cancel(request: Request, pk: int) -> HttpResponse:
    """Stop making a workbook."""
    return steered(request, pk, cancel_export)


@requires("workbooks.add_workbookexport")
@require_POST
def export_again(request: Request, pk: int) -> HttpResponse:
    """Make a workbook once more."""
    return steered(request, pk, resume_export)
