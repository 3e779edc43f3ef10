"""What people do in teacher ethics, one function a verb."""

from .assessments import (
    decide_as_suggested,
    decide_assessment,
    return_assessment,
    save_assessment,
    save_assessments,
    submit_assessment,
    submit_assessments,
)
from .conduct import award_honour, award_honours, join_campaign, refuse_barred, save_case, save_cases
from .cycles import (
    close_cycle,
    open_next_cycle,
    publish_cycle,
    reopen_cycle,
    save_cycle,
    save_cycles,
    save_questionnaire,
    start_assessments,
    tally_responses,
)
from .defaults import CYCLE_SOURCE, carry_cycles, take_default_cycle

__all__ = [
    "CYCLE_SOURCE",
    "award_honour",
    "award_honours",
    "carry_cycles",
    "close_cycle",
    "decide_as_suggested",
    "decide_assessment",
    "join_campaign",
    "open_next_cycle",
    "publish_cycle",
    "refuse_barred",
    "reopen_cycle",
    "return_assessment",
    "save_assessment",
    "save_assessments",
    "save_case",
    "save_cases",
    "save_cycle",
    "save_cycles",
    "save_questionnaire",
    "start_assessments",
    "submit_assessment",
    "submit_assessments",
    "take_default_cycle",
    "tally_responses",
]
