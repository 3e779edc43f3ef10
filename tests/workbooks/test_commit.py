"""All or nothing, by the worker: what changed since the preview is named, a dead worker leaves nothing; progress."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.actions import delete_record, save_record, save_records
from apps.core.actors import SYSTEM
from apps.core.jobs import SILENCE
from apps.schools.models import SchoolGrade
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.actions import imports as actions
from apps.workbooks.actions.imports import commit_import, commit_now, preview_workbook
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning import writing
from apps.workbooks.planning.overview import all_sheets
from apps.workbooks.undo import trace
from tests.factories import SchoolGradeFactory
from tests.workbooks.conftest import book, headers, title, upload

GRADE = ("school", "school_year", "grade", "classes")


@pytest.fixture
def preview(town: SimpleNamespace, cast: dict) -> Callable[..., ImportBatch]:
    """Previews the office's list of grades, each given by its name and number of classes."""

    def make(**grades: int) -> ImportBatch:
        rows = [["镇初级中学", 2025, name, classes] for name, classes in grades.items()]
        file = upload(book((title(SchoolGrade), [headers(SchoolGrade, *GRADE), *rows])))
        batch = preview_workbook(
            file=file, scope=town.township.scope, year=town.year, by=cast["office"], township=town.township
        )
        assert batch.status == "previewed"
        return batch

    return make


def grade(town: SimpleNamespace, number: int, classes: int = 5) -> SchoolGrade:
    return SchoolGradeFactory(school=town.school, school_year=town.year, grade=number, classes=classes)


def ended(batch: ImportBatch, by: Any) -> list[tuple[str, str]]:
    """Import at once; return cell and page of each record that is said to stand in the way."""
    commit_now(batch=batch, by=by)
    return [(problem["cell"], problem["url"]) for problem in batch.problems]


def test_changed_since_the_preview_is_named(town: SimpleNamespace, preview: Any, cast: dict, browser: Any) -> None:
    seventh, eighth, ninth = grade(town, 7), grade(town, 8), grade(town, 9)
    batch = preview(七年级=6, 八年级=6, 九年级=5)
    for row in (seventh, ninth):
        row.students = 200
        row.classes += 2 * (row is ninth)
        save_record(record=row, by=cast["principal"])
    assert ended(batch, cast["office"]) == [
        ("A2", seventh.get_absolute_url()),  # was to change, and has
        ("A4", ninth.get_absolute_url()),  # was the same, and no longer is
    ]
    assert batch.status == "failed"
    assert {row.classes for row in SchoolGrade.objects.exclude(grade=9)} == {5}
    assert str(eighth) not in str(batch.problems)
    text = browser("office").get(batch.get_absolute_url()).content.decode()
    assert f'href="{seventh.get_absolute_url()}"' in text
    # Looked at again, it can be decided again.
    browser("office").post(reverse("workbooks:importbatch_check", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.status, batch.total("changed")) == ("previewed", 3)
    assert ended(batch, cast["office"]) == []
    assert [row.classes for row in SchoolGrade.objects.order_by("grade")] == [6, 6, 5]
    assert SchoolGrade.objects.get(grade=7).students == 200


def test_entered_and_deleted_since_are_named(town: SimpleNamespace, preview: Any, cast: dict) -> None:
    seventh = grade(town, 7)
    batch = preview(七年级=6, 八年级=4)
    delete_record(record=seventh, by=SYSTEM.imports)
    eighth = grade(town, 8, classes=4)
    assert ended(batch, cast["office"]) == [("A2", ""), ("A3", eighth.get_absolute_url())]
    assert [problem["what"] for problem in batch.problems][0].startswith(f"“{seventh}”")
    assert SchoolGrade.objects.get() == eighth


def test_what_does_not_concern_the_workbook_stops_nothing(town: SimpleNamespace, preview: Any, cast: dict) -> None:
    ninth = grade(town, 9)
    batch = preview(七年级=6)
    ninth.classes = 9
    save_record(record=ninth, by=SYSTEM.imports)
    assert ended(batch, cast["office"]) == []
    assert batch.status == "committed"


def test_sheet_written_in_portions_is_written_whole_and_taken_back_whole(
    town: SimpleNamespace, preview: Any, cast: dict, monkeypatch: Any
) -> None:
    for number in (7, 8):
        grade(town, number)
    monkeypatch.setattr(writing, "WRITTEN_AT_ONCE", 2)  # changed, changed; new, new; new
    monkeypatch.setattr(trace, "PIECE", 2)
    batch = preview(七年级=6, 八年级=6, 九年级=3, 一年级=2, 二年级=2)
    assert ended(batch, cast["office"]) == []
    stored = SchoolGrade.objects.order_by("grade").values_list("grade", "classes")
    assert list(stored) == [(1, 2), (2, 2), (7, 6), (8, 6), (9, 3)]
    kept = batch.written.get()
    assert (kept.created, kept.changed) == (3, 2)
    undo_import(batch=batch, by=cast["office"])
    assert list(stored.all()) == [(7, 5), (8, 5)]


def test_later_portion_that_fails_takes_the_earlier_ones_back(
    town: SimpleNamespace, preview: Any, cast: dict, monkeypatch: Any
) -> None:
    batch = preview(七年级=6, 八年级=4, 九年级=3)
    monkeypatch.setattr(writing, "WRITTEN_AT_ONCE", 1)
    written: list[Any] = []

    def fail_later(**kwargs: Any) -> None:
        if written:
            raise ValidationError("no more")
        save_records(**kwargs)
        written.extend(kwargs["records"])

    sheet = next(sheet for sheet in all_sheets() if sheet.model is SchoolGrade)
    monkeypatch.setitem(vars(sheet), "save", fail_later)
    assert ended(batch, cast["office"]) == [("", "")]
    assert (batch.status, len(written), SchoolGrade.objects.count()) == ("failed", 1, 0)


def test_all_or_nothing(town: SimpleNamespace, preview: Any, cast: dict, monkeypatch: Any) -> None:
    batch = preview(七年级=6, 八年级=4)

    def fail(**_kwargs: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(actions, "keep_trace", fail)  # the last step of all
    with pytest.raises(OSError, match="no space"):
        commit_now(batch=batch, by=cast["office"])
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.count(), batch.written.count()) == ("failed", 0, 0)
    assert "no space" not in str(batch.problems)


def test_of_two_workers_only_the_latest_writes(town: SimpleNamespace, preview: Any, cast: dict) -> None:
    batch = preview(七年级=6)
    first = actions._claim(batch)
    with pytest.raises(ValidationError):
        commit_import(batch=batch, by=cast["office"])  # under way
    ImportBatch.objects.filter(pk=batch.pk).update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
    commit_import(batch=batch, by=cast["office"])
    batch.refresh_from_db()
    assert (batch.status, batch.attempt, SchoolGrade.objects.count()) == ("committed", 2, 1)
    actions._import(batch.pk, cast["office"], first)  # the one that was taken for dead wakes up
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.get().version) == ("committed", 1)


