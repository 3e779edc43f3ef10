"""Documents: what a summary says, composed from the chapters' figures and the outline's prose.

A document is the same for the page, the paper, the workbook and the JSON. It is composed in Chinese, whatever the
reader's language: tokens are Chinese labels.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.template import TemplateDoesNotExist
from django.template.loader import select_template
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Chart, Figure, Photo, Section, Table, count
from apps.reports.letterhead import Letterhead
from apps.reports.models import AnnualSummary, SummarySection
from apps.reports.prose.numerals import heading_number
from apps.reports.prose.tokens import Segment, default_prose, plain, render, tidy
from apps.schools.models import school_named
from apps.webui.manifests import chapters

from .outline import OWN, PLACE_WORDS, TABLE_WORDS, TERM_WORDS, outline_of

LANGUAGE = "zh-hans"
BRACED = re.compile(r"({[^}]*})")
PHOTOS = 96


@dataclass(frozen=True)
class Part:
    """A heading and its paragraphs; `number` as it is printed. A part that says nothing is not printed."""

    level: int
    heading: str
    number: str = ""
    keys: tuple[str, ...] = ()
    text: str = ""
    paragraphs: tuple[tuple[Segment, ...], ...] = ()
    charts: tuple[Chart, ...] = ()
    pk: int | None = None
    edited: bool = False
    printed: bool = True

    @property
    def plain(self) -> str:
        """Return the paragraphs as printed, one a line."""
        return "\n".join(plain(paragraph) for paragraph in self.paragraphs)


@dataclass(frozen=True)
class Annexes:
    """What follows the text: tables, charts that no part has taken, photos."""

    tables: tuple[Table, ...] = ()
    charts: tuple[tuple[str, Chart], ...] = ()
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True)
class Document:
    """A composed summary. `day` is the day of finalising, None in a draft."""

    title: str
    signature: str
    period: Period
    day: date | None
    figures: Mapping[str, Figure]
    parts: tuple[Part, ...]
    chapters: tuple[dict[str, Any], ...] = ()
    annexes: Annexes = field(default_factory=Annexes)
    letterhead: Letterhead | None = None

    @property
    def printed(self) -> tuple[Part, ...]:
        """Return the parts that say something, or stand over one that does."""
        return tuple(part for part in self.parts if part.printed)


def all_chapters() -> tuple[Chapter, ...]:
    """Return the summary's own chapter and those of the apps."""
    return (OWN, *chapters())


def labels(kind: str = "") -> list[str]:
    """Return the labels of all figures of a summary of this kind of place, in Chinese: what tokens may name."""
    with translation.override(LANGUAGE):
        return [str(tally.label) for chapter in all_chapters() for tally in chapter.tallies_at(kind)]


def figures_of(scope: Scope, period: Period) -> dict[str, Figure]:
    """Return key → figure of all chapters, counted together."""
    with translation.override(LANGUAGE):
        tallies = [tally for chapter in all_chapters() for tally in chapter.tallies_at(scope.kind)]
        return {figure.key: figure for figure in count(tallies, scope, period)}


def prose_source(section: Section, kind: str) -> str:
    """Return the sentences of a section as its file has them: junior.school.txt, if there is one, for a school.

    A teacher's file speaks of one person: what has no text of its own for that says nothing.
    """
    variant = section.prose.removesuffix(".txt") + f".{kind}.txt"
    try:
        template = select_template([variant] if kind == "teacher" else [variant, section.prose])
    except TemplateDoesNotExist:
        return ""
    source: str = template.template.source
    return source


def section_prose(section: Section, scope: Scope, period: Period, by_label: Mapping[str, Figure]) -> str:
    """Return the default prose of a chapter's section, tokens kept."""
    if not section.prose:
        return ""
    text = default_prose(prose_source(section, scope.kind), by_label)
    for ours, theirs in (*PLACE_WORDS.get(scope.kind, ()), *(TERM_WORDS if period.is_term else ())):
        # Labels stay as they are.
        text = "".join(part if part.startswith("{") else part.replace(ours, theirs) for part in BRACED.split(text))
    return text


