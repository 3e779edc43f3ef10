"""Contests in teacher ethics, and themed campaigns."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.models import Record
from apps.schools.models import BY_TOWNSHIP, School, Township
from apps.teachers.models import Teacher

from .assessment import same_township
from .conduct import OWN


@audited()
class Contest(Record):
    """A contest in teacher ethics: speeches (师德演讲比赛) or essays (师德征文)."""

    class Kind(models.TextChoices):
        SPEECH = "speech", _("speech contest")
        ESSAY = "essay", _("essay contest")

    reached_from = BY_TOWNSHIP
    dated_by = "date"

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(pgettext_lazy("contest", "title"), max_length=100)
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


@audited()
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
    title = models.CharField(_("title of the work"), max_length=100)
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

    def clean(self) -> None:
        """Refuse a school or a teacher of another township than the contest's."""
        same_township(self, self.contest.township_id if self.contest_id else None)


@audited()
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

    def names(self) -> tuple[str, ...]:
        return (self.theme, f"{self.starts_on:%Y-%m-%d} {self.theme}")


@audited()
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

    def clean(self) -> None:
        """Refuse a school or a teacher of another township than the campaign's."""
        same_township(self, self.campaign.township_id if self.campaign_id else None)
