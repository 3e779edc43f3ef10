"""Excel sheets of schools."""

import re

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet

from .actions import save_schools
from .models import CultureNote, Designation, Level, School, SchoolGrade, StudyGroup, Subject

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
    "完小": School.Stage.PRIMARY,
    "小学教学点": School.Stage.PRIMARY,
    "幼儿": School.Stage.KINDERGARTEN,
    "学前": School.Stage.KINDERGARTEN,
}
# The stage of a school by its name; what says it more exactly comes first.
STAGE_BY_NAME = (
    (r"幼儿园|幼教|托儿所|学前", School.Stage.KINDERGARTEN),
    (r"九年|一贯制|中心学校", School.Stage.NINE_YEAR),
    (r"小学|完小|教学点|初小|村小", School.Stage.PRIMARY),
    (r"初级中学|初中|中学", School.Stage.JUNIOR),
    (r"园$", School.Stage.KINDERGARTEN),
)


def stage_by_name(name: str) -> str:
    """Return the stage that a school's name tells, nothing for a name that tells none."""
    return next((stage.value for said, stage in STAGE_BY_NAME if re.search(said, name)), "")


LEVEL_WORDS = {
    **dict.fromkeys(("学校级", "校"), Level.SCHOOL),
    **dict.fromkeys(("乡镇级", "乡级", "镇"), Level.TOWN),
    **dict.fromkeys(("县级", "区县级", "县区级", "县（区）级", "区（县）级", "区", "县"), Level.DISTRICT),
    **dict.fromkeys(("地市级", "市"), Level.CITY),
    **dict.fromkeys(("省",), Level.PROVINCE),
    **dict.fromkeys(("国家", "全国", "部级"), Level.NATION),
}
GRADE_WORDS = {
    **{f"{digit}年级": number for number, digit in enumerate("123456789", 1)},
    **{digit: number for number, digit in enumerate("一二三四五六七八九", 1)},
    **{f"初{digit}": number for number, digit in enumerate("一二三", 7)},
    **{f"小{digit}": number for number, digit in enumerate("一二三四五六", 1)},
}

SCHOOL_NAMES = (
    "学校名称", "工作单位", "所在学校", "任教学校", "现任教学校", "所属学校", "学校全称", "单位名称",
    "所在单位", "单位",
)  # fmt: skip
SCHOOL = Column(_("School"), "school", "row", required=True, aliases=SCHOOL_NAMES)
YEAR = Column(
    _("School year"),
    "school_year",
    "row",
    required=True,
    aliases=("学年度", "年度"),
    help=_("The year in which it begins, such as 2025."),
)

SHEETS = (
    Sheet(
        School,
        _("Schools"),
        key=("name",),
        yearly=False,
        save=save_schools,
        township_field="township",
        columns=(
            Column(
                _("School name"),
                "name",
                required=True,
                example="某某小学",
                aliases=("学校", "单位名称", "学校全称", "单位"),
            ),
            Column(
                _("Code"), "code", required=True, aliases=("学校代码", "学校标识码", "单位代码", "学校编码", "编码")
            ),
            Column(
                _("Other names"),
                "aliases",
                aliases=("简称", "学校简称", "曾用名", "其他名称"),
                help=_("Names that files use, separated by 、"),
            ),
            Column(
                _("Stage"),
                "stage",
                "choice",
                required=True,
                aliases=("学段", "办学类型", "学校类别", "学校类型", "学校性质"),
                words=STAGE_WORDS,
            ),
            Column(
                _("Established posts"), "posts", "integer", aliases=("核定编制数", "核定编制", "教师编制数", "编制")
            ),
            Column(_("Opened on"), "opened_on", "date", aliases=("建校时间", "建校年月", "成立时间")),
            Column(_("Closed on"), "closed_on", "date", aliases=("撤并时间", "停办时间")),
            Column(_("Stage since"), "stage_since", "date"),
            Column(_("Name since"), "name_since", "date"),
        ),
    ),
    Sheet(
        Designation,
        _("Designations"),
        key=("school", "kind", "project", "subject", "awarded_on"),
        yearly=False,
        columns=(
            SCHOOL,
            Column(_("Kind"), "kind", "choice", required=True, aliases=("称号类别", "称号", "类型")),
            Column(_("Level"), "level", "choice", required=True, aliases=("称号级别", "等级"), words=LEVEL_WORDS),
            Column(_("Project"), "project", required=True, aliases=("项目名称", "实验项目")),
            Column(_("Subject"), "subject", "choice", words=SUBJECT_WORDS),
            Column(_("Awarded on"), "awarded_on", "date", required=True, aliases=("认定时间", "授予时间", "命名时间")),
            Column(_("Held until"), "ends_on", "date", aliases=("截止时间", "有效期")),
            Column(_("Document"), "document", aliases=("文件", "文号", "文件名称")),
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
            Column(_("Grade"), "grade", "choice", required=True, words=GRADE_WORDS),
            Column(_("Classes"), "classes", "integer", required=True, aliases=("班级数", "教学班数", "班级个数")),
            Column(_("Students"), "students", "integer", aliases=("学生数", "人数", "在校学生数")),
            Column(_("Experimental grade"), "experimental", "flag", aliases=("是否实验年级",)),
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
            Column(_("Class"), "class_name", required=True, aliases=("班级名称", "班"), listed=True),
            Column(_("Group name"), "name", required=True, aliases=("小组名称", "组别")),
            Column(_("Slogan"), "slogan"),
            Column(_("Students"), "size", "integer", aliases=("组员人数", "人数")),
        ),
    ),
)
