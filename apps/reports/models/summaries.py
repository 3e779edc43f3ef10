"""Summaries, their sections, and the versions that were finalised."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.stamps import paired
from apps.schools.models import School, Township
from apps.teachers.models import Appointment, Teacher, on_day

from .letterhead import LETTERHEAD_CONSTRAINTS, Letterheaded


def reached_by(prefix: str) -> dict[str, Any]:
    """Return how rows are reached whose summary is at `prefix`: a township's own summary is in no school's scope.

    A school reaches the files of the teachers who belong to it on the period's last day.
    """

    def of_school(scope: Scope) -> Q:
        there = Appointment.objects.filter(
            on_day(OuterRef(f"{prefix}ends_on")), teacher=OuterRef(f"{prefix}teacher"), school=scope.school
        )
        return Q(**{f"{prefix}school": scope.school}) | Q(Exists(there))

    return {
        "district": f"{prefix}township__district",
        "township": f"{prefix}township",
        "school": of_school,
        "teacher": f"{prefix}teacher",
    }


@audited()
class AnnualSummary(Letterheaded):
    """The summary of a township, a school or a teacher for a period: a draft, or finalised as a version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("under review")
        FINALISED = "finalised", _("finalised")

    reached_from = reached_by("")
    dated_by = ("starts_on", "ends_on")
    state_looks = {"draft": "wait", "review": "wait", "finalised": "done"}

    township = models.ForeignKey(Township, models.PROTECT, related_name="summaries", verbose_name=_("township"))
    school = models.ForeignKey(
        School,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="summaries",
        verbose_name=_("school"),
        help_text=_("Leave empty for the summary of the whole township."),
    )
    teacher = models.ForeignKey(
        Teacher,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="summaries",
        verbose_name=_("teacher"),
        help_text=_("For a teacher's development file only."),
    )
    period_code = models.CharField(_("period"), max_length=10)
    period_label = models.CharField(_("name of the period"), max_length=40)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    title = models.CharField(_("title"), max_length=100)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("reviewer"),
    )

    class Meta:
        verbose_name = _("annual summary")
        verbose_name_plural = _("annual summaries")
        ordering = ["-starts_on", "township__code", "school__code", "teacher__no"]
        permissions = [("finalise_annualsummary", _("Can finalise and reopen annual summaries"))]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "period_code"],
                condition=Q(school__isnull=True, teacher__isnull=True),
                name="summary_once_of_township",
                violation_error_message=_("The township already has a summary for this period."),
            ),
            models.UniqueConstraint(
                fields=["school", "period_code"],
                condition=Q(school__isnull=False),
                name="summary_once_of_school",
                violation_error_message=_("The school already has a summary for this period."),
            ),
            models.UniqueConstraint(
                fields=["teacher", "period_code"],
                condition=Q(teacher__isnull=False),
                name="summary_once_of_teacher",
                violation_error_message=_("The teacher already has a file for this period."),
            ),
            models.CheckConstraint(
                name="summary_of_one_place",
                condition=Q(school__isnull=True) | Q(teacher__isnull=True),
                violation_error_message=_("A summary is of a school or of a teacher, not of both."),
            ),
            models.CheckConstraint(
                name="summary_reviewer_in_review",
                condition=Q(reviewer__isnull=True) | Q(status="review"),
                violation_error_message=_("Only a summary under review has a reviewer."),
            ),
            models.CheckConstraint(
                name="summary_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("The period must end after it begins."),
            ),
            *LETTERHEAD_CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        for name in ("school", "teacher"):
            place = getattr(self, name) if getattr(self, f"{name}_id") else None
            if place and self.township_id and place.township_id != self.township_id:
                raise ValidationError({name: _("This belongs to another township.")})

    @property
    def is_open(self) -> bool:
        """Return whether the figures are still live and the text can be changed."""
        return self.status != self.Status.FINALISED

    @property
    def place(self) -> Township | School | Teacher:
        """Return what the summary is of."""
        return self.teacher or self.school or self.township

    @property
    def kind(self) -> str:
        """Return which kind of place the summary is of: township, school or teacher."""
        return "teacher" if self.teacher_id else "school" if self.school_id else "township"

    @property
    def scope(self) -> Scope:
        """Return the scope whose records are counted."""
        if self.teacher:
            return self.teacher.scope_on(self.ends_on)
        return self.school.scope if self.school else self.township.scope

    @property
    def period(self) -> Period:
        """Return the period whose records are counted."""
        return Period(self.period_code, self.starts_on, self.ends_on, self.period_label)

    @property
    def outline(self) -> "models.QuerySet[SummarySection]":
        """Return the sections that stand in the summary, in their order."""
        return self.sections.filter(dropped=False).order_by("order", "pk")

    @property
    def latest_version(self) -> "SummaryVersion | None":
        """Return the version finalised last."""
        return self.versions.order_by("-number").first()


