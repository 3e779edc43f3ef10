"""All addresses: those of the site itself, and each app's, where its manifest wants them."""

from django.contrib import admin
from django.urls import include, path

from apps.webui.manifests import addresses

urlpatterns = [
    *(path(beginning, include(f"{app}.urls")) for app, beginning in addresses()),
    path("admin/", admin.site.urls),
]
