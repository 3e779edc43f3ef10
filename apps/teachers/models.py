"""The roster: teachers, the schools they belonged to and when, and what they teach."""

from datetime import date
from typing import ClassVar, Self

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.constraints import NoOverlap
from apps.core.fields import EncryptedTextField, digest
from apps.core.models import Record, SchoolYear
from apps.core.names import one_dot, ordinary, tidy_name
from apps.core.past import Day, FactsQuerySet, KeepsFacts, Moment, PastFact, held, read_at, value_on
from apps.core.periods import Period
from apps.core.pinyin import pinyin_of, reads_as
from apps.core.scope import Scope
from apps.schools.models import GRADES, Level, School, Subject, Township

from .id_numbers import birth_date, is_male, mask, validate_id_number

# One phone number or several, with the signs that people put between digits.
PHONES = r"^\+?\d[\d\- ]{5,16}\d(?:[、,，;；/ ]\s*\+?\d[\d\- ]{5,16}\d)*\Z"
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


class TeacherQuerySet(FactsQuerySet["Teacher"]):
    """Teachers."""

    def serving_on(self, day: date) -> Self:
        """Return the teachers who belong to a school on `day`."""
        return self.filter(serving(day))

    def serving_at(self, school: int, day: date) -> Self:
        """Return the teachers who belong to the school of this id on `day`."""
        return self.filter(serving(day, school=school))

    def serving_in(self, school: int, period: Period) -> Self:
        """Return the teachers who belong to the school of this id on any day of the period."""
        there = Appointment.objects.filter(teacher=OuterRef("pk"), school=school)
        return self.filter(Exists(there.in_period(period)))

    def with_school(self, day: date | None = None) -> Self:
        """Return the rows with `school_pk` and `school_name`: where each belongs on `day`, by default today."""
        day = day or timezone.localdate()
        there = Appointment.objects.filter(on_day(day), teacher=OuterRef("pk"))
        named = there.annotate(then=read_at(Appointment, "school__name", day)).values("then")
        rows: Self = self.annotate(school_pk=Subquery(there.values("school_id")[:1]), school_name=Subquery(named[:1]))
        return rows

    def with_leave(self, day: date | None = None) -> Self:
        """Return the rows with `leave_kind`: the kind of the leave on which each is on `day`, by default today."""
        there = Leave.objects.filter(on_day(day or timezone.localdate()), teacher=OuterRef("pk"))
        rows: Self = self.annotate(leave_kind=Subquery(there.values("kind")[:1]))
        return rows

    def backbone(self, day: date | None = None) -> Self:
        """Return the backbone teachers (骨干教师) of a day, by default today, by the level that their township sets."""
        return self.filter(is_backbone(day or timezone.localdate()))

    def search(self, text: str) -> Self:
        """Return the teachers called or read like `text`, or of this number; a number may stand in brackets."""
        name, _bracket, number = one_dot(ordinary(text)).rstrip("）)").replace("(", "（").partition("（")
        found = Q(name__icontains=name) | Q(no=name) | reads_as(name)
        return self.filter(found & Q(no=number) if number else found)

    def suggested(self, text: str) -> Self:
        """Return the teachers to choose from, those who are called just so first, with the school of today."""
        return self.search(text).with_school().order_by(Case(When(name=text, then=0), default=1), "no", "pk")


def is_backbone(day: Day, path: str = "") -> Q:
    """Return the condition that the teacher at `path` is a backbone teacher on `day`."""
    level = value_on(Teacher, "backbone_level", day, path)
    return Q(GreaterThanOrEqual(level, F(f"{path}township__backbone_from")))


