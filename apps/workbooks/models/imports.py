"""Imports of workbooks: who brought which file when, and what it did."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.admin import display
from django.core.files import File
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited, not_audited
from apps.core.fields import EncryptedTextField
from apps.core.jobs import Job, JobQuerySet
from apps.core.models import Record, SchoolYear
from apps.schools.models import School, Township

# Reading and checking come before the writing, which nobody sees the middle of: all of it stands at once. From this
# share of the progress on the worker writes, or tries out whether it could.
BEFORE_WRITING = 80
# Rows of a workbook that is long.
LONG_FROM = 5000


class ImportBatchQuerySet(JobQuerySet["ImportBatch"]):
    """Imports of workbooks."""


@audited(only=["status"])  # who brought, imported and took back; the rest of an import is on its page
class ImportBatch(Job):
    """One workbook that somebody brought: its file, its preview, and whether it was written."""

    class Status(models.TextChoices):
        PREVIEWED = "previewed", _("waiting for your confirmation")
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("has errors")
        COMMITTING = "committing", _("being imported")
        COMMITTED = "committed", _("imported")
        FAILED = "failed", _("import failed")
        UNDONE = "undone", _("taken back")

    waiting, at_work = (Status.PREVIEWED,), (Status.COMMITTING, Status.CHECKING)
    writes_from = BEFORE_WRITING
    reached_from = {"district": "township__district", "township": "township", "school": "school"}
    dated_by = "school_year__ends_on"
    state_looks = {
        "previewed": "wait",
        "checking": "wait",
        "refused": "late",
        "committing": "wait",
        "committed": "done",
        "failed": "late",
        "undone": "none",
    }

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("imported by")
    )
    township = models.ForeignKey(
        Township, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("township"),
        help_text=_("Not needed for a workbook whose overview names it."),
    )  # fmt: skip
    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school")
    )
    school_year = models.ForeignKey(
        SchoolYear, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("school year")
    )
    file = models.FileField(_("Excel file"), upload_to="workbooks/%Y/")
    name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    size = models.PositiveIntegerField(_("size in bytes"), default=0)
    status = models.CharField(_("state of the import"), max_length=20, choices=Status, default=Status.PREVIEWED)
    # Sheet → number of new, changed, unchanged and wrong rows.
    counts = models.JSONField(_("counts"), default=dict, editable=False)
    # What is wrong, changed, new and left aside; the first ones of very many, and how many are wrong in all.
    wrong = models.PositiveIntegerField(_("number of errors"), default=0, editable=False)
    problems = models.JSONField(_("errors"), default=list, editable=False)
    changes = models.JSONField(_("changed cells"), default=list, editable=False)
    added = models.JSONField(_("new rows"), default=list, editable=False)
    # What is taken, but is to be checked by people: it stays here after the import.
    doubtful = models.PositiveIntegerField(_("number of cells to check"), default=0, editable=False)
    doubts = models.JSONField(_("cells to check"), default=list, editable=False)
    notes = models.JSONField(_("notes"), default=list, editable=False)
    # Title of each sheet whose columns can be mapped by hand, and why; a title alone is kept of previews of old.
    layouts = models.JSONField(_("layouts to map"), default=list, editable=False)
    # Sheet → rows that were new, and those that differed with id and version of their record, at the preview.
    seen = models.JSONField(_("seen at the preview"), default=dict, editable=False)
    # What the file leaves open, as `Plan` has it, and what people say to it, as `Answers` has it.
    questions = models.JSONField(_("open questions"), default=dict, editable=False)
    answers = models.JSONField(_("answers"), default=dict, editable=False)
    # The roster against the stored one, and what people say to it, as `planning.roster_decisions` has it.
    comparison = models.JSONField(_("comparison with the stored roster"), default=dict, editable=False)
    decisions = models.JSONField(_("decisions on the comparison"), default=dict, editable=False)
    progress = models.PositiveSmallIntegerField(_("progress (%)"), default=0, editable=False)
    began = models.DateTimeField(_("import began"), null=True, blank=True, editable=False)
    ended = models.DateTimeField(_("import ended"), null=True, blank=True, editable=False)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("taken back by"),
    )  # fmt: skip

    objects: ClassVar = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("Excel import")
        verbose_name_plural = _("Excel imports")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["township", "-created_at"]), models.Index(fields=["school", "-created_at"])]
        constraints = [
            models.CheckConstraint(
                name="import_ends_after_beginning",
                condition=Q(ended__isnull=True) | Q(began__isnull=False, ended__gte=F("began")),
                violation_error_message=_("An import ends after it has begun."),
            ),
            models.CheckConstraint(
                name="import_committed_has_ended",
                condition=~Q(status="committed") | Q(ended__isnull=False),
                violation_error_message=_("A finished import has the time when it ended."),
            ),
            models.CheckConstraint(
                name="import_progress_is_a_percentage",
                condition=Q(progress__lte=100),
                violation_error_message=_("Progress is at most 100 %."),
            ),
            models.CheckConstraint(
                name="import_undone_has_its_time",
                condition=Q(status="undone", undone_at__isnull=False) | ~Q(status="undone") & Q(undone_at__isnull=True),
                violation_error_message=_("An import that was taken back has the time of it."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put a school's import into the school's township."""
        if self.school and not self.township_id:
            self.township = self.school.township

    @contextmanager
    def kept(self) -> Iterator["File[bytes]"]:
        """Open the kept file by the name under which it was brought: the title of a CSV's only sheet."""
        with self.file.open("rb") as stored:
            yield File(stored.file, name=self.name)

    def total(self, kind: str) -> int:
        """Return how many rows are of a kind: new, changed, unchanged or wrong."""
        return sum(counts[kind] for counts in self.counts.values())

    @property
    def empty(self) -> bool:
        """Return whether importing would change nothing."""
        stays = [how for how in self.decisions.get("how", {}).values() if how == "stays"]
        moving = len(self.comparison.get("moved", ())) > len(stays)
        moving = moving or bool(set(self.decisions.get("fates", {}).values()) - {"here"})
        return not moving and not self.total("new") and not self.total("changed")

    @property
    def open(self) -> bool:
        """Return whether the file may still be checked again, or replaced by a mended one."""
        if self.status == self.Status.CHECKING:
            return self.silent
        return self.status in (self.Status.PREVIEWED, self.Status.REFUSED, self.Status.FAILED)

    @property
    def long(self) -> bool:
        """Return whether it has so many rows that nothing is to be done with all of them while somebody waits."""
        return sum(sum(counts.values()) for counts in self.counts.values()) > LONG_FROM

    @property
    def mappable(self) -> dict[str, list[str]]:
        """Return reason → titles of the sheets whose columns can be mapped by hand."""
        found: dict[str, list[str]] = {"unknown": [], "lacking": [], "mapped": []}
        for kept in self.layouts:
            title, reason = (kept, "unknown") if isinstance(kept, str) else kept
            found[reason].append(title)
        return found

    @property
    @display(description=_("what it does"))
    def result(self) -> str:
        """Return in words what the import does."""
        if self.status == self.Status.CHECKING:
            return "—"
        if self.wrong:
            return str(_("%(number)d errors") % {"number": self.wrong})
        numbers = {"new": self.total("new"), "changed": self.total("changed"), "doubtful": self.doubtful}
        if self.doubtful:
            return str(_("%(new)d new, %(changed)d changed, %(doubtful)d to check") % numbers)
        return str(_("%(new)d new, %(changed)d changed") % numbers)


