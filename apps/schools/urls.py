from apps.webui.routes import record_urls

from . import pages

app_name = "schools"
urlpatterns = [
    *record_urls(pages.PAGES),
]
