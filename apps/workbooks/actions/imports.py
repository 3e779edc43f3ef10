"""What is done with workbooks: preview one, check it again, import it. (`undoing` takes an import back.)"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import Any, TypeVar

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from apps.accounts.models import User
from apps.core.actions import demand_reach, demand_write, lock, write_record
from apps.core.actors import SYSTEM, Actor, acting, demand_somebody
from apps.core.jobs import Overtaken
from apps.core.journal import journal
from apps.core.models import Record, SchoolYear
from apps.core.rules import demand
from apps.core.scope import Scope
from apps.schools.models import Township
from apps.workbooks.files.validation import UserError
from apps.workbooks.models import ImportBatch
from apps.workbooks.plan import Answers, Problem
from apps.workbooks.planning.fingerprint import changed_since, doubts_of, seen
from apps.workbooks.planning.roster_comparison import overtaken, unwritable
from apps.workbooks.planning.roster_decisions import Decisions
from apps.workbooks.planning.workbook import plan_import, without_sweeping
from apps.workbooks.planning.workbook_plan import Plan, Refused
from apps.workbooks.planning.writing import try_plan, write_plan
from apps.workbooks.rules import account_id, may_import
from apps.workbooks.undo.trace import keep_trace

R = TypeVar("R", bound=Record)
# So many errors, changed cells and new rows are kept of one import.
KEPT = 5000
# Reading and checking come before the writing, which nobody sees the middle of: all of it stands at once.
BEFORE_WRITING = 80


# Preview.


def preview_workbook(
    *, file: "File[bytes]", scope: Scope, year: SchoolYear | None, by: Actor, township: Township | None = None
) -> ImportBatch:
    """Read an uploaded workbook, keep it, and return the batch with what importing it would do.

    `scope` may be that of a school, whose rows alone may then be touched. `township` and `year` may be None where the
    workbook names them. Raises PermissionDenied, or UserError if it cannot be read at all.
    """
    demand_somebody(by)
    school = scope.school if scope.kind == "school" else None
    batch = ImportBatch(user_id=account_id(by), township=township, school_id=school, school_year=year)
    demand_write([batch], by)
    _look(batch, file, by)
    _keep_file(batch, file, by)
    demand_reach([batch], by)
    return batch


def check_again(*, batch: ImportBatch, by: Actor, file: "File[bytes] | None" = None) -> ImportBatch:
    """Preview an import anew, by the file that is kept or by a mended one that takes its place, and return it.

    Raises PermissionDenied, ValidationError if it is under way or done, or UserError if the new file cannot be read;
    all is as before then.
    """
    demand(may_import, by, batch)
    _refuse_closed(batch)
    # Before the transaction: reading a file must not keep others from writing.
    if file is None:
        with batch.kept() as kept:
            _look(batch, kept, by)
    else:
        _look(batch, file, by)
    former = batch.file.name
    with transaction.atomic():
        _refuse_closed(lock(ImportBatch(pk=batch.pk)))
        if file is None:
            write_record(record=batch, by=by)
        else:
            _keep_file(batch, file, by)
            transaction.on_commit(lambda: batch.file.storage.delete(former or ""))
    return batch


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
        raise ValidationError(_("This import is under way or done: it cannot be checked again."))


def _look(batch: ImportBatch, file: "File[bytes]", by: Actor) -> None:
    """Note in the batch what importing the file would do."""
    with without_sweeping():
        plan = plan_import(
            file,
            by=by,
            scope=_narrow(batch),
            township=batch.township,
            year=batch.school_year,
            answers=Answers.of(batch.answers),
            decisions=batch.decisions,
        )
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


def _keep_file(batch: ImportBatch, file: "File[bytes]", by: Actor) -> None:
    name = file.name or ""
    batch.name, batch.size, batch.sha256 = name.rsplit("/", 1)[-1][-200:], file.size, _digest(file)
    file.seek(0)
    batch.file.save(batch.name, file, save=False)
    write_record(record=batch, by=by)


def _narrow(batch: ImportBatch) -> Scope | None:
    """Return the scope of the school that a workbook is for, None for that of a whole township."""
    return batch.school.scope if batch.school else None


def _stored(record: R, founded: set[int]) -> R | None:
    """Return the record, None for one that the workbook itself will bring."""
    return None if id(record) in founded else record


def _digest(file: "File[bytes]") -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


def _keep(batch: ImportBatch, plan: Plan) -> None:
    batch.counts, batch.notes, batch.layouts = plan.counts, plan.notes, plan.layouts
    batch.questions = plan.questions
    batch.comparison = plan.comparison.rows if plan.comparison else {}
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
    attempt = batch.claim(began=timezone.now(), progress=0)
    if not attempt:
        raise ValidationError(_("This workbook is not waiting to be imported."))
    return attempt


@task
def write_batch(batch_pk: int, user_pk: int | None, attempt: int) -> None:
    """Import a claimed workbook, all or nothing, for who gave the go-ahead, and note how it ended."""
    _import(batch_pk, SYSTEM.worker if user_pk is None else User.objects.with_places().get(pk=user_pk), attempt)


def _import(batch_pk: int, by: Actor, attempt: int) -> None:
    batch = ImportBatch.objects.select_related("township__district", "school__township", "school_year").get(pk=batch_pk)
    try:
        demand(may_import, by, batch)  # the account may have been given another place since
        with without_sweeping():
            # Before the transaction: reading a file must not keep others from writing.
            plan = _plan_again(batch, by, lambda share: batch.sign(attempt, progress=int(share * BEFORE_WRITING)))
            batch.sign(attempt, progress=BEFORE_WRITING)
            with transaction.atomic(), acting(by):
                _write(batch, plan, by, attempt)
    except Overtaken:
        return
    except Refused as refusal:
        _fail(batch, attempt, refusal.plan.problems)
    except PermissionDenied:
        what = _("Who gave the go-ahead may no longer import this workbook; nothing was written.")
        _fail(batch, attempt, [Problem("", "", what, _("Take the row out, or ask the education office."))])
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
            scope=_narrow(batch),
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
    values = {"township": batch.township, "school_year": batch.school_year, "doubts": _doubts(plan)[0]}
    batch.end(attempt, ImportBatch.Status.COMMITTED, progress=100, **values)
    # Written past the audit, which hears of saved rows only.
    changes = {"status": [ImportBatch.Status.PREVIEWED, ImportBatch.Status.COMMITTED]}
    LogEntry.objects.log_create(batch, action=LogEntry.Action.UPDATE, changes=changes, actor=by.account)
    keep_trace(batch=batch, kept=kept, plan=plan)


def _fail(batch: ImportBatch, attempt: int, problems: list[Problem]) -> None:
    said = {"problems": [asdict(problem) for problem in problems[:KEPT]], "wrong": len(problems)}
    with suppress(Overtaken):
        batch.end(attempt, ImportBatch.Status.FAILED, **said)


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
    _keep(batch, plan)
    batch.began = timezone.now()
    with without_sweeping(), transaction.atomic():
        with journal() as kept:
            write_plan(plan, by=by)
        batch.township, batch.school_year, batch.ended = place.township, place.year, timezone.now()
        batch.doubts, batch.doubtful = _doubts(plan)
        _keep_file(batch, file, by)
        demand_reach([batch], by)
        keep_trace(batch=batch, kept=kept, plan=plan)
    return batch
