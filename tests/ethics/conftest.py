"""The two who act in ethics."""

import pytest


@pytest.fixture
def office(cast: dict[str, object]) -> object:
    return cast["office"]


@pytest.fixture
def principal(cast: dict[str, object]) -> object:
    return cast["principal"]
