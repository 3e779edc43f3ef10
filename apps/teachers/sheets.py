"""Excel sheets of the roster."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import SCHOOL, SUBJECT_WORDS, YEAR

from .models import Appointment, Teacher, TeachingAssignment

# The titles before the reform of 2015, and their short names (人社部发〔2015〕79号).
TITLE_WORDS = {
    **dict.fromkeys(("正高级", "正高", "中学正高级教师"), Teacher.Title.SENIOR_PROFESSOR),
    **dict.fromkeys(
        ("高级", "副高", "副高级", "中高", "小中高", "中学高级", "中学高级教师", "中教高级"), Teacher.Title.SENIOR
    ),
    **dict.fromkeys(("一级", "中级", "中一", "中教一级", "中学一级", "中学一级教师"), Teacher.Title.FIRST),
    **dict.fromkeys(("小高", "小教高级", "小学高级", "小学高级教师"), Teacher.Title.FIRST),
    **dict.fromkeys(("二级", "中二", "中教二级", "中学二级", "中学二级教师"), Teacher.Title.SECOND),
    **dict.fromkeys(("小一", "小教一级", "小学一级", "小学一级教师"), Teacher.Title.SECOND),
    **dict.fromkeys(("三级", "中三", "中学三级", "小二", "小学二级", "小三", "小学三级"), Teacher.Title.THIRD),
    **dict.fromkeys(("未评", "无职称", "未定级", "试用期", "见习期"), Teacher.Title.NONE),
}
SEX_WORDS = {"男性": Teacher.Sex.MALE, "女性": Teacher.Sex.FEMALE}
EDUCATION_WORDS = {
    "博士": Teacher.Education.DOCTOR,
    "硕士": Teacher.Education.MASTER,
    "研究生": Teacher.Education.MASTER,
    "大学本科": Teacher.Education.BACHELOR,
    "大学": Teacher.Education.BACHELOR,
    "大专": Teacher.Education.COLLEGE,
    "大学专科": Teacher.Education.COLLEGE,
    "中专": Teacher.Education.NORMAL,
    "中师": Teacher.Education.NORMAL,
    "高中": Teacher.Education.OTHER,
}
STAFFING_WORDS = {
    "事业编": Teacher.Staffing.ESTABLISHED,
    "编内": Teacher.Staffing.ESTABLISHED,
    "特岗教师": Teacher.Staffing.SPECIAL,
    "代课": Teacher.Staffing.TEMPORARY,
    "临时聘用": Teacher.Staffing.TEMPORARY,
    "返聘": Teacher.Staffing.RETIRED,
}

TEACHER = Column(
    _("Teacher"),
    "teacher",
    "row",
    required=True,
    aliases=("姓名", "教师姓名"),
    help=_("The name; of two who share it, name（number）."),
)

SHEETS = (
    Sheet(
        Teacher,
        _("Teachers"),
        key=("no",),
        yearly=False,
        township_field="township",
        columns=(
            Column(_("Teacher number"), "no", required=True, aliases=("编号", "工号")),
            Column(_("Name"), "name", required=True, aliases=("教师姓名",)),
            Column(_("Sex"), "sex", "choice", required=True, words=SEX_WORDS),
            Column(_("ID number"), "id_number", "personal", aliases=("身份证号码", "身份证")),
            Column(_("Birth date"), "birth_date", "date", required=True, aliases=("出生年月",)),
            Column(_("Phone"), "phone", "personal", aliases=("手机号码", "电话")),
            Column(_("Began work on"), "started_work_on", "date", required=True, aliases=("参加工作日期",)),
            Column(_("Education"), "education", "choice", aliases=("最高学历",), words=EDUCATION_WORDS),
            Column(_("Professional title"), "title", "choice", aliases=("专业技术职务",), words=TITLE_WORDS),
            Column(_("Title since"), "title_since", "date"),
            Column(_("Position"), "position", "choice"),
            Column(_("Staffing"), "staffing", "choice", words=STAFFING_WORDS),
            Column(_("Main subject"), "subject", "choice", aliases=("学科",), words=SUBJECT_WORDS),
            Column(_("Backbone level"), "backbone_level", "choice", aliases=("骨干称号级别",)),
            Column(_("Backbone kind"), "backbone_kind", "choice", aliases=("骨干称号",)),
            Column(_("Backbone since"), "backbone_since", "date"),
        ),
    ),
    Sheet(
        Appointment,
        _("Appointments"),
        key=("teacher", "starts_on"),
        yearly=False,
        columns=(
            TEACHER,
            SCHOOL,
            Column(_("Kind"), "kind", "choice"),
            Column(_("From"), "starts_on", "date", required=True, aliases=("到本校时间",)),
            Column(_("Until"), "ends_on", "date"),
        ),
    ),
    Sheet(
        TeachingAssignment,
        _("Teaching assignments"),
        key=("teacher", "school", "school_year", "class_name", "subject"),
        columns=(
            TEACHER,
            SCHOOL,
            YEAR,
            Column(_("Grade"), "grade", "choice", required=True),
            Column(_("Class"), "class_name", required=True, listed=True),
            Column(_("Subject"), "subject", "choice", required=True, words=SUBJECT_WORDS),
            Column(_("Lessons a week"), "weekly_hours", "integer"),
        ),
    ),
)
