"""Three small towns of different seeds and shapes: a test that asks for them works on a copy of those of the run."""

import pytest

from apps.schools.models import Township
from tests.databases import Databases
from tests.starts import GENERATED, SHAPES, generate

CODES = {name: f"90{seed}00100" for name, (seed, _options) in SHAPES.items()}

__all__ = ["CODES", "SHAPES", "generate"]


@pytest.fixture(scope="session")
def made(databases: Databases) -> None:
    """The three towns, in one database."""
    databases.given(GENERATED)


@pytest.fixture(params=SHAPES)
def township(request: pytest.FixtureRequest, made: None, db: None) -> Township:
    """Each of the three townships in turn."""
    return Township.objects.select_related("district").get(code=CODES[request.param])


@pytest.fixture
def ordinary(made: None, db: None) -> Township:
    """The ordinary town."""
    return Township.objects.select_related("district").get(code=CODES["ordinary"])
