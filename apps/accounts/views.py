from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.core.access import public, requires, signed_in
from apps.core.pages import Button, Column, Pages

from .actions import issue_password, save_account
from .filters import UserFilter
from .forms import UserForm
from .models import User
from .roles import ROLES

sign_in = public(auth_views.LoginView.as_view(redirect_authenticated_user=True))
sign_out = signed_in(auth_views.LogoutView.as_view())
change_password = signed_in(auth_views.PasswordChangeView.as_view())
password_changed = signed_in(auth_views.PasswordChangeDoneView.as_view())


class UserPages(Pages):
    model, form, filterset = User, UserForm, UserFilter
    menu = "accounts"
    fetch = ("township", "school", "teacher", "researcher")
    columns = (
        Column("username"),
        Column("name"),
        Column("school.name", _("school")),
        Column("is_active"),
        Column("last_login", kind="date"),
    )
    detail = ("username", "name", "role", "township", "school", "teacher", "researcher", "is_active", "last_login")
    hint = _("Add accounts for the schools' principals and for teachers.")

    def save(self, *, form: UserForm, by: Any, version: int | None) -> User:
        """Write the account in the role chosen in the form."""
        role = next(role for role in ROLES if role.key == form.cleaned_data["role"])
        return save_account(record=form.instance, by=by, role=role)

    def actions(self, user: Any, record: User) -> Iterable[Button]:
        """Offer a new password."""
        if self.may(user, "change", record):
            yield Button(_("Issue a new password"), reverse("accounts:user_password", args=[record.pk]))


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
