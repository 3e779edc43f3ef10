"""What is done with layouts: map one, and preview the workbook again by it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import write_record
from apps.core.sheets import Sheet
from apps.workbooks.models import HeaderMapping, ImportBatch
from apps.workbooks.reading.layouts import Mappable

from .imports import check_again


def map_columns(*, batch: ImportBatch, page: Mappable, sheet: Sheet, fields: Mapping[int, str], by: Any) -> None:
    """Remember what the columns of a page mean, and preview the batch again; raise ValidationError if it cannot be.

    `fields` are place → field, "" for a column that is left aside. Who keeps one school maps for that school only.
    """
    if batch.township is None:
        raise ValidationError(_("The workbook names a township that is not there yet. Import its overview first."))
    place = {"township": batch.township, "school": batch.school}
    with transaction.atomic():
        known = HeaderMapping.objects.filter(**place, signature=page.heads.signature).first()
        row = known or HeaderMapping(**place, signature=page.heads.signature)
        row.sheet, row.headers = sheet.model.label, list(page.heads.names.values())
        row.fields = {str(position): name for position, name in fields.items()}
        write_record(record=row, by=by)
    check_again(batch=batch, by=by)
