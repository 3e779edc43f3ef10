"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS

MANIFEST = Manifest(
    address="exchange/",
    menu=(Entry("exchange", _("Exchange postings"), "people", 30),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(Place("exchange.rotation", {"exchange": 10, "teacher_honours": 20}),),
    permissions={
        "office": allow("view add change delete", "exchange", "exchangeround posting"),
        "principal": allow("view", "exchange", "exchangeround posting"),
        "teacher": allow("view", "exchange", "posting"),
    },
)
