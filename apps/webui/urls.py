from django.urls import include, path
from django.views.i18n import set_language

from apps.core.access import public, requires, signed_in

from . import home, opening, progress, views, years
from .routes import record_urls

school_years = [
    *record_urls(years.PAGES),
    path(
        "schoolyear/<int:pk>/next/",
        requires("core.add_schoolyear")(opening.NextYearView.as_view(pages=years.PAGES[0])),
        name="schoolyear_next",
    ),
]
urlpatterns = [
    path("", signed_in(home.start), name="start"),
    path("standing/", signed_in(home.standing), name="standing"),
    path("progress/", signed_in(progress.progress), name="progress"),
    path("progress/<int:pk>/", signed_in(progress.progress_school), name="progress_school"),
    path("progress/reminders/", signed_in(progress.reminders), name="progress_reminders"),
    path("progress/export/", signed_in(progress.progress_export), name="progress_export"),
    path("progress/late/", signed_in(progress.late_number), name="progress_late"),
    path("search/", signed_in(home.search), name="search"),
    path("suggest/<str:label>/<str:field>/", signed_in(home.suggest), name="suggest"),
    path("year/", signed_in(views.choose_year), name="choose_year"),
    path("years/", include((school_years, "core"))),
    path("checklist/<slug:key>/default/", signed_in(opening.take_default), name="take_default"),
    path("checklist/<slug:key>/later/", signed_in(opening.put_off_step), name="put_off_step"),
    path("first-year/", signed_in(opening.first_year), name="first_year"),
    path("language/", public(set_language), name="set_language"),
]
