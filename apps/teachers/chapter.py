"""What the roster contributes to a summary: how many teachers, by title and backbone level, school by school."""

from django.utils.translation import gettext_lazy as _

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Section, Table, Tally, count_by
from apps.schools.models import schools_of

from .filters import AppointmentFilter, LeaveFilter, TeacherFilter, TeachingAssignmentFilter
from .models import Teacher

CURRENT = {"current": "true"}
TALLIES = (
    Tally("teachers.count", _("number of teachers"), TeacherFilter),
    Tally("teachers.backbone", _("number of backbone teachers"), TeacherFilter, {"backbone": "true"}),
    *(
        Tally(f"teachers.title_{title.value}", label, TeacherFilter, {"title": title.value})
        for title, label in (
            (Teacher.Title.SENIOR_PROFESSOR, _("professor-level senior teachers (number)")),
            (Teacher.Title.SENIOR, _("senior teachers (number)")),
            (Teacher.Title.FIRST, _("first-grade teachers (number)")),
            (Teacher.Title.SECOND, _("second-grade teachers (number)")),
            (Teacher.Title.THIRD, _("third-grade teachers (number)")),
            (Teacher.Title.NONE, _("teachers without a title (number)")),
        )
    ),
    Tally("teachers.on_leave", _("number of teachers on leave"), LeaveFilter, CURRENT, "teachers"),
)
OF_TEACHER = (
    Tally("teachers.title", _("the teacher's professional title"), TeacherFilter, measure="titles"),
    Tally("teachers.education", _("the teacher's education"), TeacherFilter, measure="educations"),
    Tally("teachers.schools", _("schools where the teacher served"), AppointmentFilter, measure="school_names"),
    Tally("teachers.subjects", _("subjects that the teacher taught"), TeachingAssignmentFilter, measure="subjects"),
    Tally("teachers.classes", _("classes that the teacher taught"), TeachingAssignmentFilter, measure="classes"),
)
BY_SCHOOL = (
    Tally("teachers", _("teachers"), AppointmentFilter, CURRENT, "teachers"),
    Tally("backbone", _("backbone teachers"), AppointmentFilter, CURRENT | {"backbone": "true"}, "teachers"),
)


def schools_table(scope: Scope, period: Period) -> Table:
    """Return a row a school: stage, teachers and backbone teachers on the period's last day."""
    counted = count_by("school", BY_SCHOOL, scope, period)
    rows = []
    for school in schools_of(scope, period):
        cells = counted.get(school.pk, {})
        rows.append(
            (
                Cell(school.name, school.get_absolute_url()),
                Cell(school.get_stage_display()),
                *(Cell(cells.get(tally.key, 0), tally.source(school.scope, period)) for tally in BY_SCHOOL),
            )
        )
    heads = (str(_("school")), str(_("stage")), *(str(tally.label) for tally in BY_SCHOOL))
    return Table("teachers.schools", str(_("Teachers of each school")), heads, tuple(rows))


CHAPTER = Chapter(
    key="teachers",
    title=_("Teachers"),
    rank=20,
    sections=(Section("teachers.staff", _("Schools and teachers"), "teachers/prose/staff.txt"),),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    tables=(schools_table,),
)
