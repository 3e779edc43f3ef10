from django.urls import path

from apps.core.access import requires
from apps.webui.views import RecordList, record_urls

from . import pages, views

app_name = "ethics"
urlpatterns = [
    *record_urls(pages.EthicsAssessmentPages()),
    path(
        "ethicsassessment/eligibility/",
        requires("ethics.view_ethicsassessment")(RecordList.as_view(pages=pages.EligibilityPages())),
        name="eligibility",
    ),
    path("ethicsassessment/<int:pk>/submit/", views.submit, name="ethicsassessment_submit"),
    path("ethicsassessment/<int:pk>/decide/", views.decide, name="ethicsassessment_decide"),
    path("ethicsassessment/<int:pk>/return/", views.give_back, name="ethicsassessment_return"),
    *record_urls(pages.AssessmentCyclePages()),
    path("assessmentcycle/<int:pk>/start/", views.start, name="assessmentcycle_start"),
    path("assessmentcycle/<int:pk>/tally/", views.tally, name="assessmentcycle_tally"),
    path("assessmentcycle/<int:pk>/submit/", views.submit_all, name="assessmentcycle_submit"),
    path("assessmentcycle/<int:pk>/decide/", views.decide_all, name="assessmentcycle_decide"),
    path("assessmentcycle/<int:pk>/close/", views.close, name="assessmentcycle_close"),
    path("assessmentcycle/<int:pk>/publish/", views.publish, name="assessmentcycle_publish"),
    path("assessmentcycle/<int:pk>/reopen/", views.reopen, name="assessmentcycle_reopen"),
    path("assessmentcycle/<int:pk>/next/", views.open_next, name="assessmentcycle_next"),
    *record_urls(pages.QuestionnairePages()),
    *record_urls(pages.SurveyResponsePages()),
    *record_urls(pages.MisconductCasePages()),
    *record_urls(pages.CampaignPages()),
    path("campaign/<int:pk>/join/", views.join, name="campaign_join"),
    *record_urls(pages.CampaignParticipantPages()),
    *record_urls(pages.HonourPages()),
    *record_urls(pages.ContestPages()),
    *record_urls(pages.ContestEntryPages()),
]
