from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.pages import Button, Column, Pages

from .actions import preview_workbook
from .filters import ImportBatchFilter
from .forms import ImportForm
from .models import ImportBatch
from .places import own_township


class ImportBatchPages(Pages):
    model, form, filterset = ImportBatch, ImportForm, ImportBatchFilter
    detail_template = "workbooks/preview.html"
    form_template = "workbooks/upload.html"
    fetch = ("user", "township__district", "school__township", "school_year")
    columns = (
        Column("name"),
        Column("status", kind="state"),
        Column("result", sort="-"),
        Column("school_year", sort="school_year__start_year"),
        Column("school.name", gettext_lazy("school"), sort="school__code"),
        Column("user", sort="user__name"),
        Column("created_at", kind="date"),
    )
    detail = ("name", "status", "result", "school_year", "township", "school", "user", "created_at", "ended", "sha256")
    hint = gettext_lazy("Download the template, fill it in, and upload it here.")

    def may_change(self, user: Any, record: ImportBatch) -> bool:
        """Return False: what was brought stays as it is."""
        return False

    def may_delete(self, user: Any, record: ImportBatch) -> bool:
        """Return whether the workbook was never written."""
        return record.status in (ImportBatch.Status.PREVIEWED, ImportBatch.Status.REFUSED)

    def said(self, record: ImportBatch) -> str:
        """Return nothing: the preview itself says what is to be done."""
        return ""

    def save(self, *, form: ImportForm, by: Any, version: int | None) -> ImportBatch:
        """Preview the uploaded workbook."""
        data = form.cleaned_data
        township = data.get("township") or own_township(by)
        return preview_workbook(file=data["file"], scope=by.scope, year=data["school_year"], by=by, township=township)

    def actions(self, user: Any, record: ImportBatch) -> Iterable[Button]:
        """Offer to import what was previewed, the marked copy of what has errors, and the file itself."""
        if record.problems:
            yield Button(_("Download with errors marked"), reverse("workbooks:marked", args=[record.pk]), method="get")
        else:
            yield Button(_("Download the file"), reverse("workbooks:original", args=[record.pk]), method="get")
        if record.status == ImportBatch.Status.PREVIEWED and not record.empty and self.may(user, "add"):
            yield Button(_("Import now"), reverse("workbooks:commit", args=[record.pk]), main=True)
