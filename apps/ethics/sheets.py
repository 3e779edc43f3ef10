"""Excel sheets of teacher ethics; what others refer to comes first, misconduct and results before honours."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import Record
from apps.core.sheets import Column, Lines, Sheet
from apps.schools.sheets import LEVEL_WORDS, SCHOOL, YEAR
from apps.teachers.sheets import TEACHER

from . import actions, models

CYCLE = Column(
    _("Assessment cycle"),
    "cycle",
    "row",
    required=True,
    help=_("The year in which its school year begins, such as 2025."),
)


def write_questions(questionnaire: Record) -> str:
    """Return the questions of a questionnaire, one a line."""
    assert isinstance(questionnaire, models.Questionnaire)
    return questionnaire.questions()


def read_questions(text: str, questionnaire: Record, _find: object = None) -> list[Record]:
    """Return the unsaved questions that a cell lists; raise ValidationError naming the line."""
    assert isinstance(questionnaire, models.Questionnaire)
    return list(questionnaire.read_questions(text))


SHEETS = (
    Sheet(
        models.AssessmentCycle,
        _("Ethics assessment cycles"),
        key=("school_year",),
        township_field="township",
        save=actions.save_cycles,
        columns=(
            YEAR,
            Column(_("Opens on"), "opens_on", "date", required=True),
            Column(_("Closes on"), "closes_on", "date", required=True),
            Column(_("Weight of students (%)"), "student_weight", "integer", example="20"),
            Column(_("Weight of parents (%)"), "parent_weight", "integer", example="20"),
            Column(_("Weight of the school (%)"), "school_weight", "integer", example="60"),
            Column(_("Excellent from"), "excellent_from", "decimal", example="90"),
            Column(_("Qualified from"), "qualified_from", "decimal", example="70"),
            Column(_("Basically qualified from"), "basic_from", "decimal", example="60"),
            Column(_("At most excellent (%)"), "excellent_share", "integer", example="30"),
            Column(_("Smallest group shown"), "smallest_group", "integer", example="5"),
            Column(_("Barred after misconduct (months)"), "bar_months", "integer", example="24"),
            Column(_("Document"), "document"),
            Column(_("Status"), "status", "choice"),
        ),
    ),
    Sheet(
        models.Questionnaire,
        _("Questionnaires"),
        key=("cycle", "audience"),
        columns=(
            CYCLE,
            Column(_("Asked"), "audience", "choice", required=True),
            Column(_("Title"), "title", required=True),
            Column(_("Opens on"), "opens_on", "date", required=True),
            Column(_("Closes on"), "closes_on", "date", required=True),
            Column(_("Forms issued"), "issued", "integer"),
        ),
        lines=Lines(
            _("Questions"),
            write=write_questions,
            read=read_questions,
            prefetch=("items",),
            help=_("One question a line; its best score after a bar."),
            example="老师是否公平对待每一位学生｜10",
        ),
    ),
    Sheet(
        models.SurveyResponse,
        _("Survey responses"),
        key=("questionnaire", "teacher", "serial"),
        columns=(
            Column(_("Questionnaire"), "questionnaire", "row", required=True, help=_("School year and who is asked.")),
            SCHOOL,
            TEACHER,
            Column(_("Form number"), "serial", "integer", required=True),
            Column(_("Score"), "score", "decimal", required=True),
        ),
    ),
    Sheet(
        models.MisconductCase,
        _("Misconduct cases"),
        key=("school", "no"),
        yearly=False,  # a case of an earlier year may bar a teacher in this one
        save=actions.save_cases,
        columns=(
            Column(_("Case number"), "no", required=True),
            SCHOOL,
            TEACHER,
            Column(_("Received on"), "received_on", "date", required=True),
            Column(_("Came to light by"), "source", "choice", required=True),
            Column(_("Kind of misconduct"), "kind", "choice", required=True),
            Column(_("Facts"), "facts"),
            Column(_("Finding"), "finding", "choice"),
            Column(_("Handling"), "handling", "choice"),
            Column(_("Decided on"), "decided_on", "date"),
            Column(_("In force until"), "ends_on", "date"),
            Column(_("Document"), "document"),
        ),
    ),
    Sheet(
        models.EthicsAssessment,
        _("Ethics assessments"),
        key=("cycle", "teacher"),
        save=actions.save_assessments,
        columns=(
            CYCLE,
            TEACHER,
            SCHOOL,
            Column(_("Students' evaluation"), "student_score", "decimal", aliases=("学生测评", "学生评价")),
            Column(_("Parents' questionnaire"), "parent_score", "decimal", aliases=("家长问卷", "家长评价")),
            Column(_("School's evaluation"), "school_score", "decimal", aliases=("学校评价", "学校考核")),
            Column(
                _("Grade of the assessment"),
                "grade",
                "choice",
                help=_("Only the office gives it: a row with a grade is decided."),
            ),
            Column(_("Note"), "note"),
        ),
    ),
    Sheet(
        models.Honour,
        _("Honours"),
        key=("teacher", "title", "awarded_on"),
        save=actions.award_honours,
        columns=(
            TEACHER,
            SCHOOL,
            Column(_("Kind"), "kind", "choice", required=True),
            Column(_("Honour title"), "title", required=True, aliases=("荣誉名称", "表彰名称", "称号")),
            Column(_("Level"), "level", "choice", required=True, aliases=("荣誉级别", "等级"), words=LEVEL_WORDS),
            Column(_("Occasion of the honour"), "occasion", "choice", required=True),
            Column(_("Honoured on"), "awarded_on", "date", required=True, aliases=("表彰时间", "获得时间", "获奖时间")),
            Column(_("Document"), "document"),
        ),
    ),
    Sheet(
        models.Contest,
        _("Ethics contests"),
        key=("title", "date"),
        township_field="township",
        columns=(
            Column(pgettext_lazy("contest", "Title"), "title", required=True, aliases=("标题", "名称")),
            Column(_("Kind"), "kind", "choice", required=True),
            Column(_("Date"), "date", "date", required=True),
        ),
    ),
    Sheet(
        models.ContestEntry,
        _("Contest entries"),
        key=("contest", "teacher"),
        columns=(
            Column(
                _("Contest"), "contest", "row", required=True, help=_("Day and title, such as 2026-05-04 师德演讲比赛.")
            ),
            TEACHER,
            SCHOOL,
            Column(_("Title of the work"), "title", required=True, aliases=("题目", "作品名称")),
            Column(_("Prize"), "prize", "choice", aliases=("奖次", "等次", "获奖等次")),
        ),
    ),
    Sheet(
        models.Campaign,
        _("Ethics campaigns"),
        key=("theme", "starts_on"),
        township_field="township",
        columns=(
            Column(_("Theme"), "theme", required=True),
            Column(_("From"), "starts_on", "date", required=True),
            Column(_("Until"), "ends_on", "date", required=True),
            Column(_("Document"), "document"),
            Column(_("What it asks"), "meaning"),
        ),
    ),
    Sheet(
        models.CampaignParticipant,
        _("Campaign participants"),
        key=("campaign", "teacher"),
        columns=(Column(_("Campaign"), "campaign", "row", required=True), TEACHER, SCHOOL),
    ),
)
