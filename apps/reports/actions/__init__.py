"""What people do with summaries."""

from .summaries import (
    blank_summary,
    compose_summary,
    finalise_summary,
    find_summary,
    refuse_unknown,
    remove_section,
    remove_summary,
    reopen_summary,
    reset_section,
    save_section,
    save_title,
)

__all__ = [
    "blank_summary",
    "compose_summary",
    "finalise_summary",
    "find_summary",
    "refuse_unknown",
    "remove_section",
    "remove_summary",
    "reopen_summary",
    "reset_section",
    "save_section",
    "save_title",
]
