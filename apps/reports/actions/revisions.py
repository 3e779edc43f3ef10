"""Earlier texts of sections: which revision keeps what somebody writes."""

from datetime import timedelta
from difflib import SequenceMatcher
from os.path import commonprefix

from django.utils import timezone

from apps.core.actors import Actor
from apps.reports.composing.document import default_texts, figures_of, joined
from apps.reports.models import SectionRevision, SummarySection
from apps.reports.rules import account_id

# What somebody saves within this time of a first save is the same sitting, and one revision.
SITTING = timedelta(minutes=10)
# So many characters may go without a revision of their own: a word or two.
WORDS = 10


def text_now(section: SummarySection) -> str:
    """Return what stands in a section: its own text, or the default prose of now where nobody has changed it."""
    return section.text if section.edited or not section.keys else default_now(section)


def default_now(section: SummarySection) -> str:
    """Return the default prose of now of a section, empty for one that has none."""
    if not section.keys:
        return ""
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


def next_revision(section: SummarySection, writer: Actor, *, anew: bool) -> SectionRevision:
    """Return the revision, not written yet, that keeps what a section says now.

    What the same person wrote in the same sitting is one revision, unless it is to be kept `anew`, or text of it
    would be lost that stands neither in what is written now nor in the revision before.
    """
    latest, earlier = [*section.revisions.all()[:2], None, None][:2]
    kept, account = None, account_id(writer)
    if latest and not anew and account is not None and latest.saved_by_id == account:
        in_sitting = timezone.now() - latest.created_at < SITTING
        stands = holds(section.text, latest.text) or (earlier is not None and holds(earlier.text, latest.text))
        kept = latest if in_sitting and stands else None
    revision = kept or SectionRevision(section=section, saved_by_id=account)
    revision.heading, revision.text, revision.edited = section.heading, section.text, section.edited
    return revision
