from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "exchange"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("posting/<int:pk>/assess/", views.assess, name="posting_assess"),
    path("posting/<int:pk>/end/", views.end, name="posting_end"),
    path("exchangeround/<int:pk>/next/", views.open_next, name="exchangeround_next"),
    path("eligible/", views.eligible, name="eligible"),
]
