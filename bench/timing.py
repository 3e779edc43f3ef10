"""Times a piece of work and counts its queries."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def median_seconds(work: Callable[[], Any], times: int = 7) -> float:
    """Return the median wall-clock seconds of `work`, after one run to warm up."""
    return paired_seconds([work], times)[0]


def paired_seconds(works: list[Callable[[], Any]], times: int = 7) -> list[float]:
    """Return the median seconds of each of several pieces of work, done in turn so that all meet the same load."""
    taken: list[list[float]] = [[] for _work in works]
    for run in range(times + 1):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            if run:  # the first one warms up
                taken[place].append(time.perf_counter() - start)
    return [statistics.median(seconds) for seconds in taken]


def queries(work: Callable[[], Any]) -> int:
    """Return how many queries `work` makes."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
