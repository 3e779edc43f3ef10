"""The sheets name fields that exist, and tell rows apart as the database does."""

import pytest
from django.db import models

from apps.core.sheets import Sheet
from apps.research.sheets import SHEETS


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.label)
def test_columns_are_fields_of_their_kind(sheet: Sheet) -> None:
    kinds = {
        "row": models.ForeignKey,
        "date": models.DateField,
        "flag": models.BooleanField,
        "decimal": models.DecimalField,
        "integer": models.IntegerField,
        "text": (models.CharField, models.TextField),
    }
    for column in sheet.columns:
        field = sheet.model._meta.get_field(column.field)
        assert field.choices if column.kind == "choice" else isinstance(field, kinds[column.kind]), column


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.label)
def test_key_is_unique_in_the_database(sheet: Sheet) -> None:
    """A guest is told by researcher or by name, for which the database has a rule each."""
    unique = [set(rule.fields) for rule in sheet.model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    assert any(fields <= {*sheet.key, sheet.township_field} for fields in unique)
    assert set(sheet.key) <= {column.field for column in sheet.columns}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.label)
def test_required_fields_are_columns(sheet: Sheet) -> None:
    needed = {
        field.name
        for field in sheet.model._meta.concrete_fields
        if field.editable and not field.blank and not field.null and not field.has_default() and not field.primary_key
    }
    assert needed - {sheet.township_field} <= {column.field for column in sheet.columns if column.required}
