"""All addresses: one line an app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.webui.urls")),
    path("", include("apps.accounts.urls")),
    path("schools/", include("apps.schools.urls")),
    path("teachers/", include("apps.teachers.urls")),
    path("research/", include("apps.research.urls")),
    path("observations/", include("apps.observations.urls")),
    path("ethics/", include("apps.ethics.urls")),
    path("handbook/", include("apps.handbook.urls")),
    path("exchange/", include("apps.exchange.urls")),
    path("reports/", include("apps.reports.urls")),
    path("workbooks/", include("apps.workbooks.urls")),
    path("admin/", admin.site.urls),
]
