"""The fields of an official document: its red header and its imprint."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.reports.letterhead import document_number


class DocumentNumberField(models.CharField[str, str]):
    """A document number, kept as the standard writes it however it was typed."""

    def to_python(self, value: object) -> object:
        """Return the number as it is printed; raise ValidationError for what is none."""
        text = super().to_python(value)
        if not text or not text.strip():
            return ""
        try:
            return document_number(text)
        except ValueError:
            example = {"example": "宝陈教体发〔2013〕45号"}
            raise ValidationError(
                _("Write it like %(example)s: the office's code, the year in four digits, the number.") % example
            ) from None


class Letterheaded(Record):
    """Whether a summary is printed as an official document, and with what. The default is a working report."""

    red_header = models.BooleanField(
        _("print as an official document with a red header"),
        default=False,
        help_text=_("Leave it unticked for a working report."),
    )
    issuer = models.CharField(
        _("name on the red header"),
        max_length=24,
        blank=True,
        help_text=_("As it is printed, such as 慕仪镇教育组文件."),
    )
    document_number = DocumentNumberField(
        _("document number"), max_length=40, blank=True, help_text=_("Such as 宝陈教体发〔2013〕45号.")
    )
    signer = models.CharField(
        _("signed and issued by"), max_length=20, blank=True, help_text=_("Only for a document sent upwards.")
    )
    addressee = models.CharField(_("addressee"), max_length=100, blank=True)
    copied_to = models.CharField(_("copied to"), max_length=200, blank=True)
    printed_by = models.CharField(_("printing office"), max_length=30, blank=True)
    printed_on = models.DateField(_("day of printing"), null=True, blank=True)

    class Meta:
        abstract = True


LETTERHEAD_FIELDS = (
    "red_header",
    "issuer",
    "document_number",
    "signer",
    "addressee",
    "copied_to",
    "printed_by",
    "printed_on",
)
LETTERHEAD_CONSTRAINTS = [
    models.CheckConstraint(
        name="summary_red_header_complete",
        condition=Q(red_header=False) | (~Q(issuer="") & ~Q(document_number="")),
        violation_error_message=_("A red header needs the name printed on it and the document number."),
    ),
    models.CheckConstraint(
        name="summary_printing_paired",
        condition=Q(printed_by="", printed_on__isnull=True) | (~Q(printed_by="") & Q(printed_on__isnull=False)),
        violation_error_message=_("The printing office and the day of printing go together: give both, or neither."),
    ),
]
