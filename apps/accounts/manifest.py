"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, allow

MANIFEST = Manifest(
    menu=(Entry("accounts", _("Accounts"), "base", 30),),
    permissions={
        "office": allow("view add change delete renew", "accounts", "user"),
        # A head sees the accounts of the school's teachers, and renews a forgotten password.
        "principal": allow("view renew", "accounts", "user"),
    },
)
