from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.webui.pages import Button, ListColumn, Pages

from .actions import save_account
from .filters import UserFilter
from .forms import UserForm
from .models import User
from .roles import ROLES


class UserPages(Pages):
    model, form, filterset = User, UserForm, UserFilter
    menu = "accounts"
    fetch = ("township", "school", "teacher", "researcher")
    columns = (
        ListColumn("username"),
        ListColumn("name", _("Name")),
        ListColumn("school.name", _("school")),
        ListColumn("is_active"),
        ListColumn("last_login", kind="date"),
    )
    detail = ("username", "name", "role", "township", "school", "teacher", "researcher", "is_active", "last_login")
    hint = _("Add accounts for the schools' principals and for teachers.")

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the headings; the role is no field that could name itself."""
        return super().labels | {"role": _("role")}

    def save(self, *, form: UserForm, by: Any, version: int | None) -> User:
        """Write the account in the role chosen in the form."""
        role = next(role for role in ROLES if role.key == form.cleaned_data["role"])
        return save_account(record=form.instance, by=by, role=role)

    def buttons(self, user: Any, record: User) -> Iterable[Button]:
        """Offer a new password."""
        if self.may(user, "change", record):
            yield Button(_("Issue a new password"), reverse("accounts:user_password", args=[record.pk]))


PAGES = (UserPages(),)
