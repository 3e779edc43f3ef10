"""What is done with batches: start one, make its documents, pack them, cancel, go on with what is missing.

Every document is a task of its own, so that any number of workers on any host share the work. A task that finds its
document taken, cancelled or given to a later attempt does nothing.
"""

import re
import zipfile
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from traceback import extract_tb
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from apps.core.actors import Actor, acting
from apps.core.jobs import Overtaken
from apps.core.periods import Period
from apps.core.rules import demand
from apps.reports.composing.document import LANGUAGE
from apps.reports.models import SummaryBatch, SummaryPiece
from apps.reports.printing.files import summary_file
from apps.reports.rules import account_id, may_make_files, may_make_summaries, may_remove_batch, may_steer
from apps.schools.models import School, Township, schools_of
from apps.teachers.models import Teacher

from .summaries import blank_summary, find_summary

Status, Piece = SummaryBatch.Status, SummaryPiece.Status
# After imports, for which somebody waits in front of the screen.
PRIORITY = -10
IN_MEMORY = 20 * 1024 * 1024


# Start.


def start_batch(
    *, township: Township, period: Period, by: Actor, school: School | None = None, form: str = "pdf"
) -> SummaryBatch:
    """Start making the summaries of a township's schools, or with `school` its teachers' files; return the batch.

    The same batch is not started twice: the one that runs is returned. Raises ValidationError if there is nothing
    to make. Zips that were kept long enough are removed.
    """
    if school:
        demand(may_make_files, by, school)
        township = school.township
    else:
        demand(may_make_summaries, by, township)
    remove_outdated()
    what = SummaryBatch.What.TEACHERS if school else SummaryBatch.What.SCHOOLS
    same = {"township": township, "school": school, "what": what, "form": form, "period_code": period.code}
    with translation.override(LANGUAGE):
        label = Period.from_code(period.code).label
    batch = SummaryBatch(
        user_id=account_id(by), period_label=label, starts_on=period.starts_on, ends_on=period.ends_on, **same
    )
    batch.attempt, batch.beat = 1, timezone.now()
    pieces = _pieces(batch)
    batch.total = len(pieces)
    try:
        with transaction.atomic(), acting(by):
            batch.save()
            SummaryPiece.objects.bulk_create(pieces)
            _enqueue(pieces, batch.attempt)
    except IntegrityError:
        # Somebody has clicked twice.
        running = SummaryBatch.objects.running().filter(**same).first()
        if running is None:
            raise
        return running
    batch.refresh_from_db()
    return batch


def _pieces(batch: SummaryBatch) -> list[SummaryPiece]:
    if batch.school:
        teachers = Teacher.objects.within(batch.school.scope).serving_at(batch.school.pk, batch.ends_on)
        rows: list[tuple[int, int | None, str]] = [
            (batch.school.pk, teacher.pk, f"{teacher.no} {teacher.name}") for teacher in teachers
        ]
    else:
        with translation.override(LANGUAGE):
            title = _("%(period)s summary of school-based teacher development") % {"period": batch.period_label}
        schools = schools_of(batch.township.scope, batch)
        rows = [(school.pk, None, f"{school.name} {title}") for school in schools]
    if not rows:
        raise ValidationError(_("There is nobody to make a document of: no school, or no teacher in this period."))
    return [
        SummaryPiece(batch=batch, school_id=school, teacher_id=teacher, name=f"{_clean(name)}.{batch.form}")
        for school, teacher, name in rows
    ]


def _clean(name: str) -> str:
    """Return a name without the characters that a file's name must not have."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', " ", name).strip()[:150]


def _enqueue(pieces: list[SummaryPiece], attempt: int) -> None:
    for piece in pieces:
        make_piece.enqueue(piece.pk, attempt)


# Make.


class NotMade(Exception):
    """A document could not be made: which one, what kind of error, and where in the code; nothing of its content."""

    def __init__(self, piece: SummaryPiece, error: Exception) -> None:
        steps = [f"{step.filename}:{step.lineno}" for step in extract_tb(error.__traceback__)]
        super().__init__(
            f"document {piece.pk} of batch {piece.batch_id}: {type(error).__name__} in {' > '.join(steps)}"
        )


@task(priority=PRIORITY)
def make_piece(piece_pk: int, attempt: int) -> None:
    """Make one document of a batch; the last one packs them all."""
    if not _turn_piece(piece_pk, attempt, Piece.WAITING, Piece.WORKING):
        return
    fetch = ("batch", "school__township", "teacher__township")
    piece = SummaryPiece.objects.select_related(*fetch).get(pk=piece_pk)
    try:
        piece.batch.sign(attempt)
        data = _document(piece)
    except Overtaken:
        return
    except Exception as error:
        _close(piece, attempt, Piece.FAILED, error=_reason(error))
        finish(batch=piece.batch)
        # For the worker's log, in which nothing of anybody's records may stand: an error's own words often quote them.
        raise NotMade(piece, error) from None
    _keep(piece, attempt, data)
    finish(batch=piece.batch)


def _document(piece: SummaryPiece) -> bytes:
    batch = piece.batch
    scope = piece.teacher.scope_on(batch.ends_on) if piece.teacher else piece.school.scope
    period = batch.period
    summary = find_summary(scope=scope, period=period) or blank_summary(scope=scope, period=period)
    return summary_file(summary, batch.form).data


def _reason(error: Exception) -> str:
    """Return why a document could not be made, for the office: what it cannot mend itself is told in general."""
    with translation.override(LANGUAGE):
        if isinstance(error, ValidationError):
            return "；".join(error.messages)[:300]
        return _("An error of the system. Have the rest made once more; if it fails again, ask the administrator.")


def _keep(piece: SummaryPiece, attempt: int, data: bytes) -> None:
    storage = SummaryPiece._meta.get_field("file").storage
    name = storage.save(f"batches/pieces/{uuid4().hex}.{piece.batch.form}", ContentFile(data))
    if not _close(piece, attempt, Piece.DONE, file=name):
        storage.delete(name)  # cancelled meanwhile, or made by another worker


def _close(piece: SummaryPiece, attempt: int, after: str, **values: Any) -> bool:
    """Note how the making of a document ended; return False if that is no longer this worker's."""
    with suppress(Overtaken):
        piece.batch.sign(attempt)
    return _turn_piece(piece.pk, attempt, Piece.WORKING, after, **values)


