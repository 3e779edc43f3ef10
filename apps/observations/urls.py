from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "observations"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("observationquota/progress/", views.quota_progress, name="quota_progress"),
]
