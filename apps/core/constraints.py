"""A database constraint that Django has for PostgreSQL only: spans of days that must not overlap."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.ddl_references import Statement, Table
from django.db.models import Q

from .fields import field_of

SQLITE = (
    "CREATE TRIGGER %(name)s BEFORE %(event)s ON %(table)s FOR EACH ROW WHEN EXISTS (SELECT 1 FROM %(table)s o "
    "WHERE o.id <> NEW.id %(same)s AND (o.%(last)s IS NULL OR NEW.%(first)s IS NULL OR NEW.%(first)s <= o.%(last)s) "
    "AND (NEW.%(last)s IS NULL OR o.%(first)s IS NULL OR o.%(first)s <= NEW.%(last)s)) "
    "BEGIN SELECT RAISE(ABORT, 'constraint %(label)s'); END"
)
EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"
POSTGRES = (
    "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s EXCLUDE USING gist "
    "(%(same)sdaterange(%(first)s, %(last)s, '[]') WITH &&)"
)


class NoOverlap(models.BaseConstraint):
    """Rows with the same `fields` have spans of days (`span`: first day, last day) that do not overlap.

    An empty day leaves the span open on its side.

    PostgreSQL holds it by an exclusion constraint, SQLite by two triggers.
    """

    def __init__(self, *, name: str, span: Sequence[str], fields: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        self.span, self.fields = tuple(span), tuple(fields)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, kwargs | {"span": self.span, "fields": self.fields}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = models.BaseConstraint.__hash__

    def _statements(self, model: type[models.Model], schema_editor: Any) -> list[Statement]:
        columns = {field: field_of(model, field).column for field in (*self.span, *self.fields)}
        first, last = (columns[field] for field in self.span)
        parts = {"table": Table(model._meta.db_table, schema_editor.quote_name), "first": first, "last": last}
        if schema_editor.connection.vendor == "postgresql":
            same = "".join(f"{columns[field]} WITH =, " for field in self.fields)
            exclude = Statement(POSTGRES, name=schema_editor.quote_name(self.name), same=same, **parts)
            return [Statement(EXTENSION), exclude]
        same = "".join(f" AND o.{columns[field]} = NEW.{columns[field]}" for field in self.fields)
        return [
            Statement(
                SQLITE,
                name=schema_editor.quote_name(f"{self.name}_{event.lower()}"),
                label=self.name,
                event=event,
                same=same,
                **parts,
            )
            for event in ("INSERT", "UPDATE")
        ]

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        """Add the constraint after the table is there; nothing stands inside CREATE TABLE."""
        schema_editor.deferred_sql.extend(self._statements(_given(model), schema_editor))
        return ""

    def create_sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        """Return the statement that adds the constraint to an existing table."""
        *others, last = self._statements(_given(model), schema_editor)
        for statement in others:
            schema_editor.execute(statement)
        return str(last)

    def remove_sql(self, model: type[models.Model] | None, schema_editor: Any) -> str:
        """Return the statement that takes the constraint away."""
        if schema_editor.connection.vendor == "postgresql":
            table, name = (schema_editor.quote_name(name) for name in (_given(model)._meta.db_table, self.name))
            return f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}_insert")
        return f"DROP TRIGGER IF EXISTS {self.name}_update"

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Raise ValidationError if another row of the same fields has an overlapping span."""
        first, last = (getattr(instance, field) for field in self.span)
        missing = first is None and not field_of(model, self.span[0]).null
        if missing or (exclude and exclude & {*self.span, *self.fields}):
            return
        same = {
            column: getattr(instance, column) for column in (field_of(model, field).attname for field in self.fields)
        }
        start, end = self.span
        try:
            others = model._default_manager.using(using).filter(**same).exclude(pk=instance.pk)
        except FieldError as error:
            raise ValidationError(str(error)) from error
        if first is not None:
            others = others.filter(Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": first}))
        if last is not None:
            others = others.filter(Q(**{f"{start}__isnull": True}) | Q(**{f"{start}__lte": last}))
        if others.exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


def _given(model: type[models.Model] | None) -> type[models.Model]:
    """Return the model of the table; Django's signature has room for none, its calls always have one."""
    if model is None:
        raise TypeError("A constraint belongs to a table.")
    return model
