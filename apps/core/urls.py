from django.urls import path
from django.views.i18n import set_language

from . import views
from .access import public, signed_in

urlpatterns = [
    path("suggest/<str:label>/", signed_in(views.suggest), name="suggest"),
    path("year/", signed_in(views.choose_year), name="choose_year"),
    path("language/", public(set_language), name="set_language"),
]
