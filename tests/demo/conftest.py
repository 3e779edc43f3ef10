"""The demo town: a test that asks for it works on a copy of the one that the run has loaded."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.schools.models import Township
from fixtures.demo import TOWNSHIP_CODE, make_town
from fixtures.demo.workbook import Books
from tests.databases import Databases
from tests.starts import DEMO


@pytest.fixture(scope="session")
def loaded(databases: Databases) -> str:
    """What the command printed that loaded the demo town."""
    return databases.given(DEMO)


@pytest.fixture
def demo(loaded: str, db: None) -> Township:
    """The demo township, loaded."""
    return Township.objects.select_related("district").get(code=TOWNSHIP_CODE)


@pytest.fixture
def year_2025(demo: Township) -> Period:
    """The school year that the source summary's numbers are kept in."""
    return Period.of_year(SchoolYear.objects.get(start_year=2025))


@pytest.fixture(scope="session")
def demo_paper(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The demo township's summary of 2025 as the PDF that the command writes."""

    def write() -> bytes:
        paper = tmp_path_factory.mktemp("paper") / "summary.pdf"
        with databases.at(DEMO):
            call_command("annual_summary", "--year=2025", "--out", str(paper), stderr=StringIO())
        return paper.read_bytes()

    return databases.run.once("demo-paper", write)


@pytest.fixture(scope="session")
def demo_books(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The workbooks that the demo town is loaded from."""

    def write() -> dict[str, bytes]:
        paths = Books(make_town()).write(tmp_path_factory.mktemp("books"))
        return {path.name: path.read_bytes() for path in paths}

    folder, written = tmp_path_factory.mktemp("books"), databases.run.once("demo-books", write)
    for name, content in written.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in written]
