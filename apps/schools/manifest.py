"""What the rest of the house needs to know of this app."""

from django.utils.translation import gettext_lazy as _

from apps.core.years import copy_rows, uncopied
from apps.webui.manifests import Entry, FirstStep, Manifest, Place, YearPart, allow

from .chapter import CHAPTER
from .models import School, SchoolGrade, Township
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
    first_steps=(
        FirstStep(
            "places",
            _("District and township"),
            _("Under these names documents are signed."),
            10,
            "schools.view_township",
            lambda user, year: Township.objects.visible_to(user),
            _("%(number)d townships"),
            "schools:township_list",
        ),
        FirstStep(
            "schools",
            _("Schools"),
            _("All records belong to a school; a roster names them too."),
            30,
            "schools.add_school",
            lambda user, year: School.objects.visible_to(user),
            _("%(number)d schools"),
            "schools:school_list",
            ways=((_("Import"), "workbooks:home"), (_("Add one"), "schools:school_create")),
        ),
    ),
    next_year=(
        YearPart(
            _("Grades of the schools"),
            10,
            "schools:schoolgrade_list",
            lambda year, following, by: uncopied(SchoolGrade.objects.of_open_schools(), year, following, by),
            copy_rows,
        ),
        YearPart(_("Study groups"), 110, reason=_("Classes form them anew.")),
    ),
)
