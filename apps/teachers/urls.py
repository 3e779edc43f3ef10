from django.urls import path

from apps.core.views import record_urls

from . import views

app_name = "teachers"
urlpatterns = [
    *record_urls(views.TeacherPages()),
    *record_urls(views.AppointmentPages()),
    *record_urls(views.TeachingAssignmentPages()),
    path("teacher/<int:pk>/reveal/", views.reveal, name="teacher_reveal"),
]
