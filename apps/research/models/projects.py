"""Small research projects of teachers' teams (小课题), stage by stage."""

from datetime import timedelta
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.scope import Scope, ScopedQuerySet
from apps.schools.models import BY_SCHOOL, Level, School, Subject
from apps.teachers.models import Teacher


class SmallProjectQuerySet(ScopedQuerySet["SmallProject"]):
    """Small projects."""

    def search(self, text: str) -> Self:
        """Return the projects whose number or title contains each word of `text`."""
        found = self
        for word in text.split():
            found = found.filter(Q(no__icontains=word) | Q(title__icontains=word))
        return found


# How many months after it was established a project is opened, passes its mid-term review, and is concluded. Usual are
# 6 to 12 months in all, with one call for projects a year: the longest span is the deadline.
MONTHS = {"approved": 2, "running": 7, "midterm": 12}


def under_way() -> Q:
    """Return the condition that a project is neither turned down, nor given up, nor concluded."""
    Stage = SmallProject.Stage
    return ~Q(stage__in=[Stage.REJECTED, Stage.DROPPED, Stage.CLOSED])


def overdue() -> Q:
    """Return the condition that the next step of a project should have been taken by today.

    The days count from the day on which it was established; an application is no step of the school's.
    """
    today = timezone.localdate()
    late = [
        Q(stage=stage, approved_on__lt=today - timedelta(days=round(months * 30.5))) for stage, months in MONTHS.items()
    ]
    return Q(*late, _connector=Q.OR)


def member_of(scope: Scope) -> Q:
    """Return the condition that the scope's teacher belongs to a project's team."""
    return Q(pk__in=ProjectMember.objects.filter(teacher=scope.teacher).values("project"))


@audited()
class SmallProject(Record):
    """A teacher team's small research project (小课题), by stage."""

    class Stage(models.TextChoices):
        APPLIED = "applied", _("applied for")
        APPROVED = "approved", _("established")
        REJECTED = "rejected", _("not established")
        RUNNING = "running", _("under way")
        MIDTERM = "midterm", _("mid-term review passed")
        CLOSING = "closing", _("conclusion applied for")
        CLOSED = "closed", _("concluded")
        DROPPED = "dropped", _("dropped")

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    reached_from = BY_SCHOOL | {"teacher": member_of}
    dated_by = ("applied_on", "closed_on")
    picked_by_text = True
    state_looks = {"applied": "wait", "closing": "wait", "closed": "done", "rejected": "none", "dropped": "none"}

    school = models.ForeignKey(School, models.PROTECT, related_name="projects", verbose_name=_("school"))
    no = models.CharField(_("project number"), max_length=30)
    title = models.CharField(_("title of the project"), max_length=120)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, default=Level.TOWN, validators=[MinValueValidator(1)]
    )
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    stage = models.CharField(_("stage of the project"), max_length=20, choices=Stage, default=Stage.APPLIED)
    team_limit = models.PositiveSmallIntegerField(
        _("team limit"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
        # Zhuguang Primary School's handbook of small projects: at most 4 people.
        help_text=_("At most this many people, as this year's call for projects says."),
    )
    applied_on = models.DateField(_("applied on"))
    approved_on = models.DateField(_("established on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on (report)"), null=True, blank=True)
    midterm_on = models.DateField(_("mid-term review on"), null=True, blank=True)
    closed_on = models.DateField(_("concluded on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)

    objects: ClassVar = SmallProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("small project")
        verbose_name_plural = _("small projects")
        ordering = ["-applied_on", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "no"],
                name="project_no_once_in_school",
                violation_error_message=_("The school already has a project with this number."),
            ),
            models.CheckConstraint(
                name="project_dates_in_order",
                condition=(Q(approved_on__isnull=True) | Q(approved_on__gte=F("applied_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("applied_on"))),
                violation_error_message=_("A project is established and concluded after it was applied for."),
            ),
            models.CheckConstraint(
                name="project_result_when_closed",
                condition=Q(result="") | Q(stage="closed", closed_on__isnull=False),
                violation_error_message=_("Only a concluded project, with its closing day, has a result."),
            ),
            models.CheckConstraint(
                name="project_team_limit_sensible",
                condition=Q(team_limit__range=(1, 20)),
                violation_error_message=_("A team has 1 to 20 people."),
            ),
            models.CheckConstraint(
                name="project_level_known",
                condition=Q(level__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def names(self) -> tuple[str, ...]:
        return (f"{self.no} {self.title}",)

    def clean(self) -> None:
        if self.pk and self.team_limit and (present := self.members.count()) > self.team_limit:
            raise ValidationError({"team_limit": _("The team already has %(number)d people.") % {"number": present}})


@audited()
class ProjectMember(Record):
    """A teacher on a small project's team; the team has at most as many as the project's call allows."""

    class Role(models.TextChoices):
        LEADER = "leader", _("project leader")
        MEMBER = "member", _("project member")

    reached_from = {
        "district": "project__school__township__district",
        "township": "project__school__township",
        "school": "project__school",
        "teacher": "teacher",
    }
    dated_by = ("project__applied_on", "project__closed_on")

    project = models.ForeignKey(SmallProject, models.CASCADE, related_name="members", verbose_name=_("small project"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="projects", verbose_name=_("teacher"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    task = models.CharField(_("task"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("project member")
        verbose_name_plural = _("project members")
        ordering = ["project__no", "role", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "teacher"],
                name="project_member_once",
                violation_error_message=_("The teacher already belongs to this project."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="leader"),
                name="project_one_leader",
                violation_error_message=_("A project has one leader."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_role_display()}"

    def clean(self) -> None:
        """Refuse one more than the call allows; a whole file of members is checked once more when it is written."""
        if not self.project_id:
            return
        others = self.project.members.exclude(pk=self.pk).count()
        if others >= self.project.team_limit:
            raise ValidationError(
                _("A team of “%(project)s” has at most %(limit)d people.")
                % {"project": self.project, "limit": self.project.team_limit}
            )
