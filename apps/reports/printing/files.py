"""A summary as a file: PDF, JSON or workbook."""

import json
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.reports.composing.document import Document
from apps.reports.composing.versions import document_of, public_json
from apps.reports.models import AnnualSummary

from .html import paper_pdf
from .xlsx import tables_xlsx

TYPES = {
    "pdf": "application/pdf",
    "json": "application/json; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What they are called where one of them is chosen, the usual one first.
FORMS = {
    "pdf": "PDF",
    "docx": "Word",
    "xlsx": _("Excel (figures and annexes)"),
    "json": _("JSON (figures for other programs)"),
}


@dataclass(frozen=True)
class File:
    """A file's name, media type and bytes."""

    name: str
    type: str
    data: bytes


def summary_file(summary: AnnualSummary, form: str, *, base: str = "") -> File:
    """Return a summary, saved or not, in one of TYPES; of a finalised one the PDF as it was frozen.

    In the PDF of a draft each number leads to its records at the site whose address is `base`, if one is given.
    """
    version = summary.latest_version if summary.pk and not summary.is_open else None
    if form == "pdf" and version:
        with version.pdf.open("rb") as file:
            data = file.read()
    else:
        data = _written(document_of(summary), form, summary.status, base)
    return File(f"{summary.title}.{form}", TYPES[form], data)


def _written(document: Document, form: str, state: str, base: str) -> bytes:
    if form == "pdf":
        return paper_pdf(document, base=base)
    if form == "xlsx":
        return tables_xlsx(document)
    if form == "docx":
        from .word import word_docx  # heavy: python-docx, only where a Word file is made

        return word_docx(document)
    text = json.dumps(public_json(document, state=state), ensure_ascii=False, indent=1)
    return text.encode() + b"\n"
