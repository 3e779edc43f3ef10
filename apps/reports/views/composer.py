"""The composer: the outline, a section's prose with its figures as chips, and the paper beside it."""

from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import Request, may_open, requires
from apps.core.actors import Actor
from apps.core.addresses import number_in
from apps.core.pinyin import pinyin_of
from apps.figures.figures import Figure
from apps.reports.actions import (
    Differs,
    LeftOut,
    add_section,
    drop_section,
    move_section,
    restore_revision,
    take_back_section,
    write_section,
)
from apps.reports.composing.comparison import compared
from apps.reports.composing.document import Document, Part, all_chapters, live_document
from apps.reports.models import AnnualSummary, SectionRevision, SummarySection
from apps.reports.prose.suggestions import offers
from apps.reports.prose.typed_numbers import Typed, typed_numbers
from apps.reports.rules import may_add_section, may_drop_section, may_write_section
from apps.webui.pages import REGISTRY, Button

from .rows import section_or_404, summary_or_404

WRITE = may_write_section.permission


def _address(summary: AnnualSummary, section: int | None = None) -> str:
    address = reverse("reports:annualsummary_write", args=[summary.pk])
    return f"{address}?section={section}" if section else address


def figure_rows(document: Document, user: Actor) -> list[dict[str, Any]]:
    """Return the figures that can be put into the text, under the titles of their chapters.

    Each has label, text, unit, where its records are (if `user` may see them), and its pinyin, initials first.
    """
    rows = []
    for chapter in all_chapters():
        for figure in (document.figures[t.key] for t in chapter.tallies_at("teacher") if t.key in document.figures):
            rows.append(
                {
                    "chapter": str(chapter.title),
                    "label": figure.label,
                    "text": figure.text,
                    "unit": "" if figure.words else figure.unit,
                    "words": figure.words,
                    "source": figure.source if may_open(user, figure.source) else "",
                    "pinyin": pinyin_of(figure.label).strip(),
                }
            )
    return rows


@requires("reports.view_annualsummary")
@require_safe
def last_year(request: Request, pk: int) -> JsonResponse:
    """Return label → what to say of last year's value: fetched once somebody looks for a figure."""
    lines = compared(summary_or_404(request, pk))
    return JsonResponse(
        {
            line.figure.label: line.why or (_("last year %(value)s") % {"value": line.before.text})
            for line in lines
            if line.before
        }
    )


def typed_in(part: Part, document: Document) -> list[Typed]:
    """Return the numbers typed by hand in a part of a document."""
    return typed_numbers(part.text, document.figures)


def _typed_json(part: Part, document: Document) -> list[dict[str, Any]]:
    return [
        {"paragraph": t.paragraph, "start": t.start, "end": t.end, "text": t.text, "token": t.token}
        for t in typed_in(part, document)
    ]


def _preview(document: Document, chosen: int | None) -> str:
    paragraphs = [
        (
            part,
            [[(piece, isinstance(piece, Figure)) for piece in paragraph] for paragraph in part.paragraphs],
        )
        for part in document.printed
    ]
    return render_to_string("reports/preview.html", {"document": document, "parts": paragraphs, "chosen": chosen})


@requires(WRITE)
@require_safe
def write(request: Request, pk: int) -> HttpResponse:
    """Show the composer at a section, the first one if none is named."""
    summary = summary_or_404(request, pk)
    if not summary.is_open:
        messages.info(request, _("The summary is finalised. Reopen it before you change it."))
        return redirect(summary)
    return _composer(request, summary, request.GET.get("section", ""))


