"""Rows named by text: which row of another sheet a cell means, and how an export calls a row surely.

All rows of a kind are read once. Rows that the same file adds in an earlier sheet are found too.
"""

from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.fields import EncryptedTextField
from apps.core.models import Record
from apps.core.scope import Scope
from apps.workbooks.language import LANGUAGE

from .cells import Wrong, key


class Index:
    """The rows of one model within a township, by every name that they have."""

    def __init__(self, model: type[Record], scope: Scope) -> None:
        self.model, self.scope = model, scope
        self.rows: dict[int, Record] = {}
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.names: dict[int, tuple[str, ...]] = {}
        self.add(_fetched(model, scope))

    def add(self, records: Iterable[Record]) -> None:
        """Take in rows, or the new state of known ones."""
        with override(LANGUAGE):
            for record in records:
                for name in self.names.get(record.pk, ()):
                    self.by_name[key(name)].discard(record.pk)
                self.rows[record.pk] = record
                self.names[record.pk] = record.names()
                for name in self.names[record.pk]:
                    self.by_name[key(name)].add(record.pk)

    def called(self, text: str) -> list[Record]:
        """Return the rows that are called so, none or several included."""
        return [self.rows[pk] for pk in sorted(self.by_name.get(key(text), ()))]

    def sure_name(self, pk: int) -> str:
        """Return the first name of a row that no other row has, else its surest."""
        names = self.names[pk]
        return next((name for name in names if len(self.by_name[key(name)]) == 1), names[-1])

    def near(self, text: str) -> list[str]:
        """Return up to three names that look like `text`."""
        first = {key(names[0]): names[0] for names in self.names.values()}
        return [first[name] for name in get_close_matches(key(text), first, n=3, cutoff=0.5)]


def _fetched(model: type[Record], scope: Scope) -> "models.QuerySet[Record]":
    """Return the model's rows in the scope with what their names and checks read, without sealed texts."""
    sealed = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    rows: models.QuerySet[Record] = model.objects.within(scope).select_related(*parents(model)).defer(*sealed)
    return rows


def parents(model: type[Record]) -> list[str]:
    """Return the ways from a model to the records that its own names are made of."""
    ways = []
    for field in _parents(model):
        ways.append(field.name)
        ways += [f"{field.name}__{beyond.name}" for beyond in _parents(field.related_model)]
    return ways


def _parents(model: type[models.Model]) -> "list[models.ForeignKey[Any, Any]]":
    return [
        f
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and issubclass(f.related_model, Record)
    ]


class Resolver:
    """Finds rows by name for one import: those of the township, and those that the file itself adds or changes."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.indexes: dict[type[Record], Index] = {}
        self.planned: dict[type[Record], dict[int, Record]] = defaultdict(dict)
        self.places: dict[type[Record], dict[int, set[int]]] = {}
        self.owned: dict[type[Record], set[int]] = {}

    def own(self, model: type[Record], scope: Scope) -> set[int]:
        """Return the ids of the rows within the scope of who imports."""
        if model not in self.owned:
            self.owned[model] = set(model.objects.within(scope).values_list("pk", flat=True))
        return self.owned[model]

    def index(self, model: type[Record]) -> Index:
        """Return the index of a model, read when first asked for."""
        if model not in self.indexes:
            self.indexes[model] = Index(model, self.scope)
            self.indexes[model].add(self.planned[model].values())
        return self.indexes[model]

    def plan(self, records: Iterable[Record]) -> None:
        """Take in rows that the file adds or changes, so that later sheets can name them."""
        for record in records:
            self.planned[type(record)][record.pk] = record
            if type(record) in self.indexes:
                self.indexes[type(record)].add([record])
        self.places.clear()

    def find(self, model: type[Record], text: str) -> Record:
        """Return the row called `text`; raise Wrong if there is none, or several."""
        return self.choose(model, text, self.candidates(model, text), set())

    def candidates(self, model: type[Record], text: str) -> list[Record]:
        """Return the rows called `text`; raise Wrong if there is none."""
        index = self.index(model)
        if found := index.called(text):
            return found
        near = "、".join(index.near(text))
        raise Wrong(
            _("There is no “%(text)s” among the %(kind)s here.")
            % {"text": text, "kind": model._meta.verbose_name_plural},
            _("Did you mean %(names)s?") % {"names": near} if near else _("Check the name, or add it first."),
        )

    def choose(self, model: type[Record], text: str, found: list[Record], schools: set[int]) -> Record:
        """Return the one row that is meant, told apart by the schools in the line; raise Wrong if several remain."""
        if len(found) > 1 and model.told_apart_by and schools:
            places = self.places_of(model)
            found = [row for row in found if places.get(row.pk, set()) & schools] or found
        if len(found) == 1:
            return found[0]
        names = "、".join(row.names()[-1] for row in found[:6])
        raise Wrong(
            _("Several are called “%(text)s”.") % {"text": text}, _("Write one of: %(names)s.") % {"names": names}
        )

    def places_of(self, model: type[Record]) -> dict[int, set[int]]:
        """Return row → ids of the schools that it ever belonged to, the file's own earlier sheets included."""
        if model not in self.places:
            way, school = model.told_apart_by or ("", "")
            relation = model._meta.get_field(way)
            if not isinstance(relation, models.ManyToOneRel) or not issubclass(relation.related_model, Record):
                raise TypeError(f"{way} is no set of records.")
            there, row, place = relation.related_model, relation.field.attname, f"{school}_id"
            pairs = {
                pk: (whose, where)
                for pk, whose, where in there.objects.within(self.scope).values_list("pk", row, place)
            }
            pairs |= {pk: (getattr(record, row), getattr(record, place)) for pk, record in self.planned[there].items()}
            places: dict[int, set[int]] = defaultdict(set)
            for whose, where in pairs.values():
                places[whose].add(where)
            self.places[model] = places
        return self.places[model]


class Namer:
    """Gives each row the name by which an import will find it again."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.names: dict[type[Record], dict[int, str]] = {}

    def name(self, model: type[Record], pk: int | None) -> str | None:
        """Return the sure name of a row; None for no row."""
        if pk is None:
            return None
        if model not in self.names:
            index = Index(model, self.scope)
            self.names[model] = {known: index.sure_name(known) for known in index.rows}
        if pk not in self.names[model]:
            # A row from elsewhere, such as a researcher's former district.
            row = model.objects.filter(pk=pk).first()
            with override(LANGUAGE):
                self.names[model][pk] = row.names()[-1] if row else ""
        return self.names[model][pk]
