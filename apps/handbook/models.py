"""The action handbook (行动手册): what it asks for in three dimensions, what teachers wrote, how it scores."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record, Term
from apps.core.scope import NO_ROWS, Viewer
from apps.core.stamps import paired
from apps.schools.models import BY_SCHOOL, BY_TOWNSHIP, School, Township
from apps.teachers.models import Appointment, Teacher, on_day


@audited()
class Requirement(Record):
    """What the handbook asks of every teacher in a term: so many entries of a kind, worth so many points."""

    class Dimension(models.TextChoices):
        ROUTINE = "routine", _("routine teaching")
        CLASSROOM = "classroom", _("efficient classroom")
        RESEARCH = "research", _("school-based research")

    class Kind(models.TextChoices):
        LESSON_PLAN = "lesson_plan", _("lesson plan")
        HOMEWORK = "homework", _("homework marking")
        TUTORING = "tutoring", _("tutoring and tests")
        LEARNING_GUIDE = "learning_guide", _("learning guide")
        LESSON_GIVEN = "lesson_given", _("lesson given")
        LESSON_OBSERVED = "lesson_observed", _("lesson observed")
        READING = "reading", _("reading note")
        REFLECTION = "reflection", _("teaching reflection")
        SALON = "salon", _("salon note")
        TRAINING = "training", _("training note")

    reached_from = BY_TOWNSHIP
    dated_by = ("term__starts_on", "term__ends_on")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", verbose_name=_("term"))
    dimension = models.CharField(_("dimension"), max_length=20, choices=Dimension)
    kind = models.CharField(_("kind of entry"), max_length=20, choices=Kind)
    minimum = models.PositiveSmallIntegerField(
        _("entries asked for"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    points = models.PositiveSmallIntegerField(
        _("points in the score"),
        default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("What the full number counts in the handbook score of the year."),
    )
    document = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("handbook requirement")
        verbose_name_plural = _("handbook requirements")
        ordering = ["-term__starts_on", "dimension", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "term", "kind"],
                name="requirement_once_a_term",
                violation_error_message=_("This kind of entry is already asked for in this term."),
            ),
            models.CheckConstraint(
                name="requirement_asks_for_something",
                condition=Q(minimum__gte=1),
                violation_error_message=_("Ask for at least one entry."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.get_kind_display()}"

    def names(self) -> tuple[str, ...]:
        return (f"{self.term.school_year.start_year}-{self.term.number} {self.get_kind_display()}", str(self))


def waits_for(user: Viewer) -> Q:
    """Return the condition that an entry waits for a review by `user`, who reviews entries.

    Never the user's own, nor those of the principal who heads the school as `user`: the office reviews them.
    """
    own = NO_ROWS
    if user.teacher_id:
        own = Q(teacher=user.teacher_id)
    elif user.school_id:
        own = Q(school=user.school_id, teacher__position=Teacher.Position.PRINCIPAL)
    return Q(status=HandbookEntry.Status.SUBMITTED) & ~own


def handed_in(prefix: str = "") -> Q:
    """Return the condition that an entry is out of its teacher's hands: it waits for review, or is approved."""
    return Q(**{f"{prefix}status__in": [HandbookEntry.Status.SUBMITTED, HandbookEntry.Status.APPROVED]})


def asked_at(school: int) -> Q:
    """Return the condition that an entry counts for this school: its teacher serves there on its term's last day.

    Terms that are still to begin ask for nothing yet.
    """
    there = Appointment.objects.filter(
        on_day(OuterRef("requirement__term__ends_on")), teacher=OuterRef("teacher"), school=school
    )
    return Q(Exists(there), requirement__term__starts_on__lte=timezone.localdate())


def unfinished(teacher: int) -> Q:
    """Return the condition that this teacher has not handed in enough under a requirement.

    It asks those who serve in its township on its term's last day, once the term has begun.
    """
    serving = Appointment.objects.filter(
        on_day(OuterRef("term__ends_on")), teacher=teacher, school__township=OuterRef("township")
    )
    entries = HandbookEntry.objects.filter(handed_in(), teacher=teacher, requirement=OuterRef("pk")).order_by()
    number = Coalesce(Subquery(entries.values("requirement").annotate(number=Count("pk")).values("number")), 0)
    return Q(Exists(serving), GreaterThan(F("minimum"), number), term__starts_on__lte=timezone.localdate())


@audited()
class HandbookEntry(Record):
    """What a teacher wrote under a requirement; a principal or the office reviews it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("waiting for review")
        RETURNED = "returned", _("returned for revision")
        APPROVED = "approved", _("approved")

    class Quality(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        GOOD = "good", _("good")
        FAIR = "fair", _("fair")

    reached_from = BY_SCHOOL | {"teacher": "teacher"}
    dated_by = "date"
    state_looks = {"draft": "none", "submitted": "wait", "returned": "late", "approved": "done"}

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="handbook_entries", verbose_name=_("teacher"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="entries", verbose_name=_("requirement"))
    date = models.DateField(_("date"))
    title = models.CharField(_("title"), max_length=100)
    content = models.TextField(_("content"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    quality = models.CharField(_("quality"), max_length=20, choices=Quality, blank=True)
    comment = models.TextField(_("reviewer's comment"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewed by"),
    )

    class Meta:
        verbose_name = _("handbook entry")
        verbose_name_plural = _("handbook entries")
        ordering = ["-date", "teacher__no", "title"]
        permissions = [("review_handbookentry", _("Can review handbook entries"))]
        indexes = [models.Index(fields=["school", "date"]), models.Index(fields=["teacher", "date"])]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "requirement", "date", "title"],
                name="entry_once",
                violation_error_message=_("The teacher already has this entry."),
            ),
            models.CheckConstraint(
                name="entry_quality_when_approved",
                condition=Q(quality="") | Q(status="approved"),
                violation_error_message=_("Only an approved entry has a quality."),
            ),
            paired(
                "reviewed",
                name="entry_reviewed_at_and_by",
                violation_error_message=_("Who reviewed and when belong together."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Return whether the entry is still in its teacher's hands."""
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)

    def clean(self) -> None:
        """Refuse a day outside the requirement's term."""
        term = self.requirement.term if self.requirement_id else None
        if term and self.date and not term.starts_on <= self.date <= term.ends_on:
            raise ValidationError({"date": _("The day lies outside the term of the requirement.")})


REVIEWED = (HandbookEntry.Status.RETURNED, HandbookEntry.Status.APPROVED)


@audited()
class HandbookScore(Record):
    """A teacher's handbook score of a school year; it counts in the performance appraisal (业绩考核)."""

    reached_from = BY_SCHOOL | {"teacher": "teacher"}
    dated_by = "closed_on"

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="handbook_scores", verbose_name=_("teacher"))
    closed_on = models.DateField(_("year closed on"))
    asked = models.PositiveSmallIntegerField(_("entries asked for"))
    done = models.PositiveSmallIntegerField(
        _("entries approved"), help_text=_("At most as many as asked for of each kind.")
    )
    score = models.DecimalField(
        _("handbook score"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = _("handbook score")
        verbose_name_plural = _("handbook scores")
        ordering = ["-closed_on", "school__code", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["teacher", "closed_on"],
                name="handbook_scored_once",
                violation_error_message=_("The teacher already has a handbook score of this day."),
            ),
            models.CheckConstraint(
                name="handbook_score_in_range",
                condition=Q(score__range=(0, 100)),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="handbook_done_at_most_asked",
                condition=Q(done__lte=models.F("asked")),
                violation_error_message=_("No more entries can count than were asked for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.score}"