@audited(hide=["id_number", "phone"], without=["id_digest", "pinyin"])
class Teacher(KeepsFacts):
    """A teacher on a township's roster."""

    class Sex(models.TextChoices):
        MALE = "m", _("male")
        FEMALE = "f", _("female")

    class Title(models.TextChoices):
        """Titles of primary and secondary school teachers since the reform of 2015, and the old short names."""

        SENIOR_PROFESSOR = "professor", _("professor-level senior teacher")
        SENIOR = "senior", _("senior teacher")
        FIRST = "first", _("first-grade teacher")
        SECOND = "second", _("second-grade teacher")
        THIRD = "third", _("third-grade teacher")
        NONE = "none", _("no title yet")

    class Position(models.TextChoices):
        PRINCIPAL = "principal", _("principal")
        VICE = "vice", _("vice principal")
        MIDDLE = "middle", _("section head")
        TEACHER = "teacher", _("teacher")

    class Staffing(models.TextChoices):
        ESTABLISHED = "established", _("established staff")
        SPECIAL = "special", _("special-post teacher")
        AGENCY = "agency", _("personnel agency")
        TEMPORARY = "temporary", _("temporary")
        SUPPORTING = "supporting", _("sent to support the school")
        SECONDED = "seconded", _("on loan")
        RETIRED = "retired", _("re-employed after retirement")

    class Education(models.TextChoices):
        DOCTOR = "doctor", _("doctor")
        MASTER = "master", _("master")
        BACHELOR = "bachelor", _("bachelor")
        COLLEGE = "college", _("junior college")
        NORMAL = "normal", _("secondary normal school")
        OTHER = "other", _("senior high school or below")

    class BackboneKind(models.TextChoices):
        EXPERT = "expert", _("teaching expert")
        LEADER = "leader", _("subject leader")
        MASTER = "master", _("master teacher")

    reached_from = {
        "district": "township__district",
        "township": "township",
        "school": lambda s: serving(school=s.school),
        "teacher": "pk",
    }
    dated_by = "started_work_on"  # replaced by the filter: who serves at the end of a period
    picked_by_text = True
    told_apart_by = ("appointments", "school")
    shown_by = {"id_digest": "id_number"}
    since_of = {
        "title": "title_since",
        "position": "position_since",
        "staffing": "staffing_since",
        "education": "education_since",
        "backbone_level": "backbone_since",
        "backbone_kind": "backbone_since",
    }

    township = models.ForeignKey(Township, models.PROTECT, related_name="teachers", verbose_name=_("township"))
    no = models.CharField(
        _("teacher number"), max_length=20, blank=True, help_text=_("Left empty, the next free number is issued.")
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=40)
    pinyin = models.TextField(_("pinyin"), editable=False)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_digest = models.CharField(max_length=64, editable=False, blank=True)
    phone = EncryptedTextField(
        _("phone"), blank=True, validators=[RegexValidator(PHONES, _("This is no phone number: 7 to 13 digits."))]
    )
    birth_date = models.DateField(_("birth date"))
    started_work_on = models.DateField(
        _("began work on"), help_text=_("The first job, not the arrival at this school.")
    )
    education = models.CharField(_("education"), max_length=20, choices=Education, blank=True)
    education_since = models.DateField(_("education since"), null=True, blank=True)
    title = models.CharField(_("professional title"), max_length=20, choices=Title, default=Title.NONE)
    title_since = models.DateField(_("title since"), null=True, blank=True)
    position = models.CharField(_("position"), max_length=20, choices=Position, default=Position.TEACHER)
    position_since = models.DateField(_("position since"), null=True, blank=True)
    staffing = models.CharField(_("staffing"), max_length=20, choices=Staffing, default=Staffing.ESTABLISHED)
    staffing_since = models.DateField(_("staffing since"), null=True, blank=True)
    subject = models.CharField(_("main subject"), max_length=20, choices=Subject, blank=True)
    backbone_level = models.PositiveSmallIntegerField(_("backbone level"), choices=Level, default=Level.NONE)
    backbone_kind = models.CharField(_("backbone kind"), max_length=20, choices=BackboneKind, blank=True)
    backbone_since = models.DateField(_("backbone since"), null=True, blank=True)

    objects: ClassVar = TeacherQuerySet.as_manager()

    class Meta:
        verbose_name = _("teacher")
        verbose_name_plural = _("teachers")
        ordering = ["no"]
        permissions = [("view_personal_data", _("Can see ID numbers and phones in full"))]
        indexes = [models.Index(fields=["township", "name"])]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "no"],
                name="teacher_no_once_in_township",
                violation_error_message=_("The township already has a teacher with this number."),
            ),
            models.UniqueConstraint(
                fields=["township", "id_digest"],
                name="teacher_id_once_in_township",
                condition=~Q(id_digest=""),
                violation_error_message=_("The township already has a teacher with this ID number."),
            ),
            models.CheckConstraint(
                name="teacher_works_after_birth",
                condition=Q(started_work_on__gt=F("birth_date")),
                violation_error_message=_("Nobody begins work before being born."),
            ),
            models.CheckConstraint(
                name="teacher_backbone_level_known",
                condition=Q(backbone_level__lte=6),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def names(self) -> tuple[str, ...]:
        return (self.name, self.no, f"{self.name}（{self.no}）") if self.no else (self.name,)

    def aside(self) -> str:
        return getattr(self, "school_name", None) or ""

    def clean(self) -> None:
        """Tidy the name, derive what follows from the ID number, and refuse what contradicts it or cannot be."""
        self.name = tidy_name(self.name)
        self.pinyin = pinyin_of(self.name)
        self.id_number = self.id_number.strip().upper()
        self.id_digest = digest(self.id_number) if self.id_number else ""
        demand_possible(self.birth_date, self.started_work_on, "started_work_on")
        if not self.id_number:
            return
        try:
            validate_id_number(self.id_number)
        except ValidationError as error:
            raise ValidationError({"id_number": error}) from error
        if self.birth_date and self.birth_date != birth_date(self.id_number):
            raise ValidationError({"birth_date": _("The birth date differs from the one in the ID number.")})
        if self.sex and (self.sex == self.Sex.MALE) != is_male(self.id_number):
            raise ValidationError({"sex": _("The sex differs from the one in the ID number.")})

    @property
    @admin.display(description=_("ID number"))
    def masked_id_number(self) -> str:
        """Return the ID number with its middle hidden."""
        return mask(self.id_number)

    @property
    @admin.display(description=_("phone"))
    def masked_phone(self) -> str:
        """Return the phone number with its middle hidden."""
        return mask(self.phone)

    def moments(self) -> list[Moment]:
        """Return the teacher's appointments and leaves; two queries."""
        rows = self.appointments.annotate(named=read_at(Appointment, "school__name", F("starts_on")))
        found = [Moment(row.starts_on, row.ends_on, str(_("appointment")), row.named) for row in rows]
        away = self.leaves.all()
        return found + [Moment(row.starts_on, row.ends_on, str(_("leave")), row.get_kind_display()) for row in away]

    @property
    @admin.display(description=_("on leave today"))
    def leave_today(self) -> str:
        """Return the kind of the leave of today in words, empty for none; the row must be read `with_leave`."""
        return str(dict(Leave.Kind.choices).get(vars(self).get("leave_kind") or "", ""))

    def scope_on(self, day: date) -> Scope:
        """Return the teacher's scope, lying in the school of `day`; the township must be fetched."""
        school = self.appointments.filter(on_day(day)).values_list("school_id", flat=True).first()
        return Scope("teacher", self.township.district_id, self.township_id, school, self.pk)


@audited()
class TeacherPastFact(PastFact):
    """What a teacher's title, position, staffing, education or backbone level was until a day."""

    reached_from = {
        "district": "teacher__township__district",
        "township": "teacher__township",
        "school": lambda s: Q(Exists(Appointment.objects.filter(teacher=OuterRef("teacher"), school=s.school))),
        "teacher": "teacher",
    }
    of = "teacher"

    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="past", verbose_name=_("teacher"))

    class Meta:
        verbose_name = _("earlier fact of a teacher")
        verbose_name_plural = _("earlier facts of teachers")
        ordering = ["teacher__no", "-until", "fact"]
        constraints = PastFact.constraints("teacher", "teacher")


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

    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="appointments", verbose_name=_("teacher"))
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

    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="leaves", verbose_name=_("teacher"))
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

    teacher = models.ForeignKey(Teacher, models.CASCADE, related_name="assignments", verbose_name=_("teacher"))
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
