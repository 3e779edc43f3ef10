"""What teacher ethics contributes to a summary: campaigns, the assessment and what it decides, misconduct, honours.

No figure names a person of a misconduct case.
"""

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from apps.core.past import read_at
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Chart, Rule, Section, Table, Tally, count, count_by
from apps.schools.models import School, schools_of

from .filters import (
    CampaignFilter,
    CampaignParticipantFilter,
    ContestEntryFilter,
    ContestFilter,
    EthicsAssessmentFilter,
    HonourFilter,
    MisconductCaseFilter,
    SurveyResponseFilter,
)
from .models import AssessmentCycle, Contest, EthicsAssessment, Honour, MisconductCase, Questionnaire

Grade, Kind = EthicsAssessment.Grade, MisconductCase.Kind
COMPLETE, CONFIRMED = {"complete": "true"}, {"finding": MisconductCase.Finding.CONFIRMED.value}
STUDENTS, PARENTS = ({"audience": audience.value} for audience in Questionnaire.Audience)
SPEECH, ESSAY = {"kind": Contest.Kind.SPEECH.value}, {"kind": Contest.Kind.ESSAY.value}
ADVANCED, MODEL = {"kind": Honour.Kind.ETHICS_ADVANCED.value}, {"kind": Honour.Kind.ETHICS_MODEL.value}

ASSESSED = Tally("ethics.assessed", _("teachers with an ethics assessment"), EthicsAssessmentFilter, COMPLETE)
GRADES = tuple(
    Tally(f"ethics.grade_{grade.value}", label, EthicsAssessmentFilter, {"grade": grade.value})
    for grade, label in (
        (Grade.EXCELLENT, _("excellent in ethics (teachers)")),
        (Grade.QUALIFIED, _("qualified in ethics (teachers)")),
        (Grade.BASIC, _("basically qualified in ethics (teachers)")),
        (Grade.UNQUALIFIED, _("unqualified in ethics (teachers)")),
    )
)
KINDS = tuple(
    Tally(f"ethics.misconduct_{kind.value}", label, MisconductCaseFilter, CONFIRMED | {"kind": kind.value})
    for kind, label in (
        (Kind.PAID_TUTORING, _("cases of paid tutoring")),
        (Kind.OUTSIDE_TEACHING, _("cases of teaching outside school")),
        (Kind.TUTORING_CLASS, _("cases of running a tutoring class")),
        (Kind.CORPORAL, _("cases of corporal punishment or insult")),
        (Kind.STUDY_AIDS, _("cases of selling study aids")),
    )
)
TALLIES = (
    Tally("ethics.campaign_themes", _("themes of ethics campaigns"), CampaignFilter, {}, "names"),
    Tally(
        "ethics.campaign_teachers",
        _("teachers in ethics campaigns"),
        CampaignParticipantFilter,
        {},
        "teachers",
        of="teachers.count",
    ),
    ASSESSED,
    *GRADES,
    Tally(
        "ethics.student_average",
        _("average of the students' evaluations"),
        EthicsAssessmentFilter,
        {},
        "student_average",
    ),
    Tally(
        "ethics.parent_average",
        _("average of the parents' questionnaires"),
        EthicsAssessmentFilter,
        {},
        "parent_average",
    ),
    Tally(
        "ethics.school_average", _("average of the schools' evaluations"), EthicsAssessmentFilter, {}, "school_average"
    ),
    Tally("ethics.student_forms", _("students' forms returned"), SurveyResponseFilter, STUDENTS),
    Tally("ethics.parent_forms", _("parents' forms returned"), SurveyResponseFilter, PARENTS),
    Tally("ethics.eligible", _("teachers open to honours"), EthicsAssessmentFilter, {"eligible": "true"}),
    Tally("ethics.barred", _("teachers barred from honours"), EthicsAssessmentFilter, {"eligible": "false"}),
    Tally("ethics.misconduct", _("cases of misconduct handled"), MisconductCaseFilter, CONFIRMED),
    *KINDS,
    Tally(
        "ethics.misconduct_others",
        _("cases of other misconduct"),
        MisconductCaseFilter,
        CONFIRMED | {"listed": "false"},
    ),
    Tally(
        "ethics.misconduct_criticism",
        _("cases handled by criticism and education"),
        MisconductCaseFilter,
        CONFIRMED | {"criticised": "true"},
        of="ethics.misconduct",
    ),
    Tally(
        "ethics.misconduct_other_handling",
        _("cases handled otherwise"),
        MisconductCaseFilter,
        CONFIRMED | {"criticised": "false"},
    ),
    Tally("ethics.advanced", _("advanced individuals in ethics (number)"), HonourFilter, ADVANCED, "teachers"),
    Tally("ethics.advanced_schools", _("schools of advanced individuals in ethics"), HonourFilter, ADVANCED, "schools"),
    Tally("ethics.models", _("models of ethics (number)"), HonourFilter, MODEL, "teachers"),
    Tally("ethics.speech_contests", _("ethics speech contests"), ContestFilter, SPEECH),
    Tally("ethics.speakers", _("teachers in ethics speech contests"), ContestEntryFilter, SPEECH, "teachers"),
    Tally("ethics.essays", _("ethics essays"), ContestEntryFilter, ESSAY),
    Tally("ethics.essays_won", _("ethics essays with a prize"), ContestEntryFilter, ESSAY | {"won": "true"}),
)
OF_TEACHER = (
    Tally("ethics.own_themes", _("campaigns that the teacher joined"), CampaignParticipantFilter, {}, "themes"),
    Tally("ethics.own_grade", _("the teacher's grade in ethics"), EthicsAssessmentFilter, COMPLETE, "grades"),
    Tally("ethics.own_total", _("the teacher's total in ethics"), EthicsAssessmentFilter, COMPLETE, "total_average"),
    Tally("ethics.own_honours", _("honours of the teacher (number)"), HonourFilter, {}, "items"),
    Tally("ethics.own_titles", _("honours of the teacher"), HonourFilter, {}, "titles"),
    Tally("ethics.own_entries", _("contest entries of the teacher"), ContestEntryFilter, {}, "times"),
    Tally(
        "ethics.own_prizes",
        _("prizes of the teacher in contests"),
        ContestEntryFilter,
        {"won": "true"},
        "times",
    ),
)


