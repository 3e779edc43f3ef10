"""`annual_summary`: the contract for scripts."""

import json
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from apps.reports.actions import finalise_summary
from apps.reports.models import AnnualSummary
from apps.reports.printing.files import summary_file
from tests.ethics.factories import HonourFactory
from tests.factories import TeacherFactory
from tests.reports.factories import composed


def written(*args: str) -> dict[str, Any]:
    out = StringIO()
    call_command("annual_summary", "--year=2025", "--format=json", "--township=610304105", *args, stdout=out)
    return json.loads(out.getvalue())


def test_json_holds_figures_and_chapters(town: SimpleNamespace) -> None:
    data = written()
    figure = data["figures"]["teachers.count"]
    assert (figure["label"], figure["value"], figure["unit"]) == ("教师人数", 3, "人")
    assert figure["source"].startswith("/teachers/teacher/?period=2025&township=")
    assert {"schools", "teachers"} <= {chapter["key"] for chapter in data["chapters"]}
    texts = {part["key"]: part["text"] for chapter in data["chapters"] for part in chapter["sections"]}
    assert "教师3人" in texts["teachers.staff"]
    assert data["outline"][0]["text"].startswith("本年度，全镇2所学校")
    assert AnnualSummary.objects.count() == 0


def test_scopes_and_calendar_year(town: SimpleNamespace) -> None:
    assert written("--school=01")["figures"]["teachers.count"]["value"] == 2
    assert written("--teacher=001")["title"].startswith("王思远")
    assert written("--calendar")["period"]["code"] == "c2025"
    assert written("--term=2", "--school=01")["period"]["code"] == "2025-2"
    with pytest.raises(CommandError):
        written("--term=2", "--calendar")


def test_finalised_summary_is_printed_as_it_was_frozen(town: SimpleNamespace, cast: dict, tmp_path: Path) -> None:
    version = finalise_summary(summary=composed(town.township, cast["office"]), by=cast["office"])
    TeacherFactory(school=town.other, no="009", name="周平")
    data = written()
    assert (data["state"], data["figures"]["teachers.count"]["value"]) == ("finalised", 3)
    assert set(data["figures"]["teachers.count"]) == {"label", "value", "unit", "source"}
    out = tmp_path / "s.pdf"
    call_command("annual_summary", "--year=2025", "--township=610304105", f"--out={out}", stderr=StringIO())
    with version.pdf.open("rb") as file:
        assert out.read_bytes() == file.read()


def test_workbook_holds_figures_and_tables(town: SimpleNamespace, tmp_path: Path) -> None:
    out = tmp_path / "s.xlsx"
    args = ("--year=2025", "--township=610304105", "--format=xlsx", f"--out={out}")
    call_command("annual_summary", *args, stderr=StringIO())
    book = load_workbook(BytesIO(out.read_bytes()))
    rows = {row[3]: row[1] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    assert rows["teachers.count"] == 3
    assert any(row[0] == "袁科小学" for sheet in book.worksheets[1:] for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize("frozen", [False, True], ids=["draft", "finalised"])
def test_days_of_the_annex_tables_are_days(frozen: bool, town: SimpleNamespace, cast: dict) -> None:
    HonourFactory(school=town.school, teacher=town.teacher, title="教学能手", awarded_on=date(2025, 9, 10))
    summary = composed(town.township, cast["office"])
    if frozen:
        finalise_summary(summary=summary, by=cast["office"])
    book = load_workbook(BytesIO(summary_file(AnnualSummary.objects.get(pk=summary.pk), "xlsx").data))
    (row,) = (row for sheet in book.worksheets[1:] for row in sheet.iter_rows() if row[2].value == "教学能手")
    assert (row[3].value, row[3].number_format) == (datetime(2025, 9, 10), "yyyy-mm-dd")


@pytest.mark.parametrize(
    ("out", "said"), [("nowhere/a.pdf", "没有文件夹{0}/nowhere，请先建立。"), ("", "不能写入文件{0}，")]
)
def test_a_file_that_cannot_be_written_is_told_in_chinese(
    out: str, said: str, town: SimpleNamespace, tmp_path: Path
) -> None:
    args = ("--year=2025", "--township=610304105", "--format=json", f"--out={tmp_path / out}")
    with translation.override("zh-hans"), pytest.raises(CommandError) as failure:
        call_command("annual_summary", *args, stderr=StringIO())
    assert str(failure.value).startswith(said.format(tmp_path))


@pytest.mark.parametrize(
    "args",
    [
        ["--year=2025"],
        ["--year=2025", "--township=0"],
        ["--year=2001", "--township=610304105"],
        ["--year=2025", "--township=610304105", "--school=77"],
        ["--year=2025", "--township=610304105", "--teacher=77"],
        ["--year=2025", "--township=610304105", "--school=01", "--teacher=001"],
        ["--year=2025", "--township=610304105", "--format=docx"],
        ["--year=abc"],
        ["--year=2025", "--township=610304105", "--format=json", "--out=/nowhere/s.json"],
    ],
    ids=" ".join,
)
def test_failure_is_one_sentence(args: list[str], town: SimpleNamespace) -> None:
    with pytest.raises(CommandError) as failure:
        call_command("annual_summary", *args, stdout=StringIO(), stderr=StringIO())
    assert "\n" not in str(failure.value)
