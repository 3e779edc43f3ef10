"""What is done with workbooks: preview one, import it."""

import hashlib
from dataclasses import asdict
from typing import Any

from auditlog.context import set_actor
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from apps.core.scope import Scope

from .importing import Plan, Refused, plan_import, try_plan, write_plan
from .models import ImportBatch
from .plans import Problem
from .reading import UserError

# So many errors and changed cells are kept of one import.
KEPT = 2000


def preview_workbook(*, file: File, scope: Scope, year: Any, by: Any, township: Any = None) -> ImportBatch:
    """Read an uploaded workbook, keep it, and return the batch with what importing it would do.

    `township` and `year` may be None where the workbook names them. Raises UserError if it cannot be read at all.
    """
    plan = plan_import(file, by=by, scope=_narrow(scope), township=township, year=year)
    founded = {id(record) for record in plan.overview.new}
    try_plan(plan, by=by)
    batch = ImportBatch(
        user=by,
        township=_stored(plan.place.township, founded),
        school_id=scope.school if scope.kind == "school" else None,
        school_year=_stored(plan.place.year, founded),
        name=file.name.rsplit("/", 1)[-1][-200:],
        size=file.size,
        sha256=_digest(file),
        status=ImportBatch.Status.REFUSED if plan.problems else ImportBatch.Status.PREVIEWED,
    )
    _keep(batch, plan)
    file.seek(0)
    with set_actor(by):
        batch.file.save(batch.name, file, save=False)
        batch.save()
    return batch


def _narrow(scope: Scope) -> Scope | None:
    """Return the scope if it is narrower than a township."""
    return scope if scope.kind == "school" else None


def _stored(record: Any, founded: set[int]) -> Any:
    """Return the record, None for one that the workbook itself will bring."""
    return None if id(record) in founded else record


def _digest(file: File) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(batch: ImportBatch, plan: Plan) -> None:
    batch.counts, batch.notes, batch.layouts = plan.counts, plan.notes, plan.layouts
    batch.problems = [asdict(problem) for problem in plan.problems[:KEPT]]
    batch.changes = [asdict(change) for change in plan.changes[:KEPT]]


def commit_import(*, batch: ImportBatch, by: Any) -> None:
    """Start importing a previewed workbook in the background; raise ValidationError if it is not waiting for that."""
    waiting = ImportBatch.objects.filter(pk=batch.pk, status=ImportBatch.Status.PREVIEWED)
    if not waiting.update(status=ImportBatch.Status.COMMITTING, began=timezone.now(), updated_at=timezone.now()):
        raise ValidationError(_("This workbook is not waiting to be imported."))
    write_batch.enqueue(batch.pk, by.pk)


@task
def write_batch(batch_pk: int, user_pk: int) -> None:
    """Import a claimed workbook, all or nothing, and note how it ended."""
    batch = ImportBatch.objects.select_related("township__district", "school__township", "school_year").get(pk=batch_pk)
    by = get_user_model().objects.with_places().get(pk=user_pk)
    try:
        plan = _plan_again(batch, by)  # before the transaction: reading a file must not keep others from writing
        with transaction.atomic(), set_actor(by):
            write_plan(plan, by=by)
            batch.township = batch.township or plan.place.township
            batch.school_year = batch.school_year or plan.place.year
            _end(batch, ImportBatch.Status.COMMITTED)
    except Refused as refusal:
        batch.refresh_from_db()
        batch.problems = [asdict(problem) for problem in refusal.plan.problems[:KEPT]]
        _end(batch, ImportBatch.Status.FAILED)
    except Exception as error:
        batch.refresh_from_db()
        what = (
            "".join(error.messages)
            if isinstance(error, UserError)
            else _("The import stopped unexpectedly; nothing was written.")
        )
        batch.problems = [asdict(Problem("", "", what, _("Upload the workbook again.")))]
        _end(batch, ImportBatch.Status.FAILED)
        if not isinstance(error, UserError):
            raise  # the worker's log keeps the reason


def _plan_again(batch: ImportBatch, by: Any) -> Plan:
    """Return the plan as of now; one that differs from what was confirmed gets a problem, so that it is not written."""
    with batch.kept() as file:
        scope = batch.school.scope if batch.school else None
        plan = plan_import(file, by=by, scope=scope, township=batch.township, year=batch.school_year)
    if not plan.problems and plan.counts != batch.counts:
        what = _("The stored records have changed since the preview.")
        plan.problems.append(Problem("", "", what, _("Upload the workbook again.")))
    return plan


def _end(batch: ImportBatch, status: str) -> None:
    batch.status, batch.ended = status, timezone.now()
    batch.save()


def import_file(*, file: File, plan: Plan, by: Any) -> ImportBatch | None:
    """Write a plan at once and keep the file; return the batch, or None if there was nothing to write.

    Raises Refused, and writes nothing, if the plan has problems.
    """
    if plan.empty and not plan.problems:
        return None
    began = timezone.now()
    with transaction.atomic():
        write_plan(plan, by=by)
        scope = plan.place.scope
        batch = ImportBatch(
            user=by,
            township=plan.place.township,
            school_id=scope.school if scope.kind == "school" else None,
            school_year=plan.place.year,
            name=file.name.rsplit("/", 1)[-1][-200:],
            size=file.size,
            sha256=_digest(file),
            status=ImportBatch.Status.COMMITTED,
            began=began,
            ended=timezone.now(),
        )
        _keep(batch, plan)
        file.seek(0)
        batch.file.save(batch.name, file, save=False)
        batch.save()
    return batch
