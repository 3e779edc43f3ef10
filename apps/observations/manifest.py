"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS
from .tasks import TASKS

MANIFEST = Manifest(
    address="observations/",
    menu=(Entry("observations", _("Observations"), "research", 10),),
    chapter=CHAPTER,
    sheets=SHEETS,
    tasks=TASKS,
    outline=(
        Place("observations.guidance", {"junior": 40, "school_meetings": 30}),
        Place("observations.demonstrations", {"primary": 30, "school_meetings": 20}),
        Place("observations.practice", {"training": 30, "teacher_classroom": 10}),
    ),
    permissions={
        "office": allow(
            "view add change delete", "observations", "rubric rubricitem observation observationscore observationquota"
        )
        | frozenset({"observations.confirm_observation"}),
        "principal": allow("view", "observations", "rubric observationquota")
        | allow("view add change delete", "observations", "observation")
        | frozenset({"observations.confirm_observation"}),
        "teacher": allow("view add change", "observations", "observation")
        | frozenset({"observations.confirm_observation"}),
        "researcher": allow("view", "observations", "rubric") | allow("view add change", "observations", "observation"),
    },
    start={"observations.lessons": 10},
    entered={"observations.observation": 10},
)
