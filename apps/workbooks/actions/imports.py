"""What is done with workbooks: preview one, check it again, import it. (`undoing` takes an import back.)"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from apps.accounts.models import User
from apps.core.actions import demand_reach, demand_write, lock, write_record
from apps.core.actors import SYSTEM, Actor, acting, demand_somebody
from apps.core.jobs import Overtaken
from apps.core.journal import journal
from apps.core.models import SchoolYear
from apps.core.rules import demand, reaches_all
from apps.core.scope import Scope
from apps.schools.models import Township
from apps.workbooks.files.validation import UserError, is_long
from apps.workbooks.models import ImportBatch
from apps.workbooks.models.imports import BEFORE_WRITING
from apps.workbooks.plan import KEPT, Answers, Problem
from apps.workbooks.planning.findings import FOUND, first_doubts, keep, look, narrow
from apps.workbooks.planning.fingerprint import changed_since
from apps.workbooks.planning.roster_comparison import overtaken, unwritable
from apps.workbooks.planning.roster_decisions import Decisions
from apps.workbooks.planning.workbook import give_back, plan_import, without_sweeping
from apps.workbooks.planning.workbook_plan import Plan, Refused
from apps.workbooks.planning.writing import write_plan
from apps.workbooks.rules import account_id, may_import
from apps.workbooks.undo.trace import keep_trace

# Preview.


def preview_workbook(
    *, file: "File[bytes]", scope: Scope, year: SchoolYear | None, by: Actor, township: Township | None = None
) -> ImportBatch:
    """Read an uploaded workbook, keep it, and return the batch with what importing it would do.

    The worker does that for a long one: the batch is being checked then. `scope` may be that of a school, whose
    rows alone may then be touched. `township` and `year` may be None where the workbook names them.
    Raises PermissionDenied, or UserError if it cannot be read at all.
    """
    batch = _brought(scope, township, year, by)
    # Where it belongs must be known before it is kept.
    if is_long(file) and (batch.school_id or township or reaches_all(by)):
        batch.status, batch.attempt, batch.beat = ImportBatch.Status.CHECKING, 1, timezone.now()
        with transaction.atomic():
            _keep_file(batch, file, by)
            demand_reach([batch], by)
            check_batch.enqueue(batch.pk, account_id(by), batch.attempt)
        batch.refresh_from_db()
        return batch
    return _preview(batch, file, by)


def preview_now(
    *, file: "File[bytes]", scope: Scope, year: SchoolYear | None, by: Actor, township: Township | None = None
) -> ImportBatch:
    """Preview a workbook as `preview_workbook` does, at once however long it is."""
    return _preview(_brought(scope, township, year, by), file, by)


def _brought(scope: Scope, township: Township | None, year: SchoolYear | None, by: Actor) -> ImportBatch:
    """Return the batch of a workbook that `by` brings; raise PermissionDenied for who may not."""
    demand_somebody(by)
    school = scope.school if scope.kind == "school" else None
    batch = ImportBatch(user_id=account_id(by), township=township, school_id=school, school_year=year)
    demand_write([batch], by)
    return batch


def _preview(batch: ImportBatch, file: "File[bytes]", by: Actor) -> ImportBatch:
    look(batch, file, by)
    _keep_file(batch, file, by)
    demand_reach([batch], by)
    return batch


def check_again(*, batch: ImportBatch, by: Actor, file: "File[bytes] | None" = None) -> ImportBatch:
    """Preview an import anew, by the file that is kept or by a mended one that takes its place, and return it.

    Raises PermissionDenied, ValidationError if it is under way or done, or UserError if the new file cannot be read;
    all is as before then. A long one is checked by the worker.
    """
    demand(may_import, by, batch)
    _refuse_closed(batch)
    if _is_long(batch, file):
        return _check_soon(batch, by, file)
    # Before the transaction: reading a file must not keep others from writing.
    if file is None:
        with batch.kept() as kept:
            look(batch, kept, by)
    else:
        look(batch, file, by)
    with transaction.atomic():
        _refuse_closed(lock(ImportBatch(pk=batch.pk)))
        if file is None:
            write_record(record=batch, by=by)
        else:
            _replace_file(batch, file, by)
    return batch


def _is_long(batch: ImportBatch, file: "File[bytes] | None") -> bool:
    if file is not None:
        return is_long(file)
    with batch.kept() as kept:
        return is_long(kept)


def _check_soon(batch: ImportBatch, by: Actor, file: "File[bytes] | None") -> ImportBatch:
    """Let the worker preview an import anew, and return it."""
    states, answers = ImportBatch.Status, batch.answers
    with transaction.atomic():
        _refuse_closed(lock(batch))
        if file is not None:
            _replace_file(batch, file, by)
        values = {"progress": 0, "began": None, "answers": answers}
        out_of = (states.PREVIEWED, states.REFUSED, states.FAILED)
        attempt = batch.claim(work=states.CHECKING, out_of=out_of, **values)
        if not attempt:
            raise _closed()
        check_batch.enqueue(batch.pk, account_id(by), attempt)
    batch.refresh_from_db()
    return batch


def _replace_file(batch: ImportBatch, file: "File[bytes]", by: Actor) -> None:
    """Keep a mended file in place of the one that was brought."""
    former = batch.file.name
    _keep_file(batch, file, by)
    transaction.on_commit(lambda: batch.file.storage.delete(former or ""))


@task
def check_batch(batch_pk: int, user_pk: int | None, attempt: int) -> None:
    """Preview a long workbook for who has brought it, and note what importing it would do."""
    by = _who(user_pk)
    batch = _with_place(batch_pk)
    try:
        demand(may_import, by, batch)  # the account may have been given another place since
        with batch.kept() as file:
            look(batch, file, by, lambda share: batch.sign(attempt, progress=int(share * BEFORE_WRITING)))
        found = {name: getattr(batch, name) for name in FOUND}
        # Who still looks at the preview before is to look again.
        batch.sign(attempt, **found, version=F("version") + 1, updated_at=timezone.now())
    except Overtaken:
        return
    except PermissionDenied:
        _fail(batch, attempt, [_not_allowed()])
    except UserError as error:
        _fail(batch, attempt, [Problem("", "", "".join(error.messages), _("Upload the workbook again."))])
    except Exception:
        what = _("The check stopped unexpectedly; nothing was written.")
        _fail(batch, attempt, [Problem("", "", what, _("Check the workbook again."))])
        raise  # the worker's log keeps the reason


def answer_questions(*, batch: ImportBatch, answers: Answers, by: Actor) -> ImportBatch:
    """Keep what people say to what the file leaves open, preview it anew by that, and return it.

    Raises as `check_again` does.
    """
    demand(may_import, by, batch)
    _refuse_closed(batch)
    batch.answers = answers.kept
    return check_again(batch=batch, by=by)


def _refuse_closed(batch: ImportBatch) -> None:
    if not batch.open:
        raise _closed()


def _closed() -> ValidationError:
    return ValidationError(_("This import is under way or done: it cannot be checked again."))


def _keep_file(batch: ImportBatch, file: "File[bytes]", by: Actor) -> None:
    name = file.name or ""
    batch.name, batch.size, batch.sha256 = name.rsplit("/", 1)[-1][-200:], file.size, _digest(file)
    file.seek(0)
    batch.file.save(batch.name, file, save=False)
    write_record(record=batch, by=by)


def _digest(file: "File[bytes]") -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


# Import.


@transaction.atomic
def commit_import(*, batch: ImportBatch, by: Actor) -> None:
    """Start importing a previewed workbook in the background; one whose worker has died is started anew.

    The worker acts for `by`. Raises PermissionDenied, or ValidationError if it is waiting for neither.
    """
    demand(may_import, by, lock(batch))
    if troubles := list(Decisions(batch.decisions).troubles(batch.comparison)):
        raise ValidationError(troubles[:10])
    attempt = _claim(batch)
    write_batch.enqueue(batch.pk, account_id(by), attempt)


def commit_now(*, batch: ImportBatch, by: Actor) -> None:
    """Import a previewed workbook at once; `batch` says how it ended. Raises as `commit_import` does."""
    demand(may_import, by, batch)
    _import(batch.pk, by, _claim(batch))
    batch.refresh_from_db()


def _claim(batch: ImportBatch) -> int:
    """Give the go-ahead, and return its number."""
    states = ImportBatch.Status
    attempt = batch.claim(work=states.COMMITTING, out_of=(states.PREVIEWED,), began=timezone.now(), progress=0)
    if not attempt:
        raise ValidationError(_("This workbook is not waiting to be imported."))
    return attempt


@task
def write_batch(batch_pk: int, user_pk: int | None, attempt: int) -> None:
    """Import a claimed workbook, all or nothing, for who gave the go-ahead, and note how it ended."""
    _import(batch_pk, _who(user_pk), attempt)


def _who(user_pk: int | None) -> Actor:
    """Return for whom the worker works."""
    return SYSTEM.worker if user_pk is None else User.objects.with_places().get(pk=user_pk)


def _with_place(batch_pk: int) -> ImportBatch:
    places = ("township__district", "school__township", "school_year")
    # Without what was told of very many cells: it fills the memory, and the work does without.
    return ImportBatch.objects.select_related(*places).defer("changes", "added").get(pk=batch_pk)


def _not_allowed() -> Problem:
    what = _("Who gave the go-ahead may no longer import this workbook; nothing was written.")
    return Problem("", "", what, _("Take the row out, or ask the education office."))


def _import(batch_pk: int, by: Actor, attempt: int) -> None:
    batch = _with_place(batch_pk)
    try:
        demand(may_import, by, batch)  # the account may have been given another place since
        with without_sweeping():
            # Before the transaction: reading a file must not keep others from writing.
            plan = _plan_again(batch, by, lambda share: batch.sign(attempt, progress=int(share * BEFORE_WRITING)))
            give_back()
            batch.sign(attempt, progress=BEFORE_WRITING)
            with transaction.atomic(), acting(by):
                _write(batch, plan, by, attempt)
    except Overtaken:
        return
    except Refused as refusal:
        _fail(batch, attempt, refusal.plan.problems)
    except PermissionDenied:
        _fail(batch, attempt, [_not_allowed()])
    except UserError as error:
        _fail(batch, attempt, [Problem("", "", "".join(error.messages), _("Upload the workbook again."))])
    except Exception:
        what = _("The import stopped unexpectedly; nothing was written.")
        _fail(batch, attempt, [Problem("", "", what, _("Check the workbook again, then import it once more."))])
        raise  # the worker's log keeps the reason


def _plan_again(batch: ImportBatch, by: Actor, told: Callable[[float], None]) -> Plan:
    """Return the plan as of now; what differs from what was confirmed becomes a problem, so that it is not written."""
    with batch.kept() as file:
        plan = plan_import(
            file,
            by=by,
            scope=narrow(batch),
            township=batch.township,
            year=batch.school_year,
            told=told,
            answers=Answers.of(batch.answers),
            decisions=batch.decisions,
        )
    if not plan.problems:
        plan.problems += changed_since(plan, batch.seen)
        plan.problems += unwritable(plan)
        plan.problems += overtaken(plan, batch.comparison, plan.decisions)
    plan.changes.clear()  # the preview has told them
    if not plan.problems and plan.counts != batch.counts:
        what = _("The stored records have changed since the preview.")
        plan.problems.append(Problem("", "", what, _("Check the workbook again, then decide.")))
    return plan


def _write(batch: ImportBatch, plan: Plan, by: Actor, attempt: int) -> None:
    """Write the plan and keep what that changes; raise Overtaken, so that all is taken back, if it is not ours."""
    with journal() as kept:
        write_plan(plan, by=by)
    batch.township = batch.township or plan.place.township
    batch.school_year = batch.school_year or plan.place.year
    values = {"township": batch.township, "school_year": batch.school_year, "doubts": first_doubts(plan)[0]}
    batch.end(attempt, ImportBatch.Status.COMMITTED, progress=100, **values)
    # Written past the audit, which hears of saved rows only.
    changes = {"status": [ImportBatch.Status.PREVIEWED, ImportBatch.Status.COMMITTED]}
    LogEntry.objects.log_create(batch, action=LogEntry.Action.UPDATE, changes=changes, actor=by.account)
    for part in plan.parts:
        part.let_go()  # what is written is read again, to be kept with the import
    give_back()
    keep_trace(batch=batch, kept=kept, plan=plan)


def _fail(batch: ImportBatch, attempt: int, problems: list[Problem]) -> None:
    said = {"problems": [asdict(problem) for problem in problems[:KEPT]], "wrong": len(problems)}
    with suppress(Overtaken):
        batch.end(attempt, ImportBatch.Status.FAILED, began=batch.began or timezone.now(), **said)


def import_file(*, file: "File[bytes]", plan: Plan, by: Actor) -> ImportBatch | None:
    """Write a plan at once and keep the file; return the batch, or None if there was nothing to write.

    Raises PermissionDenied, or Refused if the plan has problems, and writes nothing then.
    """
    demand_somebody(by)
    place = plan.place
    batch = ImportBatch(user_id=account_id(by), status=ImportBatch.Status.COMMITTED, progress=100)
    batch.school_id = place.scope.school if place.scope.kind == "school" else None
    batch.township = place.township if place.township.pk > 0 else None
    demand_write([batch], by)
    if plan.empty and not plan.problems:
        return None
    plan.problems += unwritable(plan)
    keep(batch, plan)
    batch.began = timezone.now()
    with without_sweeping(), transaction.atomic():
        with journal() as kept:
            write_plan(plan, by=by)
        batch.township, batch.school_year, batch.ended = place.township, place.year, timezone.now()
        batch.doubts, batch.doubtful = first_doubts(plan)
        _keep_file(batch, file, by)
        demand_reach([batch], by)
        keep_trace(batch=batch, kept=kept, plan=plan)
    return batch
