from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from apps.core.access import Request, requires
from apps.core.actors import Actor
from apps.workbooks.actions.layouts import map_columns
from apps.workbooks.files.validation import UserError
from apps.workbooks.forms.layouts import LayoutForm
from apps.workbooks.language import spoken
from apps.workbooks.models import ImportBatch
from apps.workbooks.plan import Place
from apps.workbooks.planning.overview import all_sheets
from apps.workbooks.reading.headers import headings
from apps.workbooks.reading.layouts import Mappable, layouts_of, mappable
from apps.workbooks.rules import may_import


@requires("workbooks.add_importbatch")
def columns(request: Request, pk: int) -> HttpResponse:
    """Say what the columns of an own layout mean; then the kept workbook is previewed again."""
    found = ImportBatch.objects.visible_to(request.user)
    batch = get_object_or_404(found.select_related("township__district", "school__township", "school_year"), pk=pk)
    if not batch.open:
        raise Http404
    if not may_import(request.user, batch):
        raise PermissionDenied
    page = _page(batch, request.GET.get("page", ""), request.user)
    sheets = all_sheets()
    asked = request.GET.get("sheet", "")
    sheet = next((sheet for sheet in sheets if sheet.model.label == asked), page.sheet)
    form = sheet and LayoutForm(request.POST or None, page=page, sheet=sheet, sheets=sheets)
    if form and sheet and form.is_valid():
        try:
            map_columns(batch=batch, page=page, sheet=sheet, fields=form.meanings, by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The columns are mapped. This is the preview by them."))
            return redirect(batch)
    likely = sheet or max(sheets, key=lambda known: len(page.heads.matched(headings(known))))
    kinds = [(known.model.label, spoken(known.title), known is likely) for known in sheets]
    context = {"batch": batch, "page": page, "sheet": sheet and sheet.model.label, "kinds": kinds, "form": form}
    return render(request, "workbooks/columns.html", context)


def _page(batch: ImportBatch, title: str, user: Actor) -> Mappable:
    """Return the page of a batch's file that is asked for; raise Http404 if its columns cannot be mapped."""
    known = {}
    if batch.township and batch.school_year:
        known = layouts_of(Place((batch.school or batch.township).scope, batch.township, batch.school_year, user))
    try:
        with batch.kept() as file:
            pages = mappable(file, all_sheets(), known)
    except UserError as error:
        raise Http404 from error
    found = next((page for page in pages if page.title == title), pages[0] if pages and not title else None)
    if found is None:
        raise Http404
    return found
