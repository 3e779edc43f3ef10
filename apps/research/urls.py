from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "research"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("activity/<int:pk>/attendance/", views.activity_attendance, name="activity_attendance"),
    path("photo/<int:pk>/file/", views.photo_file, name="photo_file"),
]
