"""Reads a summary's papers back, and says where they disagree with the figures counted from the records."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils import translation
from django.utils.formats import localize
from docx import Document as read_word
from pypdf import PdfReader

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Figure
from apps.reports.actions import blank_summary
from apps.reports.composing.document import LANGUAGE, Document, annexes_of, figures_of, live_document
from apps.reports.printing.files import summary_file

# The words and numbers of a chart are at most so many characters.
CHART = 400
TOKEN = re.compile(r"\{([^{}]+)\}")


def bare(text: str) -> str:
    """Return a text without any blanks: a paper breaks lines where it likes."""
    return "".join(text.split())


def pdf_text(content: bytes) -> str:
    """Return all that a PDF says, without the numbers of its pages."""
    pages = (bare(page.extract_text()) for page in PdfReader(BytesIO(content)).pages)
    return "".join(re.sub(r"—\d+—", "", page) for page in pages)


def word_text(content: bytes) -> tuple[str, list[list[str]]]:
    """Return what the paragraphs of a Word file say, and the rows of its tables."""
    book = read_word(BytesIO(content))
    rows = [[bare(cell.text) for cell in row.cells] for table in book.tables for row in table.rows]
    return bare("".join(paragraph.text for paragraph in book.paragraphs)), rows


def sentences(document: Document, figures: dict[str, Figure]) -> Iterator[str]:
    """Yield each paragraph of the text with the figures put in for their labels here, not by the composer."""
    by_label = {figure.label: figure.text for figure in figures.values()}
    for part in document.printed:
        for line in part.text.splitlines():
            yield bare(TOKEN.sub(lambda found: by_label[found[1]], line))


def table_rows(scope: Scope, period: Period) -> Iterator[list[str]]:
    """Yield the rows of the annex tables as they are printed."""
    with translation.override(LANGUAGE):
        for table in annexes_of(scope, period).tables:
            for row in table.rows:
                yield [bare(str("" if cell.value is None else localize(cell.value))) for cell in row]


def disagreements(scope: Scope, period: Period) -> list[str]:
    """Return, as sentences, what PDF, Word file or JSON of a summary say otherwise than its figures."""
    figures, summary = figures_of(scope, period), blank_summary(scope=scope, period=period)
    written: dict[str, Any] = json.loads(summary_file(summary, "json").data)["figures"]
    wrong = [f"JSON: {key}" for key, figure in figures.items() if written.get(key) != figure.as_json()]
    pdf = pdf_text(summary_file(summary, "pdf").data)
    word, rows = word_text(summary_file(summary, "docx").data)
    stated = list(sentences(live_document(summary), figures))
    wrong += [f"PDF: {text}" for text in stated if not stands_in(text, pdf)]
    wrong += [f"Word: {text}" for text in stated if text not in word]
    tables = list(table_rows(scope, period))
    wrong += [f"Word: {row}" for row in tables if row not in rows]
    wrong += [f"PDF: {row}" for row in tables if "".join(row) not in pdf]
    return wrong if stated or tables else ["nothing is stated"]


def stands_in(text: str, pdf: str) -> bool:
    """Return whether a paragraph stands in a PDF, whole or once broken by the chart on top of the next page."""
    if text in pdf:
        return True
    for end in range(len(text) - 1, 0, -1):
        place = pdf.find(text[:end])
        if place >= 0:
            rest = pdf.find(text[end:], place + end)
            return 0 < rest - place - end <= CHART
    return False
