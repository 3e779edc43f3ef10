"""Annual summaries: what stands in them, and the versions that were finalised."""

from .batches import KEPT_DAYS, SummaryBatch, SummaryPiece
from .letterhead import LETTERHEAD_FIELDS
from .review import ParagraphComment
from .revisions import SectionRevision
from .summaries import AnnualSummary, SummarySection, SummaryVersion, version_path

__all__ = [
    "KEPT_DAYS",
    "LETTERHEAD_FIELDS",
    "AnnualSummary",
    "ParagraphComment",
    "SectionRevision",
    "SummaryBatch",
    "SummaryPiece",
    "SummarySection",
    "SummaryVersion",
    "version_path",
]
