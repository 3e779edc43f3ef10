"""Manifests: all that the rest of the house needs to know of an app, said once in its room `manifest.py`.

The settings list the apps; menu, start page, search, roles, workbooks and summaries follow from what they declare.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.core.actions import Lock
from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import Record, SchoolYear
from apps.core.sheets import Sheet
from apps.figures.figures import Chapter

from .tasks import Task


@dataclass(frozen=True)
class Entry:
    """An entry of the side bar: its key (`Pages.menu`), its name, the group it stands in, and its rank there."""

    key: str
    label: Label
    group: str
    rank: int


@dataclass(frozen=True)
class Place:
    """Where a section stands in the default outlines: the keys of headings, and its rank under each."""

    section: str
    headings: Mapping[str, int]


@dataclass(frozen=True)
class Default:
    """What an office may take over as it is, instead of making its own.

    `take` is an action with the keywords `year` and `by`, which returns how many records it added: none the second
    time. `source` says where the default comes from.
    """

    label: Label
    take: Callable[..., int]
    source: Label


@dataclass(frozen=True)
class FirstStep:
    """Something that a new installation needs before its first year, a line of the start page's checklist.

    It stands there for who has `permission`. `rows` are the records that there are, told by `said`; `doubtful` those of
    them to look at once more, told by `doubt`. `shown` is the list of them, `ways` the pages on which they come in.
    """

    key: str
    label: Label
    purpose: Label
    rank: int
    permission: str
    rows: Callable[[Actor, SchoolYear | None], QuerySet[Any]]
    said: Label
    shown: str
    ways: tuple[tuple[Label, str], ...] = ()
    default: Default | None = None
    doubtful: Callable[[Actor, SchoolYear | None], QuerySet[Any]] | None = None
    doubt: Label = ""


@dataclass(frozen=True)
class YearPart:
    """What an app carries on when the next school year is opened, or why it does not.

    `rows` gives what would be carried from a year to the following one (None where it is not there yet), for who opens
    it; `carry` does so, with the keywords `rows`, `following` and `by`, and returns how many records it added.
    `shown` is the list of such records. Without `carry`, `reason` says why a thing is not carried on.
    """

    label: Label
    rank: int
    shown: str = ""
    rows: Callable[[SchoolYear, SchoolYear | None, Actor], Sequence[Record]] = lambda year, following, by: ()
    carry: Callable[..., int] | None = None
    reason: Label = ""


@dataclass(frozen=True)
class Manifest:
    """What an app brings along.

    `address` begins the addresses of the app's pages. `permissions` are those of each role, by its key. `start` are
    the figures of the start page, `entered` the labels of what is entered from day to day, `searched` those of what
    the search looks through, each with its rank. `tasks` are what is asked of schools and teachers. `locks` may forbid
    to write records. `first_steps` are its lines of the checklist on the start page, `next_year` is what it carries
    into the next school year.
    """

    address: str = ""
    menu: tuple[Entry, ...] = ()
    chapter: Chapter | None = None
    sheets: tuple[Sheet, ...] = ()
    outline: tuple[Place, ...] = ()
    permissions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    start: Mapping[str, int] = field(default_factory=dict)
    entered: Mapping[str, int] = field(default_factory=dict)
    searched: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()
    locks: tuple[Lock, ...] = ()
    first_steps: tuple[FirstStep, ...] = ()
    next_year: tuple[YearPart, ...] = ()


@cache
def _manifests() -> dict[str, Manifest]:
    """Return app → manifest of the apps that the settings list, in their order."""
    return {
        app: import_module(f"{app}.manifest").MANIFEST for app in settings.DOMAIN_APPS if find_spec(f"{app}.manifest")
    }


def manifests() -> tuple[Manifest, ...]:
    """Return the manifests of the apps that the settings list, in their order."""
    return tuple(_manifests().values())


def addresses() -> list[tuple[str, str]]:
    """Return each app with the beginning of its addresses."""
    return [(app, manifest.address) for app, manifest in _manifests().items()]


def chapters() -> tuple[Chapter, ...]:
    """Return the chapters by their rank."""
    found = [manifest.chapter for manifest in manifests() if manifest.chapter]
    return tuple(sorted(found, key=lambda chapter: chapter.rank))


def tasks() -> tuple[Task, ...]:
    """Return what is asked of schools and teachers, by its rank."""
    return tuple(sorted((task for manifest in manifests() for task in manifest.tasks), key=lambda task: task.rank))


def sheets() -> tuple[Sheet, ...]:
    """Return the sheets in the order of the apps: rows of later sheets may refer to earlier ones."""
    return tuple(sheet for manifest in manifests() for sheet in manifest.sheets)


def first_steps() -> list[FirstStep]:
    """Return the lines of the checklist by their rank."""
    found = (step for manifest in manifests() for step in manifest.first_steps)
    return sorted(found, key=lambda step: step.rank)


def year_parts() -> list[YearPart]:
    """Return what the apps carry into the next school year by its rank: what something hangs on comes first."""
    found = (part for manifest in manifests() for part in manifest.next_year)
    return sorted(found, key=lambda part: part.rank)


def ranked(part: Callable[[Manifest], Mapping[str, int]]) -> list[str]:
    """Return the keys of a part of all manifests by their rank."""
    ranks = {key: rank for manifest in manifests() for key, rank in part(manifest).items()}
    return sorted(ranks, key=ranks.__getitem__)


def allow(verbs: str, app: str, models: str) -> frozenset[str]:
    """Return the permissions of `verbs` on an app's `models`, both separated by blanks."""
    return frozenset(f"{app}.{verb}_{model}" for model in models.split() for verb in verbs.split())
