"""A generated town's year goes out as a workbook, into an empty database, and out again as the same workbook."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from openpyxl import load_workbook

from apps.schools.models import Township
from tests.emptying import empty_all


def exported(township: str, path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Export the town's year of 2025 and return what the file holds, sheet → rows."""
    call_command("export_workbook", "--year=2025", f"--township={township}", "--out", str(path), stderr=StringIO())
    book = load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def imported(township: str, path: Path) -> list[str]:
    """Import a file as a person does, and return what is printed of each sheet."""
    out = StringIO()
    given = ["--year=2025", f"--township={township}"] if Township.objects.exists() else ["--year=2025"]
    call_command("import_workbook", str(path), *given, stdout=out)
    return out.getvalue().splitlines()


def test_export_import_export_is_identical(township: Township, tmp_path: Path) -> None:
    first = exported(township.code, tmp_path / "first.xlsx")
    assert sum(map(len, first.values())) > 50
    unchanged = imported(township.code, tmp_path / "first.xlsx")
    assert [line for line in unchanged if "新增 0 行，修改 0 行，" not in line] == []
    empty_all()
    brought = imported(township.code, tmp_path / "first.xlsx")
    assert [line for line in brought if "修改 0 行，无变化 0 行" not in line] == []
    assert exported(township.code, tmp_path / "second.xlsx") == first