def _turn_piece(piece_pk: int, attempt: int, before: str, after: str, **values: Any) -> bool:
    """Change the status of a document if it is still as before and its batch runs, by this go-ahead."""
    ours = SummaryPiece.objects.filter(pk=piece_pk, status=before, batch__attempt=attempt, batch__status=Status.RUNNING)
    return bool(ours.update(status=after, updated_at=timezone.now(), **values))


# Pack.


def finish(*, batch: SummaryBatch) -> None:
    """Pack the zip if all documents are made; say so if some could not be. Whoever comes first does it, once."""
    if batch.pieces.filter(status__in=[Piece.WAITING, Piece.WORKING]).exists():
        return
    if batch.failures.exists():
        batch.turn(Status.RUNNING, Status.INCOMPLETE)
    elif batch.turn(Status.RUNNING, Status.PACKING):
        _pack(batch)


def _pack(batch: SummaryBatch) -> None:
    pieces = batch.pieces.filter(status=Piece.DONE)
    storage = SummaryBatch._meta.get_field("file").storage
    with SpooledTemporaryFile(IN_MEMORY) as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for piece in pieces:
                with piece.file.open("rb") as file:
                    archive.writestr(piece.name, file.read())
        made.seek(0)
        name = storage.save(f"batches/{uuid4().hex}.zip", File(made))
    if batch.turn(Status.PACKING, Status.DONE, file=name, ended=timezone.now()):
        _remove_pieces(pieces)
    else:
        storage.delete(name)


def _remove_pieces(pieces: QuerySet[SummaryPiece]) -> None:
    for piece in pieces:
        if piece.file.name:
            piece.file.storage.delete(piece.file.name)
    pieces.delete()


# Go on, or stop.


def resume_batch(*, batch: SummaryBatch, by: Actor) -> int:
    """Make what is missing: what failed, and what a worker that died has left; return how many documents.

    Raises ValidationError if nothing of the batch is missing.
    """
    with transaction.atomic(), acting(by):
        stored = SummaryBatch.objects.select_for_update().get(pk=batch.pk)
        demand(may_steer, by, stored)
        if not stored.ready:
            raise ValidationError(_("Nothing of this batch is missing, or its documents are being made."))
        _refuse_second(stored)
        attempt = stored.claim()
        missing = stored.pieces.exclude(status=Piece.DONE)
        missing.update(status=Piece.WAITING, error="")
        pieces = list(missing)
        _enqueue(pieces, attempt)
    if not pieces:
        finish(batch=stored)
    return len(pieces)


def _refuse_second(batch: SummaryBatch) -> None:
    same = {name: getattr(batch, name) for name in ("township_id", "school_id", "what", "period_code", "form")}
    if SummaryBatch.objects.running().filter(**same).exclude(pk=batch.pk).exists():
        raise ValidationError(_("The same documents are being made already."))


def pack_without(*, batch: SummaryBatch, by: Actor) -> None:
    """Pack what could be made, without the documents that failed; raise ValidationError if there is none."""
    demand(may_steer, by, batch)
    if not batch.pieces.filter(status=Piece.DONE).exists():
        raise ValidationError(_("None of the documents could be made."))
    with acting(by):
        if not batch.turn(Status.INCOMPLETE, Status.PACKING):
            raise ValidationError(_("Nothing of this batch is missing, or its documents are being made."))
    _pack(batch)


def cancel_batch(*, batch: SummaryBatch, by: Actor) -> None:
    """Stop what has not begun and remove what was made; raise ValidationError if the batch is over."""
    demand(may_steer, by, batch)
    with acting(by):
        stopped = batch.cancel(Status.CANCELLED)
    if not stopped:
        raise ValidationError(_("This batch is over already."))
    _remove_pieces(batch.pieces.all())


def remove_batch(*, batch: SummaryBatch, by: Actor) -> None:
    """Delete a batch that is over, with its zip; raise ValidationError while it is being made."""
    demand(may_remove_batch, by, batch)
    if batch.running:
        raise ValidationError(_("Cancel the batch first."))
    _remove_pieces(batch.pieces.all())
    name, storage = batch.file.name, batch.file.storage
    with acting(by):
        batch.delete()
    if name:
        storage.delete(name)


def remove_outdated() -> int:
    """Remove the zips that have been kept long enough, and return how many."""
    rows = list(SummaryBatch.objects.outdated())
    for batch in rows:
        if batch.turn(Status.DONE, Status.EXPIRED, file=""):
            batch.file.storage.delete(batch.file.name or "")
    return len(rows)
