"""The models of this room, in the order in which they need each other."""

from .exports import WorkbookExport
from .imports import HeaderMapping, ImportBatch, ImportChange, kind_name

__all__ = ["HeaderMapping", "ImportBatch", "ImportChange", "WorkbookExport", "kind_name"]
