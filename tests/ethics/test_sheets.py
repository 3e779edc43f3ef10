"""The sheets: columns exist, keys are columns, and what refers comes after what is referred to."""

from types import SimpleNamespace

import pytest
from django.db import models

from apps.core.periods import Period
from apps.core.sheets import Sheet
from apps.ethics import actions
from apps.ethics.sheets import SHEETS
from tests.ethics.factories import AssessmentFactory, QuestionFactory

BY_MODEL = {sheet.model._meta.model_name: sheet for sheet in SHEETS}
ORDER = [sheet.model for sheet in SHEETS]


@pytest.mark.parametrize("sheet", SHEETS, ids=BY_MODEL)
def test_column_of_each_sheet_is_a_field_and_its_key_a_column(sheet: Sheet) -> None:
    fields = [column.field for column in sheet.columns]
    assert len(fields) == len(set(fields))
    headers = [str(column.header) for column in sheet.all_columns]
    assert len(headers) == len(set(headers))
    assert set(sheet.key) <= set(fields)
    needed = {
        field.name
        for field in sheet.model._meta.concrete_fields
        if field.editable and not field.blank and not field.has_default() and not field.primary_key
    }
    assert needed - set(fields) - {sheet.township_field} == set()
    for column in sheet.columns:
        field = sheet.model._meta.get_field(column.field)
        assert (column.kind == "row") == isinstance(field, models.ForeignKey), column.field
        assert (column.kind == "choice") == bool(field.choices), column.field


@pytest.mark.parametrize("sheet", SHEETS, ids=BY_MODEL)
def test_sheet_that_is_referred_to_comes_first(sheet: Sheet) -> None:
    for column in sheet.columns:
        target = sheet.model._meta.get_field(column.field).related_model
        if target in ORDER:
            assert ORDER.index(target) < ORDER.index(sheet.model)


def test_misconduct_and_results_in_the_order_of_sheets_come_before_honours() -> None:
    names = list(BY_MODEL)
    assert names.index("misconductcase") < names.index("ethicsassessment") < names.index("honour")


def test_sheet_with_an_action_of_the_domain_writes_by_it() -> None:
    saves = {name: sheet.save for name, sheet in BY_MODEL.items()}
    assert saves["honour"] is actions.award_honours
    assert saves["ethicsassessment"] is actions.save_assessments
    assert saves["misconductcase"] is actions.save_cases
    assert saves["assessmentcycle"] is actions.save_cycles


def test_questions_when_exported_are_read_again(town: SimpleNamespace) -> None:
    question = QuestionFactory()
    lines = BY_MODEL["questionnaire"].lines
    text = lines.write(question.questionnaire)
    (again,) = lines.read(text, question.questionnaire, None)
    assert (again.order, again.text, again.maximum) == (question.order, question.text, question.maximum)


def test_sheet_of_a_school_holds_its_rows_of_the_year(town: SimpleNamespace) -> None:
    row = AssessmentFactory(school=town.school, teacher=town.teacher)
    AssessmentFactory(school=town.other, teacher=town.neighbour)
    sheet, period = BY_MODEL["ethicsassessment"], Period.of_year(town.year)
    assert list(sheet.rows(town.school.scope, period)) == [row]
    assert sheet.rows(town.township.scope, Period.of_calendar_year(2025)).count() == 0
