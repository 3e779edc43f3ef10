"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.years import copy_rows, uncopied
from apps.webui.manifests import Default, Entry, FirstStep, Manifest, Place, YearPart, allow

from .actions import DEFAULT_SOURCE, take_default_requirements
from .chapter import CHAPTER
from .models import Requirement
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
    first_steps=(
        FirstStep(
            "requirements",
            _("Handbook requirements"),
            _("What every teacher writes in each term, and how it counts in the year's score."),
            80,
            "handbook.add_requirement",
            lambda user, year: Requirement.objects.visible_to(user).filter(term__school_year=year),
            _("%(number)d requirements this school year"),
            "handbook:requirement_list",
            ways=((_("Import"), "workbooks:home"), (_("Make your own"), "handbook:requirement_create")),
            default=Default(_("Take the general requirements"), take_default_requirements, DEFAULT_SOURCE),
        ),
    ),
    next_year=(
        YearPart(
            _("Handbook requirements"),
            30,
            "handbook:requirement_list",
            lambda year, following, by: uncopied(Requirement.objects.all(), year, following, by),
            copy_rows,
        ),
    ),
)
