"""Teacher ethics: assessment with its questionnaires, misconduct, honours, contests and campaigns."""

from .assessment import AssessmentCycle, EthicsAssessment
from .conduct import Honour, MisconductCase
from .contests import Campaign, CampaignParticipant, Contest, ContestEntry
from .eligibility import barred, eligible, vetoed
from .surveys import Questionnaire, QuestionnaireItem, SurveyResponse

__all__ = [
    "AssessmentCycle",
    "Campaign",
    "CampaignParticipant",
    "Contest",
    "ContestEntry",
    "EthicsAssessment",
    "Honour",
    "MisconductCase",
    "Questionnaire",
    "QuestionnaireItem",
    "SurveyResponse",
    "barred",
    "eligible",
    "vetoed",
]