def default_texts(scope: Scope, period: Period, figures: Mapping[str, Figure]) -> dict[str, str]:
    """Return section key → default prose of all chapters' sections."""
    by_label = {figure.label: figure for figure in figures.values()}
    return {
        section.key: section_prose(section, scope, period, by_label)
        for chapter in all_chapters()
        for section in chapter.sections
    }


def joined(texts: Mapping[str, str], keys: Iterable[str]) -> str:
    """Return the default prose of several sections as one text; an unknown key is empty."""
    return "\n".join(text for key in keys if (text := texts.get(key, "")))


def default_sections(kind: str) -> list[SummarySection]:
    """Return the default outline of a summary of this kind of place as unsaved sections, without text."""
    with translation.override(LANGUAGE):
        return [
            SummarySection(
                order=10 * number, level=heading.level, heading=str(heading.heading), keys=" ".join(heading.keys)
            )
            for number, heading in enumerate(outline_of(kind), start=1)
        ]


def parts_of(
    sections: Iterable[SummarySection], texts: Mapping[str, str], figures: Mapping[str, Figure]
) -> tuple[Part, ...]:
    """Return the sections as numbered parts: the own text of an edited one, the default prose of any other."""
    by_label = {figure.label: figure for figure in figures.values()}
    parts = []
    for section in sections:
        text = tidy(section.text) if section.edited else joined(texts, section.key_list)
        paragraphs = tuple(render(line, by_label) for line in text.splitlines())
        parts.append(
            Part(
                section.level,
                section.heading,
                keys=section.key_list,
                text=text,
                paragraphs=paragraphs,
                pk=section.pk,
                edited=section.edited,
            )
        )
    return _numbered(parts)


def _numbered(parts: list[Part]) -> tuple[Part, ...]:
    counts = {1: 0, 2: 0, 3: 0}
    numbered = []
    for place, part in enumerate(parts):
        printed = bool(part.paragraphs) or _stands_over(part, parts[place + 1 :])
        number = ""
        if printed and part.heading:
            counts = {level: counts[level] if level <= part.level else 0 for level in counts}
            counts[part.level] += 1
            number = heading_number(part.level, counts[part.level])
        numbered.append(replace(part, printed=printed, number=number))
    return tuple(numbered)


def _stands_over(part: Part, following: list[Part]) -> bool:
    for other in following:
        if other.level <= part.level:
            return False
        if other.paragraphs:
            return True
    return False


def annexes_of(scope: Scope, period: Period) -> Annexes:
    """Return tables, charts and photos of all chapters, empty ones left out; of a teacher, what stands in records."""
    with translation.override(LANGUAGE):
        if scope.kind == "teacher":
            tables = [make(scope, period) for chapter in chapters() for make in chapter.records]
            return Annexes(tuple(table for table in tables if table.rows))
        tables = [make(scope, period) for chapter in chapters() for make in chapter.tables]
        charts = [(chapter.key, make(scope, period)) for chapter in chapters() for make in chapter.charts]
        photos = [photo for chapter in chapters() for make in chapter.photos for photo in make(scope, period)]
    if scope.kind == "school":
        with translation.override(LANGUAGE):
            tables = _gathered([_of_one_school(table) for table in tables])
        charts = [(key, chart) for key, chart in charts if len(chart.bars) > 1]
    return Annexes(
        tuple(table for table in tables if table.rows),
        tuple((key, chart) for key, chart in charts if any(value for _label, value, _source in chart.bars)),
        tuple(photos[:PHOTOS]),
    )


def _of_one_school(table: Table) -> Table:
    """Return a table of all schools as it stands in the annex of one: without a row that counts nothing."""
    kinds = table.kinds
    rows = (
        row
        for row in table.rows
        if "num" not in kinds or any(c.value for c, kind in zip(row, kinds, strict=True) if kind == "num")
    )
    return replace(table, title=table.title.replace(*TABLE_WORDS["school"]), rows=tuple(rows))


