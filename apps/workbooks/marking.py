"""A workbook sent back with its wrong cells coloured, and a comment on each that says what to do."""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, BinaryIO

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from .formats import editable

WRONG = PatternFill("solid", fgColor="F6C6B4")


def marked_copy(file: BinaryIO, problems: Iterable[Mapping[str, Any]]) -> bytes:
    """Return a copy of the workbook with each problem's cell marked; raise UserError if it cannot be read."""
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for problem in problems:
        said[problem["sheet"], problem["cell"] or "A1"].append(f"{problem['what']} {problem['remedy']}".strip())
    book = editable(file)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        for (title, name), sentences in said.items():
            if title in book.sheetnames:
                cell = book[title][name]
                cell.fill = WRONG
                cell.comment = Comment("\n".join(dict.fromkeys(sentences)), "townedu", width=300, height=120)
        out = BytesIO()
        book.save(out)
    return out.getvalue()
