"""Sheets whose writing stops in the middle, so that a worker can be killed there. (For `test_killed_worker`.)"""

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from apps.core.actions import save_records
from apps.teachers.manifest import MANIFEST as TEACHERS


def write_and_wait(**kwargs: Any) -> None:
    """Write the rows, say so, and wait for the end."""
    save_records(**kwargs)
    Path(os.environ["WRITTEN"]).touch()
    time.sleep(300)


# The roster is written, then the assignments stand still: rows of two sheets are in the transaction.
*OTHERS, ASSIGNMENTS = TEACHERS.sheets
MANIFEST = replace(TEACHERS, sheets=(*OTHERS, replace(ASSIGNMENTS, save=write_and_wait)))
