"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, FirstStep, Manifest, allow

from .models import User

MANIFEST = Manifest(
    menu=(Entry("accounts", _("Accounts"), "base", 30),),
    permissions={
        "office": allow("view add change delete renew", "accounts", "user"),
        # A head sees the accounts of the school's teachers, and renews a forgotten password.
        "principal": allow("view renew", "accounts", "user"),
    },
    first_steps=(
        FirstStep(
            "accounts",
            _("Accounts"),
            _("With them principals and teachers sign in."),
            50,
            "accounts.add_user",
            lambda user, year: User.objects.visible_to(user).filter(district=None, township=None),
            _("%(number)d accounts beside the office's"),
            "accounts:user_list",
            ways=((_("Open accounts"), "teachers:open_accounts"), (_("Add one"), "accounts:user_create")),
        ),
    ),
)