def grades_table(scope: Scope, period: Period) -> Table:
    """Return a row a school: how many teachers were assessed, and how many had each grade."""
    columns = (ASSESSED, *GRADES)
    counted = count_by("school", columns, scope, period)
    rows = []
    for school in _schools(scope, period, counted):
        place = scope if scope.kind == "teacher" else school.scope
        cells = counted.get(school.pk, {})
        rows.append(
            (
                Cell(school.name, school.get_absolute_url()),
                *(Cell(cells.get(tally.key, 0), tally.source(place, period)) for tally in columns),
            )
        )
    heads = (str(_("school")), str(_("assessed")), *(str(grade.label) for grade in Grade))
    return Table("ethics.grades", str(_("Ethics assessment of each school")), heads, tuple(rows))


def _schools(scope: Scope, period: Period, counted: Iterable[int]) -> list[School]:
    if scope.kind != "teacher":
        return schools_of(scope, period)
    # A teacher may have been assessed at a school to which they no longer belong.
    return School.objects.filter(pk__in=list(counted)).select_related("township").as_of(period.ends_on)


def honours_table(scope: Scope, period: Period) -> Table:
    """Return a row an honour: teacher, school, title, day."""
    rows = HonourFilter.base(scope, period).select_related("teacher")
    rows = rows.annotate(named=read_at(Honour, "school__name", F("awarded_on")))
    heads = (str(_("teacher")), str(_("school")), str(_("honour title")), str(_("honoured on")))
    cells = tuple(
        (
            Cell(honour.teacher.name, honour.get_absolute_url()),
            Cell(honour.named),
            Cell(honour.title),
            Cell(honour.awarded_on),
        )
        for honour in rows
    )
    return Table("ethics.honours", str(_("Teachers honoured")), heads, cells)


def own_honours_table(scope: Scope, period: Period) -> Table:
    """Return a row an honour of the scope's teacher: title, level, occasion, document, day."""
    rows = HonourFilter.base(scope, period).order_by("awarded_on", "pk")
    heads = (_("honour title"), _("level"), _("occasion of the honour"), _("document"), _("honoured on"))
    cells = tuple(
        (
            Cell(honour.title, honour.get_absolute_url()),
            Cell(honour.get_level_display()),
            Cell(honour.get_occasion_display()),
            Cell(honour.document),
            Cell(honour.awarded_on),
        )
        for honour in rows
    )
    return Table("ethics.own_honours", str(_("Honours")), tuple(map(str, heads)), cells)


def grades_chart(scope: Scope, period: Period) -> Chart:
    """Return a bar a grade: how many teachers had it."""
    figures = count(GRADES, scope, period)
    bars = tuple((str(grade.label), figure.value, figure.source) for grade, figure in zip(Grade, figures, strict=True))
    return Chart(
        "ethics.grades", str(_("Grades of the ethics assessment")), str(_("people")), bars, "ethics.assessment"
    )


CHAPTER = Chapter(
    key="ethics",
    title=_("Teacher ethics"),
    rank=40,
    sections=(
        Section("ethics.education", _("Ethics education and campaigns"), "ethics/prose/education.txt"),
        Section("ethics.assessment", _("Ethics assessment and misconduct"), "ethics/prose/assessment.txt"),
        Section("ethics.honours", _("Honours and contests in teacher ethics"), "ethics/prose/honours.txt"),
    ),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    records=(own_honours_table,),
    tables=(grades_table, honours_table),
    charts=(grades_chart,),
    rules=(
        Rule(
            _("weights and cut-offs of the ethics assessment"),
            ("ethics.grade_", "ethics.student_average", "ethics.parent_average", "ethics.school_average"),
            AssessmentCycle,
            ("student_weight", "parent_weight", "school_weight", "excellent_from", "qualified_from", "basic_from"),
        ),
        Rule(_("how long misconduct bars"), ("ethics.eligible", "ethics.barred"), AssessmentCycle, ("bar_months",)),
    ),
)
