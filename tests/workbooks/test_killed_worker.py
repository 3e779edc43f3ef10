"""A real worker process, killed in the middle of writing: all is as before, and the import can be done again."""

import json
import os
import signal
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.teachers.models import Appointment, Leave, Teacher, TeachingAssignment
from tests.workbooks.conftest import book, headers, title
from tests.workbooks.sites import PLACES, Site
from tests.workbooks.slow import manifest as slow

COMMIT = """
from django.core.files import File
from apps.accounts.models import User
from apps.core.models import SchoolYear
from apps.schools.models import Township
from apps.workbooks.actions.imports import commit_import, preview_workbook
user = User.objects.with_places().get()
with open(sys.argv[1], "rb") as stream:
    batch = preview_workbook(file=File(stream, name="名单.xlsx"), scope=user.scope, by=user,
        year=SchoolYear.objects.get(), township=Township.objects.select_related("district").get())
assert batch.status == "previewed", batch.problems
commit_import(batch=batch, by=user)
"""
LOOK = """
from apps.teachers.models import Teacher, TeachingAssignment
from apps.workbooks.models import ImportBatch, ImportChange
from auditlog.models import LogEntry
batch = ImportBatch.objects.get()
print(json.dumps([batch.status, batch.attempt, Teacher.objects.count(), TeachingAssignment.objects.count(),
    ImportChange.objects.count(), LogEntry.objects.filter(content_type__model="teacher").count()]))
"""
AGAIN = """
from datetime import timedelta
from django.utils import timezone
from apps.accounts.models import User
from apps.workbooks.actions.imports import commit_import
from apps.core.jobs import SILENCE, WRITING
from apps.workbooks.models import ImportBatch
batch = ImportBatch.objects.get()
assert not batch.silent
ImportBatch.objects.update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
batch.refresh_from_db()
assert not batch.silent  # it was killed while it wrote all at once
ImportBatch.objects.update(beat=timezone.now() - WRITING - timedelta(seconds=1))
batch.refresh_from_db()
assert batch.silent
commit_import(batch=batch, by=User.objects.with_places().get())
"""


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A roster of three hundred, with an assignment each."""
    teachers = [[f"N{n}", f"教师{n}", "女", date(1985, 7, 12), date(2008, 9, 1)] for n in range(300)]
    head = headers(TeachingAssignment, "teacher", "school", "school_year", "grade", "class_name", "subject")
    lessons = [[f"N{n}", "镇初级中学", 2025, "七年级", "七年级(1)班", "数学"] for n in range(300)]
    path = tmp_path / "名单.xlsx"
    path.write_bytes(
        book(
            (title(Teacher), [headers(Teacher, "no", "name", "sex", "birth_date", "started_work_on"), *teachers]),
            (title(TeachingAssignment), [head, *lessons]),
        ).getvalue()
    )
    return path


def test_killed_worker_leaves_all_as_before_and_the_import_is_done_again(site: Site, workbook: Path) -> None:
    site.do(PLACES)
    site.do(COMMIT, str(workbook))
    worker = site.worker(SLOW="apps.teachers")
    wait_for(site.written, worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    # Nothing of the six hundred rows that were written is there, and the import is neither done nor failed.
    assert json.loads(site.do(LOOK)) == ["committing", 1, 0, 0, 0, 0]
    site.do(AGAIN)
    _out, err = site.worker().communicate(timeout=120)
    assert json.loads(site.do(LOOK)) == ["committed", 2, 300, 300, 2, 300], err


def wait_for(path: Path, worker: Any) -> None:
    for _tenth in range(600):
        if path.exists():
            return
        if worker.poll() is not None:
            pytest.fail(worker.communicate()[1])
        time.sleep(0.1)
    worker.kill()
    pytest.fail("the worker never came to write")


def test_slow_sheets_but_for_their_writing_are_those_of_the_site() -> None:
    assert [sheet.model for sheet in slow.MANIFEST.sheets] == [Teacher, Appointment, Leave, TeachingAssignment]
    assert [sheet.save.__name__ for sheet in slow.MANIFEST.sheets].index("write_and_wait") == 3
