"""What a piece of work writes, kept so that it can be taken back: which rows are new, how the others were before.

Open only within `journal()`, and only in the thread that opened it: what others write meanwhile is none of its work.
Rows written one by one and deleted ones are noticed by Django's own signals, which alone tell what goes along by
cascade; rows written in bulk by `ScopedQuerySet`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.signals import post_save, pre_delete, pre_save

# So many rows are asked for at once.
PORTION = 5000


def values_of(row: models.Model) -> dict[str, Any]:
    """Return column → value of a row."""
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


@dataclass
class Journal:
    """Model → ids of new rows, and model → id → the values before of rows that were changed or deleted."""

    created: dict[type[models.Model], dict[int, None]] = field(default_factory=lambda: defaultdict(dict))
    before: dict[type[models.Model], dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    deleted: dict[type[models.Model], dict[int, None]] = field(default_factory=lambda: defaultdict(dict))

    def note_new(self, rows: Iterable[models.Model]) -> None:
        """Note rows that have just been written for the first time."""
        for row in rows:
            self.created[type(row)][row.pk] = None

    def note_changing(self, model: type[models.Model], ids: Iterable[int]) -> None:
        """Note rows that are about to change."""
        known, new = self.before[model], self.created.get(model, {})
        wanted = [pk for pk in ids if pk is not None and pk not in known and pk not in new]
        for start in range(0, len(wanted), PORTION):
            for row in model._base_manager.filter(pk__in=wanted[start : start + PORTION]):
                known[row.pk] = values_of(row)

    def note_deleting(self, row: models.Model) -> None:
        """Note a row that is about to go."""
        model = type(row)
        if row.pk in self.created.get(model, {}):
            del self.created[model][row.pk]
            return
        self.note_changing(model, [row.pk])
        self.deleted[model][row.pk] = None


# Each thread has its own.
_open: ContextVar[Journal | None] = ContextVar("journal", default=None)


@contextmanager
def journal() -> Iterator[Journal]:
    """Keep what is written within."""
    kept = Journal()
    token = _open.set(kept)
    try:
        yield kept
    finally:
        _open.reset(token)


@contextmanager
def changing(model: type[models.Model], ids: Iterable[int]) -> Iterator[None]:
    """Note rows of a bulk change in the open journal, if there is one, before they change."""
    kept = _open.get()
    if kept is None:
        yield
        return
    kept.note_changing(model, ids)
    token = _open.set(None)  # the change itself is made in portions, which need no noting again
    try:
        yield
    finally:
        _open.reset(token)


def created(rows: Iterable[models.Model]) -> None:
    """Note rows written in bulk in the open journal, if there is one."""
    if kept := _open.get():
        kept.note_new(rows)


def is_open() -> bool:
    """Return whether what is written now is kept."""
    return _open.get() is not None


# What Django tells.


def listen(model: type[models.Model]) -> None:
    """Hear of every row of `model` that is written or deleted; once for each kind of record, when apps are ready."""
    pre_save.connect(_saving, sender=model)
    post_save.connect(_saved, sender=model)
    pre_delete.connect(_deleting, sender=model)


def _saving(sender: type[models.Model], instance: models.Model, **_kwargs: Any) -> None:
    if (kept := _open.get()) and not instance._state.adding:
        kept.note_changing(sender, [instance.pk])


def _saved(instance: models.Model, created: bool, **_kwargs: Any) -> None:
    if (kept := _open.get()) and created:
        kept.note_new([instance])


def _deleting(instance: models.Model, **_kwargs: Any) -> None:
    if kept := _open.get():
        kept.note_deleting(instance)
