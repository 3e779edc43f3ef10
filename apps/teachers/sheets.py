"""Excel sheets of the roster."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import SCHOOL, YEAR

from .models import Appointment, Teacher, TeachingAssignment

TEACHER = Column(
    _("Teacher"), "teacher", "row", required=True, aliases=("姓名", "教师姓名"), help=_("The name; of two who share it, name（number）.")
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
            Column(_("Sex"), "sex", "choice", required=True),
            Column(_("ID number"), "id_number", "personal", aliases=("身份证号码", "身份证")),
            Column(_("Birth date"), "birth_date", "date", required=True, aliases=("出生年月",)),
            Column(_("Phone"), "phone", "personal", aliases=("手机号码", "电话")),
            Column(_("Began work on"), "started_work_on", "date", required=True, aliases=("参加工作日期",)),
            Column(_("Education"), "education", "choice", aliases=("最高学历",)),
            Column(_("Professional title"), "title", "choice", aliases=("专业技术职务",)),
            Column(_("Title since"), "title_since", "date"),
            Column(_("Position"), "position", "choice"),
            Column(_("Staffing"), "staffing", "choice"),
            Column(_("Main subject"), "subject", "choice", aliases=("学科",)),
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
            Column(_("Class"), "class_name", required=True),
            Column(_("Subject"), "subject", "choice", required=True),
            Column(_("Lessons a week"), "weekly_hours", "integer"),
        ),
    ),
)
