"""A teacher's own development file, composed or not."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apps.core.access import Request, requires
from apps.core.periods import Period
from apps.reports.actions import blank_summary, find_summary
from apps.reports.composing.versions import document_of
from apps.reports.models import AnnualSummary
from apps.reports.printing.files import summary_file
from apps.teachers.models import Teacher
from apps.webui.context import chosen_year

from .summaries import file_response, pieces

VIEW = "reports.view_annualsummary"


def own_summary(request: Request) -> AnnualSummary:
    """Return the user's own file of the chosen school year, unsaved where nobody has composed it; or raise 404."""
    year = chosen_year(request)
    teacher = Teacher.objects.select_related("township").filter(pk=request.user.teacher_id or 0).first()
    if teacher is None or year is None:
        raise Http404
    scope, period = teacher.scope_on(year.ends_on), Period.of_year(year)
    return find_summary(scope=scope, period=period) or blank_summary(scope=scope, period=period)


@requires(VIEW)
@require_safe
def show(request: Request) -> HttpResponse:
    """Show the own file as the records stand, or the page of the one that was composed."""
    summary = own_summary(request)
    if summary.pk:
        return redirect(summary)
    document = document_of(summary)
    parts = [(part, [pieces(paragraph, request.user) for paragraph in part.paragraphs]) for part in document.printed]
    tables = [
        (
            table,
            list(zip(table.heads, table.kinds, strict=True)),
            [list(zip(table.heads, table.kinds, row, strict=True)) for row in table.rows],
        )
        for table in document.annexes.tables
    ]
    return render(request, "reports/own_file.html", {"document": document, "parts": parts, "tables": tables})


@requires(VIEW)
@require_safe
def pdf(request: Request) -> HttpResponse:
    """Return the own file as PDF: as it was finalised, else as the records stand."""
    file = summary_file(own_summary(request), "pdf")
    return file_response(file.data, file.type, file.name)
