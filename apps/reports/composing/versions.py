"""Documents kept and passed on: frozen in a version, read back from it, and as JSON for other programs."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from apps.figures.figures import Cell, Chart, Figure, Photo, Table
from apps.reports.letterhead import letterhead_from
from apps.reports.models import AnnualSummary

from .document import Annexes, Document, Part, live_document

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def document_of(summary: AnnualSummary, *, annexes: bool = True) -> Document:
    """Return the document of a summary: with live figures in a draft, as it was frozen in a finalised one."""
    if not summary.is_open and (version := summary.latest_version):
        return frozen_document(summary, version.figures, version.content)
    sections = summary.outline if summary.pk else ()
    return live_document(summary, sections, annexes=annexes)


def bare(value: Any) -> Any:
    """Return a value as JSON holds it: numbers, true, false and null as such, days in ISO form, the rest as text."""
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def frozen_figures(document: Document) -> dict[str, Any]:
    """Return the figures as a version keeps them: the public form, and how each was printed."""
    return {key: figure.as_json() | {"text": figure.text} for key, figure in document.figures.items()}


def frozen_content(document: Document) -> dict[str, Any]:
    """Return text and annexes as a version keeps them; a figure in the text is kept by its key."""
    return {
        "title": document.title,
        "signature": document.signature,
        "day": bare(document.day),
        "letterhead": document.letterhead.as_json() if document.letterhead else None,
        "chapters": list(document.chapters),
        "parts": [
            {
                "level": part.level,
                "heading": part.heading,
                "number": part.number,
                "keys": list(part.keys),
                "text": part.text,
                "edited": part.edited,
                "printed": part.printed,
                "paragraphs": [
                    [{"figure": s.key} if isinstance(s, Figure) else s for s in paragraph]
                    for paragraph in part.paragraphs
                ],
                "charts": [_chart_json(chart) for chart in part.charts],
            }
            for part in document.parts
        ],
        "tables": [table_json(table) for table in document.annexes.tables],
        "charts": [[key, _chart_json(chart)] for key, chart in document.annexes.charts],
        "photos": [[photo.name, photo.caption] for photo in document.annexes.photos],
    }


def table_json(table: Table) -> dict[str, Any]:
    """Return a table as JSON."""
    rows = [[{"value": bare(cell.value), "source": cell.source} for cell in row] for row in table.rows]
    return {"key": table.key, "title": str(table.title), "heads": [str(head) for head in table.heads], "rows": rows}


def _chart_json(chart: Chart) -> dict[str, Any]:
    bars = [[str(label), bare(value), source] for label, value, source in chart.bars]
    return {"key": chart.key, "title": str(chart.title), "unit": str(chart.unit), "bars": bars}


def _chart_from(data: Mapping[str, Any]) -> Chart:
    return Chart(data["key"], data["title"], data["unit"], tuple(tuple(bar) for bar in data["bars"]))


def _stated(value: Any) -> Any:
    """Return a cell's value as it was before it was kept as JSON: days again as days."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def frozen_document(summary: AnnualSummary, figures: Mapping[str, Any], content: Mapping[str, Any]) -> Document:
    """Return the document that `frozen_figures` and `frozen_content` have kept."""
    found = figures_from(figures)
    parts = tuple(
        Part(
            level=part["level"],
            heading=part["heading"],
            number=part["number"],
            keys=tuple(part["keys"]),
            text=part["text"],
            edited=part["edited"],
            printed=part["printed"],
            paragraphs=tuple(
                tuple(piece if isinstance(piece, str) else found[piece["figure"]] for piece in paragraph)
                for paragraph in part["paragraphs"]
            ),
            charts=tuple(_chart_from(chart) for chart in part["charts"]),
        )
        for part in content["parts"]
    )
    tables = tuple(
        Table(
            table["key"],
            table["title"],
            tuple(table["heads"]),
            tuple(tuple(Cell(_stated(cell["value"]), cell["source"]) for cell in row) for row in table["rows"]),
        )
        for table in content["tables"]
    )
    return Document(
        title=content["title"],
        signature=content["signature"],
        period=summary.period,
        day=date.fromisoformat(content["day"]) if content["day"] else None,
        figures=found,
        parts=parts,
        chapters=tuple(content["chapters"]),
        annexes=Annexes(
            tables,
            tuple((key, _chart_from(chart)) for key, chart in content["charts"]),
            tuple(Photo(name, caption) for name, caption in content["photos"]),
        ),
        # Versions of before there were letterheads have none.
        letterhead=letterhead_from(content.get("letterhead")),
    )


def figures_from(figures: Mapping[str, Any]) -> dict[str, Figure]:
    """Return key → figure as a version has kept them."""
    return {key: _figure_from(key, data) for key, data in figures.items()}


def _figure_from(key: str, data: Mapping[str, Any]) -> Figure:
    value = Decimal(data["text"]) if isinstance(data["value"], float) else data["value"]
    return Figure(key, data["label"], value, data["unit"], data["source"])


def public_json(document: Document, *, state: str) -> dict[str, Any]:
    """Return a document as other programs read it: its figures, the chapters' texts, and the text as it is printed."""
    return {
        "title": document.title,
        "period": {
            "code": document.period.code,
            "label": document.period.label,
            "starts_on": bare(document.period.starts_on),
            "ends_on": bare(document.period.ends_on),
        },
        "state": state,
        "figures": {key: figure.as_json() for key, figure in document.figures.items()},
        "chapters": list(document.chapters),
        "outline": [
            {
                "level": part.level,
                "number": part.number,
                "heading": part.heading,
                "keys": list(part.keys),
                "text": part.plain,
            }
            for part in document.printed
        ],
        "tables": [table_json(table) for table in document.annexes.tables],
    }


def drifted(document: Document, now: Mapping[str, Figure]) -> list[tuple[Figure, Figure]]:
    """Return the figures whose value has changed since, each as it was and as it is."""
    return [
        (was, now[key])
        for key, was in document.figures.items()
        if key in now and bare(was.value) != bare(now[key].value)
    ]
