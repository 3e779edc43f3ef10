"""Workbooks of the lower floors only: what they hold is enough to try every rule of the import."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from apps.core.sheets import Sheet
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.language import spoken
from apps.workbooks.planning.overview import all_sheets, written
from tests.databases import EMPTY, Databases
from tests.floors import only_sheets_of
from tests.workbooks.sites import Site


@pytest.fixture(autouse=True)
def _lower_floors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "all_floors" not in request.fixturenames:
        only_sheets_of(monkeypatch, "apps.schools", "apps.teachers")


@pytest.fixture
def all_floors() -> None:
    """The test is about all sheets."""


def sheet_of(model: type) -> Sheet:
    return next(sheet for sheet in all_sheets() if sheet.model is model)


def headers(model: type, *fields: str) -> list[str]:
    """Return the headers of a model's sheet, or of some of its fields, as workbooks write them."""
    columns = {getattr(column, "field", "lines"): column for column in sheet_of(model).all_columns}
    return [spoken(columns[name].header) for name in fields or columns]


def title(model: type) -> str:
    return spoken(sheet_of(model).title)


def book(*pages: tuple[str, list[list[Any]]]) -> BytesIO:
    """Return a workbook with these sheets, each given by its title and rows."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in pages:
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    out = BytesIO()
    made.save(out)
    out.seek(0)
    return out


def upload(file: BytesIO, name: str = "数据.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file.getvalue())


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


@pytest.fixture
def one_teacher() -> Callable[..., list[list[Any]]]:
    """Rows of the sheet of teachers: the header, and one teacher with some fields replaced."""
    fields = ("no", "name", "sex", "id_number", "birth_date", "phone", "started_work_on", "title")
    given = {
        "no": "009",
        "name": "李新",
        "sex": "m",
        "birth_date": "1985-07-12",
        "started_work_on": "2008.9",
        "title": "second",
    }

    def rows(**changes: Any) -> list[list[Any]]:
        values = given | changes
        return [headers(Teacher, *fields), [values.get(name) for name in fields]]

    return rows


@pytest.fixture
def overview(town: SimpleNamespace) -> list[list[Any]]:
    return [["项目", "内容"], *[list(line) for line in written(town.township, town.year)]]


@pytest.fixture
def appointment_rows() -> Callable[..., list[list[Any]]]:
    fields = ("teacher", "school", "kind", "starts_on", "ends_on")

    def rows(*lines: list[Any]) -> list[list[Any]]:
        return [headers(Appointment, *fields), *lines]

    return rows


@pytest.fixture
def site(databases: Databases, tmp_path: Path) -> Site:
    """A site on a database of the kind that the tests run on."""
    return Site(tmp_path, databases.address(EMPTY, tmp_path))