def _composer(
    request: Request,
    summary: AnnualSummary,
    chosen: str,
    *,
    typed: dict[str, str] | None = None,
    errors: tuple[str, ...] = (),
) -> HttpResponse:
    """Render the composer; `typed` is what was refused, text and heading, and must not be lost."""
    sections = list(summary.sections.order_by("order", "pk"))
    # A section that was left out while somebody wrote in it is shown once more: what was typed belongs to no other.
    kept = [section for section in sections if not section.dropped or (typed and str(section.pk) == chosen)]
    document = live_document(summary, kept, annexes=False)
    place = next((number for number, section in enumerate(kept) if str(section.pk) == chosen), 0)
    part = document.parts[place] if kept else None
    latest = SectionRevision.objects.filter(section__summary=summary).select_related("saved_by").order_by("-updated_at")
    context = {
        "record": summary,
        "pages": REGISTRY[AnnualSummary.label],
        "document": document,
        "section": kept[place] if kept else None,
        "part": part,
        "text": part.text if part else "",
        "heading": part.heading if part else "",
        "errors": errors,
        "outline": list(zip(document.parts, kept, strict=True)),
        "dropped": [section for section in sections if section.dropped],
        "figures": figure_rows(document, request.user),
        "typed": _typed_json(part, document) if part else [],
        "typed_total": sum(len(typed_in(other, document)) for other in document.printed),
        "offers": offers(part.keys, document.figures) if part else [],
        "preview": _preview(document, part.pk if part else None),
        "latest": latest.first(),
        "buttons": _buttons(request.user, summary),
        "may_change": False,
        "may_add": may_add_section(request.user, summary),
        "may_drop": bool(kept) and may_drop_section(request.user, kept[place]),
    }
    context |= typed or {}
    return render(request, "reports/composer.html", context, status=422 if errors else 200)


def _buttons(user: Actor, summary: AnnualSummary) -> list[Button]:
    """Return what the head offers: the paper, and the summary's verbs but the one that leads here."""
    paper = reverse("reports:annualsummary_file", args=[summary.pk, "pdf"])
    verbs = REGISTRY[AnnualSummary.label].buttons(user, summary)
    return [
        Button(_("Download PDF"), paper, method="get"),
        *(button for button in verbs if button.url != _address(summary)),
    ]


def _said(document: Document) -> str:
    number = sum(len(typed_in(part, document)) for part in document.printed)
    return ngettext("%(number)d number typed by hand", "%(number)d numbers typed by hand", number) % {"number": number}


@requires(WRITE)
@require_POST
def save(request: Request, pk: int) -> HttpResponse:
    """Write a section; answers in JSON to the script, with the composer otherwise."""
    section = section_or_404(request, pk)
    try:
        written = write_section(
            section=section,
            text=request.POST.get("text", ""),
            base=request.POST.get("base", ""),
            heading=request.POST.get("heading"),
            heading_base=request.POST.get("heading_base"),
            by=request.user,
        )
    except ValidationError as error:
        return _refused(request, section, error)
    merged = (
        _("Joined with what %(who)s has written meanwhile.") % {"who": written.merged_with}
        if written.merged_with
        else ""
    )
    if not _by_script(request):
        messages.success(request, merged or _("Saved."))
        return redirect(_address(section.summary, pk))
    return _state(request, section.summary, pk, merged)


def _by_script(request: Request) -> bool:
    return request.headers.get("Accept") == "application/json"


def _refused(request: Request, section: SummarySection, error: ValidationError) -> HttpResponse:
    """Say why a section was not written, and what else stands there if somebody else has written it."""
    answer: dict[str, Any] = {"errors": error.messages}
    if isinstance(error, Differs):
        who = str(error.theirs.saved_by or "") if error.theirs else ""
        answer |= {"theirs": error.text, "field": error.field, "who": who or _("Somebody else")}
    elif isinstance(error, LeftOut):
        answer["back"] = reverse("reports:summarysection_back", args=[section.pk])
    if _by_script(request):
        return JsonResponse(answer)
    if isinstance(error, Differs):
        answer["errors"] = [*error.messages, _("It says now: %(text)s") % {"text": error.text}]
    typed = {name: request.POST[name] for name in ("text", "heading") if name in request.POST}
    return _composer(request, section.summary, str(section.pk), typed=typed, errors=tuple(answer["errors"]))


