"""The sheets of the action handbook: out and in again changes nothing; lost rows come back reviewed."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.actors import SYSTEM
from apps.handbook.models import HandbookEntry, HandbookScore, Requirement
from apps.handbook.sheets import SHEETS
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from tests.floors import only_sheets_of
from tests.handbook.factories import HandbookEntryFactory, HandbookScoreFactory


@pytest.fixture
def content(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The workbook of a town with two entries and a score."""
    only_sheets_of(monkeypatch, "apps.schools", "apps.teachers", "apps.handbook")
    HandbookEntryFactory(teacher=town.teacher, status="approved", quality="good", comment="目标可测")
    HandbookEntryFactory(teacher=town.neighbour, title="=1+1")
    HandbookScoreFactory(teacher=town.teacher)
    return year_workbook(scope=town.township.scope, township=town.township, year=town.year, user=SYSTEM.imports)


def planned(town: SimpleNamespace, content: bytes, by: Any = SYSTEM.imports) -> Any:
    plan = plan_import(BytesIO(content), by=by, township=town.township, year=town.year)
    assert [str(problem) for problem in plan.problems] == []
    return plan


def test_export_when_imported_again_changes_nothing(town: SimpleNamespace, content: bytes) -> None:
    assert planned(town, content).empty


def test_import_after_a_loss_brings_everything_back(town: SimpleNamespace, content: bytes, cast: dict) -> None:
    for model in (HandbookScore, HandbookEntry, Requirement):
        model.objects.all().delete()
    write_plan(planned(town, content, by=cast["office"]), by=cast["office"])
    entry = HandbookEntry.objects.get(teacher=town.teacher)
    assert (entry.status, entry.quality, entry.comment, entry.reviewed_by) == (
        "approved",
        "good",
        "目标可测",
        cast["office"],
    )
    assert HandbookEntry.objects.get(teacher=town.neighbour).title == "=1+1"
    assert HandbookScore.objects.get().teacher == town.teacher


def test_column_of_each_sheet_is_a_field_of_its_model() -> None:
    for sheet in SHEETS:
        names = {column.field for column in sheet.columns}
        assert set(sheet.key) <= names
        assert names <= {field.name for field in sheet.model._meta.get_fields()}