def test_overtaken_in_the_middle_of_writing_leaves_nothing(
    town: SimpleNamespace, preview: Any, cast: dict, monkeypatch: Any
) -> None:
    batch = preview(七年级=6)
    write = actions.write_plan

    def slow(plan: Any, *, by: Any) -> None:
        write(plan, by=by)
        ImportBatch.objects.filter(pk=batch.pk).update(attempt=7)

    monkeypatch.setattr(actions, "write_plan", slow)
    commit_now(batch=batch, by=cast["office"])
    assert (SchoolGrade.objects.count(), batch.status) == (0, "committing")


def test_progress_is_stored_and_shown_after_a_reload(
    town: SimpleNamespace, preview: Any, browser: Any, monkeypatch: Any, cast: dict
) -> None:
    batch, client, seen = preview(七年级=6), browser("office"), []
    write = actions.write_plan

    def look(plan: Any, *, by: Any) -> None:
        for address in (batch.get_absolute_url(), reverse("workbooks:progress", args=[batch.pk])):
            page = client.get(address)
            seen.append((page.headers.get("HX-Refresh"), f'value="{actions.BEFORE_WRITING}"' in page.content.decode()))
        write(plan, by=by)

    monkeypatch.setattr(actions, "write_plan", look)
    commit_import(batch=batch, by=cast["office"])
    assert seen == [(None, True), (None, True)]
    page = client.get(reverse("workbooks:progress", args=[batch.pk]))
    assert page.headers["HX-Refresh"] == "true"
    assert "<progress" not in client.get(batch.get_absolute_url()).content.decode()


def test_dead_worker_is_recognised_and_offered_once_more(preview: Any, browser: Any) -> None:
    batch, client = preview(七年级=6), browser("office")
    actions._claim(batch)
    again = f'action="{reverse("workbooks:importbatch_again", args=[batch.pk])}"'
    assert again not in client.get(batch.get_absolute_url()).content.decode()
    ImportBatch.objects.filter(pk=batch.pk).update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
    text = client.get(batch.get_absolute_url()).content.decode()
    assert again in text
    assert "note warning" in text
    assert client.get(reverse("workbooks:progress", args=[batch.pk])).headers["HX-Refresh"] == "true"
    client.post(reverse("workbooks:importbatch_again", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.count()) == ("committed", 1)


def test_queries_per_thousand_rows_are_bounded(town: SimpleNamespace) -> None:
    """Rows are written in portions: a thousand of them cost a few dozen queries, whatever is checked about each."""

    def cost(number: int) -> tuple[int, int]:
        teachers = [[f"N{number}-{n}", f"教师{n}", "女", date(1985, 7, 12), date(2008, 9, 1)] for n in range(number)]
        places = [[f"N{number}-{n}", "镇初级中学", date(2020, 9, 1)] for n in range(number)]
        file = book(
            (title(Teacher), [headers(Teacher, "no", "name", "sex", "birth_date", "started_work_on"), *teachers]),
            (title(Appointment), [headers(Appointment, "teacher", "school", "starts_on"), *places]),
        )
        with CaptureQueriesContext(connection) as previewing:
            batch = preview_workbook(
                file=upload(file), scope=town.township.scope, year=town.year, by=SYSTEM.imports, township=town.township
            )
        with CaptureQueriesContext(connection) as committing:
            commit_now(batch=batch, by=SYSTEM.imports)
        assert batch.status == "committed"
        return len(previewing), len(committing)

    few, many = cost(10), cost(1010)
    # SQLite takes fewer rows in one statement than PostgreSQL.
    portions = 100 if connection.vendor == "sqlite" else 20
    assert many[0] - few[0] <= portions
    assert many[1] - few[1] <= portions
