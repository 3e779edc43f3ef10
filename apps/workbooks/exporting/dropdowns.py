"""What cells of a workbook may hold, as Excel checks and offers it: drop-downs from named lists, days, numbers.

The lists stand in a sheet that Excel's users do not see. A code list and a day may be overridden with a warning,
since the import knows more words and forms than the list; a number that is none, or out of range, may not.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from apps.core.models import Record, SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.core.sheets import Column
from apps.schools.models import School, SchoolGrade, Township
from apps.webui.manifests import sheets
from apps.workbooks.language import LANGUAGE
from apps.workbooks.planning.overview import CHOICES
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Namer

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
# A drop-down with more lines helps nobody.
LINES = 5000


class Lists:
    """The lists behind the drop-downs of an export: code lists, yes and no, and the schools of the scope."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.named: dict[str, list[str]] = {}

    def words(self, bound: BoundColumn) -> tuple[str, list[str]]:
        """Return the name of a column's list, and its lines; none for a column without one."""
        model = bound.field.model._meta.model_name
        if bound.column.kind == "choice":
            return f"{model}_{bound.name}", [str(bound.written(value)) for value in bound._labels]
        if bound.column.kind == "flag":
            return "yes_no", [bound.written(True), bound.written(False)]
        if bound.of_school:
            return "school_names", list(School.objects.within(self.scope).values_list("name", flat=True))
        return "", []

    def rule(self, bound: BoundColumn) -> DataValidation | None:
        """Return what Excel is to check in a column's cells, None if it takes anything."""
        name, words = self.words(bound)
        with override(LANGUAGE):
            if words:
                self.named.setdefault(name, words)
                return _drop_down(name, strict=bound.column.kind != "text" and bound.target in (None, School))
            match bound.column.kind:
                case "date":
                    return _day()
                case "integer" | "decimal":
                    return _number(bound.field, bound.column)
        return None

    def write(self, book: Workbook) -> None:
        """Write the lists into a hidden sheet, and give each its name."""
        if not self.named:
            return
        page = book.create_sheet(CHOICES)
        page.sheet_state = "veryHidden"
        columns = [[name, *words] for name, words in self.named.items()]
        for number in range(max(map(len, columns))):
            page.append([column[number] if number < len(column) else None for column in columns])
        for number, column in enumerate(columns, 1):
            letter = get_column_letter(number)
            place = f"'{CHOICES}'!${letter}$2:${letter}${len(column)}"
            book.defined_names[column[0]] = DefinedName(column[0], attr_text=place)


class TemplateLists(Lists):
    """The lists of a template: those of an export, and the teachers, classes and other rows that cells may name."""

    def __init__(self, scope: Scope, township: Township, year: SchoolYear) -> None:
        super().__init__(scope)
        self.township, self.year, self.period = township, year, Period.of_year(year)
        self.namer = Namer(township.scope)
        self.rows: dict[type[Record], list[str]] = {}

    def words(self, bound: BoundColumn) -> tuple[str, list[str]]:
        """Return the name of a column's list, and its lines; none for a column without one."""
        name, words = super().words(bound)
        if bound.target and not words:
            if bound.target not in self.rows:
                self.rows[bound.target] = self._names(bound.target)
            return f"{bound.target._meta.model_name}_names", self.rows[bound.target]
        if bound.column.listed:
            return f"{bound.name}_names", self._listed(bound.column)
        return name, words

    def _names(self, model: type[Record]) -> list[str]:
        """Return the sure names of the rows that the template's place has this year."""
        sheet = next((sheet for sheet in sheets() if sheet.model is model), None)
        rows: models.QuerySet[Any] = model.objects.within(self.scope)
        if sheet:
            rows = sheet.rows(self.scope, self.period)
        elif model.dated_by:
            rows = model.objects.within(self.scope).in_period(self.period)
        ids = rows.order_by(*model._meta.ordering or (), "pk").values_list("pk", flat=True)[:LINES]
        return [name for pk in ids if (name := self.namer.name(model, pk))]

    def _listed(self, column: Column) -> list[str]:
        """Return the texts that rows of the place have in such columns this year, else the classes of its grades."""
        texts: set[str] = set()
        for sheet in sheets():
            if any(other.listed and other.field == column.field for other in sheet.columns):
                rows = sheet.rows(self.scope, self.period).order_by()
                texts |= set(rows.values_list(column.field, flat=True).distinct())
        if not texts and column.field == "class_name":
            for grade in SchoolGrade.objects.within(self.scope).filter(school_year=self.year):
                texts |= {f"{grade.get_grade_display()}({number})班" for number in range(1, grade.classes + 1)}
        return sorted(texts - {""})[:LINES]


def _drop_down(name: str, *, strict: bool) -> DataValidation:
    rule = DataValidation(type="list", formula1=f"={name}", allow_blank=True, showErrorMessage=strict)
    rule.errorStyle = "warning"
    rule.errorTitle, rule.error = _("Not in the list"), _("Please choose from the list.")
    return rule


def _day() -> DataValidation:
    first, last = (str(int(to_excel(day))) for day in (FIRST_DAY, LAST_DAY))
    rule = DataValidation(type="date", operator="between", formula1=first, formula2=last, allow_blank=True)
    rule.showErrorMessage, rule.errorStyle = True, "warning"
    rule.errorTitle, rule.error = _("No date"), _("Write it as 2025-09-01.")
    return rule


def _number(field: "models.Field[Any, Any]", column: Column) -> DataValidation:
    lowest, highest = _limits(field)
    kind = "whole" if column.kind == "integer" else "decimal"
    rule = DataValidation(type=kind, operator="between", formula1=str(lowest), formula2=str(highest), allow_blank=True)
    rule.showErrorMessage, rule.errorStyle = True, "stop"
    rule.errorTitle = _("No number")
    rule.error = _("Write a number from %(lowest)s to %(highest)s.") % {"lowest": lowest, "highest": highest}
    return rule


def _limits(field: "models.Field[Any, Any]") -> tuple[Any, Any]:
    """Return the least and the greatest number that a field takes."""
    highest = 10 ** (field.max_digits - field.decimal_places) - 1 if isinstance(field, models.DecimalField) else 10**6
    return (
        max([0, *_values(field.validators, MinValueValidator)]),
        min([highest, *_values(field.validators, MaxValueValidator)]),
    )


def _values(validators: Iterable[object], kind: type[BaseValidator]) -> list[Any]:
    return [validator.limit_value for validator in validators if isinstance(validator, kind)]
