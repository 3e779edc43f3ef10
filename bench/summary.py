"""A township's summary: its figures, its PDF beside WeasyPrint alone, its Word file, its comparison."""

from io import BytesIO
from typing import Any

from django.test import Client
from pypdf import PdfReader

from apps.core.actors import SYSTEM
from apps.reports.actions import compose_summary
from apps.reports.composing.document import Document, figures_of, live_document
from apps.reports.printing.html import paper_html, paper_pdf
from apps.reports.printing.word import word_docx
from bench import towns
from bench.timing import median_seconds, paired_seconds, queries


def run() -> None:
    """Print seconds and queries of all that is made of the measured town's year."""
    scope, period = towns.town().scope, towns.period()

    def figures() -> Any:
        return figures_of(scope, period)

    print(f"figures: {len(figures())} in {queries(figures)} queries, {median_seconds(figures):.3f} s")
    summary = compose_summary(scope=scope, period=period, by=SYSTEM.imports)

    def compose() -> Document:
        return live_document(summary)

    document = compose()
    print(f"composing: {queries(compose)} queries, {median_seconds(compose, 5):.2f} s")
    run_pdf(document, compose)
    print(f"Word: {median_seconds(lambda: word_docx(document), 3):.2f} s from a composed document")
    client = Client(headers={"host": "localhost"})
    client.force_login(towns.office(), "apps.accounts.backends.ScopedBackend")
    for name, address in (
        ("page", summary.get_absolute_url()),
        ("comparison", f"{summary.get_absolute_url()}compare/"),
    ):
        assert client.get(address).status_code == 200, address
        count = queries(lambda a=address: client.get(a))
        print(f"{name}: {count} queries, {median_seconds(lambda a=address: client.get(a), 5):.2f} s")


def run_pdf(document: Document, compose: Any) -> None:
    """Print how long the PDF takes, beside WeasyPrint alone on the same HTML: as tagged PDF/A, and as plain PDF."""
    from weasyprint import HTML  # heavy

    from apps.reports.printing.pdf import VARIANT

    html = paper_html(document)
    pages = len(PdfReader(BytesIO(paper_pdf(document))).pages)
    ours, alone, plain, composing = paired_seconds(
        [
            lambda: paper_pdf(document),
            lambda: HTML(string=html).write_pdf(pdf_variant=VARIANT, pdf_tags=True),
            HTML(string=html).write_pdf,
            lambda: paper_pdf(compose()),
        ],
        5,
    )
    print(
        f"PDF of {pages} pages: {ours:.2f} s, with composing {composing:.2f} s; per 15 pages {15 * ours / pages:.2f} s"
    )
    print(f"  WeasyPrint alone {alone:.2f} s, ratio {ours / alone:.2f}; without tags {plain:.2f} s, {ours / plain:.2f}")
