"""The cast, the database that a test starts from, and what fails a test wherever it happens."""

import inspect
import logging
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.template import Origin
from django.test import Client

from tests.databases import EMPTY, SERVED, Databases, Run, remove_templates
from tests.starts import CAST, STARTS, TOWN, make_cast, make_town, make_year

RUN = Run(Path(settings.RUN_FOLDER))
OWN_TEMPLATES = Path(settings.BASE_DIR) / "templates"


class UndefinedVariable(str):
    """What Django puts for an undefined variable: in a template of ours it fails the test, elsewhere it is empty."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        for frame in inspect.stack(context=0):  # no source lines: reading them takes most of the time
            origin = getattr(frame.frame.f_locals.get("self"), "origin", None)
            if isinstance(origin, Origin):
                if Path(origin.name).is_relative_to(OWN_TEMPLATES):
                    pytest.fail(f"undefined variable {variable} in {origin.name}")
                return ""
        return ""


class PaperCount(logging.Filter):
    """Counts the PDFs that WeasyPrint makes, by what it tells of its progress."""

    began = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        step = record.getMessage()
        if step.startswith("Step 1 "):
            self.began = time.perf_counter()
        elif step.startswith("Step 7 "):
            RUN.count("papers as PDF", "printed", time.perf_counter() - self.began)
        return False


@pytest.fixture(autouse=True, scope="session")
def _papers_are_counted() -> None:
    progress = logging.getLogger("weasyprint.progress")
    progress.setLevel(logging.INFO)
    progress.addFilter(PaperCount())


@pytest.fixture(autouse=True, scope="session")
def _somebody_has_an_account() -> None:
    # Tests look at a site that is in use, whatever their database holds; those of the first steps say otherwise.
    from apps.firstrun.middleware import FirstSteps

    FirstSteps.begun = True


@pytest.fixture(autouse=True, scope="session")
def _no_undefined_variables() -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture(scope="session")
def databases(django_test_environment: None, django_db_blocker: Any) -> Iterator[Databases]:
    """The databases that this worker's tests start from."""
    databases = Databases(RUN, os.environ.get("PYTEST_XDIST_WORKER", "alone"), django_db_blocker)
    yield databases
    databases.close()


@pytest.fixture
def django_db_setup(request: pytest.FixtureRequest, databases: Databases) -> None:
    """The database that a test starts from, by the fixtures that it asks for. (Takes the place of pytest-django's.)"""
    asked = set(request.fixturenames)
    if "live_server" in asked:
        databases.take(SERVED)
        return
    emptied = "transactional_db" in asked
    databases.take(next((start for name, start in STARTS.items() if name in asked and not emptied), EMPTY))


@pytest.fixture
def year(request: pytest.FixtureRequest, db: None) -> object:
    """The school year 2025, with both terms."""
    return request.getfixturevalue("town").year if "town" in request.fixturenames else make_year()


@pytest.fixture
def town(request: pytest.FixtureRequest, databases: Databases, db: None) -> SimpleNamespace:
    """A township with two schools, another township with one, and the cast that signs in."""
    return make_town() if "live_server" in request.fixturenames else databases.given(TOWN)


@pytest.fixture
def cast(request: pytest.FixtureRequest, databases: Databases, town: SimpleNamespace) -> dict[str, object]:
    """Who signs in, by role; the neighbour heads another school, the stranger is another township's office."""
    return make_cast(town) if "live_server" in request.fixturenames else databases.given(CAST)


@pytest.fixture
def browser(cast: dict[str, object]) -> object:
    """A function from a role of the cast to a signed-in client, which looks at the school year 2025."""

    def sign_in(role: str | None) -> Client:
        client = Client()
        if role:
            client.force_login(cast[role], backend="apps.accounts.backends.ScopedBackend")
            session = client.session
            session["year"] = 2025
            session.save()
        return client

    return sign_in


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with one test of each costly town, so that two workers build them side by side and nobody waits."""
    asking = [[item for item in items if name in getattr(item, "fixturenames", ())] for name in ("loaded", "made")]
    first = [tests[0] for tests in asking if tests]
    items[:] = [*first, *(item for item in items if item not in first)]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which something costly was made twice."""
    if not hasattr(session.config, "workerinput") and RUN.made_again():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was costly, and how often it was done."""
    costs = RUN.costs()
    if costs:
        terminalreporter.section("costly set-up")
    for name, ways in costs.items():
        said = [f"{how} {len(times)}× in {sum(times):.1f} s" for how, times in ways.items()]
        terminalreporter.line(f"{name:<24} {', '.join(said)}")
    for name in RUN.made_again():
        terminalreporter.line(f"{name} was made more than once", red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what the run kept."""
    if not hasattr(config, "workerinput"):
        remove_templates(RUN)
        shutil.rmtree(RUN.folder, ignore_errors=True)
