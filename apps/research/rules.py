"""Who may do what with activities, surveys and small projects.

Who applies for a project does not decide on it: a school decides on projects of its own level only, and a principal
not on those of the own team. There the education office steps in. Researchers record their own surveys.
"""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.core.actors import Actor
from apps.core.rules import RecordRules, heads_school, is_self, keep_rules, keeps_records, rule
from apps.core.scope import NO_ROWS
from apps.schools.models import Level, Researcher
from apps.teachers.models import Appointment, Teacher, on_day
from apps.teachers.rules import is_teacher

from .models import Activity, ActivityQuota, Photo, ProjectMember, ResearcherSurvey, SmallProject

CHANGE_PROJECT = "research.change_smallproject"
Stage = SmallProject.Stage
# Neither concluded nor given up nor turned down.
UNDER_WAY = (Stage.APPLIED, Stage.APPROVED, Stage.RUNNING, Stage.MIDTERM, Stage.CLOSING)
# What only a decision sets.
DECIDED = ("stage", "approved_on", "midterm_on", "closed_on", "result")


# Activities


@rule("research.add_attendance")
def may_record_attendance(actor: Actor, activity: Activity) -> bool:
    """Return whether `actor` may record who took part in an activity."""
    return True


@rule("research.add_photo")
def may_add_photos(actor: Actor, activity: Activity) -> bool:
    """Return whether `actor` may add pictures to an activity."""
    return True


def kept_picture(actor: Actor, photo: Photo) -> Sequence[str]:
    """Return the picture of a stored photo: another picture is another photo."""
    return ("image",) if photo.pk else ()


# Plans


@rule("research.add_activityquota")
def may_copy(actor: Actor, quota: ActivityQuota) -> bool:
    """Return whether `actor` may set for the next term what is set for the plan's term."""
    return keeps_records(actor)


# Surveys


def own_researcher(actor: Actor) -> QuerySet[Researcher]:
    """Return in whose name `actor` may record a survey: researchers in their own."""
    rows = Researcher.objects.visible_to(actor)
    return rows.filter(pk=actor.researcher_id) if actor.researcher_id else rows


def made_survey(actor: Actor, survey: ResearcherSurvey) -> bool:
    """Return whether a survey is the own one of `actor`, or `actor` keeps the records of all."""
    return keeps_records(actor) or (actor.researcher_id is not None and actor.researcher_id == survey.researcher_id)


# Small projects


def works_on(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor` belongs to the team of a project."""
    if project.pk is None or (actor.teacher_id is None and actor.school_id is None):
        return False
    team = ProjectMember.objects.filter(project=project).select_related("teacher")
    return any(is_teacher(actor, member.teacher) for member in team)


def decides(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor` decides on a project: a school on its own level's, the office on all; not on the own."""
    own = project.level == Level.SCHOOL and heads_school(actor, project.school_id)
    return (keeps_records(actor) or own) and not works_on(actor, project)


def waits_for(actor: Actor) -> Q:
    """Return the condition that a project waits for a decision of `actor`: whether to establish or to conclude it.

    The office decides above the school's level, and for a principal who works on a project of the own school; nobody
    on a project of the own team.
    """
    today = timezone.localdate()
    there = Appointment.objects.filter(on_day(today), teacher=OuterRef("teacher"), school=OuterRef("project__school"))
    heads = ProjectMember.objects.filter(
        Exists(there), project=OuterRef("pk"), teacher__position=Teacher.Position.PRINCIPAL
    )
    of_head = Q(Exists(heads))
    stage, own_level = Q(stage__in=[Stage.APPLIED, Stage.CLOSING]), Q(level=Level.SCHOOL)
    team = ProjectMember.objects.filter(project=OuterRef("pk"), teacher=actor.teacher_id)
    own = Q(Exists(team)) if actor.teacher_id else NO_ROWS
    if keeps_records(actor):
        return stage & (~own_level | of_head) & ~own
    if actor.school_id is None:
        return NO_ROWS
    return stage & own_level & Q(school=actor.school_id) & ~(own if actor.teacher_id else of_head)


@rule(CHANGE_PROJECT)
def may_decide(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor` may establish a project, turn it down, review and conclude it."""
    return decides(actor, project)


@rule(CHANGE_PROJECT)
def may_advance(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor` may take a step of the project's own team: open it, apply for conclusion, give it up."""
    return True


def may_write(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor`, who has the permission, may change the text of a project now."""
    return project.stage in UNDER_WAY or decides(actor, project)


def may_delete(actor: Actor, project: SmallProject) -> bool:
    """Return whether `actor`, who has the permission, may delete a project: schools only applications."""
    return project.stage == Stage.APPLIED or decides(actor, project)


def is_member(actor: Actor, member: ProjectMember) -> bool:
    """Return whether `actor` is this member."""
    return is_self(actor, member.teacher_id) if keeps_records(actor) else is_teacher(actor, member.teacher)


def may_join(actor: Actor, member: ProjectMember) -> bool:
    """Return whether `actor`, who has the permission, may enter this member: oneself only before the decision.

    Else a principal could decide on a project first, and belong to its team then.
    """
    applied = member.project.stage == Stage.APPLIED
    return applied or not is_member(actor, member)


def may_change_member(actor: Actor, member: ProjectMember) -> bool:
    """Return whether `actor`, who has the permission, may change or take out a member: never oneself."""
    return not is_member(actor, member)


def named_member(actor: Actor, member: ProjectMember) -> Sequence[str]:
    """Return who a stored member is, in which project: another one is another member."""
    return ("project", "teacher") if member.pk and not keeps_records(actor) else ()


def settled(actor: Actor, project: SmallProject) -> Sequence[str]:
    """Return what `actor` may not write in a project: decisions of others, and what a decision rests on.

    The level of a project that was decided stays for every school: it says who decides.
    """
    if keeps_records(actor):
        return DECIDED if works_on(actor, project) else ()
    names: tuple[str, ...] = () if decides(actor, project) else DECIDED
    if project.pk and project.stage != Stage.APPLIED:
        names += ("level",) if decides(actor, project) else ("level", "team_limit", "applied_on")
    return names


keep_rules(ProjectMember, RecordRules(add=may_join, change=may_change_member, fixed=named_member))
keep_rules(Photo, RecordRules(fixed=kept_picture))
keep_rules(
    ResearcherSurvey,
    RecordRules(add=made_survey, change=made_survey, offered={"researcher": own_researcher}),
)
keep_rules(SmallProject, RecordRules(change=may_write, delete=may_delete, fixed=settled))
