"""What is done with layouts: map one, and preview the workbook again by it."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import write_record
from apps.core.actors import Actor
from apps.core.rules import demand
from apps.core.sheets import Sheet
from apps.workbooks.models import HeaderMapping, ImportBatch
from apps.workbooks.reading.layouts import Mappable
from apps.workbooks.rules import may_import

from .imports import check_again


def map_columns(*, batch: ImportBatch, page: Mappable, sheet: Sheet, fields: Mapping[int, str], by: Actor) -> None:
    """Remember what the columns of a page mean, and preview the batch again.

    `fields` are place → field, "" for a column that is left aside. What a school's workbook teaches holds for that
    school only. Raises PermissionDenied, or ValidationError if the batch cannot be previewed again.
    """
    demand(may_import, by, batch)
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
