"""The roster through django-import-export, row by row as it works by default: what the site is measured against."""

from io import BytesIO
from typing import Any

from import_export import fields, resources
from openpyxl import load_workbook
from tablib import Dataset

from apps.schools.models import Township
from apps.teachers.models import Teacher
from apps.workbooks.planning.overview import all_sheets
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver

FIELDS = (
    "no",
    "name",
    "sex",
    "id_number",
    "birth_date",
    "phone",
    "started_work_on",
    "education",
    "title",
    "title_since",
)


class TeacherResource(resources.ModelResource):
    """Teachers by their number, as django-import-export's documentation declares it."""

    township = fields.Field(attribute="township_id", column_name="township")

    class Meta:
        model = Teacher
        fields = ("township", *FIELDS)
        import_id_fields = ("no", "township")
        clean_model_instances = True
        use_transactions = False  # the benchmark takes it back


def dataset(content: bytes) -> Dataset:
    """Return the roster as the package takes it: codes in place of the words, which it does not know."""
    township = Township.objects.first()
    sheet = next(sheet for sheet in all_sheets() if sheet.model is Teacher)
    resolver = Resolver(township.scope)
    bound: dict[str, Any] = {column.field: BoundColumn(sheet, column, resolver) for column in sheet.columns}
    book = load_workbook(BytesIO(content), read_only=True)
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    places = [[column.field for column in sheet.columns].index(name) for name in FIELDS]
    data = Dataset(headers=["township", *FIELDS])
    for row in rows:
        data.append([township.pk, *[bound[n].read(row[at], set()) for n, at in zip(FIELDS, places, strict=True)]])
    return data


def dry_run(content: bytes) -> None:
    """Import and take back, as its preview page does."""
    _import(content, dry_run=True)


def import_rows(content: bytes) -> None:
    """Import."""
    _import(content, dry_run=False)


def _import(content: bytes, *, dry_run: bool) -> None:
    result = TeacherResource().import_data(dataset(content), dry_run=dry_run, raise_errors=True)
    if result.has_validation_errors():
        raise SystemExit(f"django-import-export refuses the roster: {result.invalid_rows[0].error}")
