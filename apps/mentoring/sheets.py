"""The Excel sheet of mentoring pairs."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import SCHOOL, SUBJECT_WORDS

from .actions import save_pairs
from .models import MentoringPair

NAME_HELP = _("The name; of two who share it, name（number）.")

SHEETS = (
    Sheet(
        MentoringPair,
        _("Mentoring pairs"),
        key=("mentor", "apprentice", "subject", "starts_on"),
        save=save_pairs,
        columns=(
            SCHOOL,
            Column(
                _("Mentor"),
                "mentor",
                "row",
                required=True,
                help=NAME_HELP,
                aliases=("师傅姓名", "指导教师", "指导老师", "导师", "带教教师"),
            ),
            Column(
                _("Apprentice"),
                "apprentice",
                "row",
                required=True,
                help=NAME_HELP,
                aliases=("徒弟姓名", "青年教师", "被指导教师", "结对教师"),
            ),
            Column(_("Subject"), "subject", "choice", aliases=("结对学科", "指导学科", "科目"), words=SUBJECT_WORDS),
            Column(
                _("Paired from"),
                "starts_on",
                "date",
                required=True,
                aliases=("结对时间", "结对日期", "开始时间", "起始时间"),
            ),
            Column(_("Paired until"), "ends_on", "date", aliases=("结束时间", "期满时间", "截止时间")),
            Column(_("What was agreed"), "agreement", aliases=("结对协议", "协议内容", "培养目标")),
            Column(_("Agreement signed on"), "agreed_on", "date", aliases=("签订时间", "签约时间", "协议签订时间")),
            Column(_("Result of the pairing"), "result", "choice", aliases=("考核结果", "考核等次", "结对考核结果")),
        ),
    ),
)
