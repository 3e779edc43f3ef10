"""What research contributes to a summary: activities, training hours, bases, small projects, and the album."""

from dataclasses import replace
from typing import Any

from django.db.models import F, Prefetch
from django.utils.translation import gettext_lazy as _

from apps.core.past import read_at
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures import figures
from apps.figures.figures import Cell, Chapter, Chart, Section, Table, Tally, count, count_by
from apps.schools.models import School

from .filters import (
    ActivityFilter,
    ActivityGuestFilter,
    AttendanceFilter,
    BaseMemberFilter,
    PhotoFilter,
    ProjectMemberFilter,
    ResearcherSurveyFilter,
    SmallProjectFilter,
)
from .models import Activity, Attendance, Photo, ProjectMember, SmallProject

Kind = Activity.Kind
JUNIOR, PRIMARY = {"stage": School.Stage.JUNIOR.value}, {"stage": School.Stage.PRIMARY.value}
BY_RESEARCHERS, OF_BASE = {"researchers": "true"}, {"of_base": "true"}
EXCELLENT = {"result": SmallProject.Result.EXCELLENT.value}


def kind(value: Kind) -> dict[str, str]:
    """Return the parameters that narrow a list to one kind of activity."""
    return {"kind": value.value}


ACTIVITIES = (
    Tally("research.activities", _("number of research activities"), ActivityFilter),
    Tally("research.salons", _("number of teaching salons"), ActivityFilter, kind(Kind.SALON)),
    Tally("research.salon_schools", _("schools with teaching salons"), ActivityFilter, kind(Kind.SALON), "schools"),
    Tally("research.trainings", _("number of trainings"), ActivityFilter, kind(Kind.TRAINING)),
    Tally("research.lectures", _("number of lectures"), ActivityFilter, kind(Kind.LECTURE)),
    Tally("research.preparations", _("number of joint preparations"), ActivityFilter, kind(Kind.PREPARATION)),
    Tally("research.researched", _("activities attended by researchers"), ActivityFilter, BY_RESEARCHERS),
    Tally(
        "research.researched_junior",
        _("activities of junior middle schools attended by researchers"),
        ActivityFilter,
        BY_RESEARCHERS | JUNIOR,
    ),
    Tally("research.meetings", _("number of observation meetings"), ActivityFilter, kind(Kind.MEETING)),
    Tally(
        "research.meetings_primary",
        _("number of observation meetings of primary schools"),
        ActivityFilter,
        kind(Kind.MEETING) | PRIMARY,
    ),
    Tally("research.hosts", _("hosts of observation meetings"), ActivityFilter, kind(Kind.MEETING), "school_names"),
    Tally("research.ethics", _("number of ethics studies"), ActivityFilter, kind(Kind.ETHICS_STUDY)),
    Tally(
        "research.ethics_schools", _("schools with ethics studies"), ActivityFilter, kind(Kind.ETHICS_STUDY), "schools"
    ),
    Tally(
        "research.ethics_documents",
        _("documents of ethics studies"),
        ActivityFilter,
        kind(Kind.ETHICS_STUDY),
        "documents",
    ),
    Tally("research.base_meetings", _("meetings of leading groups of bases"), ActivityFilter, kind(Kind.BASE_MEETING)),
    Tally("research.base_activities", _("activities of subject bases"), ActivityFilter, OF_BASE),
    Tally(
        "research.base_researched",
        _("activities of subject bases attended by researchers"),
        ActivityFilter,
        OF_BASE | BY_RESEARCHERS,
    ),
)
PEOPLE = (
    Tally("research.attendances", _("attendances of research activities"), AttendanceFilter),
    Tally("research.teachers", _("teachers in research activities"), AttendanceFilter, measure="teachers"),
    Tally("research.hours", _("training hours altogether"), AttendanceFilter, measure="training_hours"),
    Tally("research.hours_each", _("training hours of each teacher"), AttendanceFilter, measure="hours_each"),
    Tally("research.ethics_attendances", _("attendances of ethics studies"), AttendanceFilter, kind(Kind.ETHICS_STUDY)),
    Tally(
        "research.reflections",
        _("number of reflections"),
        AttendanceFilter,
        kind(Kind.ETHICS_STUDY) | {"reflection": "true"},
        "reflections",
    ),
    Tally(
        "research.reflecting",
        _("teachers who wrote reflections"),
        AttendanceFilter,
        kind(Kind.ETHICS_STUDY) | {"reflection": "true"},
        "teachers",
    ),
    Tally("research.speeches", _("number of guests' speeches"), ActivityGuestFilter, {"spoke": "true"}, "activities"),
    Tally("research.speakers", _("researchers who spoke"), ActivityGuestFilter, {"spoke": "true"}, "researcher_names"),
    Tally(
        "research.comments",
        _("number of comments on the spot"),
        ActivityGuestFilter,
        {"commented": "true"},
        "activities",
    ),
    Tally(
        "research.commentators",
        _("researchers who commented"),
        ActivityGuestFilter,
        {"commented": "true"},
        "researcher_names",
    ),
)
TALLIES = (
    *ACTIVITIES,
    *PEOPLE,
    Tally("research.photos", _("photos of trainings"), PhotoFilter, kind(Kind.TRAINING) | JUNIOR),
    Tally("research.photos_all", _("photos of all activities"), PhotoFilter),
    Tally("research.surveys", _("number of researchers' surveys"), ResearcherSurveyFilter, JUNIOR),
    Tally(
        "research.survey_forms",
        _("forms returned in researchers' surveys"),
        ResearcherSurveyFilter,
        JUNIOR,
        "forms_returned",
    ),
    Tally("research.base_members", _("number of base members"), BaseMemberFilter, measure="teachers"),
    Tally("research.base_groups", _("schools with a base's leading group"), BaseMemberFilter, measure="schools"),
    Tally("research.projects", _("number of small projects"), SmallProjectFilter),
    Tally("research.applied", _("small projects applied for"), SmallProjectFilter, {"applied": "true"}),
    Tally("research.established", _("small projects established"), SmallProjectFilter, {"approved": "true"}),
    Tally("research.concluded", _("small projects concluded"), SmallProjectFilter, {"closed": "true"}),
    Tally("research.excellent", _("excellent small projects"), SmallProjectFilter, {"closed": "true"} | EXCELLENT),
    Tally("research.project_schools", _("schools with small projects"), SmallProjectFilter, measure="schools"),
    Tally(
        "research.project_teachers",
        _("teachers in small projects"),
        ProjectMemberFilter,
        {"established": "true"},
        "teachers",
    ),
)
MEMBER = {"role": ProjectMember.Role.MEMBER.value}
LEADING, SPEAKING = {"role": ProjectMember.Role.LEADER.value}, {"role": Attendance.Role.SPEAKER.value}
OF_TEACHER = (
    Tally("research.own_spoken", _("activities in which the teacher was main speaker"), AttendanceFilter, SPEAKING,
          "activities"),
    Tally("research.own_reflections", _("reflections of the teacher"), AttendanceFilter, {}, "reflections"),
    Tally("research.own_led", _("small projects led by the teacher"), ProjectMemberFilter, LEADING, "projects"),
    Tally("research.own_led_titles", _("titles of the small projects led"), ProjectMemberFilter, LEADING, "titles"),
    Tally("research.own_joined", _("small projects in which the teacher took part"), ProjectMemberFilter, MEMBER,
          "projects"),
    Tally("research.own_titles", _("titles of the small projects joined"), ProjectMemberFilter, MEMBER, "titles"),
)  # fmt: skip
OF_KIND = tuple(Tally(value.value, value.label, ActivityFilter, kind(value)) for value in Kind)


