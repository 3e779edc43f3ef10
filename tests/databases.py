"""Databases that tests start from: each is built once in a run, and every worker gets copies of its own.

A start is built on top of another, kept (a file of SQLite, a template of PostgreSQL) and copied; a test gets a copy by
the fixtures that it asks for, works in a transaction that is rolled back, and leaves the copy as it was.
"""

import fcntl
import pickle
import shutil
import sqlite3
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from django.test.utils import override_settings


class Run:
    """What the workers of one run have in common: a folder, in which costly things are kept and counted."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.kept = folder, dict[str, bytes]()

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what `make` returns. It is called once in a run; whoever asks meanwhile waits, later ones get copies.

        The lock goes with the process that holds it, and what is half made has another name: neither lies in the way.
        """
        if name not in self.kept:
            file = self.folder / f"{name}.pickle"
            with (self.folder / f"{name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not file.exists():
                    self._make(name, make, file)
            self.kept[name] = file.read_bytes()
        return pickle.loads(self.kept[name])

    def _make(self, name: str, make: Callable[[], Any], file: Path) -> None:
        failed = file.with_suffix(".failed")
        if failed.exists():
            pytest.fail(f"{name} could not be made:\n{failed.read_text()}")
        began = time.perf_counter()
        try:
            made = pickle.dumps(make())
        except BaseException:
            failed.write_text(traceback.format_exc())
            raise
        new = file.with_suffix(".new")
        new.write_bytes(made)
        new.rename(file)
        self.count(name, "made", time.perf_counter() - began)

    def count(self, name: str, how: str, seconds: float) -> None:
        """Note that something costly was done."""
        with (self.folder / "costs").open("a") as costs:
            costs.write(f"{name}\t{how}\t{seconds:.2f}\n")

    def costs(self) -> dict[str, dict[str, list[float]]]:
        """Return name → how → the seconds of each time."""
        found: dict[str, dict[str, list[float]]] = {}
        if (self.folder / "costs").exists():
            for line in (self.folder / "costs").read_text().splitlines():
                name, how, seconds = line.split("\t")
                found.setdefault(name, {}).setdefault(how, []).append(float(seconds))
        return found

    def made_again(self) -> list[str]:
        """Return what was made more than once."""
        return [name for name, ways in self.costs().items() if len(ways.get("made", [])) > 1]


@dataclass(frozen=True)
class Start:
    """A database to start from: its name, what it is built on, and what fills it.

    The function takes what belongs to the parent, and returns what belongs to this one: anything that can be pickled.
    """

    name: str
    parent: "Start | None"
    fill: Callable[[Any], Any]


def migrate(_nothing: None) -> None:
    """Give an empty database its tables."""
    call_command("migrate", verbosity=0, interactive=False)


EMPTY = Start("empty", None, migrate)
# What a live site works on. Its threads have connections of their own: one that they share, as Django has it for a
# database in memory, stops for good when two of them ask at the same moment.
SERVED = Start("served", EMPTY, lambda _nothing: None)


class Databases:
    """The copies of a worker, by start; the connection `default` leads to one of them."""

    def __init__(self, run: Run, worker: str, blocker: Any) -> None:
        self.run, self.worker, self.blocker = run, worker, blocker
        self.settings = connections.settings["default"]
        self.kind = (_Sqlite if "sqlite" in self.settings["ENGINE"] else _Postgres)(run, self.settings["NAME"])
        self.copies: dict[str, BaseDatabaseWrapper] = {}
        self.now: str | None = None

    def given(self, start: Start) -> Any:
        """Return what belongs to a start, new each time; it is built if it is not there."""
        below = self.given(start.parent) if start.parent else None
        return self.run.once(start.name, lambda: self._build(start, below))

    def _build(self, start: Start, below: Any) -> Any:
        name = self.kind.begin(start)
        connection = self._connect(name)
        before = connections["default"], self.settings["NAME"]
        media = self.run.folder / f"{start.name}-media"
        media.mkdir()
        try:
            with self.blocker.unblock(), override_settings(MEDIA_ROOT=media):
                self._lead(connection, name)
                self.kind.restore(connection, start.parent)
                made = start.fill(below)
                self.kind.keep(connection, start)
        finally:
            self._lead(*before)
            with self.blocker.unblock():
                connection.close()
        return made

    def take(self, start: Start) -> None:
        """Let `default` lead to this worker's copy of a start."""
        self.given(start)
        if start.name not in self.copies:
            began = time.perf_counter()
            connection = self._connect(self.kind.copy(start, self.worker))
            with self.blocker.unblock():
                self.kind.restore(connection, start)
            if start.parent:
                shutil.copytree(self.run.folder / f"{start.name}-media", settings.MEDIA_ROOT, dirs_exist_ok=True)
            self.copies[start.name] = connection
            self.run.count(start.name, "copied", time.perf_counter() - began)
        connection = self.copies[start.name]
        self._lead(connection, connection.settings_dict["NAME"])

    @contextmanager
    def at(self, start: Start) -> Iterator[None]:
        """Read from a start, outside of a test."""
        before = connections["default"], self.settings["NAME"]
        self.take(start)
        try:
            with self.blocker.unblock():
                yield
        finally:
            self._lead(*before)

    def address(self, start: Start, folder: Path) -> str:
        """Return the DATABASE_URL of one more copy, which other processes work on; a file lies in `folder`."""
        self.given(start)
        return self.kind.address(start, self.worker, folder)

    def close(self) -> None:
        """Close all copies and remove them."""
        with self.blocker.unblock():
            for connection in self.copies.values():
                connection.close()
        self.kind.remove()

    def _connect(self, name: str) -> BaseDatabaseWrapper:
        """Return a connection of this thread to a database; other threads find it by the settings."""
        return load_backend(self.settings["ENGINE"]).DatabaseWrapper(self.settings | {"NAME": name}, "default")

    def _lead(self, connection: BaseDatabaseWrapper, name: str) -> None:
        connections["default"] = connection
        self.settings["NAME"] = name


class _Sqlite:
    """Databases in memory, each kept as a file; that of a live site is a file itself."""

    def __init__(self, run: Run, _name: str) -> None:
        self.run = run

    def begin(self, start: Start) -> str:
        return f"file:building-{start.name}?mode=memory&cache=shared"

    def copy(self, start: Start, worker: str) -> str:
        if start is SERVED:
            return str(self.run.folder / f"{start.name}-{worker}.sqlite3")
        return f"file:{start.name}?mode=memory&cache=shared"

    def restore(self, connection: BaseDatabaseWrapper, start: Start | None) -> None:
        connection.ensure_connection()
        if start:
            with closing(sqlite3.connect(self.run.folder / f"{start.name}.sqlite3")) as file:
                file.backup(connection.connection)

    def keep(self, connection: BaseDatabaseWrapper, start: Start) -> None:
        with closing(sqlite3.connect(self.run.folder / f"{start.name}.sqlite3")) as file:
            connection.connection.backup(file)

    def address(self, start: Start, _worker: str, folder: Path) -> str:
        shutil.copy(self.run.folder / f"{start.name}.sqlite3", folder / "copy.sqlite3")
        return f"sqlite:///{folder / 'copy.sqlite3'}"

    def remove(self) -> None:
        """Do nothing: they are gone with their connections."""


class _Postgres:
    """Databases beside the one that the settings name, kept as templates; what an earlier run left is replaced."""

    def __init__(self, run: Run, name: str) -> None:
        self.run, self.name, self.copies = run, f"test_{name}", list[str]()

    def begin(self, start: Start) -> str:
        made = f"{self.name}_{start.name}"
        self._create(made, f"{self.name}_{start.parent.name}" if start.parent else "template1")
        with (self.run.folder / "templates").open("a") as templates:
            templates.write(f"{made}\n")
        return made

    def copy(self, start: Start, worker: str) -> str:
        made = f"{self.name}_{start.name}_{worker}"
        self._create(made, f"{self.name}_{start.name}")
        self.copies.append(made)
        return made

    def address(self, start: Start, worker: str, _folder: Path) -> str:
        told = settings.DATABASES["default"]
        person = quote(told["USER"] or "") + (f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else "")
        place = f"{quote(told['HOST'] or '', safe='')}:{told['PORT'] or 5432}"
        return f"postgres://{person}@{place}/{self.copy(start, f'{worker}_other')}"

    def restore(self, connection: BaseDatabaseWrapper, _start: Start | None) -> None:
        connection.ensure_connection()

    def keep(self, connection: BaseDatabaseWrapper, _start: Start) -> None:
        connection.close()

    def remove(self) -> None:
        remove_databases(self.copies)

    def _create(self, name: str, template: str) -> None:
        remove_databases([name])
        with server() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@contextmanager
def server() -> Iterator[Any]:
    """A cursor of PostgreSQL's server, on no database of ours."""
    import psycopg

    told = settings.DATABASES["default"]
    where = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    known = {name: value for name, value in where.items() if value}
    with psycopg.connect(dbname="postgres", autocommit=True, **known) as connection:
        yield connection


def remove_databases(names: list[str]) -> None:
    """Remove databases of PostgreSQL, if they are there."""
    if names:
        with server() as cursor:
            for name in names:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def remove_templates(run: Run) -> None:
    """Remove what PostgreSQL keeps for a run."""
    templates = run.folder / "templates"
    remove_databases(templates.read_text().split() if templates.exists() else [])
