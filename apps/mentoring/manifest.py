"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS

MANIFEST = Manifest(
    address="mentoring/",
    menu=(Entry("mentoring", _("Mentoring pairs"), "research", 50),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(Place("mentoring.pairs", {"training": 40, "teacher_training": 30}),),
    permissions={
        "office": allow("view add change delete", "mentoring", "mentoringpair"),
        "principal": allow("view add change delete", "mentoring", "mentoringpair"),
        "teacher": allow("view", "mentoring", "mentoringpair"),
    },
    searched={"mentoring.mentoringpair": 50},
)
