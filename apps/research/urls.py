from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "research"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("activity/<int:pk>/attendance/", views.activity_attendance, name="activity_attendance"),
    path("activity/<int:pk>/photos/", views.activity_photos, name="activity_photos"),
    path("photo/<int:pk>/file/", views.photo_file, name="photo_file"),
    path("smallproject/<int:pk>/approve/", views.approve, name="smallproject_approve"),
    path("smallproject/<int:pk>/reject/", views.reject, name="smallproject_reject"),
    path("smallproject/<int:pk>/open/", views.open_with_report, name="smallproject_open"),
    path("smallproject/<int:pk>/midterm/", views.midterm, name="smallproject_midterm"),
    path("smallproject/<int:pk>/closing/", views.closing, name="smallproject_closing"),
    path("smallproject/<int:pk>/close/", views.close, name="smallproject_close"),
    path("smallproject/<int:pk>/drop/", views.drop, name="smallproject_drop"),
]
