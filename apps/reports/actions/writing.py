"""What people do with the text of a section: write it together, go back to an earlier one or to the default."""

from dataclasses import dataclass

from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import Conflict, lock, save_record, write_record
from apps.core.actors import SYSTEM, Actor
from apps.core.glyphs import readable
from apps.core.rules import demand
from apps.reports.composing.document import labels
from apps.reports.models import AnnualSummary, SectionRevision, SummarySection
from apps.reports.prose.merge import merge
from apps.reports.prose.tokens import tidy, unknown_tokens
from apps.reports.rules import account_id, may_write, may_write_section

from .revisions import default_now, next_revision, text_now
from .summaries import demand_open


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


def refuse_unknown(text: str, kind: str = "") -> None:
    """Raise ValidationError, an error for each token of `text` that names no figure: its place, the nearest label.

    `kind` is what the summary is of: a teacher's file knows figures that no other summary has.
    """
    errors = []
    for unknown in unknown_tokens(text, labels(kind)):
        place = {"token": unknown.token, "line": unknown.line, "column": unknown.column, "nearest": unknown.nearest}
        if unknown.nearest:
            message = _(
                "Line %(line)d, character %(column)d: there is no figure %(token)s. Did you mean {%(nearest)s}?"
            )
        else:
            message = _(
                "Line %(line)d, character %(column)d: there is no figure %(token)s. Choose one from the list beside."
            )
        errors.append(ValidationError(message % place, code="unknown_token"))
    if errors:
        raise ValidationError({"text": errors})


@transaction.atomic
def save_section(*, record: SummarySection, by: Actor, version: int | None = None) -> SummarySection:
    """Write a section and return it; its text counts as changed by hand once it differs from the default prose.

    Raises ValidationError if the summary is finalised, or if a token names no figure.
    """
    summary = AnnualSummary.objects.select_for_update().get(pk=record.summary_id)
    demand(may_write, by, summary)
    demand_open(summary)
    # Places are told in the text as it was typed.
    refuse_unknown(record.text, summary.kind)
    record.text, default = tidy(record.text), default_now(record)
    record.edited = record.text != default
    stored = SummarySection.objects.filter(pk=record.pk).first()
    save_record(record=record, by=by, version=version)
    _keep_revision(record, by, before=stored.text if stored and (stored.edited or not stored.keys) else default)
    return record


@transaction.atomic
def reset_section(*, section: SummarySection, by: Actor) -> SummarySection:
    """Give a section its default prose again."""
    demand(may_write_section, by, lock(section))
    demand_open(section.summary)
    before, section.edited = section.text, False
    section.text = default_now(section)
    write_record(record=section, by=by)
    _keep_revision(section, by, before=before, anew=True)
    return section


@transaction.atomic
def write_section(
    *,
    section: SummarySection,
    text: str,
    base: str,
    by: Actor,
    heading: str | None = None,
    heading_base: str | None = None,
    anew: bool = False,
) -> Written:
    """Write a section that was read as `base`, joined with what others have written since, and return what stands.

    A `heading` is written if it is another than the one that was read, `heading_base`. Raises ValidationError for a
    token that names no figure or a finalised summary, LeftOut for a section that was left out, Differs if the same
    paragraph or the heading was changed by somebody else.
    """
    demand(may_write_section, by, lock(section))
    refuse_unknown(text, section.summary.kind)
    demand_open(section.summary)
    if section.dropped:
        raise LeftOut(section)
    # Line ends and braces as they are stored, so that only words make a difference.
    text, base, default = tidy(text), tidy(base), tidy(default_now(section))
    now = tidy(section.text) if section.edited or not section.keys else default
    latest = section.revisions.select_related("saved_by").first()
    merged = merge(base, text, now)
    if merged is None:
        raise Differs(latest, now)
    new_heading = _heading(section, heading, heading_base)
    if (merged, new_heading) != (now, section.heading):
        section.text, section.heading = merged, new_heading
        section.edited = not section.keys or merged != default
        write_record(record=section, by=by)
        _keep_revision(section, by, before=now, anew=anew)
    others = latest if latest and merged != text and latest.saved_by_id != account_id(by) else None
    return Written(section, str(others.saved_by or "") if others else "")


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


def restore_revision(*, revision: SectionRevision, by: Actor) -> SummarySection:
    """Write an earlier text again; what stood until now stays among the revisions."""
    section = revision.section
    written = write_section(
        section=section, text=revision.text, base=text_now(section), by=by, heading=revision.heading, anew=True
    )
    return written.section


def _keep_revision(section: SummarySection, by: Actor, *, before: str, anew: bool = False) -> None:
    """Keep what a section says now among its revisions, and what it said `before` if nobody has written it yet."""
    if before and not section.revisions.exists():
        first = SectionRevision(section=section, heading=section.heading, text=before)
        write_record(record=first, by=SYSTEM.composer)
    write_record(record=next_revision(section, by, anew=anew), by=by)
