"""The summary as a page, and as a file."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header

from apps.core.access import Request, may_open, requires
from apps.core.actors import Actor
from apps.figures.charts import bar_chart
from apps.figures.figures import Figure
from apps.reports.actions import QUOTED
from apps.reports.composing.document import Document, Part, figures_of
from apps.reports.composing.versions import document_of, drifted
from apps.reports.models import AnnualSummary, ParagraphComment, SummarySection, SummaryVersion
from apps.reports.pages import may_write_text
from apps.reports.printing.files import FORMS, TYPES, summary_file
from apps.reports.printing.html import printed_day
from apps.reports.prose.tokens import Segment
from apps.reports.rules import may_remark, may_resolve
from apps.webui.views import RecordDetail

from .rows import summary_or_404

# A paragraph as it is drawn, the words by which it is known, and the remarks on it.
Drawn = tuple[list[dict[str, Any]], str, list[ParagraphComment]]


def pieces(paragraph: Iterable[Segment], user: Actor) -> list[dict[str, Any]]:
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


def gap_number(document: Document) -> int:
    """Return how many figures stand as gaps in what is printed."""
    printed = (segment for part in document.printed for paragraph in part.paragraphs for segment in paragraph)
    return sum(isinstance(segment, Figure) and segment.value in (None, "") for segment in printed)


def remarks_on(summary: AnnualSummary) -> list[ParagraphComment]:
    """Return the remarks on an open summary; none on a finalised one."""
    rows = ParagraphComment.objects.filter(section__summary=summary).select_related("written_by")
    return list(rows) if summary.is_open else []


def drawn_parts(
    document: Document, remarks: list[ParagraphComment], user: Actor
) -> list[tuple[Part, list[Drawn], list[ParagraphComment]]]:
    """Return each part with its paragraphs (pieces, how they begin, remarks on them) and the remarks on none of them.

    A remark finds its paragraph by the words that it quotes, wherever that has moved in its section.
    """
    found = []
    for part in document.parts:
        rest = [remark for remark in remarks if remark.section_id == part.pk]
        paragraphs: list[Drawn] = []
        for line, paragraph in zip(part.text.splitlines(), part.paragraphs, strict=False):
            own = [remark for remark in rest if remark.quote and line.startswith(remark.quote)]
            rest = [remark for remark in rest if remark not in own]
            paragraphs.append((pieces(paragraph, user), line[:QUOTED], own))
        found.append((part, paragraphs, rest))
    return found


class SummaryDetail(RecordDetail):
    """The summary as a page: the outline, the prose with every number linked to its records, what can be done."""

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Show the summary; tables and charts follow by themselves."""
        summary = summary_or_404(request, pk)
        section = SummarySection(summary=summary)
        document, remarks = document_of(summary, annexes=False), remarks_on(summary)
        now = {} if summary.is_open else figures_of(summary.scope, summary.period)
        context = {
            "pages": self.pages,
            "record": summary,
            "document": document,
            "printed_on": printed_day(document.letterhead.printed_on) if document.letterhead else "",
            "parts": drawn_parts(document, remarks, request.user),
            "gaps": gap_number(document),
            "drift": [] if summary.is_open else drifted(document, now),
            "remarks": sum(remark.resolved_at is None for remark in remarks),
            "may_remark": summary.is_open and may_remark(request.user, section),
            "may_resolve": summary.is_open and may_resolve(request.user, ParagraphComment(section=section)),
            "versions": summary.versions.select_related("finalised_by", "reopened_by"),
            "forms": FORMS.items(),
            "buttons": list(self.pages.buttons(request.user, summary)),
            "may_change": self.pages.may(request.user, "change", summary),
            "may_delete": self.pages.may(request.user, "delete", summary),
            "may_write": may_write_text(request.user, summary),
        }
        return render(request, "reports/summary.html", context)


@requires("reports.view_annualsummary")
def annexes(request: Request, pk: int) -> HttpResponse:
    """Show tables and charts of a summary, each cell and bar linked to its records; alone, or as part of its page."""
    summary = summary_or_404(request, pk)
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


@requires("reports.view_annualsummary")
def download(request: Request, pk: int, form: str) -> HttpResponse:
    """Return the summary as a file: of a draft as it is now, of a finalised one as it was frozen."""
    if form not in TYPES:
        raise Http404
    file = summary_file(summary_or_404(request, pk), form, base=request.build_absolute_uri("/"))
    return file_response(file.data, file.type, file.name)


@requires("reports.view_summaryversion")
def version_pdf(request: Request, pk: int) -> HttpResponse:
    """Return the PDF of a finalised version."""
    version = get_object_or_404(SummaryVersion.objects.visible_to(request.user).select_related("summary"), pk=pk)
    with version.pdf.open("rb") as file:
        return file_response(file.read(), TYPES["pdf"], f"{version.summary.title} {version}.pdf")


def file_response(data: bytes, media_type: str, name: str) -> HttpResponse:
    """Return a file to be saved under its name."""
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(data, content_type=media_type, headers=headers)
