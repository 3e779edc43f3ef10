from django.urls import path

from apps.core.access import requires
from apps.webui.routes import record_urls
from apps.webui.views import RecordList

from . import pages

app_name = "ethics"
urlpatterns = [
    *record_urls(pages.PAGES),
    path(
        "ethicsassessment/eligibility/",
        requires("ethics.view_ethicsassessment")(RecordList.as_view(pages=pages.EligibilityPages())),
        name="eligibility",
    ),
]