def _gathered(tables: list[Table]) -> list[Table]:
    """Return the tables of one school, those that are a single row of numbers as one table, a number a line."""
    single = [table for table in tables if len(table.rows) == 1 and "num" in table.kinds]
    if len(single) < 2:
        return tables
    rows = tuple(
        (Cell(table.title), Cell(head), cell)
        for table in single
        for head, cell, kind in zip(table.heads, table.rows[0], table.kinds, strict=True)
        if kind == "num"
    )
    heads = (_("Subject matter"), _("Item"), _("Number"))
    numbers = Table("school_numbers", _("The school in numbers"), heads, rows)
    return [numbers, *(table for table in tables if table not in single)]


def with_charts(document: Document) -> Document:
    """Return the document with each chart in the printed part that its section stands in.

    Where that is left out, it stands in the last part that holds another section of its chapter.
    """
    places: dict[str, int] = {}
    for place, part in enumerate(document.parts):
        for key in part.keys if part.printed else ():
            places[key] = places[key.partition(".")[0]] = place
    parts, left = list(document.parts), []
    for chapter, chart in document.annexes.charts:
        found = places.get(chart.section, places.get(chapter))
        if found is not None:
            parts[found] = replace(parts[found], charts=(*parts[found].charts, chart))
        else:
            left.append((chapter, chart))
    return replace(document, parts=tuple(parts), annexes=replace(document.annexes, charts=tuple(left)))


def signature_of(summary: AnnualSummary, scope: Scope) -> str:
    """Return who signs: the school, a teacher's own school for a file, else the township's education office."""
    if summary.teacher_id and scope.school:
        return school_named(scope.school, summary.ends_on)
    return summary.school.named_on(summary.ends_on) if summary.school else summary.township.office_name


def letterhead_of(summary: AnnualSummary) -> Letterhead | None:
    """Return the red header and the imprint that the office has chosen; None for a working report."""
    if not summary.red_header:
        return None
    return Letterhead(
        issuer=summary.issuer,
        number=summary.document_number,
        signer=summary.signer,
        addressee=summary.addressee.rstrip("：: "),
        copied_to=summary.copied_to.rstrip("。. "),
        printed_by=summary.printed_by,
        printed_on=summary.printed_on,
    )


def title_of(summary: AnnualSummary, place: str = "") -> str:
    """Return the default title, for a place of another name than its own if one is given."""
    with translation.override(LANGUAGE):
        own = None if summary.teacher_id else summary.school
        then = own.named_on(summary.ends_on) if own and not place else str(summary.place)
        names = {"place": place or then, "period": summary.period_label}
        if summary.teacher_id:
            return _("Development file of %(place)s, %(period)s") % names
        return _("Summary of school-based teacher development of %(place)s, %(period)s") % names


def live_document(
    summary: AnnualSummary, sections: Iterable[SummarySection] = (), *, annexes: bool = True, day: date | None = None
) -> Document:
    """Return the document of a summary, saved or not, with the figures of now; without sections, by the outline."""
    scope, period = summary.scope, summary.period
    figures = figures_of(scope, period)
    texts = default_texts(scope, period, figures)
    with translation.override(LANGUAGE):
        parts = parts_of(list(sections) or default_sections(scope.kind), texts, figures)
        document = Document(
            title=summary.title or title_of(summary),
            signature=signature_of(summary, scope),
            period=period,
            day=day,
            figures=figures,
            parts=parts,
            chapters=_chapter_texts(parts, texts, figures),
            annexes=annexes_of(scope, period) if annexes else Annexes(),
            letterhead=letterhead_of(summary),
        )
    return with_charts(document)


def _chapter_texts(
    parts: Iterable[Part], texts: Mapping[str, str], figures: Mapping[str, Figure]
) -> tuple[dict[str, Any], ...]:
    """Return each chapter with the text of its sections; an edited text stands at the first section of its part."""
    by_label = {figure.label: figure for figure in figures.values()}
    own: dict[str, str] = {}
    for part in parts:
        if part.edited and part.keys:
            own |= dict.fromkeys(part.keys, "") | {part.keys[0]: part.plain}
    return tuple(
        {
            "key": chapter.key,
            "title": str(chapter.title),
            "sections": [
                {
                    "key": section.key,
                    "title": str(section.title),
                    "text": own.get(section.key, plain(render(texts.get(section.key, ""), by_label))),
                }
                for section in chapter.sections
            ],
        }
        for chapter in all_chapters()
    )
