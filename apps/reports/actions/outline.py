"""What people do with the outline of a draft: put sections in, move them, leave them out and take them back."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import lock, write_record, write_records
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.reports.models import AnnualSummary, SummarySection
from apps.reports.rules import may_add_section, may_drop_section, may_write_section

from .summaries import demand_open

LEVELS = (1, 2, 3)
STEP = 10


@transaction.atomic
def add_section(*, summary: AnnualSummary, heading: str, after: SummarySection | None, by: Actor) -> SummarySection:
    """Put a new section behind another (at the end without one), on its level, and return it."""
    demand(may_add_section, by, lock(summary))
    demand_open(summary)
    section = SummarySection(
        summary=summary, heading=heading.strip(), level=after.level if after else 1, order=0, edited=True
    )
    write_record(record=section, by=by)
    rows = [row for row in summary.outline if row.pk != section.pk]
    place = next((number + 1 for number, row in enumerate(rows) if after and row.pk == after.pk), len(rows))
    _arrange([*rows[:place], section, *rows[place:]], by)
    return section


@transaction.atomic
def move_section(*, section: SummarySection, to: str, by: Actor, before: int | None = None) -> None:
    """Move a section `up`, `down`, `in` or `out` a level, or `before` another one (the end if that is 0).

    Raises ValidationError for another way, a section that was left out, or a finalised summary.
    """
    demand(may_write_section, by, lock(section))
    demand_open(section.summary)
    if section.dropped:
        raise ValidationError(_("The section was left out. Take it back first."))
    if to in ("in", "out"):
        level = section.level + (1 if to == "in" else -1)
        if level not in LEVELS:
            raise ValidationError(_("There are three levels of headings."))
        section.level = level
        write_record(record=section, by=by)
        return
    rows = list(section.summary.outline)
    place = next(number for number, row in enumerate(rows) if row.pk == section.pk)
    row = rows.pop(place)
    if to == "before":
        there = next((number for number, other in enumerate(rows) if other.pk == before), len(rows))
    elif to in ("up", "down"):
        there = max(0, place + (-1 if to == "up" else 1))
    else:
        raise ValidationError(_("Sections move up, down, in or out."))
    rows.insert(there, row)
    _arrange(rows, by)


def _arrange(rows: list[SummarySection], by: Actor) -> None:
    """Number the sections anew, in steps; only those that change their place are written."""
    changed = []
    for number, row in enumerate(rows, start=1):
        if row.order != number * STEP:
            row.order = number * STEP
            changed.append(row)
    write_records(records=changed, by=by, fields=["order"])


@transaction.atomic
def drop_section(*, section: SummarySection, by: Actor) -> SummarySection:
    """Leave a section out; it can be taken back."""
    demand(may_drop_section, by, lock(section))
    return _set_dropped(section, True, by)


@transaction.atomic
def take_back_section(*, section: SummarySection, by: Actor) -> SummarySection:
    """Take a section that was left out back to its place."""
    demand(may_write_section, by, lock(section))
    return _set_dropped(section, False, by)


def _set_dropped(section: SummarySection, dropped: bool, by: Actor) -> SummarySection:
    demand_open(section.summary)
    section.dropped = dropped
    return write_record(record=section, by=by)
