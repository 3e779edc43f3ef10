"""The summary as a page, and what is done with it there."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import may_open, requires
from apps.figures.charts import bar_chart
from apps.figures.figures import Figure
from apps.reports import models, pages
from apps.reports.actions import QUOTED, compose_summary, reopen_summary, reset_section
from apps.reports.composing.document import Document, figures_of
from apps.reports.composing.versions import document_of, drifted
from apps.reports.forms import sections as forms
from apps.reports.printing.files import FORMS, TYPES, summary_file
from apps.reports.printing.html import printed_day
from apps.reports.prose.tokens import Segment
from apps.webui.views import RecordDetail


def pieces(paragraph: Iterable[Segment], user: Any) -> list[dict[str, Any]]:
    """Return a paragraph as the page draws it: text, and figures as links where `user` may see the records.

    A unit goes into its figure's link.
    """
    drawn: list[dict[str, Any]] = []
    for segment in paragraph:
        if isinstance(segment, Figure):
            drawn.append({"text": segment.text, "figure": segment, "unit": "", "open": may_open(user, segment.source)})
            continue
        before = drawn[-1].get("figure") if drawn else None
        if before and before.unit and not before.words and segment.startswith(before.unit):
            drawn[-1]["unit"], segment = before.unit, segment[len(before.unit) :]
        drawn.append({"text": segment})
    return drawn


def gaps(document: Document) -> int:
    """Return how many figures stand as gaps in what is printed."""
    printed = (segment for part in document.printed for paragraph in part.paragraphs for segment in paragraph)
    return sum(isinstance(segment, Figure) and segment.value in (None, "") for segment in printed)


def _remarks(summary: models.AnnualSummary) -> list[models.ParagraphComment]:
    """Return the remarks on an open summary; read once a request."""
    if not hasattr(summary, "_remarks"):
        rows = models.ParagraphComment.objects.filter(section__summary=summary)
        summary._remarks = list(rows.select_related("written_by")) if summary.is_open else []
    return summary._remarks


def _parts(summary: models.AnnualSummary, document: Document, user: Any) -> list[tuple[Any, list, list]]:
    """Return each part with its paragraphs (pieces, how they begin, remarks on them) and the remarks on none of them.

    A remark finds its paragraph by the words that it quotes, wherever that has moved in its section.
    """
    found = []
    for part in document.parts:
        rest = [remark for remark in _remarks(summary) if remark.section_id == part.pk]
        paragraphs = []
        for line, paragraph in zip(part.text.splitlines(), part.paragraphs, strict=False):
            own = [remark for remark in rest if remark.quote and line.startswith(remark.quote)]
            rest = [remark for remark in rest if remark not in own]
            paragraphs.append((pieces(paragraph, user), line[:QUOTED], own))
        found.append((part, paragraphs, rest))
    return found


class SummaryDetail(RecordDetail):
    """The summary as a page: the outline, the prose with every number linked to its records, what can be done."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the summary; tables and charts follow by themselves."""
        summary = self.record(pk)
        document = document_of(summary, annexes=False)
        frozen = not summary.is_open
        now = figures_of(summary.scope, summary.period) if frozen else {}
        context = {
            "pages": self.pages,
            "record": summary,
            "document": document,
            "printed_on": printed_day(document.letterhead.printed_on) if document.letterhead else "",
            "parts": _parts(summary, document, request.user),
            "gaps": gaps(document),
            "drift": drifted(document, now) if frozen else [],
            "remarks": sum(1 for remark in _remarks(summary) if remark.resolved_at is None),
            "may_remark": summary.is_open and request.user.has_perm("reports.add_paragraphcomment"),
            "versions": summary.versions.select_related("finalised_by", "reopened_by"),
            "forms": FORMS.items(),
            "buttons": list(self.pages.buttons(request.user, summary)),
            "may_change": self.pages.may(request.user, "change", summary),
            "may_delete": self.pages.may(request.user, "delete", summary),
            "may_write": summary.is_open and request.user.has_perm("reports.change_summarysection"),
        }
        return render(request, "reports/summary.html", context)


def _summary(request: HttpRequest, pk: int) -> models.AnnualSummary:
    rows = models.AnnualSummary.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("township", "school__township", "teacher__township"), pk=pk)


def _refused(request: HttpRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


@requires("reports.view_annualsummary")
def annexes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show tables and charts of a summary, each cell and bar linked to its records; alone, or as part of its page."""
    summary = _summary(request, pk)
    document = document_of(summary)
    charts = [*(chart for part in document.parts for chart in part.charts), *(c for _key, c in document.annexes.charts)]
    context = {
        "record": summary,
        "tables": [
            (
                t,
                list(zip(t.heads, t.kinds, strict=True)),
                [list(zip(t.heads, t.kinds, row, strict=True)) for row in t.rows],
            )
            for t in document.annexes.tables
        ],
        "charts": [(chart, bar_chart(chart)) for chart in charts],
        "photos": document.annexes.photos,
        "frame": "webui/bare.html" if request.htmx else "base.html",
    }
    return render(request, "reports/annexes.html", context)


@requires("reports.change_annualsummary")
@require_POST
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the sections that nobody has changed the default prose of now."""
    summary = _summary(request, pk)
    try:
        compose_summary(scope=summary.scope, period=summary.period, by=request.user)
    except ValidationError as error:
        _refused(request, error)
    else:
        messages.success(request, _("Composed again. What you have written yourself has stayed."))
    return redirect(summary)


@requires("reports.finalise_annualsummary")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason and make a finalised summary a draft again."""
    summary = _summary(request, pk)
    form = forms.ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            reopen_summary(summary=summary, reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            _refused(request, error)
        else:
            messages.success(request, _("Reopened. The finalised version is kept."))
        return redirect(summary)
    return render(request, "reports/reopen.html", {"record": summary, "form": form})


@requires("reports.view_annualsummary")
def download(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """Return the summary as a file: of a draft as it is now, of a finalised one as it was frozen."""
    if form not in TYPES:
        raise Http404
    file = summary_file(_summary(request, pk), form, base=request.build_absolute_uri("/"))
    return file_response(file.data, file.type, file.name)


@requires("reports.view_summaryversion")
def version_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the PDF of a finalised version."""
    version = get_object_or_404(models.SummaryVersion.objects.visible_to(request.user).select_related("summary"), pk=pk)
    with version.pdf.open("rb") as file:
        return file_response(file.read(), TYPES["pdf"], f"{version.summary.title} {version}.pdf")


def file_response(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to be saved under its name."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(data, content_type=media_type, headers=headers)


@requires("reports.change_summarysection")
@require_POST
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a section its default prose again."""
    rows = models.SummarySection.objects.visible_to(request.user).select_related(*pages.SummarySectionPages.fetch)
    section = get_object_or_404(rows, pk=pk)
    try:
        reset_section(section=section, by=request.user)
    except ValidationError as error:
        _refused(request, error)
    else:
        messages.success(request, _("The default text stands again."))
    return redirect(section)
