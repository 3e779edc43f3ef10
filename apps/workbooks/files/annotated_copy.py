"""A workbook sent back with its wrong cells coloured, and a comment on each that says what to do."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from .readers import editable
from .validation import Readable

WRONG, DOUBTFUL = PatternFill("solid", fgColor="F6C6B4"), PatternFill("solid", fgColor="FBE7B2")


def marked_copy(
    file: Readable, problems: Iterable[Mapping[str, Any]], doubts: Iterable[Mapping[str, Any]] = ()
) -> bytes:
    """Return a copy of the workbook with cells of problems and doubts marked; raise UserError if it cannot be read."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    fills = {}
    for found, fill in ((doubts, DOUBTFUL), (problems, WRONG)):
        for problem in found:
            place = problem["sheet"], problem["cell"] or "A1"
            said[place].append(f"{problem['what']} {problem['remedy']}".strip())
            fills[place] = fill
    book = editable(file)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        for (title, name), sentences in said.items():
            if title in book.sheetnames:
                cell = book[title][name]
                cell.fill = fills[title, name]
                cell.comment = Comment("\n".join(dict.fromkeys(sentences)), "townedu", width=300, height=120)
        out = BytesIO()
        book.save(out)
    return out.getvalue()
