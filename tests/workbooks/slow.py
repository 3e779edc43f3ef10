"""Sheets whose writing stops in the middle, so that a worker can be killed there. (For `test_killed_worker`.)"""

import os
import time
from pathlib import Path
from typing import Any

from apps.core.actions import save_records
from apps.core.sheets import Sheet
from apps.schools.sheets import SHEETS as SCHOOLS
from apps.teachers.sheets import SHEETS as TEACHERS


def write_and_wait(**kwargs: Any) -> None:
    """Write the rows, say so, and wait for the end."""
    save_records(**kwargs)
    Path(os.environ["WRITTEN"]).touch()
    time.sleep(300)


def slowed(sheet: Sheet) -> Sheet:
    """Return the sheet, with that way of writing."""
    return type(sheet)(**{**vars(sheet), "save": write_and_wait})


# The roster is written, then the assignments stand still: rows of two sheets are in the transaction.
SHEETS = (*SCHOOLS, *TEACHERS[:-1], slowed(TEACHERS[-1]))
