"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS

MANIFEST = Manifest(
    address="schools/",
    menu=(Entry("schools", _("Schools"), "base", 10),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(
        Place("schools.junior", {"junior": 10, "school_classroom": 10}),
        Place("schools.experimental", {"primary": 10, "school_classroom": 20}),
        Place("schools.bases", {"bases": 10}),
    ),
    permissions={
        "office": allow(
            "view add change delete",
            "schools",
            "district township school schoolpastfact designation schoolgrade culturenote studygroup researcher",
        ),
        "principal": allow("view change", "schools", "school")
        | allow("view", "schools", "designation researcher")
        | allow("view add change delete", "schools", "schoolgrade culturenote studygroup"),
        "researcher": allow("view", "schools", "school designation schoolgrade culturenote studygroup researcher"),
    },
    searched={"schools.school": 20},
)
