"""What should be looked at before a summary is finalised; nothing of it forbids."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.glyphs import MARK, missing
from apps.figures.figures import Figure
from apps.reports.models import AnnualSummary, ParagraphComment
from apps.reports.prose.typed_numbers import typed_numbers
from apps.reports.prose.universal_words import universal_sentences

from .document import Document, Part, all_chapters


@dataclass(frozen=True)
class Finding:
    """Something to look at: where it stands (a section's id, its heading), and what it is."""

    section: int | None
    heading: str
    said: str


def _named(part: Part) -> str:
    return f"{part.number}{part.heading}" or _("Preface")


# What stands from year to year: it tells nothing of what was done in a period.
STANDING = ("schools", "teachers")


def unfinished(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return that the period goes on, or has not begun: what is recorded later will not stand in the version.

    Only a township's summary of a year locks records.
    """
    today = timezone.localdate()
    if summary.ends_on < today:
        return []
    days = {"first": date_format(summary.starts_on, "DATE_FORMAT"), "last": date_format(summary.ends_on, "DATE_FORMAT")}
    if summary.kind == "township" and not summary.period.is_term:
        begun = _(
            "the period ends only on %(last)s: once it is finalised, schools can neither enter nor change records of it"
        )
        ahead = _(
            "the period begins only on %(first)s: once it is finalised, schools can neither enter nor change records "
            "of it"
        )
    else:
        begun = _("the period ends only on %(last)s: what is recorded later will not stand in the finalised version")
        ahead = _("the period begins only on %(first)s: what is recorded later will not stand in the finalised version")
    return [Finding(None, summary.period_label, (ahead if summary.starts_on > today else begun) % days)]


def empty(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return that nothing is recorded in the period, where nothing is."""
    keys = [
        tally.key
        for chapter in all_chapters()
        if chapter.key not in STANDING
        for tally in chapter.tallies_at(summary.kind)
        # What lasts from one day to another may have been recorded in another period.
        if isinstance(tally.filterset._meta.model.dated_by, str)
    ]
    if any(not document.figures[key].empty for key in keys if key in document.figures):
        return []
    return [
        Finding(None, summary.period_label, _("%(place)s has no records in this period") % {"place": summary.place})
    ]


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


def overstated(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return the sentences that say “all” beside a figure that is less than what it is a part of."""
    wholes = {tally.key: tally.of for chapter in all_chapters() for tally in chapter.tallies if tally.of}
    found = []
    for part in document.printed if wholes else ():
        for sentence, word, keys in universal_sentences(part.paragraphs):
            for key in keys & wholes.keys():
                figure, whole = document.figures[key], document.figures.get(wholes[key])
                if whole and float(figure.value or 0) < float(whole.value or 0):
                    names = {"word": word, "text": sentence, "part": figure.label, "number": figure.text}
                    names |= {"whole": whole.label, "all": whole.text}
                    said = _(
                        "“%(word)s” is said in “%(text)s”, but %(part)s is %(number)s and %(whole)s is %(all)s: "
                        "say it with the number"
                    )
                    found.append(Finding(part.pk, _named(part), said % names))
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


def glyphs(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return the characters that no font here has, each with where it stands."""
    head = document.letterhead.as_json().values() if document.letterhead else ()
    places: list[tuple[int | None, str, str]] = [
        (None, _("Title"), document.title),
        (None, _("Signature"), document.signature),
    ]
    places += [(None, _("Red header and imprint"), str(value or "")) for value in head]
    places += [(part.pk, _named(part), f"{part.heading}\n{part.plain}") for part in document.printed]
    places += [
        (part.pk, _named(part), str(label))
        for part in document.printed
        for c in part.charts
        for label, *_rest in c.bars
    ]
    places += [
        (
            None,
            str(table.title),
            " ".join([*map(str, table.heads), *(str(cell.value) for row in table.rows for cell in row)]),
        )
        for table in document.annexes.tables
    ]
    places += [(None, _("Photos of activities"), photo.caption) for photo in document.annexes.photos]
    found = dict.fromkeys((section, where, character) for section, where, text in places for character in missing(text))
    said = _("no font has the character “%(character)s” (%(code)s): %(mark)s is printed in its place")
    return [
        Finding(section, where, said % {"character": character, "code": f"U+{ord(character):04X}", "mark": MARK})
        for section, where, character in found
    ]


CHECKS: tuple[tuple[str, Callable[[AnnualSummary, Document], list[Finding]]], ...] = (
    ("unfinished", unfinished),
    ("empty", empty),
    ("gaps", gaps),
    ("typed", typed),
    ("overstated", overstated),
    ("remarks", remarks),
    ("glyphs", glyphs),
)


def findings(summary: AnnualSummary, document: Document) -> list[Finding]:
    """Return all that should be looked at before the summary is finalised."""
    return [finding for _key, check in CHECKS for finding in check(summary, document)]
