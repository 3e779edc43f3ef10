"""Exports: workbooks that are too long to be waited for, made in the background for who asked."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import not_audited
from apps.core.jobs import Job, JobQuerySet
from apps.core.models import SchoolYear
from apps.core.scope import Viewer
from apps.schools.models import School, Township

# So many days a finished workbook can be downloaded.
KEPT_DAYS = 7


class WorkbookExportQuerySet(JobQuerySet["WorkbookExport"]):
    """Exports: everybody sees the own ones, and nobody those of others."""

    def visible_to(self, user: Viewer) -> "WorkbookExportQuerySet":
        """Return those that `user` has asked for."""
        return self.filter(user=getattr(user, "pk", None) or 0)

    def outdated(self) -> "WorkbookExportQuerySet":
        """Return those whose file has been kept long enough."""
        return self.filter(status=WorkbookExport.Status.DONE, ended__lt=timezone.now() - timedelta(days=KEPT_DAYS))


@not_audited(because="It changes no record; what it holds, who asked may see anyway.")
class WorkbookExport(Job):
    """One workbook that somebody asked for: a school year's, or a list as it is filtered; how far it is, its file."""

    class Status(models.TextChoices):
        RUNNING = "running", _("being made")
        FAILED = "failed", _("could not be made")
        DONE = "done", _("ready to download")
        CANCELLED = "cancelled", _("cancelled")
        EXPIRED = "expired", _("expired")

    waiting, at_work = (Status.FAILED,), (Status.RUNNING,)
    reached_from: ClassVar = {"district": "township__district", "township": "township", "school": "school"}
    state_looks: ClassVar = {
        "running": "wait",
        "failed": "late",
        "done": "done",
        "cancelled": "none",
        "expired": "none",
    }

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked for by"))
    # Of a school year's workbook: its place. Of a list: which records, and the filter of its address.
    township = models.ForeignKey(
        Township, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("township")
    )
    school = models.ForeignKey(
        School, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    school_year = models.ForeignKey(
        SchoolYear, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("school year")
    )
    listed = models.CharField(_("kind of record"), max_length=60, blank=True)
    query = models.TextField(_("filter"), blank=True)
    # Tells what was asked for from what else the same person asks for.
    inputs = models.CharField(_("digest of what was asked for"), max_length=64, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RUNNING)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    written = models.PositiveIntegerField(_("rows written"), default=0)
    file = models.FileField(_("Excel file"), upload_to="exports/", blank=True)

    objects: ClassVar = WorkbookExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Excel export")
        verbose_name_plural = _("Excel exports")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "-created_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "inputs"],
                condition=Q(status="running"),
                name="export_runs_once",
                violation_error_message=_("The same workbook is being made already."),
            ),
            models.CheckConstraint(
                name="export_done_has_its_file",
                condition=~Q(status="done") | (Q(ended__isnull=False) & ~Q(file="")),
                violation_error_message=_("An export that is done has its file."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def look(self) -> str:
        """Return how its state looks."""
        return self.state_looks[self.status]

    @property
    def progress(self) -> int:
        """Return how far it is, in per cent."""
        return min(100, self.written * 100 // self.total) if self.total else 0

    @property
    def expires_on(self) -> date | None:
        """Return the last day on which the file can be downloaded, None before it is there."""
        return timezone.localdate(self.ended) + timedelta(days=KEPT_DAYS) if self.ended and self.file else None
