from django.urls import path

from . import views

app_name = "firstrun"
urlpatterns = [
    path("", views.code, name="code"),
    path("<slug:key>/", views.step, name="step"),
]
