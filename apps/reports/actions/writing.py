"""What people do in the composer: write a section together, go back to an earlier text, arrange the outline."""

from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import Conflict, write_record, write_records
from apps.core.glyphs import readable
from apps.reports.models import AnnualSummary, SectionRevision, SummarySection
from apps.reports.prose.merge import merge
from apps.reports.prose.tokens import tidy

from .revisions import keep_revision, text_now
from .summaries import demand_open, refuse_unknown

LEVELS = (1, 2, 3)
STEP = 10


class Differs(Conflict):
    """Somebody else has written at the same place meanwhile: in the `field` text or heading, where `text` stands now.

    `theirs` is the revision in which they did.
    """

    def __init__(self, theirs: SectionRevision | None, text: str, field: str = "text") -> None:
        self.theirs, self.text, self.field = theirs, text, field
        who = theirs.saved_by if theirs and theirs.saved_by else _("Somebody else")
        said = (
            _("%(who)s has changed the heading meanwhile.")
            if field == "heading"
            else _("%(who)s has changed the same paragraph meanwhile.")
        )
        super().__init__(said % {"who": who})


class LeftOut(Conflict):
    """Somebody has left the section out meanwhile: what is written in it would be printed nowhere."""

    def __init__(self, section: SummarySection) -> None:
        left_out = LogEntry.objects.get_for_object(section).filter(changes__has_key="dropped").first()
        who = (left_out.actor if left_out else None) or _("Somebody else")
        said = _(
            "%(who)s has left this section out meanwhile, so what you have written is not saved. Take it back first."
        )
        super().__init__(said % {"who": who})


@dataclass(frozen=True)
class Written:
    """A section as it stands after writing, and whose changes were joined with the writer's, if any were."""

    section: SummarySection
    merged_with: str = ""


def write_section(
    *,
    section: SummarySection,
    text: str,
    base: str,
    by: Any,
    heading: str | None = None,
    heading_base: str | None = None,
    anew: bool = False,
) -> Written:
    """Write a section that was read as `base`, joined with what others have written since, and return what stands.

    A `heading` is written if it is another than the one that was read, `heading_base`. Raises ValidationError for a
    token that names no figure or a finalised summary, LeftOut for a section that was left out, Differs if the same
    paragraph or the heading was changed by somebody else.
    """
    refuse_unknown(text, section.summary.kind)
    # Line ends and braces as they are stored, so that only words make a difference.
    text, base = tidy(text), tidy(base)
    with transaction.atomic():
        stored = SummarySection.objects.select_for_update(of=("self",)).order_by("pk").get(pk=section.pk)
        stored.summary = AnnualSummary.objects.select_related("township", "school__township", "teacher__township").get(
            pk=stored.summary_id
        )
        demand_open(stored.summary)
        if stored.dropped:
            raise LeftOut(stored)
        default = text_now(SummarySection(summary=stored.summary, keys=stored.keys)) if stored.keys else ""
        now = tidy(stored.text if stored.edited or not stored.keys else default)
        latest = stored.revisions.select_related("saved_by").first()
        merged = merge(base, text, now)
        if merged is None:
            raise Differs(latest, now)
        new_heading = _heading(stored, heading, heading_base)
        if (merged, new_heading) != (now, stored.heading):
            stored.text, stored.heading = merged, new_heading
            stored.edited = not stored.keys or merged != tidy(default)
            write_record(record=stored, by=by)
            keep_revision(section=stored, by=by, before=now, anew=anew)
    others = merged != text and latest and latest.saved_by_id != getattr(by, "pk", None)
    return Written(stored, str(latest.saved_by or "") if others else "")


def _heading(stored: SummarySection, wanted: str | None, base: str | None) -> str:
    """Return the heading that a section gets; raise Differs if the writer and somebody else changed it."""
    wanted = stored.heading if wanted is None else readable(wanted).strip()
    base = stored.heading if base is None else base.strip()
    if wanted == base:
        return stored.heading
    if stored.heading not in (base, wanted):
        raise Differs(_named_by(stored), stored.heading, "heading")
    return wanted


def _named_by(section: SummarySection) -> SectionRevision | None:
    """Return the revision in which somebody gave a section its heading of now."""
    found = None
    for revision in section.revisions.select_related("saved_by"):
        if revision.heading != section.heading:
            break
        found = revision if revision.saved_by_id else found
    return found


def restore_revision(*, revision: SectionRevision, by: Any) -> SummarySection:
    """Write an earlier text again; what stood until now stays among the revisions."""
    section = revision.section
    written = write_section(
        section=section, text=revision.text, base=text_now(section), by=by, heading=revision.heading, anew=True
    )
    return written.section


def add_section(*, summary: AnnualSummary, heading: str, after: SummarySection | None, by: Any) -> SummarySection:
    """Put a new section behind another (at the end without one), on its level, and return it."""
    demand_open(summary)
    with transaction.atomic():
        section = SummarySection(
            summary=summary, heading=heading.strip(), level=after.level if after else 1, order=0, edited=True
        )
        write_record(record=section, by=by)
        rows = [row for row in summary.outline if row.pk != section.pk]
        place = next((number + 1 for number, row in enumerate(rows) if after and row.pk == after.pk), len(rows))
        _arrange([*rows[:place], section, *rows[place:]], by)
    return section


def move_section(*, section: SummarySection, to: str, by: Any, before: int | None = None) -> None:
    """Move a section `up`, `down`, `in` or `out` a level, or `before` another one (the end if that is 0).

    Raises ValidationError for another way, or a finalised summary.
    """
    demand_open(section.summary)
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


def _arrange(rows: list[SummarySection], by: Any) -> None:
    """Number the sections anew, in steps; only those that change their place are written."""
    changed = []
    for number, row in enumerate(rows, start=1):
        if row.order != number * STEP:
            row.order = number * STEP
            changed.append(row)
    write_records(records=changed, by=by, fields=["order"])


def drop_section(*, section: SummarySection, by: Any) -> SummarySection:
    """Leave a section out; it can be taken back."""
    return _set_dropped(section, True, by)


def take_back_section(*, section: SummarySection, by: Any) -> SummarySection:
    """Take a section that was left out back to its place."""
    return _set_dropped(section, False, by)


def _set_dropped(section: SummarySection, dropped: bool, by: Any) -> SummarySection:
    demand_open(section.summary)
    section.dropped = dropped
    return write_record(record=section, by=by)
