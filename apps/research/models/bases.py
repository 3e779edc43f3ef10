"""Who builds a subject base, and what the district's researchers asked at the schools."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.models import Record
from apps.schools.models import BY_SCHOOL, Designation, Researcher, School
from apps.teachers.models import Teacher


@audited()
class BaseMember(Record):
    """A member of a subject base's leading group or team (学科示范基地建设领导小组)."""

    class Role(models.TextChoices):
        LEADER = "leader", _("group leader")
        DEPUTY = "deputy", _("deputy leader")
        MEMBER = "member", _("member")

    reached_from = {
        "district": "designation__school__township__district",
        "township": "designation__school__township",
        "school": "designation__school",
        "teacher": "teacher",
    }
    dated_by = ("designation__awarded_on", "designation__ends_on")

    designation = models.ForeignKey(
        Designation,
        models.CASCADE,
        related_name="members",
        verbose_name=_("subject base"),
        limit_choices_to={"kind": Designation.Kind.SUBJECT_BASE},
    )
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("teacher"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = _("base member")
        verbose_name_plural = _("base members")
        ordering = ["designation__school__code", "role", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["designation", "teacher"],
                name="base_member_once",
                violation_error_message=_("The teacher already belongs to this base."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_role_display()}"


@audited()
class ResearcherSurvey(Record):
    """A questionnaire survey that a district researcher made among a school's teachers or students."""

    class Audience(models.TextChoices):
        TEACHERS = "teachers", _("teachers")
        STUDENTS = "students", pgettext_lazy("audience", "students")
        BOTH = "both", _("teachers and students")

    reached_from = BY_SCHOOL
    dated_by = "date"

    school = models.ForeignKey(School, models.PROTECT, related_name="surveys", verbose_name=_("school"))
    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="surveys", verbose_name=_("researcher"))
    date = models.DateField(_("date"))
    audience = models.CharField(_("asked"), max_length=20, choices=Audience)
    topic = models.CharField(_("topic"), max_length=100)
    issued = models.PositiveIntegerField(_("forms issued"), default=0)
    returned = models.PositiveIntegerField(_("forms returned"), default=0)

    class Meta:
        verbose_name = _("researchers' survey")
        verbose_name_plural = _("researchers' surveys")
        ordering = ["-date", "school__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "date", "topic"],
                name="survey_once",
                violation_error_message=_("This survey is already recorded."),
            ),
            models.CheckConstraint(
                name="survey_returns_at_most_issued",
                condition=Q(returned__lte=F("issued")),
                violation_error_message=_("No more forms can come back than were issued."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.topic}"
