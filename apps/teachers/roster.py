"""How offices write their rosters: the words for what is chosen from a list, and the headers of columns."""

import re

from django.utils.translation import gettext as _

from .id_numbers import mask
from .models import Teacher

# What remarks on a roster say of where somebody is.
ELSEWHERE = re.compile(r"调出|调离|调入|借调|借用|支教|交流|挂职|病休|病假|产假|退休|离职|辞职|停薪留职")
# A phone has so many digits at least.
A_PHONE = 7
BETWEEN_SUBJECTS = re.compile(r"[、，,；;／/+＋\s]+")

# The titles before the reform of 2015, and their short names (人社部发〔2015〕79号).
TITLE_WORDS = {
    **dict.fromkeys(("正高级", "正高", "中学正高级教师"), Teacher.Title.SENIOR_PROFESSOR),
    **dict.fromkeys(
        ("高级", "副高", "副高级", "中高", "小中高", "中学高级", "中学高级教师", "中教高级", "高级职称"),
        Teacher.Title.SENIOR,
    ),
    **dict.fromkeys(("一级", "中级", "中一", "中教一级", "中学一级", "中学一级教师", "一级职称"), Teacher.Title.FIRST),
    **dict.fromkeys(("小高", "小教高级", "小学高级", "小学高级教师"), Teacher.Title.FIRST),
    **dict.fromkeys(("二级", "中二", "中教二级", "中学二级", "中学二级教师"), Teacher.Title.SECOND),
    **dict.fromkeys(("小一", "小教一级", "小学一级", "小学一级教师"), Teacher.Title.SECOND),
    **dict.fromkeys(
        (
            "三级",
            "中三",
            "中教三级",
            "中学三级",
            "中学三级教师",
            "小二",
            "小教二级",
            "小学二级",
            "小学二级教师",
            "小三",
            "小学三级",
        ),
        Teacher.Title.THIRD,
    ),
    **dict.fromkeys(("未评", "无职称", "未定级", "试用期", "见习期"), Teacher.Title.NONE),
}
SEX_WORDS = {"男性": Teacher.Sex.MALE, "女性": Teacher.Sex.FEMALE, "♂": Teacher.Sex.MALE, "♀": Teacher.Sex.FEMALE}
POSITION_WORDS = {
    **dict.fromkeys(
        ("正校长", "学校正职", "园长", "校长兼书记", "书记校长", "主持工作副校长"), Teacher.Position.PRINCIPAL
    ),
    **dict.fromkeys(("学校副职", "副园长", "教学副校长"), Teacher.Position.VICE),
    **dict.fromkeys(
        (
            "中层正职",
            "中层副职",
            "中层干部",
            "主任",
            "副主任",
            "教导主任",
            "教务主任",
            "总务主任",
            "政教主任",
            "教研主任",
        ),
        Teacher.Position.MIDDLE,
    ),
    **dict.fromkeys(("专任教师", "普通教师", "任课教师", "班主任", "无职务"), Teacher.Position.TEACHER),
}
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
    "博士生": Teacher.Education.DOCTOR,
    "硕士研究生学历": Teacher.Education.MASTER,
    "研究生学历": Teacher.Education.MASTER,
    "本科学历": Teacher.Education.BACHELOR,
    "专科学历": Teacher.Education.COLLEGE,
    "中等师范": Teacher.Education.NORMAL,
    "师范": Teacher.Education.NORMAL,
    "中专学历": Teacher.Education.NORMAL,
    "初中": Teacher.Education.OTHER,
}
# How a degree was earned is not kept.
EDUCATION_WORDS |= {
    f"{way}{word}": education
    for way in ("全日制", "函授", "自考", "成人", "电大", "在职", "网络")
    for word, education in (
        ("研究生", Teacher.Education.MASTER), ("硕士", Teacher.Education.MASTER), ("本科", Teacher.Education.BACHELOR),
        ("大学本科", Teacher.Education.BACHELOR), ("大专", Teacher.Education.COLLEGE),
        ("专科", Teacher.Education.COLLEGE), ("中专", Teacher.Education.NORMAL), ("中师", Teacher.Education.NORMAL),
    )
}  # fmt: skip
STAFFING_WORDS = {
    "事业编": Teacher.Staffing.ESTABLISHED,
    "编内": Teacher.Staffing.ESTABLISHED,
    **dict.fromkeys(("在编在岗", "事业编制", "事业在编", "公办教师", "正式在编", "正式"), Teacher.Staffing.ESTABLISHED),
    **dict.fromkeys(("备案制", "代理"), Teacher.Staffing.AGENCY),
    **dict.fromkeys(("代课教师", "外聘", "临时", "编外"), Teacher.Staffing.TEMPORARY),
    "特岗教师": Teacher.Staffing.SPECIAL,
    "代课": Teacher.Staffing.TEMPORARY,
    "临时聘用": Teacher.Staffing.TEMPORARY,
    "返聘": Teacher.Staffing.RETIRED,
}

