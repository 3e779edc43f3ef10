from django.urls import path

from apps.webui.routes import record_urls

from . import pages
from .views import exports
from .views import imports as views
from .views import layouts as layout_views
from .views import rosters as roster_views

app_name = "workbooks"
urlpatterns = [
    path("", views.home, name="home"),
    path("template/", exports.template, name="template"),
    path("year/", exports.year_export, name="year_export"),
    path("list/<str:label>/", exports.list_export, name="list_export"),
    path("exports/<int:pk>/", exports.export_detail, name="workbookexport_detail"),
    path("exports/<int:pk>/progress/", exports.export_progress, name="workbookexport_progress"),
    path("exports/<int:pk>/file/", exports.export_file, name="workbookexport_file"),
    path("exports/<int:pk>/cancel/", exports.export_cancel, name="workbookexport_cancel"),
    path("exports/<int:pk>/again/", exports.export_again, name="workbookexport_again"),
    *record_urls(pages.PAGES),
    path("importbatch/<int:pk>/progress/", views.progress, name="progress"),
    path("importbatch/<int:pk>/original/", views.original, name="original"),
    path("importbatch/<int:pk>/columns/", layout_views.columns, name="columns"),
    path("importbatch/<int:pk>/roster/", roster_views.decide, name="roster"),
    path("importbatch/<int:pk>/marked/", views.marked, name="marked"),
]
