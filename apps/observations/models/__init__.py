"""Rubrics, quotas, and observations of lessons."""

from .observation import Observation, ObservationQuerySet, ObservationScore, is_entered, people_with_quota
from .rubric import ObservationQuota, Rubric, RubricItem

__all__ = [
    "Observation",
    "ObservationQuerySet",
    "ObservationQuota",
    "ObservationScore",
    "Rubric",
    "RubricItem",
    "is_entered",
    "people_with_quota",
]
