"""What people do with observations, quotas and rubrics."""

from .defaults import QUOTA_SOURCE, RUBRIC, take_default_quotas, take_default_rubric
from .observation import (
    check_score,
    confirm_observation,
    import_observations,
    import_scores,
    record_observation,
    reopen_observation,
    submit_observation,
)
from .quota import copy_quotas
from .rubric import check_rubric_unchanged, import_items, import_rubrics, save_rubric

__all__ = [
    "QUOTA_SOURCE",
    "RUBRIC",
    "check_rubric_unchanged",
    "check_score",
    "confirm_observation",
    "copy_quotas",
    "import_items",
    "import_observations",
    "import_rubrics",
    "import_scores",
    "record_observation",
    "reopen_observation",
    "save_rubric",
    "submit_observation",
    "take_default_quotas",
    "take_default_rubric",
]
