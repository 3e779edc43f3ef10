"""Observations of lessons, with the score of each rubric item."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from apps.core.actors import Actor
from apps.core.audit import audited
from apps.core.models import Record
from apps.core.scope import NO_ROWS, Scope, ScopedQuerySet, Viewer, reach
from apps.core.stamps import paired
from apps.research.models import Activity
from apps.schools.models import BY_SCHOOL, GRADES, Researcher, School, Subject
from apps.teachers.models import Teacher

from .rubric import Rubric, RubricItem


def taught_or_observed(scope: Scope) -> Q:
    """Return the condition that the scope's teacher gave or observed the lesson."""
    return Q(teacher=scope.teacher) | Q(observer_teacher=scope.teacher)


def is_entered() -> Q:
    """Return the condition that an observation is no draft: only then it counts."""
    return ~Q(status=Observation.Status.DRAFT)


class ObservationQuerySet(ScopedQuerySet["Observation"]):
    """Observations."""

    def visible_to(self, user: Viewer) -> Self:
        """Return the rows that `user` may see; teachers and researchers see nobody else's drafts.

        Who heads a school or works in the office besides sees those of the place.
        """
        rows = super().visible_to(user)
        if user.teacher_id:
            place = reach(self.model, user.scope) if user.own_scope else NO_ROWS
            return rows.filter(is_entered() | Q(observer_teacher=user.teacher_id) | place)
        if user.researcher_id:
            return rows.filter(is_entered() | Q(observer_researcher=user.researcher_id))
        return rows


