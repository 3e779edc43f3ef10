"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS
from .tasks import TASKS

MANIFEST = Manifest(
    address="research/",
    menu=(
        Entry("activities", _("Research activities"), "research", 30),
        Entry("projects", _("Small projects"), "research", 40),
    ),
    chapter=CHAPTER,
    sheets=SHEETS,
    tasks=TASKS,
    outline=(
        Place("research.salons", {"handbook": 20, "teacher_training": 20}),
        Place("research.album", {"junior": 30, "school_classroom": 40}),
        Place("research.meetings", {"primary": 20, "school_meetings": 10}),
        Place("research.bases", {"bases": 20}),
        Place("research.projects", {"projects": 10, "teacher_projects": 10}),
        Place("research.training", {"training": 20, "teacher_training": 10}),
    ),
    permissions={
        "office": allow(
            "view add change delete",
            "research",
            "activity activityquota attendance activityguest photo basemember researchersurvey "
            "smallproject projectmember",
        ),
        "principal": allow(
            "view add change delete",
            "research",
            "activity attendance activityguest photo basemember smallproject projectmember",
        )
        | allow("view", "research", "activityquota researchersurvey"),
        "teacher": allow("view", "research", "activity attendance smallproject projectmember"),
        "researcher": allow("view", "research", "activity activityguest photo basemember smallproject")
        | allow("view add change", "research", "researchersurvey"),
    },
    start={"research.activities": 40},
    entered={"research.activity": 30, "research.researchersurvey": 40},
    searched={"research.activity": 30, "research.smallproject": 40},
)
