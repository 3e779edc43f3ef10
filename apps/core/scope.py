"""Scope: one idea for access and for reporting.

A scope is everything, a district, a township, a school, a teacher, or nothing. Each model says once, in
`reached_from`, how its rows are reached from each level; `within` and `visible_to` follow that.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Protocol, Self, TypeVar

from django.db import connections, models, transaction
from django.db.models import Q

from . import journal

LEVELS = ("district", "township", "school", "teacher")
NO_ROWS = Q(pk__in=[])


@dataclass(frozen=True)
class Scope:
    """A part of the installation; `kind` is its level, and the fields are the ids of it and of what it lies in."""

    kind: str
    district: int | None = None
    township: int | None = None
    school: int | None = None
    teacher: int | None = None

    @property
    def pk(self) -> int | None:
        """Return the id of what this scope is, None for everything and nothing."""
        return getattr(self, self.kind, None)


EVERYTHING, NOWHERE = Scope("everything"), Scope("nothing")

# A path compared with the scope's own id; a path and the level whose id to compare; or a function to a condition.
Reach = str | tuple[str, str] | Callable[[Scope], Q]


class Viewer(Protocol):
    """What is asked of who looks at rows. Who acts is one, with permissions besides (`actors.Actor`)."""

    @property
    def scope(self) -> Scope:
        """Return what the viewer may see at all."""

    @property
    def served_townships(self) -> list[int] | None:
        """Return the ids of the townships that a researcher serves; None for who is no researcher."""

    @property
    def school_id(self) -> int | None:
        """Return the school that the viewer heads."""

    @property
    def teacher_id(self) -> int | None:
        """Return the teacher who the viewer is."""

    @property
    def researcher_id(self) -> int | None:
        """Return the researcher who the viewer is."""

    @property
    def own_scope(self) -> Scope | None:
        """Return the scope of the teacher who the viewer is besides a wider place; None for who has one place."""

    def has_own_perm(self, perm: str, /) -> bool:
        """Return whether the viewer has a permission as the teacher of the own scope."""


class Span(Protocol):
    """Days from a first to a last one: a school year, a term, a period."""

    @property
    def starts_on(self) -> date:
        """Return the first day."""

    @property
    def ends_on(self) -> date:
        """Return the last day."""


class Scoped(models.Model):
    """A row that says where it belongs and when it happened.

    `reached_from` leads to it from each level of scope, `dated_by` names the field, or the pair of fields, of its day
    or its span of days; None for what has no day.
    """

    reached_from: ClassVar[Mapping[str, Reach]] = {}
    dated_by: ClassVar[str | tuple[str, str] | None] = None

    class Meta:
        abstract = True


M = TypeVar("M", bound=Scoped)


def reach(model: type[Scoped], scope: Scope) -> Q:
    """Return the condition that `model`'s rows lie within `scope`; nothing for a level that the model leaves out."""
    if scope.kind == "everything":
        return Q()
    way = model.reached_from.get(scope.kind)
    if way is None:
        return NO_ROWS
    if callable(way):
        return way(scope)
    path, level = (way, scope.kind) if isinstance(way, str) else way
    value = getattr(scope, level)
    return Q(**{path: value}) if value is not None else NO_ROWS


def within_period(model: type[Scoped], period: Span) -> Q:
    """Return the condition that `model`'s rows fall into `period`, by the field or the pair of fields in `dated_by`.

    A pair is a span of days; it falls into the period when the two overlap, and an empty end is still open.
    """
    match model.dated_by:
        case None:
            return Q()
        case (first, last):
            return Q(**{f"{first}__lte": period.ends_on}) & (
                Q(**{f"{last}__isnull": True}) | Q(**{f"{last}__gte": period.starts_on})
            )
        case field:
            return Q(**{f"{field}__range": (period.starts_on, period.ends_on)})


class ScopedQuerySet(models.QuerySet[M]):
    """Rows that know where they belong and when they happened."""

    def within(self, scope: Scope) -> Self:
        """Return the rows that lie within `scope`: what a summary of that scope counts."""
        return self.filter(reach(self.model, scope))

    def in_period(self, period: Span) -> Self:
        """Return the rows that fall into `period`."""
        return self.filter(within_period(self.model, period))

    def search(self, text: str) -> Self:
        """Return the rows that somebody may mean by `text`; a model that is picked by typing says how."""
        raise NotImplementedError(f"{self.model.__name__} is not searched by text.")

    def suggested(self, text: str) -> Self:
        """Return the rows to choose from while `text` is being typed, with what `Record.aside` reads."""
        return self.search(text)

    def to_choose(self, kept: Any = None) -> Self:
        """Return the rows that a form offers; `kept` is the id of the one that stands there already."""
        return self

    def visible_to(self, user: Viewer) -> Self:
        """Return the rows that `user` may see: within the user's scope, and of the townships a researcher serves.

        Who is a teacher besides sees the teacher's own rows elsewhere, too, as far as teachers see such rows.
        """
        meta = self.model._meta
        if user.own_scope and user.has_own_perm(f"{meta.app_label}.view_{meta.model_name}"):
            own = self.model._base_manager.filter(reach(self.model, user.own_scope))
            return self.filter(reach(self.model, user.scope) | Q(pk__in=own.values("pk")))
        rows = self.within(user.scope)
        if user.served_townships is not None:
            served = [Scope("township", user.scope.district, township) for township in user.served_townships]
            rows = (
                rows.filter(Q(*[reach(self.model, scope) for scope in served], _connector=Q.OR))
                if served
                else rows.none()
            )
        return rows

    # Rows written in bulk send no signals: an import that can be undone hears of them here.

    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        """Write new rows in bulk."""
        rows = super().bulk_create(objs, *args, **kwargs)
        journal.created(rows)
        return rows

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Write some fields of known rows in bulk, and return how many were there.

        One statement is sent with the values of each row. Django's own builds a long one of all values, which takes ten
        times as long, and keeps everybody else from writing meanwhile.
        """
        rows, columns = list(objs), [self.model._meta.get_field(name) for name in fields]
        with journal.changing(self.model, [row.pk for row in rows]):
            return self._write_each(rows, columns)

    def _write_each(self, rows: list[Any], fields: list[Any]) -> int:
        self._for_write = True
        connection, key = connections[self.db], self.model._meta.pk.column or ""
        for row in rows:
            row._prepare_related_fields_for_save(operation_name="bulk_update", fields=fields)
        quote = connection.ops.quote_name
        values = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        statement = f"UPDATE {quote(self.model._meta.db_table)} SET {values} WHERE {quote(key)} = %s"
        given = (
            [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk]
            for row in rows
        )
        if not rows:
            return 0
        with transaction.atomic(using=self.db, savepoint=False), connection.cursor() as cursor:
            cursor.executemany(statement, list(given))
            written: int = cursor.rowcount
        return written

    def update(self, **values: Any) -> int:
        """Write the same values to all these rows."""
        with journal.changing(self.model, self.order_by().values_list("pk", flat=True) if journal.is_open() else ()):
            return super().update(**values)

    for method in (bulk_create, bulk_update, update):
        vars(method)["alters_data"] = True  # no template may call them
    del method
