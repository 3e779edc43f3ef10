"""Workbooks that are too long to wait for are previewed by the worker; what goes out comes in again."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.actors import SYSTEM
from apps.core.jobs import SILENCE
from apps.schools.models import SchoolGrade
from apps.workbooks.actions import imports as actions
from apps.workbooks.files import validation
from apps.workbooks.files.readers import opened as book_opened
from apps.workbooks.models import ImportBatch
from tests.factories import SchoolGradeFactory
from tests.workbooks.conftest import book, headers, title, upload
from tests.workbooks.sites import PLACES, Site

UPLOAD = "workbooks:importbatch_create"


@pytest.fixture(autouse=True)
def _all_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "LONG_FROM", 1)


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    """No worker runs; what it is asked for is kept here."""
    asked: list[tuple] = []
    monkeypatch.setattr(actions.check_batch.__class__, "enqueue", lambda self, *args: asked.append(args))
    return asked


def grades(**classes: int) -> BytesIO:
    rows = [["镇初级中学", 2025, name, number] for name, number in classes.items()]
    return book((title(SchoolGrade), [headers(SchoolGrade, "school", "school_year", "grade", "classes"), *rows]))


@pytest.fixture
def brought(town: SimpleNamespace, browser: Any) -> Callable[..., ImportBatch]:
    """Uploads a workbook of grades on its page."""

    def bring(file: BytesIO | None = None) -> ImportBatch:
        file = file or grades(七年级=6)
        answer = browser("office").post(reverse(UPLOAD), {"file": upload(file), "school_year": town.year.pk})
        batch = ImportBatch.objects.order_by("-pk")[0]
        assert answer.url == batch.get_absolute_url()
        return batch

    return bring


def test_long_workbook_is_previewed_by_the_worker_and_imported(
    town: SimpleNamespace, brought: Any, browser: Any, waiting: list
) -> None:
    batch = brought()
    assert (batch.status, batch.running, batch.counts) == ("checking", True, {})
    page = browser("office").get(batch.get_absolute_url()).content.decode()
    assert reverse("workbooks:progress", args=[batch.pk]) in page
    assert reverse("workbooks:importbatch_commit", args=[batch.pk]) not in page
    # Nothing is imported that nobody has seen.
    browser("office").post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.status == "checking"
    actions.check_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, batch.total("new"), batch.school_year, batch.township) == (
        "previewed", 1, town.year, town.township,
    )  # fmt: skip
    assert "七年级" in browser("office").get(batch.get_absolute_url()).content.decode()
    browser("office").post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    actions.write_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.get().classes) == ("committed", 6)


def test_errors_of_a_long_workbook_are_told_and_the_mended_one_is_checked(
    brought: Any, browser: Any, waiting: list
) -> None:
    batch = brought(grades(十七年级=6))
    actions.check_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, batch.wrong) == ("refused", 1)
    browser("office").post(reverse("workbooks:importbatch_mend", args=[batch.pk]), {"file": upload(grades(八年级=2))})
    batch.refresh_from_db()
    assert batch.status == "checking"
    actions.check_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, batch.wrong, batch.total("new")) == ("previewed", 0, 1)


def test_check_whose_worker_died_is_done_again(brought: Any, browser: Any, waiting: list) -> None:
    batch = brought()
    again = reverse("workbooks:importbatch_check", args=[batch.pk])
    browser("office").post(again)
    assert len(waiting) == 1  # it is under way
    ImportBatch.objects.update(beat=timezone.now() - 2 * SILENCE)
    assert again in browser("office").get(batch.get_absolute_url()).content.decode()
    browser("office").post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    browser("office").post(again)
    first, second = waiting
    actions.check_batch.call(*first)
    batch.refresh_from_db()
    assert (batch.status, batch.attempt) == ("checking", 2)
    actions.check_batch.call(*second)
    batch.refresh_from_db()
    assert batch.status == "previewed"


def test_check_that_breaks_off_says_so(brought: Any, waiting: list, monkeypatch: Any) -> None:
    batch = brought()

    def fail(*_args: Any) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(actions, "look", fail)
    with pytest.raises(OSError, match="no space"):
        actions.check_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, batch.wrong, batch.open) == ("failed", 1, True)


def test_what_cannot_be_read_is_told_on_the_page_of_the_import(brought: Any, waiting: list) -> None:
    batch = brought(book(("说明", [["没有数据"]])))
    actions.check_batch.call(*waiting.pop())
    batch.refresh_from_db()
    assert (batch.status, batch.wrong) == ("failed", 1)
    assert batch.problems[0]["what"]


def test_progress_does_not_read_what_the_preview_lists(brought: Any, browser: Any, waiting: list) -> None:
    batch = brought()
    with CaptureQueriesContext(connection) as queries:
        browser("office").get(reverse("workbooks:progress", args=[batch.pk]))
    assert not any('"workbooks_importbatch"."problems"' in query["sql"] for query in queries)


def test_rows_beyond_memory_are_refused(town: SimpleNamespace, monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.workbooks.files.readers.MEMORY_LIMIT", 3 * 2500)
    SchoolGradeFactory(school=town.school, school_year=town.year, grade=7, classes=4)
    with pytest.raises(validation.UserError, match=title(SchoolGrade)):
        actions.preview_now(
            file=upload(grades(七年级=6, 八年级=6, 九年级=6)),
            scope=town.township.scope, year=town.year, by=SYSTEM.imports, township=town.township,
        )  # fmt: skip


def test_row_that_spans_pieces_of_the_xml_is_read_whole(monkeypatch: Any) -> None:
    monkeypatch.setattr("apps.workbooks.files.sheet_xml.BLOCK", 37)
    content = book(("表", [["名", "号"], *[[f"名{n}", n] for n in range(40)]]))
    with zipfile.ZipFile(content) as parts:
        xml = {name: parts.read(name) for name in parts.namelist()}
    sheet = xml["xl/worksheets/sheet1.xml"]
    sheet = sheet.replace(b'<row r="30">', b'<row r="30" hidden="1">')
    sheet = sheet.replace(b'<c r="B5"', b'<c r="B5" s="0"').replace(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name, part in xml.items():
            parts.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else part)
    with book_opened(out) as found:
        page = found.worksheets[0]
        looks = page.looks
        assert (looks.merged, looks.hidden, len(list(page.iter_rows()))) == ([(2, 0, 3, 0)], {30}, 41)
        assert page.formats({(5, 1)}) == {(5, 1): "General"}


# Out and in again, with the most memory that each step adds, in megabytes.
OUT_AND_IN = """
import random, re
from django.core.files import File
from apps.core.actors import SYSTEM
from apps.schools.models import CultureNote
from apps.workbooks.actions.imports import preview_now
from apps.workbooks.exporting.asked import YearAsked
def peak():
    return int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024
