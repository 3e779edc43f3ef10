"""Excel sheets of schools."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet

from .models import CultureNote, Designation, School, SchoolGrade, StudyGroup, Subject

# How offices' files write what the lists call otherwise.
SUBJECT_WORDS = {
    "道法": Subject.MORALITY,
    "政治": Subject.MORALITY,
    "思想政治": Subject.MORALITY,
    "思想品德": Subject.MORALITY,
    "品德": Subject.MORALITY,
    "体育": Subject.PE,
    "信息": Subject.COMPUTING,
    "信息科技": Subject.COMPUTING,
    "科技": Subject.COMPUTING,
    "综合": Subject.PRACTICE,
    "综合实践活动": Subject.PRACTICE,
    "劳动与技术": Subject.LABOUR,
    "心理": Subject.MENTAL_HEALTH,
    "心理健康教育": Subject.MENTAL_HEALTH,
    "生物学": Subject.BIOLOGY,
    "外语": Subject.ENGLISH,
    "幼教": Subject.PRESCHOOL,
}
STAGE_WORDS = {
    "初中": School.Stage.JUNIOR,
    "中学": School.Stage.JUNIOR,
    "九年制": School.Stage.NINE_YEAR,
    "九年一贯制": School.Stage.NINE_YEAR,
    "完全小学": School.Stage.PRIMARY,
    "中心小学": School.Stage.PRIMARY,
    "教学点": School.Stage.PRIMARY,
}

SCHOOL = Column(_("School"), "school", "row", required=True, aliases=("学校名称", "工作单位", "单位"))
YEAR = Column(
    _("School year"), "school_year", "row", required=True, help=_("The year in which it begins, such as 2025.")
)

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
            Column(_("Stage"), "stage", "choice", required=True, aliases=("学段", "办学类型"), words=STAGE_WORDS),
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
            Column(_("Subject"), "subject", "choice", words=SUBJECT_WORDS),
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
            Column(_("Class"), "class_name", required=True, listed=True),
            Column(_("Group name"), "name", required=True),
            Column(_("Slogan"), "slogan"),
            Column(_("Students"), "size", "integer"),
        ),
    ),
)
