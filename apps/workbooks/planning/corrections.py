"""What a changed cell does to past years: a fact with a date that is given without a later day is a correction."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.fields import field_of
from apps.core.models import Record
from apps.core.past import KeepsFacts


def corrections(record: Record, before: Mapping[str, Any], changed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each changed field that is a correction, and the sentence to check; `before` are the stored values."""
    if not isinstance(record, KeepsFacts):
        return
    for fact in changed:
        column = record.since_of.get(fact)
        if column is None or before[fact] in ("", None):
            continue
        if before[column] is None and before[fact] == field_of(type(record), fact).get_default():
            continue  # what nobody has said is filled in
        day, stored = getattr(record, column), before[column]
        if not day or (stored and day <= stored):
            yield fact, _("Taken as a correction, which holds for past years too: no later day stands beside it.")
