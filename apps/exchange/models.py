"""Teacher exchange (交流轮岗): a year's round with its rules, and each teacher's posting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record, SchoolYear
from apps.core.past import held
from apps.core.scope import NO_ROWS
from apps.schools.models import BY_TOWNSHIP, School, Township
from apps.teachers.models import Appointment, Teacher, is_backbone, on_day


@audited()
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
    document = models.CharField(
        _("governing document"), max_length=100, help_text=_("As the summary shall name it, title marks included.")
    )
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    reference_date = models.DateField(
        _("reference day"), help_text=_("On this day ages and years of service are counted.")
    )
    exchange_share = models.PositiveSmallIntegerField(
        _("exchanged, at least (%)"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("Of the eligible teachers."),
    )
    backbone_share = models.PositiveSmallIntegerField(
        _("backbone teachers, at least (%)"),
        default=20,
        validators=[MaxValueValidator(100)],
        help_text=_("Of the exchanged teachers."),
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
        return (*self.school_year.names()[:-1], str(self))

    @property
    def followed(self) -> bool:
        """Return whether the township has a round of a later school year; one query."""
        later = ExchangeRound.objects.filter(township=self.township_id)
        return later.filter(school_year__start_year__gt=self.school_year.start_year).exists()


@audited()
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
        _("comprehensive assessment"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
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
        """Refuse schools and teachers of another township than the round's."""
        if not self.round_id:
            return
        for name in ("from_school", "to_school"):
            if getattr(self, f"{name}_id") and getattr(self, name).township_id != self.round.township_id:
                raise ValidationError({name: _("The school belongs to another township than the round.")})
        if self.teacher_id and self.teacher.township_id != self.round.township_id:
            raise ValidationError({"teacher": _("The teacher belongs to another township than the round.")})


# Who may be exchanged


def years_before(day: date, years: int) -> date:
    """Return the same day of the year `years` earlier; of 29 February the day before where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def eligible(round: ExchangeRound, **place: int | None) -> Q:
    """Return the condition that a teacher meets the round's conditions for exchange (符合交流条件), serving at `place`.

    Established staff, serving on the reference day, not older than the limit (a man of the limit 50 until his 51st
    birthday), and the full years at the present school (the reference day completes a year), without another school
    in between: a posting elsewhere breaks them. Limits are the round's (2014 opinion; press report on Shaanxi).
    """
    day = round.reference_date
    since = min(day, years_before(day + timedelta(days=1), round.years_at_school))
    served = Appointment.objects.filter(teacher=OuterRef("teacher"))
    there_then = served.filter(on_day(since), school=OuterRef("school"))
    elsewhere = served.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since), starts_on__lte=day)
    here = Appointment.objects.filter(on_day(day), teacher=OuterRef("pk"), **place)
    stayed = here.filter(Exists(there_then), ~Exists(elsewhere.exclude(school=OuterRef("school"))))
    man = Q(sex=Teacher.Sex.MALE, birth_date__gt=years_before(day, round.oldest_man + 1))
    woman = Q(sex=Teacher.Sex.FEMALE, birth_date__gt=years_before(day, round.oldest_woman + 1))
    staff = Q(township=round.township_id) & held(Teacher, "staffing", day, Teacher.Staffing.ESTABLISHED)
    return staff & (man | woman) & Q(Exists(stayed))


def eligible_in(rounds: Iterable[ExchangeRound], **place: int | None) -> Q:
    """Return the condition that a teacher meets the conditions of one of the rounds."""
    conditions = [eligible(round, **place) for round in rounds]
    return Q(*conditions, _connector=Q.OR) if conditions else NO_ROWS


# How a round stands


def needed(whole: int, share: int) -> int:
    """Return the least number of people that is at least `share` % of `whole` (不低于: exactly the share is enough)."""
    return -(-whole * share // 100)


@dataclass(frozen=True)
class Standing:
    """How many teachers a round's rules ask for, and how many there are."""

    eligible: int
    exchanged: int
    exchanged_needed: int
    backbone: int
    backbone_needed: int


def standing(round: ExchangeRound) -> Standing:
    """Return how a round stands against its shares; headcounts are rounded up."""
    eligible_number = Teacher.objects.filter(eligible(round)).count()
    found = round.postings.aggregate(
        exchanged=Count("teacher", distinct=True),
        backbone=Count("teacher", distinct=True, filter=is_backbone(F("starts_on"), "teacher__")),
    )
    return Standing(
        eligible=eligible_number,
        exchanged=found["exchanged"],
        exchanged_needed=needed(eligible_number, round.exchange_share),
        backbone=found["backbone"],
        backbone_needed=needed(found["exchanged"], round.backbone_share),
    )


@dataclass(frozen=True)
class Staffing:
    """A school's staffing around a round: teachers the day before its first posting, who left and came, and after.

    `first` and `last` are the days on which the teachers before and after are counted.
    """

    school: School
    first: date
    last: date
    before: int
    left: int
    came: int
    after: int

    @property
    def others(self) -> int:
        """Return by how many teachers other movements changed the staffing: appointments, leavings, earlier rounds."""
        return self.after - self.before + self.left - self.came


def staffing(round: ExchangeRound, schools: Iterable[School]) -> list[Staffing]:
    """Return the staffing of each of `schools` before the round's first posting and after its last one began.

    Before a round has postings, both are counted on its reference day.
    """
    postings = list(round.postings.order_by().values_list("from_school", "to_school", "starts_on"))
    days = [starts_on for _from_school, _to_school, starts_on in postings]
    before = min(days) - timedelta(days=1) if days else round.reference_date
    after = max(days, default=round.reference_date)
    schools = list(schools)
    rows = Appointment.objects.filter(school__in=[school.pk for school in schools]).order_by()
    counts = {
        school: (first, last)
        for school, first, last in rows.values_list("school").annotate(
            first=Count("teacher", distinct=True, filter=on_day(before)),
            last=Count("teacher", distinct=True, filter=on_day(after)),
        )
    }
    left = Counter(from_school for from_school, _to_school, _day in postings)
    came = Counter(to_school for _from_school, to_school, _day in postings)
    return [
        Staffing(
            school=school,
            first=before,
            last=after,
            before=counts.get(school.pk, (0, 0))[0],
            left=left[school.pk],
            came=came[school.pk],
            after=counts.get(school.pk, (0, 0))[1],
        )
        for school in schools
    ]
