from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.core.access import public, requires, signed_in

from .actions import issue_password
from .models import User

sign_in = public(auth_views.LoginView.as_view(redirect_authenticated_user=True))
sign_out = signed_in(auth_views.LogoutView.as_view())
change_password = signed_in(auth_views.PasswordChangeView.as_view())
password_changed = signed_in(auth_views.PasswordChangeDoneView.as_view())


@requires("accounts.change_user")
@require_POST
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a new password and show it once."""
    account = get_object_or_404(User.objects.visible_to(request.user), pk=pk)
    password = issue_password(user=account, by=request.user)
    messages.success(
        request, _("New password of %(name)s: %(password)s (shown only now)") % {"name": account, "password": password}
    )
    return redirect(account)
