"""What people say of a roster's comparison with the stored one, kept with the import until it is written."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock, write_record
from apps.core.actors import Actor
from apps.core.rules import demand, keeps_records
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning.roster_decisions import HERE, KNOWN, LEAVE
from apps.workbooks.rules import may_import

# A day as it is typed takes no more.
LENGTH = 20
# What is decided by teacher, and on whom.
GROUPS = {
    "fates": ("left",),
    "days": ("left",),
    "moved": ("moved",),
    "how": ("moved", "changed"),
    "since": ("changed",),
}
FOR_ALL = ("left_on", "moved_on", "changed_on")


@transaction.atomic
def decide_roster(
    *, batch: ImportBatch, decided: Mapping[str, Mapping[int, str] | str], by: Actor, version: int | None = None
) -> ImportBatch:
    """Keep what became of people who are not in the file, and since when others moved, and return the import.

    `decided` has what `GROUPS` names by teacher, and what `FOR_ALL` names for all others, as far as it was sent; the
    rest stays as decided before. `version` is the one that the user saw: raises Conflict if somebody has decided
    since, ValidationError if the import is under way or done, PermissionDenied for who may not end a service.
    """
    demand(may_import, by, lock(batch, version=version))
    if not batch.open:
        raise ValidationError(_("This import is under way or done: nothing can be decided any more."))
    people = {kind: {row["teacher"] for row in batch.comparison.get(kind, ())} for kind in ("left", "moved", "changed")}
    kept = dict(batch.decisions)
    for name, of in GROUPS.items():
        sent = decided.get(name, {})
        if not isinstance(sent, str):
            values = {
                str(pk): text.strip()[:LENGTH] for pk, text in sent.items() if any(pk in people[kind] for kind in of)
            }
            kept[name] = {pk: text for pk, text in {**kept.get(name, {}), **values}.items() if text}
    for fate in kept["fates"].values():
        if fate not in KNOWN:
            raise ValidationError(_("Choose from the list what became of each."))
        if fate != HERE and not fate.startswith(LEAVE) and not keeps_records(by):
            raise PermissionDenied
    kept |= {name: str(decided[name]).strip()[:LENGTH] for name in FOR_ALL if name in decided}
    batch.decisions = kept
    return write_record(record=batch, by=by)
