"""Three small towns of different seeds and shapes, made once for all tests of this folder."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command

from apps.schools.models import Township

# Name → seed and options: an ordinary town, the smallest there is, and one in which much never happened.
SHAPES = {
    "ordinary": (11, "--schools=4 --teachers=28 --years=2 --entries=14 --observations=6"),
    "smallest": (12, "--schools=1 --teachers=2 --years=2"),
    "gaps": (13, "--schools=3 --teachers=12 --years=2 --without misconduct projects visits exchange honours"),
}
CODES = {name: f"90{seed}00100" for name, (seed, _options) in SHAPES.items()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of this folder on one worker, so that the towns are made once (with --dist loadgroup)."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("generated"))


def generate(seed: int, options: str) -> str:
    """Make towns as a person does at the command line, and return what is printed."""
    out = StringIO()
    call_command("generate_town", f"--seed={seed}", *options.split(), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture(scope="package")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The three towns in one database, which is emptied after the last test of this folder."""
    with django_db_blocker.unblock():
        for seed, options in SHAPES.values():
            generate(seed, options)
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)
        ContentType.objects.clear_cache()


@pytest.fixture(params=SHAPES)
def township(request: pytest.FixtureRequest, made: None, db: None) -> Township:
    """Each of the three townships in turn."""
    return Township.objects.select_related("district").get(code=CODES[request.param])


@pytest.fixture
def ordinary(made: None, db: None) -> Township:
    """The ordinary town."""
    return Township.objects.select_related("district").get(code=CODES["ordinary"])
