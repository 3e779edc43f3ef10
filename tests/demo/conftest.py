"""The demo town, loaded once for all tests of this folder: whatever needs it has its place here."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.schools.models import Township
from fixtures.demo import TOWNSHIP_CODE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of this folder on one worker, so that the town is loaded once (with --dist loadgroup)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="package")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The demo town in the database, from the first test that asks for it to the last one of this folder.

    Gives what the command printed. The database is emptied afterwards, since other tests count their own rows.
    """
    printed = StringIO()
    with django_db_blocker.unblock():
        call_command("load_demo", stdout=printed, stderr=StringIO())
    yield printed.getvalue()
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
        ContentType.objects.clear_cache()


@pytest.fixture
def demo(loaded: str, db: None) -> Township:
    """The demo township, loaded."""
    return Township.objects.select_related("district").get(code=TOWNSHIP_CODE)


@pytest.fixture
def year_2025(demo: Township) -> Period:
    """The school year that the source summary's numbers are kept in."""
    return Period.of_year(SchoolYear.objects.get(start_year=2025))
