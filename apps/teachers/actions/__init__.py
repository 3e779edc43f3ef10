"""What is done with teachers beyond plain records."""

from .leaves import begin_leaves, end_leave, save_leave, take_leave
from .records import change_facts, reveal_personal_data, save_teacher, save_teachers
from .service import (
    Departure,
    Move,
    admit_teacher,
    end_service,
    end_services,
    rejoin,
    transfer_teacher,
    transfer_teachers,
)

__all__ = [
    "Departure",
    "Move",
    "admit_teacher",
    "begin_leaves",
    "change_facts",
    "end_leave",
    "end_service",
    "end_services",
    "rejoin",
    "reveal_personal_data",
    "save_leave",
    "save_teacher",
    "save_teachers",
    "take_leave",
    "transfer_teacher",
    "transfer_teachers",
]
