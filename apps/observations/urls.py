from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "observations"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("observation/<int:pk>/submit/", views.submit, name="observation_submit"),
    path("observation/<int:pk>/confirm/", views.confirm, name="observation_confirm"),
    path("observation/<int:pk>/reopen/", views.reopen, name="observation_reopen"),
    path("observationquota/<int:pk>/copy/", views.copy_quotas, name="observationquota_copy"),
    path("observationquota/progress/", views.quota_progress, name="quota_progress"),
]
