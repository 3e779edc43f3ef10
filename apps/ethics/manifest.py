"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.years import uncopied
from apps.webui.manifests import Default, Entry, FirstStep, Manifest, Place, YearPart, allow

from .actions import CYCLE_SOURCE, carry_cycles, take_default_cycle
from .chapter import CHAPTER
from .models import AssessmentCycle
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
    first_steps=(
        FirstStep(
            "cycle",
            _("Ethics assessment"),
            _("The year's dates, the weights of students, parents and school, and the grades."),
            90,
            "ethics.add_assessmentcycle",
            lambda user, year: AssessmentCycle.objects.visible_to(user).filter(school_year=year),
            _("%(number)d cycles this school year"),
            "ethics:assessmentcycle_list",
            ways=((_("Import"), "workbooks:home"), (_("Make your own"), "ethics:assessmentcycle_create")),
            default=Default(_("Take the general rules"), take_default_cycle, CYCLE_SOURCE),
        ),
    ),
    next_year=(
        YearPart(
            _("Ethics cycle with its weights and questionnaires"),
            40,
            "ethics:assessmentcycle_list",
            lambda year, following, by: uncopied(AssessmentCycle.objects.all(), year, following, by),
            carry_cycles,
        ),
    ),
)
