"""What people do with summaries."""

from .batches import cancel_batch, make_piece, pack_without, remove_batch, remove_outdated, resume_batch, start_batch
from .outline import add_section, drop_section, move_section, take_back_section
from .review import QUOTED, add_comment, end_review, resolve_comment, submit_for_review
from .summaries import (
    blank_summary,
    compose_again,
    compose_summary,
    finalise_summary,
    find_summary,
    reopen_summary,
    save_title,
)
from .writing import (
    Differs,
    LeftOut,
    Written,
    refuse_unknown,
    reset_section,
    restore_revision,
    save_section,
    write_section,
)

__all__ = [
    "QUOTED",
    "Differs",
    "LeftOut",
    "Written",
    "add_comment",
    "add_section",
    "blank_summary",
    "cancel_batch",
    "compose_again",
    "compose_summary",
    "drop_section",
    "end_review",
    "finalise_summary",
    "find_summary",
    "make_piece",
    "move_section",
    "pack_without",
    "refuse_unknown",
    "remove_batch",
    "remove_outdated",
    "reopen_summary",
    "reset_section",
    "restore_revision",
    "resolve_comment",
    "resume_batch",
    "save_section",
    "save_title",
    "start_batch",
    "submit_for_review",
    "take_back_section",
    "write_section",
]
