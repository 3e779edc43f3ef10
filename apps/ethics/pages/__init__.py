"""The pages of ethics records."""

from .assessments import (
    AssessmentCyclePages,
    EligibilityPages,
    EthicsAssessmentPages,
    QuestionnairePages,
    SurveyResponsePages,
)
from .conduct import (
    CampaignPages,
    CampaignParticipantPages,
    ContestEntryPages,
    ContestPages,
    HonourPages,
    MisconductCasePages,
)

__all__ = ["PAGES", "EligibilityPages"]

PAGES = (
    EthicsAssessmentPages(),
    AssessmentCyclePages(),
    QuestionnairePages(),
    SurveyResponsePages(),
    MisconductCasePages(),
    CampaignPages(),
    CampaignParticipantPages(),
    HonourPages(),
    ContestPages(),
    ContestEntryPages(),
)
