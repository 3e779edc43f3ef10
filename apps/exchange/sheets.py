"""Excel sheets of the exchange."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import YEAR
from apps.teachers.sheets import TEACHER

from .actions import post_teachers
from .models import ExchangeRound, Posting

SHEETS = (
    Sheet(
        ExchangeRound,
        _("Exchange rounds"),
        key=("school_year",),
        township_field="township",
        columns=(
            YEAR,
            Column(_("Governing document"), "document", required=True),
            Column(_("Opens on"), "opens_on", "date", required=True),
            Column(_("Closes on"), "closes_on", "date", required=True),
            Column(_("Reference day"), "reference_date", "date", required=True),
            Column(_("Exchanged, at least (%)"), "exchange_share", "integer"),
            Column(_("Backbone teachers, at least (%)"), "backbone_share", "integer"),
            Column(_("Years at the same school"), "years_at_school", "integer"),
            Column(_("An absence breaks the years"), "gaps_break", "flag"),
            Column(_("Men up to (years)"), "oldest_man", "integer"),
            Column(_("Women up to (years)"), "oldest_woman", "integer"),
        ),
    ),
    Sheet(
        Posting,
        _("Exchange postings"),
        key=("round", "teacher"),
        save=post_teachers,
        columns=(
            Column(_("Exchange round"), "round", "row", required=True, help=YEAR.help),
            TEACHER,
            Column(
                _("From school"),
                "from_school",
                "row",
                required=True,
                aliases=("原学校", "派出学校", "调出学校", "原任教学校", "原单位"),
            ),
            Column(
                _("To school"),
                "to_school",
                "row",
                required=True,
                aliases=("接收学校", "受援学校", "调入学校", "交流到学校", "支教学校", "现学校"),
            ),
            Column(_("Way of exchange"), "way", "choice", aliases=("交流形式", "方式")),
            Column(
                _("Posted from"), "starts_on", "date", required=True, aliases=("开始日期", "开始时间", "交流开始时间")
            ),
            Column(_("Posted until"), "ends_on", "date", aliases=("结束日期", "结束时间", "交流结束时间")),
            Column(_("Comprehensive assessment"), "score", "decimal", aliases=("综合考核得分",)),
            Column(_("Result of the assessment"), "grade", "choice", aliases=("考核等次",)),
        ),
    ),
)
