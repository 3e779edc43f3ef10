"""Research activities and who took part, photos, subject bases' members, researchers' surveys, small projects."""

from .activities import Activity, ActivityGuest, Attendance, Photo, digest_of
from .bases import BaseMember, ResearcherSurvey
from .projects import ProjectMember, SmallProject, overdue, under_way
from .quota import ActivityQuota, planned

__all__ = [
    "Activity",
    "ActivityGuest",
    "ActivityQuota",
    "Attendance",
    "BaseMember",
    "Photo",
    "ProjectMember",
    "ResearcherSurvey",
    "SmallProject",
    "digest_of",
    "overdue",
    "planned",
    "under_way",
]
