"""Which school a teacher belongs to, from when to when; leaves; what teachers teach."""

from datetime import date

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.constraints import NoOverlap
from apps.core.models import Record, SchoolYear
from apps.core.past import held
from apps.schools.models import GRADES, School, Subject

# Nobody teaches at a younger age; who comes next year is known, who comes later is a slip of the pen.
WORKING_AGE, FORESEEN = 14, 2


def on_day(day: date | F, prefix: str = "") -> Q:
    """Return the condition that an appointment covers `day`."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def serving(day: date | None = None, *, stage: int | str | None = None, **place: int | str | None) -> Q:
    """Return the condition that a teacher has an appointment at `place`, on `day` or ever.

    A school's `stage` is that of the day, without one of today.
    """
    rows = Appointment.objects.filter(teacher=OuterRef("pk"), **place)
    if stage:
        rows = rows.filter(held(Appointment, "school__stage", day or timezone.localdate(), stage))
    return Q(Exists(rows.filter(on_day(day)) if day else rows))


def demand_possible(born: date | None, day: date | None, field: str) -> None:
    """Raise ValidationError for `field` if nobody born then works since that day: a child, or in years to come."""
    if not day:
        return
    if born and 0 <= day.year - born.year < WORKING_AGE and born < day:
        raise ValidationError({field: _("On this day the teacher was not yet %(age)d.") % {"age": WORKING_AGE}})
    if day.year > date.today().year + FORESEEN:
        raise ValidationError({field: _("This day is years ahead.")})


@audited()
class Appointment(Record):
    """Which school a teacher belonged to, from when to when (任职); one school at a time."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("regular")
        EXCHANGE = "exchange", _("on exchange")

    class EndReason(models.TextChoices):
        """Why somebody left the township's schools; a move between two of them has none."""

        RETIRED = "retired", _("retired")
        AWAY = "away", _("moved away from the township")
        RESIGNED = "resigned", _("resigned")
        CONTRACT = "contract", _("contract ended")
        DIED = "died", _("died")
        OTHER = "other", pgettext_lazy("reason for leaving", "other reason")

    class Known(models.TextChoices):
        """How exactly the first day is known."""

        DAY = "day", _("to the day")
        MONTH = "month", _("to the month")
        LATEST = "latest", _("not known, at the latest")

    reached_from = {
        "district": "school__township__district",
        "township": "school__township",
        "school": "school",
        "teacher": "teacher",
    }
    dated_by = ("starts_on", "ends_on")

    teacher = models.ForeignKey(
        "teachers.Teacher", models.CASCADE, related_name="appointments", verbose_name=_("teacher")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="appointments", verbose_name=_("school"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REGULAR)
    starts_on = models.DateField(_("from"))
    since_known = models.CharField(
        _("first day known"), max_length=10, choices=Known, default=Known.DAY,
        help_text=_("Of a month, the first day stands for it; of an unknown day, the latest that it can be."),
    )  # fmt: skip
    ends_on = models.DateField(_("until"), null=True, blank=True)
    end_reason = models.CharField(_("reason for leaving"), max_length=20, choices=EndReason, blank=True)

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["teacher__no", "-starts_on"]
        indexes = [models.Index(fields=["school", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An appointment must not end before it begins."),
            ),
            models.CheckConstraint(
                name="appointment_reason_when_ended",
                condition=Q(end_reason="") | Q(ends_on__isnull=False),
                violation_error_message=_("Only an appointment with a last day has a reason for leaving."),
            ),
            NoOverlap(
                name="appointment_no_overlap",
                fields=["teacher"],
                span=["starts_on", "ends_on"],
                violation_error_message=_(
                    "The teacher already belongs to a school in this time. End that appointment first."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.school} {self.starts_on:%Y-%m-%d}"

    @property
    @admin.display(description=_("from"))
    def since(self) -> str:
        """Return the first day as far as it is known: a day, a month, or the latest day that it can be."""
        if self.since_known == self.Known.MONTH:
            return date_format(self.starts_on, "YEAR_MONTH_FORMAT")
        if self.since_known == self.Known.LATEST:
            return _("not known (%(day)s at the latest)") % {"day": self.starts_on.isoformat()}
        return self.starts_on.isoformat()

    def clean(self) -> None:
        if self.teacher_id and self.school_id and self.teacher.township_id != self.school.township_id:
            raise ValidationError({"school": _("The school belongs to another township than the teacher.")})
        if self.teacher_id:
            demand_possible(self.teacher.birth_date, self.starts_on, "starts_on")


@audited()
class Leave(Record):
    """A teacher is away for a time, and still on the staff of the school (请假); one leave at a time."""

    class Kind(models.TextChoices):
        MATERNITY = "maternity", _("maternity leave")
        SICK = "sick", _("sick leave")
        PERSONAL = "personal", _("leave for personal reasons")
        LENT = "lent", _("lent to another office")
        STUDY = "study", _("full-time study")
        OTHER = "other", pgettext_lazy("kind of leave", "other leave")

    reached_from = Appointment.reached_from
    dated_by = ("starts_on", "ends_on")

    teacher = models.ForeignKey("teachers.Teacher", models.CASCADE, related_name="leaves", verbose_name=_("teacher"))
    school = models.ForeignKey(School, models.PROTECT, related_name="leaves", verbose_name=_("school"))
    kind = models.CharField(_("kind of leave"), max_length=20, choices=Kind)
    starts_on = models.DateField(_("on leave from"))
    ends_on = models.DateField(
        _("on leave until"), null=True, blank=True, help_text=_("Empty while the day of return is not known.")
    )

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-starts_on", "teacher__no"]
        indexes = [models.Index(fields=["school", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="leave_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A leave must not end before it begins."),
            ),
            NoOverlap(
                name="leave_no_overlap",
                fields=["teacher"],
                span=["starts_on", "ends_on"],
                violation_error_message=_("The teacher is already on leave in this time. End that leave first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_kind_display()} {self.starts_on:%Y-%m-%d}"

    def clean(self) -> None:
        if self.teacher_id and self.school_id and self.teacher.township_id != self.school.township_id:
            raise ValidationError({"school": _("The school belongs to another township than the teacher.")})


@audited()
class TeachingAssignment(Record):
    """A teacher teaches a subject in a class in a school year (任课)."""

    reached_from = Appointment.reached_from
    dated_by = "school_year__ends_on"

    teacher = models.ForeignKey(
        "teachers.Teacher", models.CASCADE, related_name="assignments", verbose_name=_("teacher")
    )
    school = models.ForeignKey(School, models.PROTECT, verbose_name=_("school"))
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name=_("school year"))
    grade = models.PositiveSmallIntegerField(_("grade"), choices=GRADES)
    class_name = models.CharField(_("class"), max_length=20)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject)
    weekly_hours = models.PositiveSmallIntegerField(
        _("lessons a week"), default=0, validators=[MinValueValidator(0), MaxValueValidator(40)]
    )

    class Meta:
        verbose_name = _("teaching assignment")
        verbose_name_plural = _("teaching assignments")
        ordering = ["-school_year__start_year", "school__code", "grade", "class_name", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "school", "school_year", "class_name", "subject"],
                name="assignment_once",
                violation_error_message=_("The teacher already has this class and subject in this school year."),
            ),
            models.CheckConstraint(
                name="assignment_grade_between_1_and_9",
                condition=Q(grade__range=(1, 9)),
                violation_error_message=_("Choose a grade from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.class_name} {self.get_subject_display()}"
