from django.urls import path

from apps.core.access import requires
from apps.webui.pages import REGISTRY
from apps.webui.routes import record_urls

from . import pages
from .views import batches, comparison, composer, own_file, review
from .views import summaries as views

app_name = "reports"
summary_pages = REGISTRY["reports.annualsummary"]
urlpatterns = [
    # The summary has a page of its own instead of the general one.
    path(
        "annualsummary/<int:pk>/",
        requires("reports.view_annualsummary")(views.SummaryDetail.as_view(pages=summary_pages)),
        name="annualsummary_detail",
    ),
    *[pattern for pattern in record_urls(pages.PAGES) if pattern.name != "annualsummary_detail"],
    path("annualsummary/<int:pk>/annexes/", views.annexes, name="annualsummary_annexes"),
    path("annualsummary/<int:pk>/drift/", review.drift, name="annualsummary_drift"),
    path("annualsummary/<int:pk>/versions/", review.versions, name="annualsummary_versions"),
    path("annualsummary/<int:pk>/file/<slug:form>/", views.download, name="annualsummary_file"),
    path("annualsummary/<int:pk>/compare/", comparison.compare, name="annualsummary_compare"),
    path("indicators/", comparison.indicators, name="indicators"),
    path("district/", comparison.district, name="district"),
    path("annualsummary/<int:pk>/write/", composer.write, name="annualsummary_write"),
    path("annualsummary/<int:pk>/lastyear/", composer.last_year, name="annualsummary_lastyear"),
    path("annualsummary/<int:pk>/add/", composer.add, name="annualsummary_add"),
    path("own-file/", own_file.show, name="own_file"),
    path("own-file/pdf/", own_file.pdf, name="own_file_pdf"),
    path("summarybatch/<int:pk>/progress/", batches.progress, name="summarybatch_progress"),
    path("summarybatch/<int:pk>/zip/", batches.download_zip, name="summarybatch_zip"),
    path("summarysection/<int:pk>/comment/", review.comment, name="summarysection_comment"),
    path("paragraphcomment/<int:pk>/done/", review.resolve, name="paragraphcomment_done"),
    path("summarysection/<int:pk>/save/", composer.save, name="summarysection_save"),
    path("summarysection/<int:pk>/move/", composer.move, name="summarysection_move"),
    path("summarysection/<int:pk>/drop/", composer.drop, name="summarysection_drop"),
    path("summarysection/<int:pk>/back/", composer.take_back, name="summarysection_back"),
    path("summarysection/<int:pk>/history/", composer.history, name="summarysection_history"),
    path("summarysection/<int:pk>/restore/", composer.restore, name="summarysection_restore"),
    path("summaryversion/<int:pk>/pdf/", views.version_pdf, name="summaryversion_pdf"),
]
