"""Excel sheets of schools."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet

from .models import CultureNote, Designation, School, SchoolGrade, StudyGroup

SCHOOL = Column(_("School"), "school", "row", required=True, aliases=("学校名称", "工作单位", "单位"))
YEAR = Column(_("School year"), "school_year", "row", required=True, help=_("The year in which it begins, such as 2025."))

SHEETS = (
    Sheet(
        School,
        _("Schools"),
        key=("name",),
        yearly=False,
        township_field="township",
        columns=(
            Column(_("School name"), "name", required=True, aliases=("学校", "单位名称")),
            Column(_("Code"), "code", required=True),
            Column(_("Other names"), "aliases", help=_("Names that files use, separated by 、")),
            Column(_("Stage"), "stage", "choice", required=True, aliases=("学段", "办学类型")),
            Column(_("Established posts"), "posts", "integer"),
            Column(_("Opened on"), "opened_on", "date"),
            Column(_("Closed on"), "closed_on", "date"),
        ),
    ),
    Sheet(
        Designation,
        _("Designations"),
        key=("school", "kind", "project", "subject", "awarded_on"),
        yearly=False,
        columns=(
            SCHOOL,
            Column(_("Kind"), "kind", "choice", required=True),
            Column(_("Level"), "level", "choice", required=True),
            Column(_("Project"), "project", required=True),
            Column(_("Subject"), "subject", "choice"),
            Column(_("Awarded on"), "awarded_on", "date", required=True),
            Column(_("Held until"), "ends_on", "date"),
            Column(_("Document"), "document"),
            Column(_("Goals"), "goals"),
        ),
    ),
    Sheet(
        SchoolGrade,
        _("School grades"),
        key=("school", "school_year", "grade"),
        columns=(
            SCHOOL,
            YEAR,
            Column(_("Grade"), "grade", "choice", required=True),
            Column(_("Classes"), "classes", "integer", required=True),
            Column(_("Students"), "students", "integer"),
            Column(_("Experimental grade"), "experimental", "flag"),
        ),
    ),
    Sheet(
        CultureNote,
        _("Classroom culture"),
        key=("school", "title"),
        yearly=False,
        columns=(
            SCHOOL,
            Column(_("Title"), "title", required=True),
            Column(_("Wording"), "text"),
            Column(_("Where it hangs"), "place"),
            Column(_("Since"), "since", "date", required=True),
            Column(_("Until"), "until", "date"),
        ),
    ),
    Sheet(
        StudyGroup,
        _("Study groups"),
        key=("school", "school_year", "class_name", "name"),
        columns=(
            SCHOOL,
            YEAR,
            Column(_("Class"), "class_name", required=True),
            Column(_("Group name"), "name", required=True),
            Column(_("Slogan"), "slogan"),
            Column(_("Students"), "size", "integer"),
        ),
    ),
)
