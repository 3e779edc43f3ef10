"""School years and terms, and what every record has in common."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _

from .audit import audited, not_audited
from .constraints import NoOverlap
from .glyphs import readable
from .names import ordinary
from .scope import Scoped, ScopedQuerySet


class Record(Scoped):
    """A row that people keep: scoped, dated, and guarded against two people writing at once.

    A model says how it is reached from each level of scope (`reached_from`), by which field or span its rows are
    dated (`dated_by`), and whether forms pick it by typing its name rather than from a list (`picked_by_text`).
    """

    shown_by: ClassVar[Mapping[str, str]] = {}
    picked_by_text: ClassVar[bool] = False
    # What tells two rows of one name apart in a workbook: a set of other rows, and their field for a school.
    told_apart_by: ClassVar[tuple[str, str] | None] = None
    # How a state looks, value → done, wait, late or none.
    state_looks: ClassVar[Mapping[str, str]] = {}

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """Return the address of the record's page."""
        return reverse(f"{self._meta.app_label}:{self._meta.model_name}_detail", args=[self.pk])

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Check every field, after taking out what is no text, and writing ordinary characters for radicals."""
        for field in self._meta.concrete_fields:
            value = None if exclude and field.name in exclude else getattr(self, field.attname)
            if isinstance(value, str):
                setattr(self, field.attname, ordinary(readable(value)))
        super().clean_fields(exclude=exclude)

    def names(self) -> tuple[str, ...]:
        """Return the texts by which people and workbooks call this row, the preferred first, the surest last."""
        return (str(self),)

    def aside(self) -> str:
        """Return what stands beside the surest name where rows are suggested, to tell them apart; mostly nothing."""
        return ""

    @classproperty
    def label(cls) -> str:  # noqa: N805  (a class property takes the class)
        """Return the model's label, as in permissions."""
        return cls._meta.label_lower


@audited()
class SchoolYear(Record):
    """A school year (学年), named by the calendar year in which it begins."""

    reached_from = dict.fromkeys(("district", "township", "school", "teacher"), lambda scope: Q())
    dated_by = ("starts_on", "ends_on")

    start_year = models.PositiveSmallIntegerField(
        _("begins in"), unique=True, validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("school year")
        verbose_name_plural = _("school years")
        ordering = ["-start_year"]
        constraints = [
            models.CheckConstraint(
                name="schoolyear_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A school year must end after it begins."),
            ),
            NoOverlap(
                name="schoolyear_no_overlap",
                span=("starts_on", "ends_on"),
                violation_error_message=_("Two school years must not overlap."),
            ),
        ]

    def __str__(self) -> str:
        return _("school year %(first)d–%(second)d") % {"first": self.start_year, "second": self.start_year + 1}

    def names(self) -> tuple[str, ...]:
        first, last = self.start_year, self.start_year + 1
        written = (f"{first}{sign}{last}{end}" for sign in "-—–~" for end in ("", "学年", "学年度"))
        return (str(first), f"{first}学年", *written, str(self))

    def following(self) -> "SchoolYear | None":
        """Return the next school year, None where it is not there yet."""
        return SchoolYear.objects.filter(start_year=self.start_year + 1).first()

    @classmethod
    def containing(cls, day: date) -> "SchoolYear | None":
        """Return the school year into which `day` falls, else the last one before it, else the first, else None."""
        years = cls.objects.order_by("-starts_on")
        return years.filter(starts_on__lte=day).first() or years.last()


@audited()
class Term(Record):
    """A term (学期) of a school year."""

    reached_from = SchoolYear.reached_from
    dated_by = ("starts_on", "ends_on")

    school_year = models.ForeignKey(SchoolYear, models.CASCADE, related_name="terms", verbose_name=_("school year"))
    number = models.PositiveSmallIntegerField(_("term number"), choices=[(1, _("first term")), (2, _("second term"))])
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["-school_year__start_year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["school_year", "number"],
                name="term_once_in_year",
                violation_error_message=_("This school year already has this term."),
            ),
            models.CheckConstraint(
                name="term_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A term must end after it begins."),
            ),
            NoOverlap(
                name="term_no_overlap",
                span=("starts_on", "ends_on"),
                violation_error_message=_("Two terms must not overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_year}{self.get_number_display()}"

    def names(self) -> tuple[str, ...]:
        return (f"{self.school_year.start_year}-{self.number}", str(self))

    def following(self) -> "Term | None":
        """Return the next term, None where it is not there yet."""
        later = Term.objects.filter(starts_on__gt=self.starts_on).select_related("school_year")
        return later.order_by("starts_on").first()

    def clean(self) -> None:
        year = self.school_year if self.school_year_id else None
        if (
            year
            and self.starts_on
            and self.ends_on
            and (self.starts_on < year.starts_on or self.ends_on > year.ends_on)
        ):
            raise ValidationError({"ends_on": _("A term must lie within its school year.")})


@not_audited(because="It hides a reminder and says nothing of the town.")
class SetAside(models.Model):
    """A step of the start page's checklist that an office has put off (稍后)."""

    place = models.CharField(_("place"), max_length=40)
    step = models.CharField(_("step"), max_length=40)

    class Meta:
        verbose_name = _("step put off")
        verbose_name_plural = _("steps put off")
        constraints = [models.UniqueConstraint(fields=["place", "step"], name="step_put_off_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.step}"
