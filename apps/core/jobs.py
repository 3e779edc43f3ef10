"""Long jobs: work that people ask for, that workers do in the background, and that can break off at any moment.

All that people and workers need to know of a job stands in its row, and is changed by conditional updates only: of two
workers, or two clicks, one goes on. Each go-ahead has a number, so that a worker that was taken for dead and comes
back finds that it has been overtaken. A worker gives a sign with every step; one that has given none for `SILENCE`
must have died, or none runs, and the job can be given the go-ahead anew. Only within one long transaction it can
give none: what others would see of it stands at its end. A job that has such a step says so (`writes_from`), and is
waited for longer then.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Record
from .scope import ScopedQuerySet

# So long after its last sign a worker is taken for dead.
SILENCE = timedelta(minutes=2)
# So long after it began to write all at once; a workbook of 75,000 rows takes one or two minutes for that.
WRITING = timedelta(minutes=10)


class Overtaken(Exception):
    """The job was given the go-ahead anew, cancelled, or is over: this worker must not go on."""


J = TypeVar("J", bound="Job")


class JobQuerySet(ScopedQuerySet[J]):
    """Jobs, and those in which something is or should be going on."""

    def running(self) -> Self:
        """Return those that a worker is at, or should be."""
        return self.filter(status__in=self.model.at_work)

    def ready(self, *, waiting: Sequence[str] | None = None, at_work: Sequence[str] | None = None) -> Self:
        """Return those that wait for the go-ahead, and those whose worker has died over them.

        A job that has several kinds of work names the states of the one that is meant.
        """
        at_work = self.model.at_work if at_work is None else at_work
        now = timezone.now()
        silent = Q(status__in=at_work, beat__lt=now - SILENCE)
        if self.model.writes_from:
            silent &= Q(progress__lt=self.model.writes_from) | Q(beat__lt=now - WRITING)
        return self.filter(Q(status__in=self.model.waiting if waiting is None else waiting) | silent)


class Job(Record):
    """A job: its `status`, its go-aheads, the last sign of its worker, when it was over.

    A kind of job names its states in a field `status` of its own, and says which of them wait for the go-ahead
    (`waiting`) and in which a worker is at it (`at_work`, the first one after the go-ahead). `writes_from` is the
    `progress` from which the worker writes all at once, 0 for a job without such a step.
    """

    waiting: ClassVar[tuple[str, ...]] = ()
    at_work: ClassVar[tuple[str, ...]] = ()
    writes_from: ClassVar[int] = 0

    status = models.CharField(_("status"), max_length=20)
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=0, editable=False)
    beat = models.DateTimeField(_("last sign of the worker"), null=True, blank=True, editable=False)
    ended = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def running(self) -> bool:
        """Return whether a worker is at it, or should be."""
        return self.status in self.at_work

    @property
    def patience(self) -> timedelta:
        """Return how long its worker may be silent now."""
        progress: int = getattr(self, "progress", 0) if self.writes_from else 0
        return WRITING if progress and progress >= self.writes_from else SILENCE

    @property
    def silent(self) -> bool:
        """Return whether no worker has given a sign for so long that it must have died, or none runs."""
        return self.running and self.beat is not None and self.beat < timezone.now() - self.patience

    @property
    def silent_minutes(self) -> int:
        """Return after how many minutes without a sign it is taken for broken off."""
        return int(self.patience.total_seconds()) // 60

    @property
    def ready(self) -> bool:
        """Return whether it can be given the go-ahead: it waits for it, or its worker has died."""
        return self.status in self.waiting or self.silent

    def claim(self, *, work: str = "", out_of: Sequence[str] | None = None, **values: Any) -> int:
        """Give the go-ahead and return its number, 0 if the job is not ready for one; `values` are set along.

        Of a job with several kinds of work, `work` is the state of the one that is meant, and `out_of` those that it
        begins from.
        """
        now = timezone.now()
        values |= {"status": work or self.at_work[0], "attempt": F("attempt") + 1, "beat": now, "ended": None}
        if not self._rows.ready(waiting=out_of, at_work=(work,) if work else None).update(**values, updated_at=now):
            return 0
        return self._rows.only("attempt").get().attempt

    def held(self, attempt: int) -> "JobQuerySet[Job]":
        """Return the job's row if a worker with this go-ahead is to go on, no row otherwise."""
        return self._rows.running().filter(attempt=attempt)

    def sign(self, attempt: int, **values: Any) -> None:
        """Tell that the worker lives, and in `values` how far it is; raise Overtaken if it need not go on."""
        if not self.held(attempt).update(beat=timezone.now(), **values):
            raise Overtaken

    def end(self, attempt: int, status: str, **values: Any) -> None:
        """Note how the work ended; raise Overtaken if it is no longer this worker's."""
        now = timezone.now()
        if not self.held(attempt).update(status=status, ended=now, updated_at=now, **values):
            raise Overtaken

    def turn(self, before: str, after: str, **values: Any) -> bool:
        """Change the state if it is still as it was before; return whether that was done here."""
        now = timezone.now()
        return bool(self._rows.filter(status=before).update(status=after, beat=now, updated_at=now, **values))

    def cancel(self, status: str) -> bool:
        """End the job in this state if it is under way or waits; return whether that was done here."""
        now = timezone.now()
        stopped = self._rows.filter(status__in=[*self.at_work, *self.waiting])
        return bool(stopped.update(status=status, ended=now, updated_at=now))

    @property
    def _rows(self) -> "JobQuerySet[Job]":
        return JobQuerySet(type(self)).filter(pk=self.pk)
