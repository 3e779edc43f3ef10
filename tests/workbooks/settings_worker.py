"""Settings of the worker that is killed in a test: the real task queue, on a database of its own."""

import os

from townedu.settings import *  # noqa: F403  (the same settings, a few replaced)

SHEETS = os.environ["SHEETS_FROM"].split(",")
