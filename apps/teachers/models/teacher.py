"""Teachers, with the facts of theirs that change."""

from datetime import date
from typing import ClassVar, Self

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.fields import EncryptedTextField, digest
from apps.core.names import one_dot, ordinary, tidy_name
from apps.core.past import Day, FactsQuerySet, KeepsFacts, Moment, PastFact, read_at, value_on
from apps.core.periods import Period
from apps.core.pinyin import pinyin_of, reads_as
from apps.core.scope import Scope
from apps.schools.models import Level, Subject, Township
from apps.teachers.id_numbers import birth_date, is_male, mask, validate_id_number

from .service import Appointment, Leave, demand_possible, on_day, serving

# One phone number or several, with the signs that people put between digits.
PHONES = r"^\+?\d[\d\- ]{5,16}\d(?:[、,，;；/ ]\s*\+?\d[\d\- ]{5,16}\d)*\Z"


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
