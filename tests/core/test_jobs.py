"""Long jobs: of two that would go on one does, a dead one can be begun anew, whatever kind of job it is."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.utils import timezone

from apps.core.jobs import SILENCE, WRITING, Job, Overtaken
from apps.workbooks.models import ImportBatch
from tests.architecture.rows import make

KINDS = [model for model in apps.get_models() if issubclass(model, Job)]
# A state in which a job of the kind is over, and needs nothing else.
OVER = {
    "workbooks.importbatch": "failed",
    "workbooks.workbookexport": "cancelled",
    "reports.summarybatch": "cancelled",
}


@pytest.fixture(params=KINDS, ids=lambda model: model.label)
def waiting(request: pytest.FixtureRequest, town: SimpleNamespace) -> Job:
    """A job of each kind that waits for the go-ahead."""
    return make(request.param, town.school, status=request.param.waiting[0])


@pytest.fixture
def go(waiting: Job) -> Callable[[], int]:
    """Give the job the go-ahead, as it stands in the database, and return its number."""

    def claim() -> int:
        number = waiting.claim(**({"began": timezone.now()} if hasattr(waiting, "began") else {}))
        waiting.refresh_from_db()
        return number

    return claim


def fall_silent(job: Job) -> None:
    type(job).objects.filter(pk=job.pk).update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
    job.refresh_from_db()


def test_states_of_a_kind_are_apart_and_known() -> None:
    assert {model.label: sorted({*model.waiting, *model.at_work} - {*model.Status.values}) for model in KINDS} == {
        label: [] for label in OVER
    }
    assert [set(model.waiting) & set(model.at_work) for model in KINDS] == [set() for _kind in KINDS]


def test_go_ahead_is_numbered_and_given_once(waiting: Job, go: Callable[[], int]) -> None:
    before = timezone.now()
    assert (waiting.ready, waiting.running, waiting.silent) == (True, False, False)
    assert (go(), go()) == (1, 0)
    assert (waiting.status, waiting.attempt, waiting.ended) == (waiting.at_work[0], 1, None)
    assert before <= waiting.beat <= timezone.now()
    assert (waiting.ready, waiting.running, waiting.silent) == (False, True, False)


def test_silent_job_is_begun_anew_and_its_first_worker_overtaken(waiting: Job, go: Callable[[], int]) -> None:
    first = go()
    fall_silent(waiting)
    assert (waiting.ready, waiting.silent) == (True, True)
    second = go()
    assert (first, second, waiting.silent) == (1, 2, False)
    with pytest.raises(Overtaken):
        waiting.sign(first)
    with pytest.raises(Overtaken):
        waiting.end(first, OVER[waiting.label])
    waiting.end(second, OVER[waiting.label])
    waiting.refresh_from_db()
    assert (waiting.status, waiting.running, bool(waiting.ended)) == (OVER[waiting.label], False, True)


def test_sign_keeps_a_job_from_falling_silent(waiting: Job, go: Callable[[], int]) -> None:
    number = go()
    fall_silent(waiting)
    waiting.sign(number)
    waiting.refresh_from_db()
    assert (waiting.silent, go()) == (False, 0)


def test_job_that_is_over_takes_no_go_ahead_and_no_sign(waiting: Job, go: Callable[[], int]) -> None:
    number = go()
    waiting.end(number, OVER[waiting.label])
    assert go() == 0
    with pytest.raises(Overtaken):
        waiting.sign(number)
    assert not waiting.ready


def test_cancelled_job_is_over_and_its_worker_overtaken(waiting: Job, go: Callable[[], int]) -> None:
    number = go()
    assert (waiting.cancel(OVER[waiting.label]), waiting.cancel(OVER[waiting.label])) == (True, False)
    waiting.refresh_from_db()
    assert (waiting.status, bool(waiting.ended)) == (OVER[waiting.label], True)
    with pytest.raises(Overtaken):
        waiting.sign(number)


def test_state_is_turned_once(waiting: Job) -> None:
    before, after = waiting.waiting[0], waiting.at_work[0]
    assert (waiting.turn(before, after), waiting.turn(before, after)) == (True, False)
    waiting.refresh_from_db()
    assert waiting.status == after


def test_lists_tell_which_jobs_run_and_which_are_ready(waiting: Job, go: Callable[[], int]) -> None:
    rows = type(waiting).objects
    assert (list(rows.running()), list(rows.ready())) == ([], [waiting])
    go()
    assert (list(rows.running()), list(rows.ready())) == ([waiting], [])
    fall_silent(waiting)
    assert (list(rows.running()), list(rows.ready())) == ([waiting], [waiting])


def test_worker_that_writes_all_at_once_is_waited_for_longer(town: SimpleNamespace) -> None:
    job = make(ImportBatch, town.school, status="previewed")
    assert job.claim(began=timezone.now(), progress=ImportBatch.writes_from) == 1
    fall_silent(job)
    assert (job.silent, job.ready, job.claim()) == (False, False, 0)
    type(job).objects.filter(pk=job.pk).update(beat=timezone.now() - WRITING - timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.silent, job.silent_minutes, job.claim(progress=0)) == (True, 10, 2)
    job.refresh_from_db()
    assert (job.silent, job.silent_minutes) == (False, 2)
