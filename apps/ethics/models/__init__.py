"""Teacher ethics: assessment with its questionnaires, misconduct, honours, contests and campaigns."""

from .assessment import AssessmentCycle, EthicsAssessment, Questionnaire, QuestionnaireItem, SurveyResponse
from .conduct import Campaign, CampaignParticipant, Contest, ContestEntry, Honour, MisconductCase

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
]
