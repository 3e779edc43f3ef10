"""The demo town's workbook of 2025 holds all that the summary of 2025 counts, the photos aside."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.management import call_command

from apps.research.models import Photo
from apps.schools.models import Township
from tests.emptying import empty_all

# Pictures are no cells: they are added on the page of an activity.
PHOTOS = {"research.photos", "research.photos_all"}


def counted() -> dict[str, tuple[str, Any, str]]:
    """Return key → label, value and unit of the figures of 2025; the addresses hold ids, which may differ."""
    out = StringIO()
    call_command("annual_summary", "--year=2025", "--format=json", stdout=out)
    figures = json.loads(out.getvalue())["figures"]
    return {key: (f["label"], f["value"], f["unit"]) for key, f in figures.items() if key not in PHOTOS}


def imported(path: Path) -> str:
    """Import the workbook as a person does at the command line, and return what is printed."""
    out = StringIO()
    call_command("import_workbook", str(path), "--year=2025", stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def workbook(demo: Township, tmp_path: Path) -> Path:
    """The exported workbook of 2025."""
    path = tmp_path / "demo.xlsx"
    call_command("export_workbook", "--year=2025", "--out", str(path), stderr=StringIO())
    return path


def test_the_workbook_alone_gives_the_same_figures(workbook: Path) -> None:
    before = counted()
    empty_all()
    assert "修改 0 行，无变化 0 行" in imported(workbook)
    assert not Photo.objects.exists()
    after = counted()
    assert {key: (before[key], after[key]) for key in before if before[key] != after[key]} == {}
    # Once more, and nothing is written.
    entries = LogEntry.objects.count()
    lines = imported(workbook).splitlines()
    assert [line for line in lines if "新增 0 行，修改 0 行，" not in line] == []
    assert LogEntry.objects.count() == entries


def test_the_workbook_changes_nothing_where_it_came_from(workbook: Path) -> None:
    before, entries = counted(), LogEntry.objects.count()
    lines = imported(workbook).splitlines()
    assert len(lines) > 20
    assert [line for line in lines if "新增 0 行，修改 0 行，" not in line] == []
    assert (counted(), LogEntry.objects.count()) == (before, entries)
