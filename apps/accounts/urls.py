from django.urls import include, path

from apps.webui.routes import record_urls

from . import pages, views

accounts = [
    *record_urls(pages.PAGES),
    path("user/<int:pk>/code/", views.renew, name="user_code"),
    path("slips/", views.print_slips, name="slips"),
]
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.change_password, name="password_change"),
    path("password/done/", views.password_changed, name="password_change_done"),
    path("password/first/", views.first_password, name="first_password"),
    path("password/email/", views.own_email, name="own_email"),
    path("password/forgotten/", views.forgotten, name="password_reset"),
    path("password/forgotten/sent/", views.mail_sent, name="password_reset_done"),
    path("password/forgotten/<uidb64>/<token>/", views.choose_again, name="password_reset_confirm"),
    path("password/forgotten/done/", views.chosen_again, name="password_reset_complete"),
    path("accounts/", include((accounts, "accounts"))),
]
