"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.years import copy_rows, uncopied
from apps.webui.manifests import Default, Entry, FirstStep, Manifest, Place, YearPart, allow

from .actions import QUOTA_SOURCE, RUBRIC, take_default_quotas, take_default_rubric
from .chapter import CHAPTER
from .models import ObservationQuota, Rubric
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
    first_steps=(
        FirstStep(
            "rubric",
            _("Rubric"),
            _("Every lesson observed is scored by it."),
            60,
            "observations.add_rubric",
            lambda user, year: Rubric.objects.visible_to(user),
            _("%(number)d rubrics"),
            "observations:rubric_list",
            ways=((_("Import"), "workbooks:home"), (_("Make your own"), "observations:rubric_create")),
            default=Default(_("Take the general rubric"), take_default_rubric, RUBRIC[2]),
        ),
        FirstStep(
            "quotas",
            _("Observation quotas"),
            _("How many lessons principals, section heads and teachers observe in each term."),
            70,
            "observations.add_observationquota",
            lambda user, year: ObservationQuota.objects.visible_to(user).filter(term__school_year=year),
            _("%(number)d quotas this school year"),
            "observations:observationquota_list",
            ways=((_("Import"), "workbooks:home"), (_("Make your own"), "observations:observationquota_create")),
            default=Default(_("Take the general quotas"), take_default_quotas, QUOTA_SOURCE),
        ),
    ),
    next_year=(
        YearPart(
            _("Observation quotas"),
            20,
            "observations:observationquota_list",
            lambda year, following, by: uncopied(ObservationQuota.objects.all(), year, following, by),
            copy_rows,
        ),
    ),
)
