"""Two threads, one importing, one saving: the import is undone, what the other has done stays."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.core.actions import delete_record, save_record
from apps.core.journal import journal
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.actions.imports import preview_workbook
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from apps.workbooks.undo.trace import keep_trace
from tests.factories import TeacherFactory
from tests.threads import elsewhere
from tests.workbooks.test_undo import roster, stored

__all__ = ["roster"]  # a fixture
pytestmark = pytest.mark.django_db(transaction=True)


def imported_during(town: SimpleNamespace, roster: Any, by: Any, work: Callable[[], Any]) -> ImportBatch:
    """Import the roster; while its rows are being kept, do `work` in another thread.

    The steps are those of `commit_import`, without the transaction around them: on SQLite nobody else could write.
    """
    batch = preview_workbook(
        file=SimpleUploadedFile("名单.xlsx", roster.getvalue()),
        scope=town.township.scope,
        year=town.year,
        by=by,
        township=town.township,
    )
    with batch.kept() as file:
        plan = plan_import(file, by=by, scope=None, township=town.township, year=town.year)
    with journal() as kept:
        write_plan(plan, by=by)
        elsewhere(work)
    batch.status, batch.began, batch.ended = ImportBatch.Status.COMMITTED, timezone.now(), timezone.now()
    batch.save()
    keep_trace(batch=batch, kept=kept, plan=plan)
    return batch


def test_undo_with_rows_saved_in_another_thread_touches_only_the_rows_of_the_import(
    town: SimpleNamespace, roster: Any, cast: dict
) -> None:
    leaving = TeacherFactory(school=town.other, no="031", name="周明")
    left, office = leaving.pk, cast["office"]

    def save() -> None:
        TeacherFactory(school=town.other, no="030", name="孙丽")
        town.colleague.position = Teacher.Position.VICE
        save_record(record=town.colleague, by=office)
        delete_record(record=leaving, by=office)

    before = stored(Teacher, Appointment)
    batch = imported_during(town, roster, office, save)
    assert set(Teacher.objects.values_list("name", flat=True)) == {
        *("王思源", "李新"),  # the import's
        *("孙丽", "陈一鸣", "赵雪", "何晓东"),
    }
    assert {(c.kind, c.created, c.changed, c.deleted) for c in batch.written.all()} == {
        ("teachers.teacher", 1, 1, 0),
        ("teachers.appointment", 1, 0, 0),
    }
    undo_import(batch=batch, by=office)
    # As before the import, but for what the other thread has added, changed and deleted.
    after = stored(Teacher, Appointment)
    (new,) = [row for row in after[Teacher.label] if row["no"] == "030"]
    assert after[Teacher.label] == [
        *[
            row | {"position": "vice", "pinyin": " cym chenyiming"} if row["id"] == town.colleague.pk else row
            for row in before[Teacher.label]
            if row["id"] != left
        ],
        new,
    ]
    assert [row["teacher_id"] for row in after[Appointment.label]] == [
        *[row["teacher_id"] for row in before[Appointment.label] if row["teacher_id"] != left],
        new["id"],
    ]
