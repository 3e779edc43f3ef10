"""Rubrics, quotas, and observations of lessons."""

from .observation import Observation, ObservationQuerySet, ObservationScore, is_entered
from .quota import ObservationQuota, people_with_quota, toward_quota
from .rubric import Rubric, RubricItem

__all__ = [
    "Observation",
    "ObservationQuerySet",
    "ObservationQuota",
    "ObservationScore",
    "Rubric",
    "RubricItem",
    "is_entered",
    "people_with_quota",
    "toward_quota",
]
