from django.urls import path

from apps.webui.routes import record_urls

from . import pages
from .views import imports as views
from .views import layouts as layout_views
from .views import rosters as roster_views

app_name = "workbooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("template/", views.template, name="template"),
    path("year/", views.year_export, name="year_export"),
    path("list/<str:label>/", views.list_export, name="list_export"),
    *record_urls(pages.PAGES),
    path("importbatch/<int:pk>/progress/", views.progress, name="progress"),
    path("importbatch/<int:pk>/original/", views.original, name="original"),
    path("importbatch/<int:pk>/columns/", layout_views.columns, name="columns"),
    path("importbatch/<int:pk>/roster/", roster_views.decide, name="roster"),
    path("importbatch/<int:pk>/marked/", views.marked, name="marked"),
]
