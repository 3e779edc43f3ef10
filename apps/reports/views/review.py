"""Review and what comes after finalising: remarks, drift, versions side by side."""

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.core.access import Request, may_open, requires
from apps.core.addresses import number_in
from apps.core.models import Record
from apps.figures.figures import Figure
from apps.reports.actions import add_comment, resolve_comment
from apps.reports.composing.document import Document, Part, figures_of
from apps.reports.composing.drift import drift_of
from apps.reports.composing.versions import document_of, drifted, frozen_document
from apps.reports.forms.sections import CommentForm
from apps.reports.models import AnnualSummary, ParagraphComment
from apps.reports.prose.tokens import plain, sentences
from apps.reports.rules import may_remark, may_resolve

from .rows import section_or_404, summary_or_404

VIEW = "reports.view_annualsummary"


@requires(may_remark.permission)
@require_POST
def comment(request: Request, pk: int) -> HttpResponse:
    """Remark on a paragraph of a section."""
    section = section_or_404(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, "；".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(section)

    def step() -> str:
        add_comment(section=section, by=request.user, **form.cleaned_data)
        return _("The remark stands beside its paragraph.")

    return _told(request, section, step)


@requires(may_resolve.permission)
@require_POST
def resolve(request: Request, pk: int) -> HttpResponse:
    """Mark a remark as done."""
    rows = ParagraphComment.objects.visible_to(request.user).select_related("section__summary")
    remark = get_object_or_404(rows, pk=pk)

    def step() -> str:
        resolve_comment(comment=remark, by=request.user)
        return _("Done.")

    return _told(request, remark, step)


def _told(request: Request, record: Record, step: Callable[[], str]) -> HttpResponse:
    """Take one step and say what came of it, or why it was refused; show the record again."""
    try:
        messages.success(request, step())
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    return redirect(record)


@requires(VIEW)
@require_safe
def drift(request: Request, pk: int) -> HttpResponse:
    """Show what the records say now of a finalised summary: figure by figure, and which records came and went."""
    summary = summary_or_404(request, pk)
    version = None if summary.is_open else summary.latest_version
    if version is None:
        raise Http404
    document = frozen_document(summary, version.figures, version.content)
    pairs = drifted(document, figures_of(summary.scope, summary.period))
    # Whoever may not open the list must not learn its records here.
    shown = [(was, now) for was, now in pairs if may_open(request.user, now.source)]
    hidden = [(was, now) for was, now in pairs if (was, now) not in shown]
    context = {
        "record": summary,
        "version": version,
        "drifts": drift_of(summary, version, shown),
        "hidden": hidden,
    }
    return render(request, "reports/drift.html", context)


def _document(summary: AnnualSummary, asked: str) -> tuple[str, Document]:
    """Return name and document of a version by its number, or of the draft of now; raise 404 for another."""
    if asked == "draft" and summary.is_open:
        return _("draft of now"), document_of(summary, annexes=False)
    version = summary.versions.filter(number=number_in(asked) or 0).first()
    if version is None:
        raise Http404
    return str(version), frozen_document(summary, version.figures, version.content)


def _sections(document: Document) -> dict[tuple[tuple[str, ...], int], Part]:
    """Return the printed parts by what tells them apart in another version: what they show, else their heading."""
    found: dict[tuple[tuple[str, ...], int], Part] = {}
    for part in document.printed:
        name = part.keys or (part.heading,)
        found[name, sum(other == name for other, _nth in found)] = part
    return found


def _headed(part: Part | None) -> str:
    return (f"{part.number}{part.heading}" or _("Preface")) if part else ""


def _sentences(part: Part | None) -> list[str]:
    """Return the sentences of a part, a line break between paragraphs."""
    lines: list[str] = []
    for paragraph in part.paragraphs if part else ():
        lines += [*(["\n"] if lines else []), *sentences(plain(paragraph))]
    return lines


def side_by_side(before: list[str], after: list[str]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the sentences of two texts, each with `same`, `out` (only before) or `in` (only after)."""
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, first, stop, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left += [("same" if kind == "equal" else "out", text) for text in before[first:stop]]
        right += [("same" if kind == "equal" else "in", text) for text in after[start:end]]
    return left, right


@requires(VIEW)
@require_safe
def versions(request: Request, pk: int) -> HttpResponse:
    """Show two versions side by side, sentence by sentence, and the figures: what is the same in both is left out."""
    summary = summary_or_404(request, pk)
    numbers = list(summary.versions.order_by("number").values_list("number", flat=True))
    choices = [*(str(number) for number in numbers), *(["draft"] if summary.is_open else [])]
    if len(choices) < 2:
        raise Http404
    (name, one), (other_name, other) = (
        _document(summary, request.GET.get(key, choices[place])) for key, place in (("a", -2), ("b", -1))
    )
    sections, other_sections = _sections(one), _sections(other)
    both = [(sections.get(name), other_sections.get(name)) for name in dict.fromkeys([*sections, *other_sections])]
    pairs: list[tuple[Figure | None, Figure | None]] = [
        (one.figures.get(key), other.figures.get(key)) for key in dict.fromkeys([*one.figures, *other.figures])
    ]
    context: dict[str, Any] = {
        "record": summary,
        "choices": choices,
        "names": (name, other_name),
        "chosen": (request.GET.get("a", choices[-2]), request.GET.get("b", choices[-1])),
        "sections": [
            ((_headed(a), _headed(b)), *side_by_side(_sentences(a), _sentences(b)))
            for a, b in both
            if _headed(a) != _headed(b) or _sentences(a) != _sentences(b)
        ],
        "figures": [(a, b) for a, b in pairs if (a.text if a else None) != (b.text if b else None)],
    }
    return render(request, "reports/versions.html", context)
