"""Districts, townships, schools, and what belongs to a school as such."""

from .places import (
    BY_SCHOOL,
    BY_TOWNSHIP,
    District,
    Level,
    Researcher,
    School,
    SchoolPastFact,
    SchoolQuerySet,
    Subject,
    Township,
)
from .standing import GRADES, CultureNote, Designation, SchoolGrade, StudyGroup

__all__ = [
    "BY_SCHOOL",
    "BY_TOWNSHIP",
    "CultureNote",
    "Designation",
    "District",
    "GRADES",
    "Level",
    "Researcher",
    "School",
    "SchoolGrade",
    "SchoolPastFact",
    "SchoolQuerySet",
    "StudyGroup",
    "Subject",
    "Township",
]
