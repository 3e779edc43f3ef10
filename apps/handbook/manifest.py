"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS
from .tasks import TASKS

MANIFEST = Manifest(
    address="handbook/",
    menu=(Entry("handbook", _("Action handbook"), "research", 20),),
    chapter=CHAPTER,
    sheets=SHEETS,
    tasks=TASKS,
    outline=(
        Place("handbook.action", {"handbook": 10, "teacher_handbook": 10}),
        Place("handbook.guides", {"junior": 20, "school_classroom": 30}),
    ),
    permissions={
        "office": allow("view add change delete", "handbook", "requirement handbookentry handbookscore")
        | frozenset({"handbook.review_handbookentry"}),
        "principal": allow("view", "handbook", "requirement handbookentry handbookscore")
        | frozenset({"handbook.review_handbookentry"}),
        "teacher": allow("view", "handbook", "requirement handbookscore")
        | allow("view add change delete", "handbook", "handbookentry"),
    },
    start={"handbook.entries": 20},
    entered={"handbook.handbookentry": 20},
)