def activities_table(scope: Scope, period: Period) -> Table:
    """Return a row a school that held activities: how many of each kind, and altogether."""
    tallies = (*OF_KIND, Tally("all", _("altogether"), ActivityFilter))
    counted = count_by("school", tallies, scope, period)
    rows = []
    for school in School.objects.filter(pk__in=counted).as_of(period.ends_on):
        cells = []
        for tally in tallies:
            there = replace(tally, where={**tally.where, "school": str(school.pk)})
            cells.append(Cell(counted[school.pk][tally.key], there.source(scope, period)))
        rows.append((Cell(school.name, school.get_absolute_url()), *cells))
    heads = (str(_("school")), *(str(tally.label) for tally in tallies))
    return Table("research.activities", str(_("Research activities of each school")), heads, tuple(rows))


def projects_table(scope: Scope, period: Period) -> Table:
    """Return a row a small project under way in the period: number, title, school, leader, level, stage, result."""
    leaders = ProjectMember.objects.filter(role=ProjectMember.Role.LEADER).select_related("teacher")
    projects: Any = SmallProject.objects.within(scope).in_period(period)
    projects = projects.annotate(named=read_at(SmallProject, "school__name", period.ends_on))
    rows = []
    for project in projects.order_by("school__code", "no").prefetch_related(Prefetch("members", leaders)):
        texts = (
            project.named,
            "、".join(leader.teacher.name for leader in project.members.all()),
            project.get_level_display(),
            project.get_stage_display(),
            project.get_result_display(),
        )
        rows.append((Cell(project.no), Cell(project.title, project.get_absolute_url()), *map(Cell, texts)))
    heads = (
        _("project number"),
        _("title of the project"),
        _("school"),
        _("project leader"),
        _("level"),
        _("stage of the project"),
        _("result"),
    )
    return Table("research.projects", str(_("Small projects")), tuple(map(str, heads)), tuple(rows))


