"""What should be looked at before a summary is finalised; nothing of it forbids."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.figures import Figure

from .documents import Document, Part
from .models import AnnualSummary, ParagraphComment
from .typed import typed_numbers


@dataclass(frozen=True)
class Finding:
    """Something to look at: where it stands (a section's id, its heading), and what it is."""

    section: int | None
    heading: str
    said: str


def _named(part: Part) -> str:
    return f"{part.number}{part.heading}" or _("Preface")


def gaps(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return the figures that stand as gaps in what is printed."""
    return [
        Finding(part.pk, _named(part), _("no records for “%(label)s”: a gap is printed") % {"label": piece.label})
        for part in document.printed
        for paragraph in part.paragraphs
        for piece in paragraph
        if isinstance(piece, Figure) and piece.value in (None, "")
    ]


def typed(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return the numbers typed by hand, each with the figure that it may be."""
    found = []
    for part in document.printed:
        for number in typed_numbers(part.text, document.figures):
            said = _("“%(text)s” is typed by hand") % {"text": number.text}
            if number.token:
                said += _("; it may be %(token)s") % {"token": number.token}
            found.append(Finding(part.pk, _named(part), said))
    return found


def remarks(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return the remarks that are not done."""
    names = {part.pk: _named(part) for part in document.parts}
    rows = ParagraphComment.objects.filter(section__summary=summary, resolved_at=None, section__dropped=False)
    return [
        Finding(
            row.section_id,
            names.get(row.section_id, ""),
            _("%(who)s remarks: %(text)s") % {"who": row.written_by, "text": row.text},
        )
        for row in rows.select_related("written_by")
    ]


CHECKS: tuple[tuple[str, Callable[[AnnualSummary, Document], list[Finding]]], ...] = (
    ("gaps", gaps),
    ("typed", typed),
    ("remarks", remarks),
)


def findings(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return all that should be looked at before the summary is finalised."""
    return [finding for _key, check in CHECKS for finding in check(summary, document)]