# How rosters head their columns, the surest first (of two that are there, the earlier is taken).
ID_NAMES = (
    "身份证号码", "身份证", "居民身份证号", "居民身份证号码", "公民身份号码", "身份证件号码", "身份证件号", "证件号码",
)  # fmt: skip
BIRTH_NAMES = ("出生年月日", "出生年月", "出生时间", "出生", "生日")
PHONE_NAMES = ("手机号码", "手机号", "手机", "联系方式", "电话号码", "移动电话", "联系电话号码", "电话")
WORK_NAMES = ("参加工作日期", "参加工作年月", "参加工作", "首次参加工作时间", "参工时间", "工作时间")
EDUCATION_NAMES = ("最高学历", "最高学历学历", "学历层次", "现学历", "文化程度")
TITLE_NAMES = (
    "专业技术职务", "现任职称", "现职称", "现聘职称", "聘任职称", "职称名称", "职称等级", "职称级别", "专业技术职称",
    "专业技术资格", "最高职称",
)  # fmt: skip
TITLE_SINCE_NAMES = (
    "职称取得日期", "取得职称时间", "职称评定时间", "职称时间", "专业技术职务取得时间", "职称聘任时间", "聘任时间",
)  # fmt: skip
STAFFING_NAMES = ("编制", "编制性质", "编制类别", "编制情况", "人员性质", "人员类别", "用工形式")
SUBJECT_NAMES = ("学科", "主教学科", "任教科目", "所教学科", "任课学科", "教学科目", "科目")
ARRIVAL_NAMES = (
    "到本校时间", "到校时间", "进校时间", "来校时间", "来本校时间", "任现校时间", "调入本校时间", "调入时间",
    "现任教学校起始时间", "到本校工作时间", "任职时间",
)  # fmt: skip


def main_subject(text: str) -> tuple[str, str]:
    """Return the first of the subjects in a cell, and the doubt that the others are not kept there."""
    first, *others = [word for word in BETWEEN_SUBJECTS.split(text) if word] or [text]
    if others:
        subjects = {"first": first, "others": "、".join(others)}
        return first, _(
            "“%(first)s” is taken as the main subject; %(others)s is not kept here: enter it as teaching assignment."
        ) % subjects
    return first, ""


def first_phone(text: str) -> tuple[str, str]:
    """Return the first of the phones that stand in a cell line by line or with blanks between, and the doubt.

    A number that is itself divided by blanks or lines stays one.
    """
    lines = ["".join(line.split()) for line in text.splitlines() if line.strip()]
    words = lines if len(lines) > 1 else text.split()
    if len(words) < 2 or any(sum(sign.isdigit() for sign in word) < A_PHONE for word in words):
        return "".join(text.split()), ""
    said = {"first": mask(words[0]), "number": len(words) - 1}
    return words[0], _("%(first)s is taken as the phone; %(number)d more in this cell are not kept.") % said


def remark_to_check(text: str) -> str:
    """Return what to check where a remark says that somebody is, or came from, elsewhere; nothing for other remarks."""
    if not ELSEWHERE.search(text):
        return ""
    return _("The remark says “%(text)s”, which is not kept: enter it as appointment or posting.") % {"text": text[:40]}