def _state(request: Request, summary: AnnualSummary, pk: int, merged: str) -> JsonResponse:
    """Return what the page must show after writing: the text as it stands, figures, typed numbers, the paper."""
    document = live_document(summary, summary.outline, annexes=False)
    part = next((part for part in document.parts if part.pk == pk), None)
    return JsonResponse(
        {
            "text": part.text if part else "",
            "heading": part.heading if part else "",
            "saved": f"{timezone.localtime():%H:%M}",
            "merged": merged,
            "typed": _typed_json(part, document) if part else [],
            "typed_total": _said(document) if any(typed_in(p, document) for p in document.printed) else "",
            "figures": {f.label: f.text for f in document.figures.values()},
            "outline": {str(p.pk): f"{p.number}{p.heading}" or _("Preface") for p in document.parts},
            "preview": _preview(document, pk),
        }
    )


def _step(
    request: Request, summary: AnnualSummary, section: int | None, step: Callable[[], int | None]
) -> HttpResponse:
    """Take one step in the outline, say why it was refused if it was, and show the composer again."""
    try:
        section = step() or section
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    return redirect(_address(summary, section))


@requires(may_add_section.permission)
@require_POST
def add(request: Request, pk: int) -> HttpResponse:
    """Put a new section behind the chosen one."""
    summary = summary_or_404(request, pk)
    behind = summary.outline.filter(pk=number_in(request.POST.get("after")) or 0).first()
    heading = request.POST.get("heading", "")
    return _step(
        request,
        summary,
        behind.pk if behind else None,
        lambda: add_section(summary=summary, heading=heading, after=behind, by=request.user).pk,
    )


@requires(WRITE)
@require_POST
def move(request: Request, pk: int) -> HttpResponse:
    """Move a section in the outline."""
    section = section_or_404(request, pk)
    before = number_in(request.POST.get("before")) or 0
    to = request.POST.get("to", "")

    def step() -> None:
        move_section(section=section, to=to, before=before, by=request.user)

    return _step(request, section.summary, pk, step)


@requires(may_drop_section.permission)
@require_POST
def drop(request: Request, pk: int) -> HttpResponse:
    """Leave a section out."""
    section = section_or_404(request, pk)

    def step() -> None:
        drop_section(section=section, by=request.user)

    return _step(request, section.summary, None, step)


@requires(WRITE)
@require_POST
def take_back(request: Request, pk: int) -> HttpResponse:
    """Take a section that was left out back."""
    section = section_or_404(request, pk)
    return _step(request, section.summary, pk, lambda: take_back_section(section=section, by=request.user).pk)


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Return the difference of two texts as pieces: (`same`, `out` or `in`, the text)."""
    pieces: list[tuple[str, str]] = []
    for kind, first, stop, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", before[first:stop]))
            continue
        if first < stop:
            pieces.append(("out", before[first:stop]))
        if start < end:
            pieces.append(("in", after[start:end]))
    return pieces


@requires("reports.view_summarysection")
@require_safe
def history(request: Request, pk: int) -> HttpResponse:
    """Show who wrote what in a section, the newest first, each against the text before it."""
    section = section_or_404(request, pk)
    revisions = list(section.revisions.select_related("saved_by")[:50])
    context = {
        "section": section,
        "back": _address(section.summary, pk),
        "revisions": [
            (revision, marked(before.text, revision.text) if before else [("same", revision.text)])
            for revision, before in zip_longest(revisions, revisions[1:])
        ],
        "may_restore": section.summary.is_open and may_write_section(request.user, section),
    }
    return render(request, "reports/history.html", context)


@requires(WRITE)
@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Write an earlier text of a section again."""
    section = section_or_404(request, pk)
    revision = get_object_or_404(section.revisions.all(), pk=number_in(request.POST.get("revision")))
    revision.section = section

    def step() -> None:
        restore_revision(revision=revision, by=request.user)
        messages.success(request, _("The earlier text stands again."))

    return _step(request, section.summary, pk, step)
