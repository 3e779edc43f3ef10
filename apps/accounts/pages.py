from functools import cached_property

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.webui.pages import ListColumn, Pages
from apps.webui.verbs import Verb

from .actions import issue_password, save_account
from .filters import UserFilter
from .forms import UserForm
from .models import User
from .roles import ROLES
from .rules import may_issue_password


class UserPages(Pages[User]):
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
    verbs = (
        Verb(
            "password",
            _("Issue a new password"),
            may_issue_password,
            issue_password,
            takes="user",
            said=_("New password of %(record)s: %(result)s (shown only now)"),
            question=_("The present password stops working at once."),
        ),
    )
    hint = _("Add accounts for the schools' principals and for teachers.")

    @cached_property
    def labels(self) -> dict[str, Label]:
        """Return the headings; the role is no field that could name itself."""
        return super().labels | {"role": _("role")}

    def save(self, *, form: UserForm, by: Actor, version: int | None) -> User:
        """Write the account in the role chosen in the form."""
        known = form.cleaned_data.get("role") or form.instance.groups.values_list("name", flat=True).first()
        role = next(role for role in ROLES if role.key == known)
        return save_account(record=form.instance, by=by, role=role, version=version)


PAGES = (UserPages(),)
