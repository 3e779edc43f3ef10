from django.urls import path

from apps.webui.routes import record_urls

from . import pages, views

app_name = "handbook"
urlpatterns = [
    *record_urls(pages.PAGES),
    path("handbookentry/<int:pk>/review/", views.review, name="handbookentry_review"),
    path("handbookentry/<int:pk>/approve/", views.approve, name="handbookentry_approve"),
    path("handbookentry/<int:pk>/return/", views.send_back, name="handbookentry_return"),
    path("review/", views.queue, name="handbookentry_queue"),
    path("close/", views.close_year, name="close_year"),
]
