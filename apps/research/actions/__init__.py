"""What is done with activities, their photos, and small projects."""

from .activities import record_attendance, save_attendance, schools_on
from .photos import Pictures, add_photos, remove_with_pictures, shrink_picture
from .projects import (
    apply_for_closing,
    approve_project,
    close_project,
    drop_project,
    open_project,
    pass_midterm,
    reject_project,
    save_member,
    save_members,
    save_projects,
)
from .quotas import copy_activity_quotas

__all__ = [
    "Pictures",
    "add_photos",
    "apply_for_closing",
    "approve_project",
    "close_project",
    "copy_activity_quotas",
    "drop_project",
    "open_project",
    "pass_midterm",
    "record_attendance",
    "reject_project",
    "remove_with_pictures",
    "save_attendance",
    "save_member",
    "save_members",
    "save_projects",
    "schools_on",
    "shrink_picture",
]
