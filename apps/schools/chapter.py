"""What schools contribute to a summary: the schools, their designations, experimental grades and classroom culture."""

from django.utils.translation import gettext_lazy as _

from apps.figures.figures import Chapter, Section, Tally

from .filters import CultureNoteFilter, DesignationFilter, SchoolFilter, SchoolGradeFilter, StudyGroupFilter
from .models import Designation, Level, School

EXPERIMENTAL, BASE = {"kind": Designation.Kind.EXPERIMENTAL.value}, {"kind": Designation.Kind.SUBJECT_BASE.value}
JUNIOR, PRIMARY = {"stage": School.Stage.JUNIOR.value}, {"stage": School.Stage.PRIMARY.value}
DISTRICT, TOWN = {"level": str(Level.DISTRICT.value)}, {"level": str(Level.TOWN.value)}

TALLIES = (
    Tally("schools.count", _("number of schools"), SchoolFilter),
    Tally("schools.junior_names", _("junior middle schools"), SchoolFilter, JUNIOR, "names"),
    Tally("schools.junior_grades", _("grades of junior middle schools"), SchoolGradeFilter, JUNIOR),
    Tally(
        "schools.experimental_grades",
        _("experimental grades of junior middle schools"),
        SchoolGradeFilter,
        {"experimental": "true", **JUNIOR},
        of="schools.junior_grades",
    ),
    Tally(
        "schools.experimental_district",
        _("district-level experimental schools"),
        DesignationFilter,
        EXPERIMENTAL | DISTRICT,
        "names",
    ),
    Tally(
        "schools.experimental_town",
        _("town-level experimental schools"),
        DesignationFilter,
        EXPERIMENTAL | TOWN,
        "names",
    ),
    Tally(
        "schools.experimental_count", _("number of experimental schools"), DesignationFilter, EXPERIMENTAL, "schools"
    ),
    Tally(
        "schools.bases", _("schools with a district-level subject base"), DesignationFilter, BASE | DISTRICT, "names"
    ),
    Tally("schools.bases_count", _("number of schools with a subject base"), DesignationFilter, BASE, "schools"),
    Tally("schools.bases_projects", _("projects of subject bases"), DesignationFilter, BASE, "projects"),
    Tally("schools.culture_notes", _("classroom culture"), CultureNoteFilter, JUNIOR, "names"),
    Tally(
        "schools.study_groups", _("study groups with name and slogan"), StudyGroupFilter, {"slogan": "true", **JUNIOR}
    ),
)

CHAPTER = Chapter(
    key="schools",
    title=_("Schools"),
    rank=10,
    sections=(
        Section(
            "schools.junior", _("Junior middle schools: experimental grades and culture"), "schools/prose/junior.txt"
        ),
        Section("schools.experimental", _("Experimental schools"), "schools/prose/experimental.txt"),
        Section("schools.bases", _("Subject bases"), "schools/prose/bases.txt"),
    ),
    tallies=TALLIES,
)
