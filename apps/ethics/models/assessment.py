"""The yearly ethics assessment: its rules, and each teacher's result."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Protocol

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.labels import Label
from apps.core.models import Record, SchoolYear
from apps.core.scope import Scope
from apps.core.stamps import paired
from apps.schools.models import BY_SCHOOL, BY_TOWNSHIP, School, Township
from apps.teachers.models import Teacher

POINTS = [MinValueValidator(0), MaxValueValidator(100)]
HUNDREDTH = Decimal("0.01")


def points(label: Label, **kwargs: Any) -> models.DecimalField[Any, Any]:
    """Return a field for 0 to 100 points with two decimals."""
    return models.DecimalField(label, max_digits=5, decimal_places=2, validators=POINTS, **kwargs)


class OfTeacher(Protocol):
    """A record about a teacher at a school, either of which may not be chosen yet."""

    @property
    def school_id(self) -> int | None:
        """Return the id of the school."""

    @property
    def school(self) -> School:
        """Return the school."""

    @property
    def teacher_id(self) -> int | None:
        """Return the id of the teacher."""

    @property
    def teacher(self) -> Teacher:
        """Return the teacher."""


def same_township(record: OfTeacher, township: int | None = None) -> None:
    """Raise ValidationError unless school and teacher of `record` belong to one township: to `township` if given."""
    if not record.school_id:
        return
    if township is not None and record.school.township_id != township:
        raise ValidationError({"school": _("The school belongs to another township.")})
    if record.teacher_id and record.teacher.township_id != record.school.township_id:
        raise ValidationError({"teacher": _("The teacher belongs to another township than the school.")})


@audited()
class AssessmentCycle(Record):
    """A school year's ethics assessment in a township: dates, weights of the three sources, cut-offs.

    Weights and cut-offs differ by place; the document they come from stands beside them.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PUBLISHED = "published", _("published")

    reached_from = BY_TOWNSHIP
    dated_by = "closes_on"
    state_looks = {"open": "wait", "closed": "none", "published": "done"}

    township = models.ForeignKey(Township, models.PROTECT, related_name="cycles", verbose_name=_("township"))
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name=_("school year"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    student_weight = models.PositiveSmallIntegerField(_("weight of students (%)"), default=20)
    parent_weight = models.PositiveSmallIntegerField(_("weight of parents (%)"), default=20)
    school_weight = models.PositiveSmallIntegerField(_("weight of the school (%)"), default=60)
    excellent_from = points(_("excellent from"), default=90)
    qualified_from = points(_("qualified from"), default=70)
    basic_from = points(_("basically qualified from"), default=60)
    excellent_share = models.PositiveSmallIntegerField(
        _("at most excellent (%)"),
        default=30,
        validators=[MaxValueValidator(100)],
        help_text=_("Of each school's assessed teachers."),
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("smallest group shown"), default=5, help_text=_("Results of fewer answers are not shown to anybody.")
    )
    bar_months = models.PositiveSmallIntegerField(
        _("barred after misconduct (months)"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_(
            "After confirmed misconduct, no promotion and no honours for so long;"
            " at least 24 months by the measures of 2018, §3."
        ),
    )
    document = models.CharField(_("document"), max_length=100, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)

    class Meta:
        verbose_name = _("assessment cycle")
        verbose_name_plural = _("assessment cycles")
        ordering = ["-school_year__start_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "school_year"],
                name="cycle_once_a_year",
                violation_error_message=_("The township already has an assessment cycle for this school year."),
            ),
            models.CheckConstraint(
                name="cycle_weights_add_up",
                condition=Q(school_weight=100 - F("student_weight") - F("parent_weight")),
                violation_error_message=_("The three weights must add up to 100."),
            ),
            models.CheckConstraint(
                name="cycle_cutoffs_in_order",
                condition=Q(
                    excellent_from__gt=F("qualified_from"),
                    qualified_from__gt=F("basic_from"),
                    basic_from__gt=0,
                    excellent_from__lte=100,
                ),
                violation_error_message=_(
                    "The cut-offs must fall from excellent to basically qualified, between 0 and 100."
                ),
            ),
            models.CheckConstraint(
                name="cycle_excellent_share_is_a_percentage",
                condition=Q(excellent_share__lte=100),
                violation_error_message=_("The share of excellent teachers lies between 0 and 100 %."),
            ),
            models.CheckConstraint(
                name="cycle_bar_months_sensible",
                condition=Q(bar_months__range=(1, 120)),
                violation_error_message=_("A bar lasts 1 to 120 months."),
            ),
            models.CheckConstraint(
                name="cycle_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("A cycle closes after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return _("ethics assessment %(year)s") % {"year": self.school_year}

    def names(self) -> tuple[str, ...]:
        return (*self.school_year.names()[:-1], str(self))

    @property
    def undecided(self) -> bool:
        """Return whether a grade is still to be decided; one query."""
        return self.assessments.exclude(status="decided").exists()

    def total(self, student: Decimal | None, parent: Decimal | None, school: Decimal | None) -> Decimal | None:
        """Return the weighted total of the three sources, two decimals; None while one with weight is missing.

        A missing source is never counted as zero, and its weight is not given to the others.
        """
        parts = ((student, self.student_weight), (parent, self.parent_weight), (school, self.school_weight))
        if any(score is None for score, weight in parts if weight):
            return None
        weighed = sum((Decimal(score or 0) * weight for score, weight in parts), Decimal(0))
        return (weighed / 100).quantize(HUNDREDTH, ROUND_HALF_UP)

    def grade(self, total: Decimal | None, *, veto: bool) -> str:
        """Return the grade of a total; confirmed misconduct makes it unqualified whatever the total."""
        if veto:
            return EthicsAssessment.Grade.UNQUALIFIED
        if total is None:
            return ""
        for grade, floor in (
            (EthicsAssessment.Grade.EXCELLENT, self.excellent_from),
            (EthicsAssessment.Grade.QUALIFIED, self.qualified_from),
            (EthicsAssessment.Grade.BASIC, self.basic_from),
        ):
            if total >= floor:
                return grade
        return EthicsAssessment.Grade.UNQUALIFIED

    def excellent_limit(self, assessed: int) -> int:
        """Return how many of a school's `assessed` teachers may be excellent: the share, rounded down."""
        return assessed * self.excellent_share // 100


def published(scope: Scope) -> Q:
    """Return the condition that an assessment is the scope's teacher's, and published: earlier it is nobody's own."""
    return Q(teacher=scope.teacher, cycle__status=AssessmentCycle.Status.PUBLISHED)


@audited()
class EthicsAssessment(Record):
    """One teacher's result in a cycle: the three sources, the total, the grade."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        BASIC = "basic", _("basically qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for the office")
        DECIDED = "decided", _("decided")

    reached_from = BY_SCHOOL | {"teacher": published}
    dated_by = "cycle__closes_on"
    state_looks = {"draft": "none", "submitted": "wait", "decided": "done"}

    cycle = models.ForeignKey(
        AssessmentCycle, models.PROTECT, related_name="assessments", verbose_name=_("assessment cycle")
    )
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="assessments", verbose_name=_("teacher"))
    school = models.ForeignKey(School, models.PROTECT, related_name="assessments", verbose_name=_("school"))
    student_score = points(_("students' evaluation"), null=True, blank=True)
    parent_score = points(_("parents' questionnaire"), null=True, blank=True)
    school_score = points(_("school's evaluation"), null=True, blank=True)
    total = points(pgettext_lazy("of an assessment", "total"), null=True, blank=True, editable=False)
    grade = models.CharField(_("grade of the assessment"), max_length=20, choices=Grade, blank=True)
    note = models.TextField(_("note"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("ethics assessment")
        verbose_name_plural = _("ethics assessments")
        ordering = ["-cycle__closes_on", "school__code", "teacher__no"]
        permissions = [("decide_ethicsassessment", _("Can decide the grade of an ethics assessment"))]
        indexes = [models.Index(fields=["school", "cycle"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "teacher"],
                name="assessed_once_a_cycle",
                violation_error_message=_("The teacher is already assessed in this cycle."),
            ),
            models.CheckConstraint(
                name="assessment_scores_in_range",
                condition=(Q(student_score__isnull=True) | Q(student_score__range=(0, 100)))
                & (Q(parent_score__isnull=True) | Q(parent_score__range=(0, 100)))
                & (Q(school_score__isnull=True) | Q(school_score__range=(0, 100))),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="assessment_grade_when_decided",
                condition=(Q(status="decided") & ~Q(grade="")) | (~Q(status="decided") & Q(grade="")),
                violation_error_message=_("A decided assessment has a grade, any other has none."),
            ),
            paired(
                "decided",
                name="assessment_decided_at_and_by",
                violation_error_message=_("Who decided and when belong together."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.cycle}"

    def clean(self) -> None:
        """Count the total, let the state follow from the grade, and refuse what is of another township."""
        if self.grade:
            self.status = self.Status.DECIDED
        elif self.status == self.Status.DECIDED:
            self.status = self.Status.DRAFT
        if self.cycle_id:
            same_township(self, self.cycle.township_id)
            self.total = self.cycle.total(self.student_score, self.parent_score, self.school_score)

    @property
    def vetoed(self) -> bool:
        """Return whether misconduct received in the cycle's school year was confirmed; one query."""
        year = self.cycle.school_year
        cases = self.teacher.misconduct_cases.filter(finding="confirmed")
        return cases.filter(received_on__range=(year.starts_on, year.ends_on)).exists()

    @property
    def suggested_grade(self) -> str:
        """Return the grade that total and misconduct suggest, empty while a source is missing."""
        return self.cycle.grade(self.total, veto=self.vetoed)

    @admin.display(description=_("suggested grade"))
    def suggestion(self) -> str:
        """Return the label of the suggested grade."""
        grade = self.suggested_grade
        return str(self.Grade(grade).label) if grade else ""

    @admin.display(description=_("how it is counted"))
    def arithmetic(self) -> str:
        """Return how the total comes about, each source with its weight; a missing one is a dash."""
        cycle = self.cycle
        parts = (
            (self.student_score, cycle.student_weight),
            (self.parent_score, cycle.parent_weight),
            (self.school_score, cycle.school_weight),
        )
        terms = " + ".join(f"{'—' if score is None else score} × {weight}%" for score, weight in parts if weight)
        return f"{terms} = {'—' if self.total is None else self.total}"
