"""Misconduct and honours."""

from calendar import monthrange
from datetime import date

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.schools.models import BY_SCHOOL, Level, School
from apps.teachers.models import Teacher

from .assessment import AssessmentCycle, same_township

OWN = BY_SCHOOL | {"teacher": "teacher"}


def months_later(day: date, months: int) -> date:
    """Return the day so many months after `day`, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@audited()
class MisconductCase(Record):
    """A case of misconduct (失德行为): reported, looked into, handled.

    The first five kinds are those that the townships' own rules name; the others stand in the measures of 2018
    (中小学教师违反职业道德行为处理办法, 2018年修订, 第四条).
    """

    class Kind(models.TextChoices):
        PAID_TUTORING = "paid_tutoring", _("paid tutoring")
        OUTSIDE_TEACHING = "outside_teaching", _("teaching outside school")
        TUTORING_CLASS = "tutoring_class", _("running a tutoring class")
        CORPORAL = "corporal", _("corporal punishment or insult")
        STUDY_AIDS = "study_aids", _("selling or buying study aids")
        POLITICS = "politics", _("words or deeds against party or state")
        DISCIPLINE = "discipline", _("breach of teaching discipline")
        EMERGENCY = "emergency", _("leaving one's post in an emergency")
        HARASSMENT = "harassment", _("improper relations or harassment")
        FRAUD = "fraud", _("fraud in examinations or evaluations")
        GIFTS = "gifts", _("taking gifts or money")
        OTHER = "other", _("other misconduct")

    class Finding(models.TextChoices):
        PENDING = "pending", _("being looked into")
        CONFIRMED = "confirmed", _("misconduct confirmed")
        UNFOUNDED = "unfounded", _("unfounded")

    class Handling(models.TextChoices):
        CRITICISM = "criticism", _("criticism and education")
        TALK = "talk", _("admonishing talk")
        INSPECTION = "inspection", _("ordered self-examination")
        NOTICE = "notice", _("public criticism")
        WARNING = "warning", _("warning")
        DEMERIT = "demerit", _("demerit")
        DEMOTION = "demotion", _("demotion or removal")
        DISMISSAL = "dismissal", _("dismissal")

    class Source(models.TextChoices):
        REPORT = "report", _("a report")
        SURVEY = "survey", _("a questionnaire")
        CHECK = "check", _("an inspection")

    reached_from = BY_SCHOOL
    dated_by = "received_on"
    state_looks = {"pending": "wait", "confirmed": "late", "unfounded": "none"}

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="misconduct_cases", verbose_name=_("teacher"))
    no = models.CharField(_("case number"), max_length=30)
    received_on = models.DateField(_("received on"))
    source = models.CharField(_("came to light by"), max_length=20, choices=Source)
    kind = models.CharField(_("kind of misconduct"), max_length=20, choices=Kind)
    facts = models.TextField(_("facts"), blank=True)
    finding = models.CharField(_("finding"), max_length=20, choices=Finding, default=Finding.PENDING)
    handling = models.CharField(_("handling"), max_length=20, choices=Handling, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    barred_until = models.DateField(_("barred until"), null=True, blank=True, editable=False)
    document = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("misconduct case")
        verbose_name_plural = _("misconduct cases")
        ordering = ["-received_on", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "no"],
                name="case_no_once_in_school",
                violation_error_message=_("There is already a case with this number."),
            ),
            models.CheckConstraint(
                name="case_handled_when_confirmed",
                condition=~Q(finding="confirmed") | (~Q(handling="") & Q(decided_on__isnull=False)),
                violation_error_message=_("A confirmed case has a handling and the day it was decided."),
            ),
            models.CheckConstraint(
                name="case_unhandled_unless_confirmed",
                condition=Q(finding="confirmed") | Q(handling=""),
                violation_error_message=_("Only a confirmed case is handled."),
            ),
            models.CheckConstraint(
                name="case_decided_after_received",
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=F("received_on")),
                violation_error_message=_("A case is decided after it was received."),
            ),
            models.CheckConstraint(
                name="case_ends_after_decision",
                condition=Q(ends_on__isnull=True) | Q(decided_on__isnull=False, ends_on__gte=F("decided_on")),
                violation_error_message=_("A decision is in force from the day it was taken."),
            ),
            models.CheckConstraint(
                name="case_bars_when_confirmed",
                condition=Q(finding="confirmed", barred_until__isnull=False, barred_until__gte=F("decided_on"))
                | (~Q(finding="confirmed") & Q(barred_until__isnull=True)),
                violation_error_message=_("A confirmed case bars the teacher, any other does not."),
            ),
        ]

    def __str__(self) -> str:
        return self.no

    def clean(self) -> None:
        """Refuse a teacher of another township than the school, and say until when a confirmed case bars."""
        same_township(self)
        if self.school_id:
            self.set_bar()

    def set_bar(self) -> None:
        """Set the last day on which a confirmed case bars from promotion and honours; one query.

        At least as long as the decision is in force (中小学教师违反职业道德行为处理办法, 2018年修订, 第三条), and so
        many months as the township's cycle of that time says.
        """
        if self.finding != self.Finding.CONFIRMED or not self.decided_on:
            self.barred_until = None
            return
        cycles = AssessmentCycle.objects.filter(
            township=self.school.township_id, school_year__starts_on__lte=self.decided_on
        )
        months = cycles.order_by("-school_year__starts_on").values_list("bar_months", flat=True).first()
        months = months or AssessmentCycle._meta.get_field("bar_months").default
        self.barred_until = max(months_later(self.decided_on, months), self.ends_on or self.decided_on)


@audited()
class Honour(Record):
    """An honour given to a teacher, such as 师德先进个人 on Teachers' Day."""

    class Kind(models.TextChoices):
        ETHICS_ADVANCED = "ethics_advanced", _("advanced individual in teacher ethics")
        ETHICS_MODEL = "ethics_model", _("model of teacher ethics")
        TEACHING = "teaching", _("teaching honour")
        OTHER = "other", _("other honour")

    class Occasion(models.TextChoices):
        TEACHERS_DAY = "teachers_day", _("Teachers' Day")
        WORK_CONFERENCE = "work_conference", _("education work conference")
        OTHER = "other", _("another occasion")

    reached_from = OWN
    dated_by = "awarded_on"

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="honours", verbose_name=_("teacher"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title = models.CharField(_("honour title"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, validators=[MinValueValidator(1)])
    occasion = models.CharField(_("occasion of the honour"), max_length=20, choices=Occasion)
    awarded_on = models.DateField(_("honoured on"))
    document = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("honour")
        verbose_name_plural = _("honours")
        ordering = ["-awarded_on", "school__code", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "title", "awarded_on"],
                name="honour_once",
                violation_error_message=_("This honour is already recorded."),
            ),
            models.CheckConstraint(
                name="honour_level_known",
                condition=Q(level__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.title}"

    def clean(self) -> None:
        """Refuse a teacher of another township than the school."""
        same_township(self)
