from apps.webui.routes import record_urls

from . import pages

app_name = "mentoring"
urlpatterns = record_urls(pages.PAGES)
