from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.forms import FileField, FileInput, Form
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import SchoolYear
from apps.webui.forms import RecordForm
from apps.workbooks.files.validation import FILE_LIMIT, too_heavy
from apps.workbooks.models import ImportBatch


class ImportForm(RecordForm):
    """A workbook to upload, and the school year that it is for."""

    class Meta(RecordForm.Meta):
        model = ImportBatch
        fields = ["file", "school_year", "township"]
        widgets = {"file": FileInput(attrs={"accept": ".xlsx,.xls,.csv"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_year"].required = SchoolYear.objects.visible_to(self.user).exists()
        self.fields["school_year"].initial = SchoolYear.containing(timezone.localdate())

    def clean_file(self) -> "UploadedFile[Any]":
        """Return the file; raise ValidationError for one that is too large to be a workbook of a township."""
        return checked_size(self.cleaned_data["file"])


class MendedForm(Form):
    """A mended workbook, to take the place of the one that was brought."""

    file = FileField(label=_("Mended Excel file"), widget=FileInput(attrs={"accept": ".xlsx,.xls,.csv"}))

    def clean_file(self) -> "UploadedFile[Any]":
        """Return the file; raise ValidationError for one that is too large to be a workbook of a township."""
        return checked_size(self.cleaned_data["file"])


def checked_size(file: "UploadedFile[Any]") -> "UploadedFile[Any]":
    """Return the file; raise ValidationError if it is too large."""
    if (file.size or 0) > FILE_LIMIT:
        raise too_heavy(FILE_LIMIT)
    return file
