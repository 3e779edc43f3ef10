"""Times a piece of work and counts its queries."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def median_seconds(work: Callable[[], Any], times: int = 7) -> float:
    """Return the median wall-clock seconds of `work`, after one run to warm up."""
    work()
    taken = []
    for _run in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def queries(work: Callable[[], Any]) -> int:
    """Return how many queries `work` makes."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
