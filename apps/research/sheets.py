"""Excel sheets of activities, bases, surveys and small projects; what others refer to stands before them."""

from django.utils.translation import gettext_lazy as _

from apps.core.sheets import Column, Sheet
from apps.schools.sheets import LEVEL_WORDS, SCHOOL, STAGE_WORDS, SUBJECT_WORDS
from apps.teachers.sheets import TEACHER

from .actions import save_members, save_projects
from .models import (
    Activity,
    ActivityGuest,
    ActivityQuota,
    Attendance,
    BaseMember,
    ProjectMember,
    ResearcherSurvey,
    SmallProject,
)

ACTIVITY = Column(
    _("Activity"),
    "activity",
    "row",
    required=True,
    help=_("Day, host school and topic as on the sheet of activities, with a blank between them."),
    example="2025-10-13 镇初级中学 高效课堂教学沙龙",
)
BASE_HELP = _("School, project and subject of the base, as the drop-down offers it.")

SHEETS = (
    Sheet(
        ActivityQuota,
        _("Activity plans"),
        key=("term", "stage"),
        township_field="township",
        columns=(
            Column(_("Term"), "term", "row", required=True, help=_("The school year and the term, such as 2025-1.")),
            Column(_("Stage"), "stage", "choice", required=True, words=STAGE_WORDS),
            Column(_("Activities to hold"), "times", "integer", required=True, aliases=("计划次数", "应开展次数")),
            Column(_("Document"), "document"),
        ),
    ),
    Sheet(
        Activity,
        _("Research activities"),
        key=("school", "date", "title"),
        columns=(
            SCHOOL,
            Column(
                _("Date"), "date", "date", required=True, aliases=("时间", "活动时间", "活动日期"), example="2025-10-13"
            ),
            Column(
                _("Topic of the activity"),
                "title",
                required=True,
                aliases=("主题", "活动主题", "名称"),
                example="高效课堂教学沙龙",
            ),
            Column(_("Kind"), "kind", "choice", required=True, aliases=("活动类别", "活动类型", "活动形式", "类型")),
            Column(_("Level"), "level", "choice", aliases=("等级",), words=LEVEL_WORDS),
            Column(_("Place"), "place", aliases=("活动地点", "地址")),
            Column(_("Chaired by"), "chair", aliases=("主持",)),
            Column(_("Subject"), "subject", "choice", aliases=("科目",), words=SUBJECT_WORDS),
            Column(_("Document studied"), "document", help=_("For an ethics study: the law or code that was studied.")),
            Column(_("Subject base"), "base", "row", help=BASE_HELP),
            Column(_("Training hours granted"), "hours", "decimal", aliases=("学时",), example="2"),
            Column(_("What came of it"), "summary", aliases=("成果", "活动总结")),
        ),
    ),
    Sheet(
        Attendance,
        _("People who took part"),
        key=("activity", "teacher"),
        columns=(
            ACTIVITY,
            TEACHER,
            SCHOOL,
            Column(_("Role in the activity"), "role", "choice"),
            Column(_("Training hours"), "hours", "decimal", aliases=("学时",), example="2"),
            Column(_("Reflection written"), "reflection", help=_("Its title."), aliases=("心得", "学习心得")),
        ),
    ),
    Sheet(
        ActivityGuest,
        _("Guests of activities"),
        key=("activity", "researcher", "name"),
        columns=(
            ACTIVITY,
            Column(
                _("Researcher"), "researcher", "row", aliases=("区教研员",), help=_("A researcher of the district.")
            ),
            Column(_("Other guest"), "name", help=_("Somebody who is no researcher of the district.")),
            Column(_("Organisation"), "organisation", aliases=("工作单位",)),
            Column(_("Commented on the lessons"), "commented", "flag"),
            Column(_("Made a speech"), "spoke", "flag"),
        ),
    ),
    Sheet(
        BaseMember,
        _("Members of subject bases"),
        key=("designation", "teacher"),
        yearly=False,
        columns=(
            Column(_("Subject base"), "designation", "row", required=True, help=BASE_HELP),
            TEACHER,
            Column(_("Role in the base"), "role", "choice"),
        ),
    ),
    Sheet(
        ResearcherSurvey,
        _("Researchers' surveys"),
        key=("school", "date", "topic"),
        columns=(
            SCHOOL,
            Column(_("Researcher"), "researcher", "row", required=True, aliases=("区教研员", "姓名")),
            Column(_("Date"), "date", "date", required=True),
            Column(_("Topic of the survey"), "topic", required=True, aliases=("主题",)),
            Column(_("Asked"), "audience", "choice", required=True),
            Column(_("Forms issued"), "issued", "integer", aliases=("发放", "发放问卷数", "发出份数")),
            Column(_("Forms returned"), "returned", "integer", aliases=("收回", "回收份数", "回收问卷数")),
        ),
    ),
    Sheet(
        SmallProject,
        _("Small projects"),
        key=("school", "no"),
        save=save_projects,
        columns=(
            SCHOOL,
            Column(_("Project number"), "no", required=True, aliases=("编号", "立项编号")),
            Column(_("Title of the project"), "title", required=True, aliases=("题目", "课题名称")),
            Column(_("Level"), "level", "choice", aliases=("等级",), words=LEVEL_WORDS),
            Column(_("Subject"), "subject", "choice", aliases=("科目",), words=SUBJECT_WORDS),
            Column(_("Stage of the project"), "stage", "choice", aliases=("阶段", "状态")),
            Column(
                _("Team limit"),
                "team_limit",
                "integer",
                help=_("At most this many people, as this year's call for projects says."),
            ),
            Column(_("Applied on"), "applied_on", "date", required=True, aliases=("申报时间",)),
            Column(_("Established on"), "approved_on", "date", aliases=("立项时间",)),
            Column(_("Opened on (report)"), "opened_on", "date", aliases=("开题时间",)),
            Column(_("Mid-term review on"), "midterm_on", "date", aliases=("中期检查时间",)),
            Column(_("Concluded on"), "closed_on", "date", aliases=("结题时间",)),
            Column(_("Result"), "result", "choice", aliases=("鉴定等次",)),
            Column(_("Outcome"), "outcome", aliases=("成果",)),
        ),
    ),
    Sheet(
        ProjectMember,
        _("Members of small projects"),
        key=("project", "teacher"),
        save=save_members,
        columns=(
            Column(
                _("Small project"),
                "project",
                "row",
                required=True,
                help=_("Number and title as on the sheet of small projects, with a blank between them."),
                example="XKT-2025-01 小组合作学习的有效性研究",
            ),
            TEACHER,
            Column(_("Role in the project"), "role", "choice"),
            Column(_("Task"), "task", aliases=("任务",)),
        ),
    ),
)