def kind_name(label: str) -> str:
    """Return what the records of a model's label are called; a label that is none as it is."""
    return str(apps.get_model(label)._meta.verbose_name_plural) if "." in label else label


@not_audited(because="It is itself what an import has done, and is never changed.")
class ImportChange(Record):
    """What an import wrote of one kind of record, and how it was before: enough to take it back."""

    reached_from = {level: f"batch__{way}" for level, way in ImportBatch.reached_from.items()}
    dated_by = f"batch__{ImportBatch.dated_by}"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="written", verbose_name=_("Excel import"))
    # The model's label, such as teachers.teacher; and its place in the order of writing.
    kind = models.CharField(_("kind of record"), max_length=60)
    place = models.PositiveSmallIntegerField(_("order"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    deleted = models.PositiveIntegerField(_("deleted"), default=0)
    # Compressed and encrypted, since values before may be personal data.
    rows = EncryptedTextField(_("before"), blank=True, editable=False)

    class Meta:
        verbose_name = _("record of an import")
        verbose_name_plural = _("records of imports")
        ordering = ["batch", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "kind"],
                name="import_change_once_a_kind",
                violation_error_message=_("The import already keeps what it wrote of this kind."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.name}"

    def get_absolute_url(self) -> str:
        """Return the address of the import's page."""
        return self.batch.get_absolute_url()

    @property
    @display(description=_("kind of record"))
    def name(self) -> str:
        """Return what the records are called."""
        return kind_name(self.kind)


@not_audited(because="It changes no record: what files read by it would do stands in their previews.")
class HeaderMapping(Record):
    """What the columns of an office's own layout mean, said once by hand; a school's own, or the township's for all."""

    reached_from = {"district": "township__district", "township": "township", "school": "school"}

    township = models.ForeignKey(Township, models.CASCADE, related_name="+", verbose_name=_("township"))
    school = models.ForeignKey(
        School, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("school"),
        help_text=_("Empty for a layout that all schools of the township use."),
    )  # fmt: skip
    sheet = models.CharField(_("kind of record"), max_length=60)
    signature = models.CharField(_("signature of the headers"), max_length=64)
    headers = models.JSONField(_("headers"), default=list)
    # Place of the column, counted from 0 → field, as `reading.Layout` has it.
    fields = models.JSONField(_("meaning of the columns"), default=dict)

    class Meta:
        verbose_name = _("mapping of headers")
        verbose_name_plural = _("mappings of headers")
        ordering = ["township", "sheet", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "signature"],
                condition=Q(school__isnull=True),
                name="layout_once_in_township",
                violation_error_message=_("This layout is mapped already."),
            ),
            models.UniqueConstraint(
                fields=["school", "signature"],
                condition=Q(school__isnull=False),
                name="layout_once_in_school",
                violation_error_message=_("This layout is mapped already."),
            ),
        ]

    def __str__(self) -> str:
        return "、".join(self.headers[:6])

    @property
    @display(description=_("kind of record"))
    def kind(self) -> str:
        """Return what the records are called that its rows become."""
        return kind_name(self.sheet)

    def clean(self) -> None:
        """Put a school's mapping into the school's township."""
        if self.school and not self.township_id:
            self.township = self.school.township
