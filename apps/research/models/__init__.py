"""Research activities and who took part, photos, subject bases' members, researchers' surveys, small projects."""

from .activities import Activity, ActivityGuest, Attendance, Photo, digest_of
from .bases import BaseMember, ResearcherSurvey
from .projects import ProjectMember, SmallProject

__all__ = [
    "Activity",
    "ActivityGuest",
    "Attendance",
    "BaseMember",
    "Photo",
    "ProjectMember",
    "ResearcherSurvey",
    "SmallProject",
    "digest_of",
]
