"""Annual summaries: what stands in them, and the versions that were finalised."""

from .letterhead import LETTERHEAD_FIELDS
from .review import ParagraphComment
from .revisions import SectionRevision
from .summaries import AnnualSummary, SummarySection, SummaryVersion, version_path

__all__ = [
    "LETTERHEAD_FIELDS",
    "AnnualSummary",
    "ParagraphComment",
    "SectionRevision",
    "SummarySection",
    "SummaryVersion",
    "version_path",
]
