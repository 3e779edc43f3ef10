"""Every declared sheet, of every app: it fits its model, and its rows come back unchanged."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from django.core.exceptions import FieldDoesNotExist

from apps.core.actors import SYSTEM
from apps.core.sheets import Sheet
from apps.ethics.models import AssessmentCycle
from apps.exchange.actions import post_teacher
from apps.exchange.models import Posting
from apps.observations.models import Observation, ObservationScore, RubricItem
from apps.webui.manifests import sheets
from apps.workbooks.exporting.template import template_workbook
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.language import spoken
from apps.workbooks.planning.overview import all_sheets
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.writing import write_plan
from apps.workbooks.reading.cells import key
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.headers import headings
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.tables import titles
from tests.architecture.rows import make
from tests.workbooks.test_roundtrip import exported_values, wipe_all

pytestmark = pytest.mark.usefixtures("all_floors")
ALL = sheets()


def scored_observation(town: SimpleNamespace) -> Observation:
    """Return an observation scored by a rubric of one item."""
    item = make(RubricItem, town.school, maximum=100)
    observation = make(
        Observation, town.school, 5, rubric=item.rubric, score=Decimal("88.5"), date=date(2025, 11, 3), status="draft"
    )
    make(ObservationScore, town.school, observation=observation, item=item, maximum=100, score=Decimal("88.5"))
    return observation


@pytest.mark.parametrize("sheet", ALL, ids=lambda sheet: sheet.model.label)
def test_sheet_fits_its_model(sheet: Sheet, town: SimpleNamespace) -> None:
    resolver = Resolver(town.township.scope)
    for column in sheet.columns:
        bound = BoundColumn(sheet, column, resolver)
        assert bound.target is None or hasattr(bound.target, "names")
        if not column.required:
            bound.empty()
    unknown = []
    for name in sheet.key:
        try:
            sheet.model._meta.get_field(name)
        except FieldDoesNotExist:
            unknown.append(name)
    assert unknown == []
    heads = [spoken(column.header) for column in sheet.all_columns]
    assert len(set(heads)) == len(heads)
    assert len(headings(sheet)) >= len(heads)


def test_titles_are_different() -> None:
    names = [key(spoken(sheet.title)) for sheet in all_sheets()]
    assert len(set(names)) == len(names)
    by_other_name = {key(name): sheet for sheet in all_sheets() for name in titles(sheet)}
    assert [by_other_name[name] for name in names] == list(all_sheets())


def post_properly() -> None:
    """Put the posting in force, as pages and imports do: its appointments follow from it."""
    posting = Posting.objects.get()
    posting.delete()
    posting.pk, posting._state.adding = None, True
    post_teacher(posting=posting, by=SYSTEM.imports)


def test_a_row_of_every_sheet_comes_back_unchanged(town: SimpleNamespace) -> None:
    for sheet in ALL:
        for number in range(2):
            make(sheet.model, town.school, number)
    scored_observation(town)
    content = year_workbook(scope=town.township.scope, township=town.township, year=town.year, user=SYSTEM.imports)
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, township=town.township, year=town.year)
    assert [str(problem) for problem in plan.problems] == []
    assert plan.changes == []
    assert plan.empty


def test_a_row_of_every_sheet_fills_an_empty_database(town: SimpleNamespace) -> None:
    for sheet in ALL:
        make(sheet.model, town.school)
    scored_observation(town)
    post_properly()
    AssessmentCycle.objects.update(status="open")  # a published one takes no results without a grade
    content = year_workbook(scope=town.township.scope, township=town.township, year=town.year, user=SYSTEM.imports)
    wipe_all()
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, start_year=2025)
    assert [str(problem) for problem in plan.problems] == []
    write_plan(plan, by=SYSTEM.imports)
    place = plan.place
    again = year_workbook(scope=place.township.scope, township=place.township, year=place.year, user=SYSTEM.imports)
    assert exported_values(again) == exported_values(content)


def test_template_of_all_sheets_is_empty_for_the_import(town: SimpleNamespace) -> None:
    content = template_workbook(scope=town.township.scope, township=town.township, year=town.year, user=SYSTEM.imports)
    plan = plan_import(BytesIO(content), by=SYSTEM.imports, township=town.township, year=town.year)
    assert (plan.problems, plan.empty) == ([], True)
