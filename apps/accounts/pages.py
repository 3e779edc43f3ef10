from functools import cached_property

from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.webui.pages import ListColumn, Pages
from apps.webui.verbs import Verb

from .actions import delete_account, issue_code, save_account
from .filters import UserFilter
from .forms import UserForm
from .models import User, UserQuerySet
from .roles import ROLES
from .rules import may_issue_code


class UserPages(Pages[User]):
    model, form, filterset = User, UserForm, UserFilter
    menu = "accounts"
    list_template = "accounts/user_list.html"
    columns = (
        ListColumn("username"),
        ListColumn("name", _("Name")),
        ListColumn("school.name", _("school")),
        ListColumn("role", _("role"), sort="-"),
        ListColumn("state", _("state"), kind="state", sort="-"),
        ListColumn("last_login", kind="date"),
    )
    detail = (
        "username", "name", "role", "township", "school", "teacher", "researcher", "email", "state",
        "last_login",
    )  # fmt: skip
    verbs = (
        Verb(
            "code",
            _("Issue a new one-time code"),
            may_issue_code,
            issue_code,
            takes="user",
            said="",
            own_views=True,
        ),
    )
    hint = _("Add accounts for the schools' principals and for teachers.")

    @cached_property
    def labels(self) -> dict[str, Label]:
        """Return the headings; the role is no field that could name itself."""
        return super().labels | {"role": _("role")}

    def save(self, *, form: UserForm, by: Actor, version: int | None) -> User:
        """Write the account in the role chosen in the form."""
        known = form.cleaned_data.get("role") or form.instance.roles[0]
        role = next(role for role in ROLES if role.key == known)
        return save_account(record=form.instance, by=by, role=role, version=version)

    def remove(self, *, record: User, by: Actor) -> None:
        """Delete an account, but for the only one of an office."""
        delete_account(record=record, by=by)

    def rows(self, user: Actor) -> UserQuerySet:
        """Return the accounts that `user` may see, with what tells whether they are open."""
        rows: UserQuerySet = User.objects.visible_to(user)
        return rows.with_places().select_related("code")


PAGES = (UserPages(),)