@audited(without=["keys"])
class SummarySection(Record):
    """A heading of a summary with its text: the default prose of its `keys` until somebody writes another."""

    reached_from = reached_by("summary__")
    dated_by = ("summary__starts_on", "summary__ends_on")

    summary = models.ForeignKey(
        AnnualSummary, models.CASCADE, related_name="sections", verbose_name=_("annual summary")
    )
    order = models.PositiveSmallIntegerField(_("order"), help_text=_("Sections stand in the order of these numbers."))
    level = models.PositiveSmallIntegerField(
        _("heading level"),
        default=1,
        choices=[(1, "一、"), (2, "（一）"), (3, "1.")],
        validators=[MinValueValidator(1), MaxValueValidator(3)],
        help_text=_("Headings are numbered by their level."),
    )
    heading = models.CharField(
        _("heading"), max_length=60, blank=True, help_text=_("Without its number. Empty for text without a heading.")
    )
    keys = models.CharField(_("section keys"), max_length=200, blank=True, editable=False)
    text = models.TextField(
        _("text"), blank=True, help_text=_("One paragraph a line; a label in braces stands for a figure.")
    )
    edited = models.BooleanField(_("text changed by hand"), default=False, editable=False)
    dropped = models.BooleanField(_("left out"), default=False, editable=False)

    class Meta:
        verbose_name = _("section of a summary")
        verbose_name_plural = _("sections of summaries")
        ordering = ["summary", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="section_level_between_1_and_3",
                condition=Q(level__range=(1, 3)),
                violation_error_message=_("Choose a level from the list."),
            )
        ]

    def __str__(self) -> str:
        return self.heading or str(_("Text without a heading"))

    def clean(self) -> None:
        if self.summary_id and not self.summary.is_open:
            raise ValidationError(_("The summary is finalised. Reopen it before you change it."))

    def get_absolute_url(self) -> str:
        """Return the address of the section on its summary's page."""
        return f"{reverse('reports:annualsummary_detail', args=[self.summary_id])}#section-{self.pk}"

    @property
    def history_url(self) -> str:
        """Return the address of the section's earlier texts."""
        return reverse("reports:summarysection_history", args=[self.pk])

    @property
    def key_list(self) -> tuple[str, ...]:
        """Return the keys of the chapters' sections that stand here."""
        return tuple(self.keys.split())


def version_path(version: "SummaryVersion", name: str) -> str:
    """Return where the PDF of a version is stored."""
    return f"summaries/{version.summary_id}/{version.number}.pdf"


def records_path(version: "SummaryVersion", name: str) -> str:
    """Return where the list of the records that a version counted is stored."""
    return f"summaries/{version.summary_id}/{version.number}.json.gz"


@audited(without=["figures", "content"])
class SummaryVersion(Record):
    """A finalised summary: its figures, text and PDF as they were, and why it was reopened later, if it was."""

    reached_from = reached_by("summary__")
    dated_by = ("summary__starts_on", "summary__ends_on")

    summary = models.ForeignKey(
        AnnualSummary, models.PROTECT, related_name="versions", verbose_name=_("annual summary")
    )
    number = models.PositiveSmallIntegerField(_("version number"), validators=[MinValueValidator(1)])
    figures = models.JSONField(_("figures"), default=dict)
    content = models.JSONField(_("content"), default=dict)
    pdf = models.FileField(_("PDF"), upload_to=version_path)
    records = models.FileField(_("records counted"), upload_to=records_path, blank=True)
    sha256 = models.CharField(_("SHA-256 of the PDF"), max_length=64)
    finalised_at = models.DateTimeField(_("finalised at"), null=True)
    finalised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("finalised by")
    )
    reason = models.CharField(_("reason for reopening"), max_length=200, blank=True)
    reopened_at = models.DateTimeField(_("reopened at"), null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reopened by")
    )

    class Meta:
        verbose_name = _("finalised version")
        verbose_name_plural = _("finalised versions")
        ordering = ["summary", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "number"],
                name="version_number_once",
                violation_error_message=_("The summary already has a version of this number."),
            ),
            paired(
                "finalised",
                name="version_finalised_paired",
                violation_error_message=_("A version says when and by whom it was finalised."),
            ),
            paired(
                "reopened",
                name="version_reopened_paired",
                reason="reason",
                violation_error_message=_("A reopened version says when, by whom and why."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("version %(number)d") % {"number": self.number})

    def get_absolute_url(self) -> str:
        """Return the address of the summary's page."""
        return reverse("reports:annualsummary_detail", args=[self.summary_id])
