from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "teachers"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("teacher/<int:pk>/reveal/", views.reveal, name="teacher_reveal"),
    path("accounts/open/", views.open_accounts, name="open_accounts"),
]
