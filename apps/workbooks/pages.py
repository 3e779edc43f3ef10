from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.webui.pages import Button, ListColumn, Pages
from apps.workbooks.actions.imports import preview_workbook
from apps.workbooks.files.validation import UserError
from apps.workbooks.forms.imports import ImportForm

from .filters import ImportBatchFilter
from .models import ImportBatch
from .places import own_township


class ImportBatchPages(Pages):
    model, form, filterset = ImportBatch, ImportForm, ImportBatchFilter
    detail_template = "workbooks/preview.html"
    form_template = "workbooks/upload.html"
    fetch = ("user", "undone_by", "township__district", "school__township", "school_year")
    columns = (
        ListColumn("name"),
        ListColumn("status", kind="state"),
        ListColumn("result", sort="-"),
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("school.name", gettext_lazy("school"), sort="school__code"),
        ListColumn("user", sort="user__name"),
        ListColumn("created_at", kind="date"),
    )
    detail = ("name", "status", "result", "school_year", "township", "school", "user", "created_at", "ended", "sha256")
    hint = gettext_lazy("Download the template, fill it in, and upload it here.")

    def may_change(self, user: Any, record: ImportBatch) -> bool:
        """Return False: what was brought stays as it is."""
        return False

    def may_delete(self, user: Any, record: ImportBatch) -> bool:
        """Return whether the workbook was never written."""
        return record.open

    def told(self, record: ImportBatch) -> str:
        """Return nothing: the preview itself says what is to be done."""
        return ""

    def save(self, *, form: ImportForm, by: Any, version: int | None) -> ImportBatch:
        """Preview the uploaded workbook."""
        data = form.cleaned_data
        township = data.get("township") or own_township(by)
        place = {"scope": by.scope, "year": data["school_year"], "township": township}
        try:
            return preview_workbook(file=data["file"], by=by, **place)
        except UserError as error:
            raise ValidationError({"file": error.messages}) from error  # said where the file is chosen

    def rows(self, user: Any) -> QuerySet:
        """Return the imports, without the long lists that only their own pages show."""
        return super().rows(user).defer("problems", "changes", "added", "doubts", "notes", "seen")

    def buttons(self, user: Any, record: ImportBatch) -> Iterable[Button]:
        """Offer what can be done with the import now, and the file as it was brought."""
        may, at = self.may(user, "add"), [record.pk]
        if record.wrong and record.open:
            yield Button(_("Download with marks"), reverse("workbooks:marked", args=at), method="get")
        else:
            yield Button(_("Download the file"), reverse("workbooks:original", args=at), method="get")
        if not may:
            return
        if record.open:
            yield Button(_("Check again"), reverse("workbooks:check", args=at))
        if record.status == ImportBatch.Status.PREVIEWED and not record.empty:
            yield Button(_("Import now"), reverse("workbooks:commit", args=at), main=True)
        if record.silent:
            yield Button(_("Import once more"), reverse("workbooks:commit", args=at), main=True)
        if record.status == ImportBatch.Status.COMMITTED:
            yield Button(_("Take the import back"), reverse("workbooks:undo", args=at), method="get")


PAGES = (ImportBatchPages(),)
