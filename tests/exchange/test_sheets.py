"""The sheets of the exchange: out and in again changes nothing; a new posting moves its teacher."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.actors import SYSTEM
from apps.exchange.actions import post_teacher
from apps.exchange.models import Posting
from apps.exchange.sheets import SHEETS
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from tests.exchange.factories import ExchangeRoundFactory
from tests.floors import only_sheets_of


@pytest.fixture
def content(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """The workbook of a town with one posting."""
    only_sheets_of(monkeypatch, "apps.schools", "apps.teachers", "apps.exchange")
    posting = Posting(
        round=ExchangeRoundFactory(), teacher=town.teacher, from_school=town.school, to_school=town.other,
        starts_on=date(2025, 9, 1), score=92, grade="excellent",
    )  # fmt: skip
    post_teacher(posting=posting, by=SYSTEM.imports)
    return year_workbook(scope=town.township.scope, township=town.township, year=town.year, user=SYSTEM.imports)


def planned(town: SimpleNamespace, content: bytes) -> Any:
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, township=town.township, year=town.year)
    assert [str(problem) for problem in plan.problems] == []
    return plan


def test_export_when_imported_again_changes_nothing(town: SimpleNamespace, content: bytes) -> None:
    assert planned(town, content).empty


@pytest.mark.parametrize("with_roster", [True, False])
def test_import_with_or_without_the_roster_brings_a_posting_and_its_move(
    town: SimpleNamespace, content: bytes, with_roster: bool
) -> None:
    Posting.objects.all().delete()
    rows = town.teacher.appointments.order_by("starts_on")
    after = list(rows.values_list("school", "kind", "starts_on", "ends_on"))
    if not with_roster:
        # The workbook's own sheet of appointments then brings the move, and the posting finds it there.
        rows.filter(kind="exchange").delete()
        rows.update(ends_on=None)
    write_plan(planned(town, content), by=SYSTEM.imports)
    posting = Posting.objects.get()
    assert (posting.teacher, posting.score, posting.grade) == (town.teacher, 92, "excellent")
    assert list(rows.values_list("school", "kind", "starts_on", "ends_on")) == after


def test_column_of_each_sheet_is_a_field_of_its_model() -> None:
    for sheet in SHEETS:
        names = {column.field for column in sheet.columns}
        assert set(sheet.key) <= names
        assert names <= {field.name for field in sheet.model._meta.get_fields()}
