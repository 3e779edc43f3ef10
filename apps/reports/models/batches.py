"""Batches: the summaries of all schools, or the files of all teachers of a school, made in the background as a zip."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited, not_audited
from apps.core.jobs import Job, JobQuerySet
from apps.core.models import Record
from apps.core.periods import Period
from apps.schools.models import School, Township
from apps.teachers.models import Teacher

# So many days a zip can be downloaded.
KEPT_DAYS = 14


class SummaryBatchQuerySet(JobQuerySet["SummaryBatch"]):
    """Batches."""

    def outdated(self) -> "SummaryBatchQuerySet":
        """Return those whose zip has been kept long enough."""
        return self.filter(status=SummaryBatch.Status.DONE, ended__lt=timezone.now() - timedelta(days=KEPT_DAYS))


@audited(without=["attempt", "beat"])
class SummaryBatch(Job):
    """One zip that somebody asked for: of which place, which documents, for which period, and how far it is."""

    class What(models.TextChoices):
        SCHOOLS = "schools", _("summaries of all schools")
        TEACHERS = "teachers", _("development files of all teachers of a school")

    class Form(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"

    class Status(models.TextChoices):
        RUNNING = "running", _("being made")
        PACKING = "packing", _("being packed")
        INCOMPLETE = "incomplete", _("some documents failed")
        DONE = "done", _("ready to download")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    waiting, at_work = (Status.INCOMPLETE,), (Status.RUNNING, Status.PACKING)
    reached_from = {"district": "township__district", "township": "township", "school": "school"}
    dated_by = ("starts_on", "ends_on")
    state_looks = {
        "running": "wait",
        "packing": "wait",
        "incomplete": "late",
        "done": "done",
        "cancelled": "none",
        "expired": "none",
    }

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("started by")
    )
    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    school = models.ForeignKey(
        School, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("school"),
        help_text=_("Whose teachers' files are made."),
    )  # fmt: skip
    what = models.CharField(_("documents"), max_length=10, choices=What, default=What.SCHOOLS)
    form = models.CharField(_("file format"), max_length=5, choices=Form, default=Form.PDF)
    period_code = models.CharField(_("period"), max_length=10)
    period_label = models.CharField(_("name of the period"), max_length=40)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    total = models.PositiveIntegerField(_("documents in all"), default=0)
    file = models.FileField(_("zip file"), upload_to="batches/", blank=True)

    objects: ClassVar = SummaryBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of summaries")
        verbose_name_plural = _("batches of summaries")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["township", "-created_at"]), models.Index(fields=["school", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "what", "period_code", "form"],
                condition=Q(school__isnull=True, status__in=["running", "packing"]),
                name="batch_of_township_runs_once",
                violation_error_message=_("The same documents are being made already."),
            ),
            models.UniqueConstraint(
                fields=["school", "what", "period_code", "form"],
                condition=Q(school__isnull=False, status__in=["running", "packing"]),
                name="batch_of_school_runs_once",
                violation_error_message=_("The same documents are being made already."),
            ),
            models.CheckConstraint(
                name="batch_school_for_teachers",
                condition=Q(what="schools", school__isnull=True) | Q(what="teachers", school__isnull=False),
                violation_error_message=_("Name the school whose teachers' files are made, and no school otherwise."),
            ),
            models.CheckConstraint(
                name="batch_done_has_its_file",
                condition=~Q(status="done") | (Q(ended__isnull=False) & ~Q(file="")),
                violation_error_message=_("A batch that is done has its zip."),
            ),
        ]

    def __str__(self) -> str:
        names = {"place": self.school if self.school_id else self.township, "period": self.period_label}
        if self.school_id:
            return str(_("%(place)s, development files of the teachers, %(period)s") % names)
        return str(_("%(place)s, summaries of the schools, %(period)s") % names)

    @property
    def period(self) -> Period:
        """Return the period whose records are counted."""
        return Period(self.period_code, self.starts_on, self.ends_on, self.period_label)

    @property
    def made(self) -> int:
        """Return how many documents are ready; all of them once the zip is packed."""
        if self.status in (self.Status.DONE, self.Status.EXPIRED):
            return self.total - self.pieces.filter(status=SummaryPiece.Status.FAILED).count()
        return self.pieces.filter(status=SummaryPiece.Status.DONE).count()

    @property
    @display(description=_("can be downloaded until"))
    def expires_on(self) -> date | None:
        """Return the last day on which the zip can be downloaded, None before it is there."""
        if self.status != self.Status.DONE:
            return None
        return timezone.localdate(self.ended) + timedelta(days=KEPT_DAYS)

    @property
    def failures(self) -> "models.QuerySet[SummaryPiece]":
        """Return the documents that could not be made."""
        return self.pieces.filter(status=SummaryPiece.Status.FAILED)


@not_audited(because="Workers write it; what people do is done to its batch.")
class SummaryPiece(Record):
    """One document of a batch: the summary of a school, or the file of a teacher."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being made")
        DONE = "done", _("made")
        FAILED = "failed", _("failed")

    reached_from = {level: f"batch__{way}" for level, way in SummaryBatch.reached_from.items()}
    dated_by = ("batch__starts_on", "batch__ends_on")

    batch = models.ForeignKey(SummaryBatch, models.CASCADE, related_name="pieces", verbose_name=_("batch of summaries"))
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name=_("school"))
    teacher = models.ForeignKey(
        Teacher, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("teacher")
    )
    name = models.CharField(_("file name"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    file = models.FileField(_("file"), upload_to="batches/pieces/", blank=True)
    error = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("document of a batch")
        verbose_name_plural = _("documents of batches")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "name"],
                name="piece_name_once",
                violation_error_message=_("Two documents of a batch have the same name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the batch's page."""
        return self.batch.get_absolute_url()
