"""Annual summaries: what stands in them, and the versions that were finalised."""

from .revisions import SectionRevision
from .summaries import AnnualSummary, SummarySection, SummaryVersion, version_path

__all__ = ["AnnualSummary", "SectionRevision", "SummarySection", "SummaryVersion", "version_path"]
