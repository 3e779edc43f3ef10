"""Excel sheets of the roster."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import GRADE_WORDS, LEVEL_WORDS, SCHOOL, SUBJECT_WORDS, YEAR

from .actions import save_teachers
from .id_numbers import birth_date, is_male, of_18_characters, validate_id_number
from .models import Appointment, Leave, Teacher, TeacherQuerySet, TeachingAssignment
from .roster import (
    ARRIVAL_NAMES,
    BIRTH_NAMES,
    EDUCATION_NAMES,
    EDUCATION_WORDS,
    ID_NAMES,
    PHONE_NAMES,
    POSITION_WORDS,
    SEX_WORDS,
    STAFFING_NAMES,
    STAFFING_WORDS,
    SUBJECT_NAMES,
    TITLE_NAMES,
    TITLE_SINCE_NAMES,
    TITLE_WORDS,
    WORK_NAMES,
    first_phone,
    main_subject,
    remark_to_check,
)

TEACHER = Column(
    _("Teacher"),
    "teacher",
    "row",
    required=True,
    aliases=("教师编号", "姓名", "教师姓名"),
    help=_("The name; of two who share it, name（number）."),
)


def told_by_id_number(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sex and the birth date that a valid ID number tells, nothing for none or a wrong one."""
    number = str(values.get("id_number") or "").upper()
    try:
        validate_id_number(number)
    except ValidationError:
        return {}
    return {"sex": Teacher.Sex.MALE if is_male(number) else Teacher.Sex.FEMALE, "birth_date": birth_date(number)}


SHEETS = (
    Sheet(
        Teacher,
        _("Teachers"),
        key=("no",),
        issued="no",
        yearly=False,
        save=save_teachers,
        of_school=TeacherQuerySet.serving_in,
        township_field="township",
        implied=told_by_id_number,
        implied_fields=("sex", "birth_date"),
        known_by=("id_number", "name"),
        known_with="birth_date",
        remarked=remark_to_check,
        beside=(Appointment,),
        columns=(
            Column(
                _("Teacher number"),
                "no",
                example="T0105",
                help=_("Where there is none, the row is known by ID number, or by name and birth date; one is issued."),
                aliases=("工号", "教师编码", "教职工号", "教工号", "职工号", "人员编号", "人员编码", "编号"),
            ),
            Column(_("Name"), "name", required=True, example="李明", aliases=("教师姓名", "教职工姓名", "职工姓名")),
            Column(_("Sex"), "sex", "choice", required=True, aliases=("男女",), words=SEX_WORDS),
            Column(_("ID number"), "id_number", "personal", aliases=ID_NAMES, eased=of_18_characters),
            Column(_("Birth date"), "birth_date", "date", required=True, aliases=BIRTH_NAMES),
            Column(_("Phone"), "phone", "personal", aliases=PHONE_NAMES, eased=first_phone),
            Column(_("Began work on"), "started_work_on", "date", required=True, aliases=WORK_NAMES),
            Column(_("Education"), "education", "choice", aliases=EDUCATION_NAMES, words=EDUCATION_WORDS),
            Column(_("Professional title"), "title", "choice", aliases=TITLE_NAMES, words=TITLE_WORDS),
            Column(_("Title since"), "title_since", "date", aliases=TITLE_SINCE_NAMES),
            Column(
                _("Position"),
                "position",
                "choice",
                aliases=("行政职务", "校内职务", "担任职务", "现任职务"),
                words=POSITION_WORDS,
            ),
            Column(_("Staffing"), "staffing", "choice", aliases=STAFFING_NAMES, words=STAFFING_WORDS),
            Column(
                _("Main subject"),
                "subject",
                "choice",
                aliases=SUBJECT_NAMES,
                words=SUBJECT_WORDS,
                eased=main_subject,
                help=_("Of several the first; the others belong on the sheet of teaching assignments."),
            ),
            Column(
                _("Backbone level"),
                "backbone_level",
                "choice",
                aliases=("骨干称号级别", "骨干教师级别", "骨干等级"),
                words=LEVEL_WORDS,
            ),
            Column(
                _("Backbone kind"),
                "backbone_kind",
                "choice",
                aliases=(
                    "骨干称号",
                    "骨干称号名称",
                    "骨干称号称号",
                    "骨干称号类别",
                    "骨干教师类别",
                    "骨干教师称号",
                    "骨干教师",
                ),
            ),
            Column(
                _("Backbone since"),
                "backbone_since",
                "date",
                aliases=("骨干认定日期", "骨干称号取得时间", "骨干取得时间", "骨干教师认定时间"),
            ),
            Column(_("Education since"), "education_since", "date"),
            Column(_("Position since"), "position_since", "date"),
            Column(_("Staffing since"), "staffing_since", "date"),
        ),
    ),
    Sheet(
        Appointment,
        _("Appointments"),
        key=("teacher", "starts_on"),
        yearly=False,
        since="starts_on",
        since_known="since_known",
        columns=(
            TEACHER,
            SCHOOL,
            Column(_("Kind"), "kind", "choice"),
            Column(_("From"), "starts_on", "date", required=True, aliases=ARRIVAL_NAMES),
            Column(_("First day known"), "since_known", "choice"),
            Column(_("Until"), "ends_on", "date", aliases=("离校时间", "调出时间", "任职结束时间")),
            Column(_("Reason for leaving"), "end_reason", "choice", aliases=("离岗原因", "离校原因", "减员原因")),
        ),
    ),
    Sheet(
        Leave,
        _("Leaves"),
        key=("teacher", "starts_on"),
        columns=(
            TEACHER,
            SCHOOL,
            Column(_("Kind of leave"), "kind", "choice", required=True, aliases=("请假类型", "假别")),
            Column(
                _("On leave from"), "starts_on", "date", required=True, aliases=("请假时间", "请假日期", "休假开始日期")
            ),
            Column(_("On leave until"), "ends_on", "date", aliases=("销假时间", "销假日期", "休假结束日期")),
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
            Column(_("Grade"), "grade", "choice", required=True, aliases=("任教年级",), words=GRADE_WORDS),
            Column(_("Class"), "class_name", required=True, aliases=("任教班级", "班级名称"), listed=True),
            Column(
                _("Subject"),
                "subject",
                "choice",
                required=True,
                aliases=("任教学科", "任教科目", "科目"),
                words=SUBJECT_WORDS,
            ),
            Column(
                _("Lessons a week"), "weekly_hours", "integer", aliases=("周课时数", "周节数", "每周课时", "周课时量")
            ),
        ),
    ),
)
