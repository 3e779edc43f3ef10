"""The roster: teachers, the schools they belonged to and when, and what they teach."""

from .service import Appointment, Leave, TeachingAssignment, demand_possible, on_day, serving
from .teacher import Teacher, TeacherPastFact, TeacherQuerySet, is_backbone

__all__ = [
    "Appointment",
    "Leave",
    "Teacher",
    "TeacherPastFact",
    "TeacherQuerySet",
    "TeachingAssignment",
    "demand_possible",
    "is_backbone",
    "on_day",
    "serving",
]
