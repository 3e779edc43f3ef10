"""Earlier texts of sections: kept whenever somebody writes."""

from datetime import timedelta
from difflib import SequenceMatcher
from os.path import commonprefix
from typing import Any

from django.utils import timezone

from apps.core.actions import write_record
from apps.reports.composing.document import default_texts, figures_of, joined
from apps.reports.models import SectionRevision, SummarySection

# What somebody saves within this time of a first save is the same sitting, and one revision.
SITTING = timedelta(minutes=10)
# So many characters may go without a revision of their own: a word or two.
WORDS = 10


def text_now(section: SummarySection) -> str:
    """Return what stands in a section: its own text, or the default prose of now where nobody has changed it."""
    if section.edited or not section.keys:
        return section.text
    scope, period = section.summary.scope, section.summary.period
    return joined(default_texts(scope, period, figures_of(scope, period)), section.key_list)


def holds(text: str, earlier: str) -> bool:
    """Return whether nearly all of an earlier text still stands in `text`: all but a tenth, or some words."""
    # What stands unchanged before and behind is not compared character by character: it costs nothing.
    first = len(commonprefix([text, earlier]))
    last = len(commonprefix([text[first:][::-1], earlier[first:][::-1]]))
    new, old = text[first : len(text) - last], earlier[first : len(earlier) - last]
    same = sum(block.size for block in SequenceMatcher(None, old, new).get_matching_blocks())
    gone = len(old) - same
    return gone <= max(WORDS, len(earlier) // 10) and 2 * gone <= len(earlier)


def keep_revision(*, section: SummarySection, by: Any, before: str, anew: bool = False) -> SectionRevision:
    """Keep what a section says now among its revisions, and what it said `before` if nobody has written it yet.

    What the same person wrote in the same sitting is one revision, unless it is to be kept `anew`, or text of it
    would be lost that stands neither in what is written now nor in the revision before.
    """
    latest, earlier = [*section.revisions.all()[:2], None, None][:2]
    if latest is None and before:
        write_record(record=SectionRevision(section=section, heading=section.heading, text=before), by=None)
    same = not anew and latest and by and latest.saved_by_id == by.pk and timezone.now() - latest.created_at < SITTING
    kept = same and (holds(section.text, latest.text) or (earlier and holds(earlier.text, latest.text)))
    revision = latest if kept else SectionRevision(section=section, saved_by=by)
    revision.heading, revision.text, revision.edited = section.heading, section.text, section.edited
    return write_record(record=revision, by=by)
