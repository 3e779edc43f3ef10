"""All schools' summaries as PDF: by one worker process, and by two that share the work."""

import subprocess
import sys
import time

from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.reports.actions import remove_batch, start_batch
from apps.reports.models import SummaryBatch
from apps.schools.models import Township

WORKER = (sys.executable, "manage.py", "db_worker", "--queue-name", "*", "--no-startup-delay", "--batch", "-v0")


def seconds(workers: int) -> tuple[int, float]:
    """Return of how many schools the first township's summaries were made by so many workers, and in which time."""
    batch = start_batch(township=Township.objects.first(), period=Period.from_code("2025"), by=SYSTEM.imports)
    start = time.perf_counter()
    processes = [subprocess.Popen(WORKER, stderr=subprocess.DEVNULL) for _number in range(workers)]  # noqa: S603
    for process in processes:
        process.wait()
    taken = time.perf_counter() - start
    batch.refresh_from_db()
    if batch.status != SummaryBatch.Status.DONE:
        raise RuntimeError(f"The batch is {batch.status}: {list(batch.failures.values_list('name', 'error'))}")
    total = batch.total
    remove_batch(batch=batch, by=SYSTEM.imports)
    return total, taken


def run() -> None:
    """Print the time with one worker, with two, and the ratio. The workers' own start is part of both."""
    total, one = seconds(1)
    _total, two = seconds(2)
    print(f"batches: {total} schools, one worker {one:.1f} s, two workers {two:.1f} s, ratio {one / two:.2f}")
