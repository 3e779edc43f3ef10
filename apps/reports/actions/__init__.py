"""What people do with summaries."""

from .review import QUOTED, add_comment, end_review, resolve_comment, submit_for_review
from .revisions import keep_revision, text_now
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
from .writing import (
    Differs,
    Written,
    add_section,
    drop_section,
    move_section,
    restore_revision,
    take_back_section,
    write_section,
)

__all__ = [
    "QUOTED",
    "add_comment",
    "end_review",
    "resolve_comment",
    "submit_for_review",
    "Differs",
    "Written",
    "add_section",
    "drop_section",
    "keep_revision",
    "move_section",
    "restore_revision",
    "take_back_section",
    "text_now",
    "write_section",
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
