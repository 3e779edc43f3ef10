"""Workbooks that are too long to wait for: made by the worker, for who asked, and gone after a week."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.actors import SYSTEM
from apps.core.jobs import SILENCE
from apps.schools.models import SchoolGrade
from apps.workbooks.actions import exports as actions
from apps.workbooks.exporting.asked import YearAsked
from apps.workbooks.models import WorkbookExport
from apps.workbooks.models.exports import KEPT_DAYS
from apps.workbooks.views import exports as views
from tests.factories import SchoolGradeFactory
from tests.workbooks.conftest import opened, title

YEAR, GRADES = "workbooks:year_export", "schools.schoolgrade"
Status = WorkbookExport.Status


@pytest.fixture(autouse=True)
def _all_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "ROWS_AT_ONCE", 1)


@pytest.fixture
def unmade(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs."""
    monkeypatch.setattr(actions.make_export.__class__, "enqueue", lambda self, *args: None)


@pytest.fixture
def asked(town: SimpleNamespace, cast: dict) -> Callable[..., YearAsked]:
    """The year's workbook, as somebody asks for it."""
    return lambda role="office": YearAsked(town.township.scope, town.township, town.year, cast[role])


def rows(content: bytes, name: str) -> list[tuple]:
    return list(opened(content)[name].iter_rows(min_row=2, values_only=True))


def test_long_year_is_made_by_the_worker_and_downloaded_from_its_page(town: SimpleNamespace, browser: Any) -> None:
    SchoolGradeFactory(school=town.school, school_year=town.year, grade=7, classes=4)
    client = browser("office")
    page = client.post(reverse(YEAR), {"year": town.year.start_year}, follow=True)
    export = WorkbookExport.objects.get()
    assert (export.status, page.redirect_chain[-1][0]) == ("done", export.get_absolute_url())
    assert (export.written, export.progress) == (export.total, 100)
    address = reverse("workbooks:workbookexport_file", args=[export.pk])
    assert f'href="{address}"' in page.content.decode()
    answer = client.get(address)
    assert export.name in answer.headers["Content-Disposition"] or "filename*" in answer.headers["Content-Disposition"]
    content = b"".join(answer.streaming_content)
    assert [row[2:4] for row in rows(content, title(SchoolGrade))] == [("七年级", 4)]
    assert f'href="{export.get_absolute_url()}"' in client.get(reverse("workbooks:home")).content.decode()


def test_long_list_is_asked_for_by_a_button_and_keeps_its_filter(town: SimpleNamespace, browser: Any) -> None:
    for grade in (7, 8, 9):
        SchoolGradeFactory(school=town.school, school_year=town.year, grade=grade, experimental=grade > 7)
    client, address = browser("office"), reverse("workbooks:list_export", args=[GRADES]) + "?experimental=true"
    page = client.get(address).content.decode()
    assert not WorkbookExport.objects.exists()
    assert f'action="{address}"' in page
    client.post(address)
    export = WorkbookExport.objects.get()
    content = b"".join(client.get(reverse("workbooks:workbookexport_file", args=[export.pk])).streaming_content)
    assert [row[2] for row in rows(content, title(SchoolGrade))] == ["八年级", "九年级"]


def test_export_is_nobody_elses(asked: Any, cast: dict, browser: Any) -> None:
    export = actions.start_export(asked=asked(), by=cast["office"])
    for name in ("detail", "progress", "file"):
        address = reverse(f"workbooks:workbookexport_{name}", args=[export.pk])
        answers = {}
        for role in ("office", "principal", "stranger"):
            answer = browser(role).get(address)
            answers[role] = answer.status_code
            answer.getvalue()  # to its end, which closes the file
        assert answers == {"office": 200, "principal": 404, "stranger": 404}, name
    for name in ("cancel", "again"):
        assert (
            browser("principal").post(reverse(f"workbooks:workbookexport_{name}", args=[export.pk])).status_code == 404
        )
        assert browser("office").get(reverse(f"workbooks:workbookexport_{name}", args=[export.pk])).status_code == 405
    with pytest.raises(PermissionDenied):
        actions.start_export(asked=asked(), by=SYSTEM.imports)


