"""Work done in a thread of its own, with a connection of its own, beside the thread of the test."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections


def elsewhere(work: Callable[[], Any]) -> Any:
    """Do `work` in a thread of its own, from beginning to end, and return its result."""

    def with_own_connection() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(with_own_connection).result()
