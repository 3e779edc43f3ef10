"""What is done with workbooks: preview one, check it again, import it. (`undoing` takes an import back.)"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from apps.core.jobs import Overtaken
from apps.core.journal import journal
from apps.core.scope import Scope
from apps.workbooks.files.validation import UserError
from apps.workbooks.models import ImportBatch
from apps.workbooks.plan import Problem
from apps.workbooks.planning.fingerprint import changed_since, doubts_of, seen
from apps.workbooks.planning.workbook import plan_import, without_sweeping
from apps.workbooks.planning.workbook_plan import Plan, Refused
from apps.workbooks.planning.writing import try_plan, write_plan
from apps.workbooks.undo.trace import keep_trace

# So many errors, changed cells and new rows are kept of one import.
KEPT = 5000
# Reading and checking come before the writing, which nobody sees the middle of: all of it stands at once.
BEFORE_WRITING = 80


# Preview.


def preview_workbook(*, file: File, scope: Scope, year: Any, by: Any, township: Any = None) -> ImportBatch:
    """Read an uploaded workbook, keep it, and return the batch with what importing it would do.

    `township` and `year` may be None where the workbook names them. Raises UserError if it cannot be read at all.
    """
    batch = ImportBatch(
        user=by, township=township, school_id=scope.school if scope.kind == "school" else None, school_year=year
    )
    _look(batch, file, by, scope)
    _keep_file(batch, file, by)
    return batch


def check_again(*, batch: ImportBatch, by: Any, file: File | None = None) -> ImportBatch:
    """Preview an import anew, by the file that is kept or by a mended one that takes its place, and return it.

    Raises ValidationError if it is under way or done, UserError if the new file cannot be read; all is as before then.
    """
    _refuse_closed(batch)
    scope = batch.school.scope if batch.school else Scope("nothing")
    if file is None:
        with batch.kept() as kept:
            _look(batch, kept, by, scope)
    else:
        _look(batch, file, by, scope)
    former = batch.file.name
    with transaction.atomic(), set_actor(by):
        _refuse_closed(ImportBatch.objects.select_for_update().get(pk=batch.pk))
        if file is None:
            batch.save()
        else:
            _keep_file(batch, file, by)
            transaction.on_commit(lambda: batch.file.storage.delete(former))
    return batch


def _refuse_closed(batch: ImportBatch) -> None:
    if not batch.open:
        raise ValidationError(_("This import is under way or done: it cannot be checked again."))


def _look(batch: ImportBatch, file: File, by: Any, scope: Scope) -> None:
    """Note in the batch what importing the file would do."""
    with without_sweeping():
        plan = plan_import(file, by=by, scope=_narrow(scope), township=batch.township, year=batch.school_year)
        founded = {id(record) for record in plan.overview.new}
        batch.seen = seen(plan)
        _keep(batch, plan)
        try_plan(plan, by=by)
        _keep_problems(batch, plan)
    batch.township = _stored(plan.place.township, founded)
    batch.school_year = _stored(plan.place.year, founded)
    batch.status = ImportBatch.Status.REFUSED if plan.problems else ImportBatch.Status.PREVIEWED
    batch.began = batch.ended = batch.beat = None
    batch.progress = 0


def _keep_file(batch: ImportBatch, file: File, by: Any) -> None:
    batch.name, batch.size, batch.sha256 = file.name.rsplit("/", 1)[-1][-200:], file.size, _digest(file)
    file.seek(0)
    with set_actor(by):
        batch.file.save(batch.name, file, save=False)
        batch.save()


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
    batch.changes = [asdict(change) for change in plan.changes[:KEPT]]
    added = [(part.title, part.rows[row.pk], row) for part in plan.parts for row in part.new[:KEPT]]
    batch.added = [{"sheet": title, "cell": f"A{number}", "row": str(row)} for title, number, row in added[:KEPT]]
    batch.doubts, batch.doubtful = _doubts(plan)
    _keep_problems(batch, plan)


def _doubts(plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """Return the first of very many doubts, and how many there are in all."""
    doubts = doubts_of(plan)
    return doubts[:KEPT], len(doubts)


def _keep_problems(batch: ImportBatch, plan: Plan) -> None:
    batch.problems, batch.wrong = [asdict(problem) for problem in plan.problems[:KEPT]], len(plan.problems)


# Import.


def commit_import(*, batch: ImportBatch, by: Any) -> None:
    """Start importing a previewed workbook in the background; one whose worker has died is started anew.

    Raises ValidationError if it is waiting for neither.
    """
    write_batch.enqueue(batch.pk, by.pk, _claim(batch))


def commit_now(*, batch: ImportBatch, by: Any) -> None:
    """Import a previewed workbook at once; `batch` says how it ended. Raises ValidationError like `commit_import`."""
    _import(batch.pk, by, _claim(batch))
    batch.refresh_from_db()


def _claim(batch: ImportBatch) -> int:
    """Give the go-ahead, and return its number."""
    attempt = batch.claim(began=timezone.now(), progress=0)
    if not attempt:
        raise ValidationError(_("This workbook is not waiting to be imported."))
    return attempt


@task
def write_batch(batch_pk: int, user_pk: int, attempt: int) -> None:
    """Import a claimed workbook, all or nothing, and note how it ended."""
    _import(batch_pk, get_user_model().objects.with_places().get(pk=user_pk), attempt)


def _import(batch_pk: int, by: Any, attempt: int) -> None:
    batch = ImportBatch.objects.select_related("township__district", "school__township", "school_year").get(pk=batch_pk)
    try:
        with without_sweeping():
            # Before the transaction: reading a file must not keep others from writing.
            plan = _plan_again(batch, by, lambda share: batch.sign(attempt, progress=int(share * BEFORE_WRITING)))
            batch.sign(attempt, progress=BEFORE_WRITING)
            with transaction.atomic(), set_actor(by):
                _write(batch, plan, by, attempt)
    except Overtaken:
        return
    except Refused as refusal:
        _fail(batch, attempt, refusal.plan.problems)
    except UserError as error:
        _fail(batch, attempt, [Problem("", "", "".join(error.messages), _("Upload the workbook again."))])
    except Exception:
        what = _("The import stopped unexpectedly; nothing was written.")
        _fail(batch, attempt, [Problem("", "", what, _("Check the workbook again, then import it once more."))])
        raise  # the worker's log keeps the reason


def _plan_again(batch: ImportBatch, by: Any, told: Callable[[float], None]) -> Plan:
    """Return the plan as of now; what differs from what was confirmed becomes a problem, so that it is not written."""
    with batch.kept() as file:
        scope = batch.school.scope if batch.school else None
        plan = plan_import(file, by=by, scope=scope, township=batch.township, year=batch.school_year, told=told)
    if not plan.problems:
        plan.problems += changed_since(plan, batch.seen)
    if not plan.problems and plan.counts != batch.counts:
        what = _("The stored records have changed since the preview.")
        plan.problems.append(Problem("", "", what, _("Check the workbook again, then decide.")))
    return plan


def _write(batch: ImportBatch, plan: Plan, by: Any, attempt: int) -> None:
    """Write the plan and keep what that changes; raise Overtaken, so that all is taken back, if it is not ours."""
    with journal() as kept:
        write_plan(plan, by=by)
    batch.township = batch.township or plan.place.township
    batch.school_year = batch.school_year or plan.place.year
    values = {"township": batch.township, "school_year": batch.school_year, "doubts": _doubts(plan)[0]}
    batch.end(attempt, ImportBatch.Status.COMMITTED, progress=100, **values)
    # Written past the audit, which hears of saved rows only.
    changes = {"status": [ImportBatch.Status.PREVIEWED, ImportBatch.Status.COMMITTED]}
    LogEntry.objects.log_create(batch, action=LogEntry.Action.UPDATE, changes=changes, actor=by)
    keep_trace(batch=batch, kept=kept, plan=plan)


def _fail(batch: ImportBatch, attempt: int, problems: list[Problem]) -> None:
    said = {"problems": [asdict(problem) for problem in problems[:KEPT]], "wrong": len(problems)}
    with suppress(Overtaken):
        batch.end(attempt, ImportBatch.Status.FAILED, **said)


def import_file(*, file: File, plan: Plan, by: Any) -> ImportBatch | None:
    """Write a plan at once and keep the file; return the batch, or None if there was nothing to write.

    Raises Refused, and writes nothing, if the plan has problems.
    """
    if plan.empty and not plan.problems:
        return None
    batch = ImportBatch(user=by, status=ImportBatch.Status.COMMITTED, began=timezone.now(), progress=100)
    batch.school_id = plan.place.scope.school if plan.place.scope.kind == "school" else None
    _keep(batch, plan)
    with without_sweeping(), transaction.atomic():
        with journal() as kept:
            write_plan(plan, by=by)
        batch.township, batch.school_year, batch.ended = plan.place.township, plan.place.year, timezone.now()
        batch.doubts, batch.doubtful = _doubts(plan)
        _keep_file(batch, file, by)
        keep_trace(batch=batch, kept=kept, plan=plan)
    return batch
