"""Teacher exchange (交流轮岗): a year's round with its rules, and each teacher's posting."""

from auditlog.registry import auditlog
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record, SchoolYear
from apps.schools.models import BY_TOWNSHIP, School, Township
from apps.teachers.models import Teacher

UNTOLD = ["version", "created_at", "updated_at"]


class ExchangeRound(Record):
    """One year's rotation under its governing document; limits differ by place and year.

    Defaults: exchanged at least 10 % of the eligible teachers, backbone teachers at least 20 % of those exchanged
    (关于推进县(区)域内义务教育学校校长教师交流轮岗的意见, 2014); six years at the same school, men up to 50, women up
    to 45 (press report on Shaanxi).
    """

    reached_from = BY_TOWNSHIP
    dated_by = "closes_on"

    township = models.ForeignKey(Township, models.PROTECT, related_name="rounds", verbose_name=_("township"))
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name=_("school year"))
    document = models.CharField(_("governing document"), max_length=100)
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    reference_date = models.DateField(_("reference day"), help_text=_("On this day ages and years of service are counted."))
    exchange_share = models.PositiveSmallIntegerField(
        _("exchanged, at least (%)"), default=10, validators=[MaxValueValidator(100)], help_text=_("Of the eligible teachers.")
    )
    backbone_share = models.PositiveSmallIntegerField(
        _("backbone teachers, at least (%)"), default=20, validators=[MaxValueValidator(100)], help_text=_("Of the exchanged teachers.")
    )
    years_at_school = models.PositiveSmallIntegerField(_("years at the same school"), default=6)
    oldest_man = models.PositiveSmallIntegerField(_("men up to (years)"), default=50)
    oldest_woman = models.PositiveSmallIntegerField(_("women up to (years)"), default=45)

    class Meta:
        verbose_name = _("exchange round")
        verbose_name_plural = _("exchange rounds")
        ordering = ["-school_year__start_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "school_year"],
                name="round_once_a_year",
                violation_error_message=_("The township already has an exchange round for this school year."),
            ),
            models.CheckConstraint(
                name="round_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("A round closes after it opens."),
            ),
            models.CheckConstraint(
                name="round_shares_are_percentages",
                condition=Q(exchange_share__lte=100, backbone_share__lte=100),
                violation_error_message=_("A share lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return _("exchange round %(year)s") % {"year": self.school_year}

    def names(self) -> tuple[str, ...]:
        return (str(self.school_year.start_year), str(self))


class Posting(Record):
    """One teacher's stay at another school within a round (交流任职), and its comprehensive assessment (综合考核)."""

    class Way(models.TextChoices):
        REGULAR = "regular", _("regular rotation")
        SUPPORT = "support", _("support teaching")
        ITINERANT = "itinerant", _("itinerant teaching")
        ALLIANCE = "alliance", _("school alliance")

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        BASIC = "basic", _("basically qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    reached_from = {
        "district": "round__township__district",
        "township": "round__township",
        "school": lambda s: Q(from_school=s.school) | Q(to_school=s.school),
        "teacher": "teacher",
    }
    dated_by = "round__closes_on"

    round = models.ForeignKey(ExchangeRound, models.PROTECT, related_name="postings", verbose_name=_("exchange round"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="postings", verbose_name=_("teacher"))
    from_school = models.ForeignKey(School, models.PROTECT, related_name="postings_out", verbose_name=_("from school"))
    to_school = models.ForeignKey(School, models.PROTECT, related_name="postings_in", verbose_name=_("to school"))
    way = models.CharField(_("way of exchange"), max_length=20, choices=Way, default=Way.REGULAR)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    score = models.DecimalField(
        _("comprehensive assessment"), max_digits=4, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    grade = models.CharField(_("result of the assessment"), max_length=20, choices=Grade, blank=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        ordering = ["-round__closes_on", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "teacher"],
                name="posted_once_a_round",
                violation_error_message=_("The teacher is already posted in this round."),
            ),
            models.CheckConstraint(
                name="posting_to_another_school",
                condition=~Q(from_school=F("to_school")),
                violation_error_message=_("A posting leads to another school."),
            ),
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A posting ends after it begins."),
            ),
            models.CheckConstraint(
                name="posting_score_in_range",
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.from_school}→{self.to_school}"

    def clean(self) -> None:
        """Refuse schools of another township than the round's."""
        if self.round_id and self.to_school_id and self.to_school.township_id != self.round.township_id:
            raise ValidationError({"to_school": _("The school belongs to another township than the round.")})


for model in (ExchangeRound, Posting):
    auditlog.register(model, exclude_fields=UNTOLD)
