from django.urls import path
from django.views.i18n import set_language

from apps.core.access import public, signed_in

from . import home, views

urlpatterns = [
    path("", signed_in(home.start), name="start"),
    path("standing/", signed_in(home.standing), name="standing"),
    path("progress/", signed_in(home.progress), name="progress"),
    path("search/", signed_in(home.search), name="search"),
    path("suggest/<str:label>/<str:field>/", signed_in(home.suggest), name="suggest"),
    path("year/", signed_in(views.choose_year), name="choose_year"),
    path("language/", public(set_language), name="set_language"),
]
