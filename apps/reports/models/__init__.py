"""Annual summaries: what stands in them, and the versions that were finalised."""

from .summaries import AnnualSummary, SummarySection, SummaryVersion, version_path

__all__ = ["AnnualSummary", "SummarySection", "SummaryVersion", "version_path"]
