"""The cell that holds the lines of a child table: whether it differs, and what its lines are."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.core.sheets import Lines
from apps.workbooks.language import spoken
from apps.workbooks.reading.cells import Wrong, is_empty, plain, tidy
from apps.workbooks.reading.references import Resolver


def differing_text(lines: Lines, raw: Any, stored: str | None) -> str | None:
    """Return the text of a cell of lines if it differs from what is stored (None for a new row), else None.

    Raises Wrong if it may not be empty, and is.
    """
    raw = plain(raw)
    text = "" if is_empty(raw) else str(raw)
    known = stored is not None
    if text == tidy(stored or "") and known:
        return None
    if not text and lines.required:
        raise Wrong(_("“%(header)s” must not be empty.") % {"header": spoken(lines.header)}, _("Fill in the cell."))
    return text if known or text else None


def children_in(lines: Lines, text: str, record: Record, resolver: Resolver) -> list[Record]:
    """Return the unsaved children that the lines of a cell mean; raise Wrong."""
    try:
        return lines.read(text, record, resolver.find) if text else []
    except ValidationError as error:
        raise Wrong("".join(error.messages), spoken(lines.help)) from error
