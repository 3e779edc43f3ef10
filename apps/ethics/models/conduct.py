"""Misconduct, honours, contests and campaigns."""

from auditlog.registry import auditlog
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.schools.models import BY_SCHOOL, BY_TOWNSHIP, Level, School, Township
from apps.teachers.models import Teacher

from .assessment import UNTOLD

OWN = BY_SCHOOL | {"teacher": "teacher"}


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
        ]

    def __str__(self) -> str:
        return self.no


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
    title = models.CharField(_("title"), max_length=60)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, validators=[MinValueValidator(1)])
    occasion = models.CharField(_("occasion"), max_length=20, choices=Occasion)
    awarded_on = models.DateField(_("awarded on"))
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


class Contest(Record):
    """A contest in teacher ethics: speeches (师德演讲比赛) or essays (师德征文)."""

    class Kind(models.TextChoices):
        SPEECH = "speech", _("speech contest")
        ESSAY = "essay", _("essay contest")

    reached_from = BY_TOWNSHIP
    dated_by = "date"

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=100)
    date = models.DateField(_("date"))

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["-date", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "title", "date"],
                name="contest_once",
                violation_error_message=_("This contest is already recorded."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def names(self) -> tuple[str, ...]:
        return (f"{self.date:%Y-%m-%d} {self.title}",)


class ContestEntry(Record):
    """A teacher's entry in a contest, and the prize."""

    class Prize(models.IntegerChoices):
        FIRST = 1, _("first prize")
        SECOND = 2, _("second prize")
        THIRD = 3, _("third prize")
        NONE = 9, _("took part")

    reached_from = OWN
    dated_by = "contest__date"

    contest = models.ForeignKey(Contest, models.CASCADE, related_name="entries", verbose_name=_("contest"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="contest_entries", verbose_name=_("teacher"))
    title = models.CharField(_("title"), max_length=100)
    prize = models.PositiveSmallIntegerField(_("prize"), choices=Prize, default=Prize.NONE)

    class Meta:
        verbose_name = _("contest entry")
        verbose_name_plural = _("contest entries")
        ordering = ["-contest__date", "prize", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest", "teacher"],
                name="entry_once_a_contest",
                violation_error_message=_("The teacher already has an entry in this contest."),
            ),
            models.CheckConstraint(
                name="entry_prize_known",
                condition=Q(prize__in=(1, 2, 3, 9)),
                violation_error_message=_("Choose a prize from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.title}"


class Campaign(Record):
    """A themed ethics campaign among all teachers (主题活动)."""

    reached_from = BY_TOWNSHIP
    dated_by = ("starts_on", "ends_on")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    theme = models.CharField(_("theme"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    document = models.CharField(_("document"), max_length=100, blank=True)
    meaning = models.TextField(_("what it asks"), blank=True)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "theme", "starts_on"],
                name="campaign_once",
                violation_error_message=_("This campaign is already recorded."),
            ),
            models.CheckConstraint(
                name="campaign_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A campaign ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.theme


class CampaignParticipant(Record):
    """A teacher who took part in a campaign."""

    reached_from = OWN
    dated_by = ("campaign__starts_on", "campaign__ends_on")

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="participants", verbose_name=_("campaign"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("teacher"))

    class Meta:
        verbose_name = _("campaign participant")
        verbose_name_plural = _("campaign participants")
        ordering = ["campaign", "school__code", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "teacher"],
                name="participant_once",
                violation_error_message=_("The teacher already takes part."),
            )
        ]

    def __str__(self) -> str:
        return str(self.teacher)


for model in (MisconductCase, Honour, Contest, ContestEntry, Campaign, CampaignParticipant):
    auditlog.register(model, exclude_fields=UNTOLD)
