"""What is taken, but is to be checked by people: cells read as something else, remarks that say more."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core.models import Record
from apps.workbooks.plan import Problem
from apps.workbooks.reading.cells import is_empty, key, tidy
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.headers import bare
from apps.workbooks.reading.tables import Table

REMARKS = {"备注", "备注说明"}


def doubts(
    table: Table,
    columns: Sequence[tuple[int, BoundColumn]],
    taken: Sequence[Record],
    unchanged: Sequence[Record],
    row_of: Mapping[int, int],
) -> Iterator[tuple[Record, Problem]]:
    """Yield what is to be checked of the records that a table brings, cell by cell; of unchanged ones, the remarks."""
    asked: list[tuple[int, Callable[[Any], str]]] = [(at, column.doubt) for at, column in columns if column.doubtful]
    remarks: list[tuple[int, Callable[[Any], str]]] = []
    if table.sheet.remarked and (at := _remarks(table)) is not None:
        remarked = table.sheet.remarked
        remarks = [(at, lambda raw: "" if is_empty(raw) else remarked(tidy(str(raw))))]
    rows = dict(table.rows)
    yield from _struck(table, (*taken, *unchanged), row_of)
    for records, questions in ((taken, asked + remarks), (unchanged, remarks)):
        for record in records if questions else ():
            number = row_of[record.pk]
            for at, ask in questions:
                if at < len(rows[number]) and (what := ask(rows[number][at])):
                    yield record, Problem(table.title, table.cell(number, at), what)


def _struck(table: Table, records: Iterable[Record], row_of: Mapping[int, int]) -> Iterator[tuple[Record, Problem]]:
    """Yield each cell that is struck through in a row that is not."""
    if not table.struck_cells or table.part:
        return
    whose = {row_of[record.pk]: record for record in records}
    for number, place in sorted(table.struck_cells):
        if number in whose and place in table.places:
            what = _("The text is struck through, and was read all the same.")
            yield whose[number], Problem(table.title, table.cell(number, place), what)


def _remarks(table: Table) -> int | None:
    """Return the place of the column of remarks, which is no column of the sheet."""
    others = ((at, name) for at, name in table.heads.names.items() if at not in table.places)
    return next((at for at, name in others if key(bare(name)) in REMARKS), None)