@audited()
class Observation(Record):
    """One observer, one lesson (听课), scored by a rubric, with the discussion (议课).

    Several observers of one lesson make several observations; the lesson is the teacher's on that day in that period.
    """

    class LessonType(models.TextChoices):
        NEW = "new", _("new lesson")
        REVIEW = "review", _("review lesson")
        FEEDBACK = "feedback", _("feedback lesson")
        EXPERIMENT = "experiment", _("experiment lesson")
        EXERCISE = "exercise", _("exercise lesson")

    class Occasion(models.TextChoices):
        DROP_IN = "drop_in", _("drop-in lesson")
        OPEN = "open", _("open lesson")
        DEMONSTRATION = "demonstration", _("demonstration lesson")
        SHOWING = "showing", _("observation lesson")
        REPORT = "report", _("report lesson")
        RESEARCH = "research", _("research lesson")
        STANDARD = "standard", _("standard lesson")
        CONTEST = "contest", _("contest lesson")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for the teacher")
        CONFIRMED = "confirmed", _("confirmed")

    reached_from = BY_SCHOOL | {"teacher": taught_or_observed}
    dated_by = "date"
    state_looks = {"draft": "none", "submitted": "wait", "confirmed": "done"}

    school = models.ForeignKey(School, models.PROTECT, related_name="observations", verbose_name=_("school"))
    teacher = models.ForeignKey(
        Teacher, models.PROTECT, related_name="lessons", verbose_name=_("teacher of the lesson")
    )
    date = models.DateField(_("date"))
    lesson_no = models.PositiveSmallIntegerField(
        _("lesson of the day"), default=1, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    subject = models.CharField(_("subject"), max_length=20, choices=Subject)
    grade = models.PositiveSmallIntegerField(_("grade"), choices=GRADES)
    class_name = models.CharField(_("class"), max_length=20, blank=True)
    topic = models.CharField(_("topic of the lesson"), max_length=100)
    lesson_type = models.CharField(_("lesson type"), max_length=20, choices=LessonType, default=LessonType.NEW)
    occasion = models.CharField(_("occasion"), max_length=20, choices=Occasion, default=Occasion.DROP_IN)
    activity = models.ForeignKey(
        Activity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("part of the activity"),
    )
    observer_teacher = models.ForeignKey(
        Teacher, models.PROTECT, null=True, blank=True, related_name="observations", verbose_name=_("observing teacher")
    )
    observer_researcher = models.ForeignKey(
        Researcher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="observations",
        verbose_name=_("observing researcher"),
    )
    observer_name = models.CharField(
        _("other observer"), max_length=40, blank=True, help_text=_("Somebody from the education office or elsewhere.")
    )
    rubric = models.ForeignKey(
        Rubric, models.PROTECT, null=True, blank=True, related_name="observations", verbose_name=_("rubric")
    )
    score = models.DecimalField(
        _("score"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    process = models.TextField(_("course of the lesson"), blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    suggestions = models.TextField(_("suggestions"), blank=True)
    discussion = models.TextField(_("discussion of the lesson"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    objects: ClassVar = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["-date", "school__code", "lesson_no"]
        permissions = [("confirm_observation", _("Can confirm an observation of an own lesson"))]
        indexes = [
            models.Index(fields=["school", "date"]),
            models.Index(fields=["teacher", "date"]),
            models.Index(fields=["observer_teacher", "date"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "date", "lesson_no", "observer_teacher"],
                name="observation_once_by_teacher",
                condition=Q(observer_teacher__isnull=False),
                violation_error_message=_("This observer has already recorded this lesson."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "date", "lesson_no", "observer_researcher"],
                name="observation_once_by_researcher",
                condition=Q(observer_researcher__isnull=False),
                violation_error_message=_("This observer has already recorded this lesson."),
            ),
            models.CheckConstraint(
                name="observation_has_one_observer",
                condition=Q(observer_teacher__isnull=False, observer_researcher__isnull=True, observer_name="")
                | Q(observer_teacher__isnull=True, observer_researcher__isnull=False, observer_name="")
                | (Q(observer_teacher__isnull=True, observer_researcher__isnull=True) & ~Q(observer_name="")),
                violation_error_message=_("Name one observer: a teacher, a researcher, or somebody else."),
            ),
            models.CheckConstraint(
                name="observation_not_of_oneself",
                condition=Q(observer_teacher__isnull=True) | ~Q(observer_teacher=F("teacher")),
                violation_error_message=_("Nobody observes an own lesson."),
            ),
            models.CheckConstraint(
                name="observation_score_in_range",
                condition=Q(score__isnull=True) | Q(score__range=(0, 100)),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="observation_score_needs_rubric",
                condition=Q(score__isnull=True) | Q(rubric__isnull=False),
                violation_error_message=_("Choose the rubric by which the lesson was scored."),
            ),
            models.CheckConstraint(
                name="observation_grade_between_1_and_9",
                condition=Q(grade__range=(1, 9)),
                violation_error_message=_("Choose a grade from the list."),
            ),
            paired(
                "confirmed",
                name="observation_confirmed_at_and_by",
                violation_error_message=_("Who confirmed and when belong together."),
            ),
        ]

    # While a workbook is imported: the items' scores were read; the total is a sum that the workbook left out; who
    # has just written the row.
    items_read = False
    total_kept = False
    written_by: Actor | None = None

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d} {self.teacher} {self.topic}"

    def clean(self) -> None:
        """Refuse a rubric of another township than the school's."""
        if self.rubric and self.school_id and self.rubric.township_id != self.school.township_id:
            raise ValidationError({"rubric": _("The rubric belongs to another township.")})

    @property
    @admin.display(description=_("subject and grade"))
    def lesson(self) -> str:
        """Return subject and grade."""
        return f"{self.get_subject_display()} {self.get_grade_display()}"

    @property
    def scored_items(self) -> "models.QuerySet[ObservationScore]":
        """Return the scores of the rubric's items, in their order."""
        return self.scores.select_related("item").order_by("item__order")

    @property
    @admin.display(description=_("observer"))
    def observer(self) -> str:
        """Return the observer's name."""
        return str(self.observer_teacher or self.observer_researcher or self.observer_name)

    @property
    @admin.display(description=_("verdict"))
    def verdict(self) -> str:
        """Return the grade of the score by its rubric's cut-offs (a score at a cut-off has reached it), or nothing."""
        if self.score is None or not self.rubric:
            return ""
        for name, floor in (
            (pgettext("verdict", "excellent"), self.rubric.excellent_from),
            (pgettext("verdict", "good"), self.rubric.good_from),
            (pgettext("verdict", "fair"), self.rubric.fair_from),
        ):
            if self.score >= floor:
                return name
        return pgettext("verdict", "unqualified")


@audited()
class ObservationScore(Record):
    """The score of one rubric item; the item's maximum is kept with it, so that the database can check the range."""

    reached_from = {
        "district": "observation__school__township__district",
        "township": "observation__school__township",
        "school": "observation__school",
        "teacher": "observation__teacher",
    }

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="scores", verbose_name=_("observation"))
    item = models.ForeignKey(RubricItem, models.PROTECT, related_name="+", verbose_name=_("rubric item"))
    maximum = models.DecimalField(_("maximum"), max_digits=4, decimal_places=1, editable=False)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("item score")
        verbose_name_plural = _("item scores")
        ordering = ["observation", "item__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["observation", "item"],
                name="item_scored_once",
                violation_error_message=_("The item is already scored."),
            ),
            models.CheckConstraint(
                name="item_score_within_maximum",
                condition=Q(score__gte=0, score__lte=F("maximum")),
                violation_error_message=_("A score lies between 0 and the item's maximum."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.score}"
