"""Every action demands its rule: the whole cast calls each of them directly, and only who may is let through."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

import tests.architecture.actions as tables
from apps.core.actors import SYSTEM
from tests.architecture.actions.rows import CAST, Row
from tests.factories import TeacherFactory
from tests.two_places import person

ROWS: list[Row] = [
    row
    for info in pkgutil.iter_modules(tables.__path__)
    if info.name != "rows"
    for row in import_module(f"{tables.__name__}.{info.name}").ROWS
]


def modules() -> Iterator[ModuleType]:
    """Yield the modules of all rooms `actions`, but that of core, which the apps' verbs are made of."""
    for app in settings.DOMAIN_APPS:
        if app == "apps.core":
            continue
        try:
            room = import_module(f"{app}.actions")
        except ModuleNotFoundError:
            continue
        yield room
        for info in pkgutil.iter_modules(getattr(room, "__path__", [])):
            yield import_module(f"{room.__name__}.{info.name}")


def every_action() -> set[Callable[..., Any]]:
    """Return the public functions of these rooms that somebody takes: they have a keyword `by`."""
    return {
        function
        for module in modules()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
        if "by" in inspect.signature(function).parameters
    }


def test_every_action_stands_in_the_table() -> None:
    named = {row.action for row in ROWS}
    missing = every_action() - named
    assert sorted(f"{action.__module__}.{action.__name__}" for action in missing) == []


def outcome(row: Row, town: SimpleNamespace, actor: Any) -> str:
    """Return "done" or "refused"; what the actor did is taken back."""
    try:
        with transaction.atomic():
            given = row.given(town)
            row.action(**given, by=actor)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "refused"
    return "done"


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_action_is_taken_by_those_who_may_and_refused_to_all_others(
    row: Row, town: SimpleNamespace, cast: dict[str, Any]
) -> None:
    actors = cast | {"system": SYSTEM.imports}
    found = {name for name in CAST if outcome(row, town, actors[name]) == "done"}
    assert found == row.allowed


def test_head_who_teaches_may_what_heads_or_teachers_may(town: SimpleNamespace, cast: dict[str, Any]) -> None:
    """Whom no record is about may all that the head may; nothing that neither a head nor a teacher may.

    Who the head is says the account: whoever else is a principal on the roster is a colleague.
    """
    head = person(TeacherFactory(school=town.school, no="0777"), school=town.school)
    done = {str(row): outcome(row, town, head) == "done" for row in ROWS}
    lost = [str(row) for row in ROWS if "principal" in row.allowed and not done[str(row)]]
    refused = [row for row in ROWS if not row.allowed & {"principal", "teacher"} and "the head" not in row.label]
    won = [str(row) for row in refused if done[str(row)]]
    assert (lost, won) == ([], [])


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_action_by_nobody_is_refused(row: Row, town: SimpleNamespace) -> None:
    given = row.given(town)
    with pytest.raises(TypeError):
        row.action(**given, by=None)
