"""What a changed cell does to past years: a fact with a date that is given without a later day is a correction."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.fields import field_of
from apps.core.models import Record
from apps.core.past import KeepsFacts
from apps.workbooks.plan import Problem


def corrections(
    record: Record, before: Mapping[str, Any], sheet: str, cells: Mapping[str, str]
) -> Iterator[tuple[Record, Problem]]:
    """Yield what people are to check of a changed row: the cells that are corrections.

    `before` are the stored values, `cells` the places of the changed fields on the sheet.
    """
    if not isinstance(record, KeepsFacts):
        return
    for fact, cell in cells.items():
        column = record.since_of.get(fact)
        if column is None or before[fact] in ("", None):
            continue
        if before[column] is None and before[fact] == field_of(type(record), fact).get_default():
            continue  # what nobody has said is filled in
        day, stored = getattr(record, column), before[column]
        if not day or (stored and day <= stored):
            what = _("Taken as a correction, which holds for past years too: no later day stands beside it.")
            yield record, Problem(sheet, cell, what, _("If it is new, give the day since when."))
