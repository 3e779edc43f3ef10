from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "exchange"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("eligible/", views.eligible_teachers, name="eligible"),
]