dice, school, year = random.Random(1), School.objects.get(), SchoolYear.objects.get()
texts = ("".join(chr(dice.randrange(0x4E00, 0x5500)) for _sign in range(400)) for _note in range(3000))
CultureNote.objects.bulk_create(
    [CultureNote(school=school, title=f"条目{n}", text=text, since=date(2025, 9, 1)) for n, text in enumerate(texts)],
    batch_size=500)
asked = YearAsked(school.township.scope, school.township, year, SYSTEM.imports)
start = peak()
with open(sys.argv[1], "wb") as out:
    asked.write(out)
written = peak()
with open(sys.argv[1], "rb") as stream:
    batch = preview_now(file=File(stream, name="x.xlsx"), scope=asked.scope, year=year, by=SYSTEM.imports,
        township=asked.township)
print(json.dumps({"wrong": batch.wrong, "unchanged": batch.total("unchanged"), "empty": batch.empty,
    "export": written - start, "preview": peak() - start}))
"""


def test_three_thousand_long_rows_go_out_and_come_in_within_little_memory(site: Site, tmp_path: Path) -> None:
    found = json.loads(site.do(PLACES + OUT_AND_IN, str(tmp_path / "year.xlsx")))
    assert (found["wrong"], found["empty"]) == (0, True)
    assert found["unchanged"] >= 3000
    # 26,000 rows take nine times as much, and a process has 100 MB before it begins.
    assert found["export"] < 25
    assert found["preview"] < 35
