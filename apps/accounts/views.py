from django.contrib.auth import views as auth_views

from apps.core.access import public, signed_in

sign_in = public(auth_views.LoginView.as_view(redirect_authenticated_user=True))
sign_out = signed_in(auth_views.LogoutView.as_view())
change_password = signed_in(auth_views.PasswordChangeView.as_view())
password_changed = signed_in(auth_views.PasswordChangeDoneView.as_view())
