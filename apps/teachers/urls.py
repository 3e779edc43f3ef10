from django.urls import path

from apps.webui.views import record_urls

from . import pages, views

app_name = "teachers"
urlpatterns = [
    *record_urls(pages.TeacherPages()),
    *record_urls(pages.AppointmentPages()),
    *record_urls(pages.TeachingAssignmentPages()),
    path("teacher/<int:pk>/reveal/", views.reveal, name="teacher_reveal"),
]
