from django.urls import include, path

from apps.webui.routes import record_urls

from . import pages, views

accounts = record_urls(pages.PAGES)
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password_change"),
    path("password/done/", views.password_changed, name="password_change_done"),
    path("accounts/", include((accounts, "accounts"))),
]
