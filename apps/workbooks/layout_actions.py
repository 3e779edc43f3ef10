"""What is done with layouts: map one, and preview the workbook again by it."""

from collections.abc import Mapping
from typing import Any

from auditlog.context import set_actor
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.actions import save_record
from apps.core.sheets import Sheet

from .actions import _keep
from .importing import plan_import, try_plan
from .layouts import Mappable
from .models import HeaderMapping, ImportBatch

OPEN = (ImportBatch.Status.PREVIEWED, ImportBatch.Status.REFUSED)


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
        save_record(record=row, by=by)
    preview_again(batch=batch, by=by)


def preview_again(*, batch: ImportBatch, by: Any) -> None:
    """Read the kept file of a batch anew, and keep what importing it would do now.

    Raises ValidationError if the batch is no longer open, or the file cannot be read.
    """
    with batch.kept() as file:
        scope = batch.school.scope if batch.school else None
        plan = plan_import(file, by=by, scope=scope, township=batch.township, year=batch.school_year)
    try_plan(plan, by=by)
    with transaction.atomic(), set_actor(by):
        stored = ImportBatch.objects.select_for_update().filter(pk=batch.pk, status__in=OPEN)
        if not stored.exists():
            raise ValidationError(_("This workbook is not waiting to be imported."))
        batch.status = ImportBatch.Status.REFUSED if plan.problems else ImportBatch.Status.PREVIEWED
        _keep(batch, plan)
        batch.save()