@pytest.mark.usefixtures("unmade")
def test_second_press_leads_to_the_one_that_runs(asked: Any, cast: dict, browser: Any) -> None:
    first = actions.start_export(asked=asked(), by=cast["office"])
    assert actions.start_export(asked=asked(), by=cast["office"]) == first
    page = browser("office").get(first.get_absolute_url()).content.decode()
    assert reverse("workbooks:workbookexport_progress", args=[first.pk]) in page
    assert f'href="{first.get_absolute_url()}"' in page  # without JavaScript one looks again
    told = browser("office").get(reverse("workbooks:workbookexport_progress", args=[first.pk]))
    assert "HX-Refresh" not in told.headers


@pytest.mark.usefixtures("unmade")
def test_cancelled_export_is_not_made(asked: Any, cast: dict, browser: Any) -> None:
    export = actions.start_export(asked=asked(), by=cast["office"])
    browser("office").post(reverse("workbooks:workbookexport_cancel", args=[export.pk]))
    actions.make_export.call(export.pk, export.attempt)
    export.refresh_from_db()
    assert (export.status, export.file.name) == ("cancelled", "")
    with pytest.raises(ValidationError):
        actions.cancel_export(export=export, by=cast["office"])


def test_cancelled_under_way_leaves_no_file(asked: Any, cast: dict, monkeypatch: Any) -> None:
    def stopped(self: YearAsked, target: Any, told: Any) -> None:
        WorkbookExport.objects.get().cancel(Status.CANCELLED)
        target.write(b"half")

    monkeypatch.setattr(YearAsked, "write", stopped)
    before = set(_files())
    export = actions.start_export(asked=asked(), by=cast["office"])
    assert (export.status, set(_files())) == ("cancelled", before)


def _files() -> list[str]:
    return default_storage.listdir("exports")[1] if default_storage.exists("exports") else []


@pytest.mark.usefixtures("unmade")
def test_export_whose_worker_died_is_made_once_more(asked: Any, cast: dict, browser: Any) -> None:
    export = actions.start_export(asked=asked(), by=cast["office"])
    with pytest.raises(ValidationError):
        actions.resume_export(export=export, by=cast["office"])
    WorkbookExport.objects.update(beat=timezone.now() - 2 * SILENCE)
    again = reverse("workbooks:workbookexport_again", args=[export.pk])
    assert again in browser("office").get(export.get_absolute_url()).content.decode()
    browser("office").post(again)
    actions.make_export.call(export.pk, 1)  # the one that was taken for dead
    export.refresh_from_db()
    assert (export.status, export.attempt) == ("running", 2)
    actions.make_export.call(export.pk, 2)
    export.refresh_from_db()
    assert export.status == "done"


def test_who_may_no_longer_see_the_place_gets_nothing(
    asked: Any, cast: dict, town: SimpleNamespace, unmade: None
) -> None:
    export = actions.start_export(asked=asked(), by=cast["office"])
    cast["office"].township = town.far.township
    cast["office"].save()
    actions.make_export.call(export.pk, 1)
    export.refresh_from_db()
    assert (export.status, export.file.name) == ("failed", "")


def test_failure_is_told_and_nothing_of_the_content(asked: Any, cast: dict, monkeypatch: Any, unmade: None) -> None:
    def fail(self: YearAsked, target: Any, told: Any) -> None:
        raise ValueError("王思远 13800001234")

    export = actions.start_export(asked=asked(), by=cast["office"])
    monkeypatch.setattr(YearAsked, "write", fail)
    with pytest.raises(actions.NotMade) as error:
        actions.make_export.call(export.pk, 1)
    assert "王思远" not in str(error.value)
    export.refresh_from_db()
    assert (export.status, export.ready) == ("failed", True)


def test_finished_file_goes_after_a_week(asked: Any, cast: dict, browser: Any) -> None:
    export = actions.start_export(asked=asked(), by=cast["office"])
    name = export.file.name
    assert actions.remove_outdated() == 0
    WorkbookExport.objects.update(ended=timezone.now() - timedelta(days=KEPT_DAYS, minutes=1))
    actions.remove_exports.call()
    export.refresh_from_db()
    assert (export.status, default_storage.exists(name)) == ("expired", False)
    assert browser("office").get(reverse("workbooks:workbookexport_file", args=[export.pk])).status_code == 404
    assert browser("office").get(export.get_absolute_url()).status_code == 200


def test_pages_of_an_export_cost_few_queries(asked: Any, cast: dict, browser: Any) -> None:
    export, client = actions.start_export(asked=asked(), by=cast["office"]), browser("office")
    for name in ("detail", "progress"):
        address = reverse(f"workbooks:workbookexport_{name}", args=[export.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        assert len(queries) <= 8, name
