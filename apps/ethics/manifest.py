"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.webui.manifests import Entry, Manifest, Place, allow

from .chapter import CHAPTER
from .sheets import SHEETS
from .tasks import TASKS

MANIFEST = Manifest(
    address="ethics/",
    menu=(
        Entry("ethics", _("Ethics assessment"), "people", 10),
        Entry("honours", _("Honours and contests"), "people", 20),
    ),
    chapter=CHAPTER,
    sheets=SHEETS,
    tasks=TASKS,
    outline=(
        Place("ethics.education", {"education": 10, "teacher_ethics": 10}),
        Place("ethics.assessment", {"assessment": 10, "teacher_ethics": 20}),
        Place("ethics.honours", {"honours": 10, "teacher_honours": 10}),
    ),
    permissions={
        "office": allow(
            "view add change delete",
            "ethics",
            "assessmentcycle questionnaire questionnaireitem surveyresponse ethicsassessment "
            "misconductcase honour contest contestentry campaign campaignparticipant",
        )
        | frozenset({"ethics.decide_ethicsassessment"}),
        "principal": allow("view", "ethics", "assessmentcycle questionnaire misconductcase contest campaign")
        | allow("view add change", "ethics", "ethicsassessment honour")
        | allow("view add change delete", "ethics", "contestentry campaignparticipant"),
        "teacher": allow("view", "ethics", "ethicsassessment honour contestentry"),
    },
    start={"ethics.assessed": 30},
    entered={"ethics.honour": 50},
)