def attended_table(scope: Scope, period: Period) -> Table:
    """Return a row an activity that the scope's teacher took part in: day, kind, title, host, role, hours."""
    rows = AttendanceFilter.base(scope, period).select_related("activity").order_by("activity__date", "pk")
    rows = rows.annotate(named=read_at(Attendance, "activity__school__name", F("activity__date")))
    heads = (_("date"), _("kind"), _("title"), _("host school"), _("role"), _("training hours"))
    cells = tuple(
        (
            Cell(row.activity.date),
            Cell(row.activity.get_kind_display()),
            Cell(row.activity.title, row.activity.get_absolute_url()),
            Cell(row.named),
            Cell(row.get_role_display()),
            Cell(row.hours),
        )
        for row in rows
    )
    return Table("research.attended", str(_("Research activities and training hours")), tuple(map(str, heads)), cells)


def kinds_chart(scope: Scope, period: Period) -> Chart:
    """Return how many activities of each kind there were."""
    found = count(OF_KIND, scope, period)
    bars = tuple((figure.label, figure.value, figure.source) for figure in found)
    return Chart("research.kinds", str(_("Research activities by kind")), str(_("times")), bars, "research.training")


def training_photos(scope: Scope, period: Period) -> list[figures.Photo]:
    """Return the photos of the period's trainings, the earliest first."""
    rows = Photo.objects.within(scope).in_period(period).filter(activity__kind=Kind.TRAINING)
    return [figures.Photo(name, caption) for name, caption in rows.values_list("image", "caption")]


CHAPTER = Chapter(
    key="research",
    title=_("Research activities"),
    rank=70,
    sections=(
        Section("research.salons", _("Teaching salons"), "research/prose/salons.txt"),
        Section("research.album", _("Album of trainings"), "research/prose/album.txt"),
        Section("research.meetings", _("Observation and discussion meetings"), "research/prose/meetings.txt"),
        Section("research.bases", _("Work of the subject bases"), "research/prose/bases.txt"),
        Section("research.projects", _("Small projects"), "research/prose/projects.txt"),
        Section("research.training", _("Research activities and training"), "research/prose/training.txt"),
    ),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    records=(attended_table, projects_table),
    tables=(activities_table, projects_table),
    charts=(kinds_chart,),
    photos=(training_photos,),
)
