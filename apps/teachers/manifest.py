"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS

MANIFEST = Manifest(
    address="teachers/",
    menu=(Entry("teachers", _("Teachers"), "base", 20),),
    chapter=CHAPTER,
    sheets=SHEETS,
    outline=(Place("teachers.staff", {"training": 10, "teacher_facts": 10}),),
    permissions={
        "office": allow("view add change delete", "teachers", "teacher appointment leave teachingassignment")
        | frozenset({"teachers.view_personal_data"}),
        "principal": allow("view change", "teachers", "teacher")
        | allow("view", "teachers", "appointment")
        | allow("view add change delete", "teachers", "leave teachingassignment"),
        "teacher": allow("view", "teachers", "teacher appointment leave teachingassignment"),
    },
    searched={"teachers.teacher": 10},
)
