"""The corpus: files as offices send them, one quirk each, and what must come of each."""

import re
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils.translation import gettext

from apps.core.actors import SYSTEM
from apps.teachers.models import Teacher
from apps.workbooks.files.validation import UserError
from apps.workbooks.planning.workbook import plan_import
from apps.workbooks.planning.workbook_plan import Plan
from apps.workbooks.planning.writing import try_plan
from tests.workbooks.corpus.cases import Case
from tests.workbooks.corpus.faults import FAULTS
from tests.workbooks.corpus.readable import READABLE
from tests.workbooks.corpus.refused import REFUSED

pytestmark = pytest.mark.usefixtures("all_floors")
# True of nearly every case of the corpus, whose rosters name no school.
UNPLACED = "No school yet: say which in a column “School”, or on the sheet of appointments."


def said(sentence: str) -> re.Pattern[str]:
    """Return what matches the translation of a sentence, whatever its placeholders hold."""
    parts = re.split(r"%\(\w+\)[sd]", gettext(sentence))
    return re.compile(".*".join(map(re.escape, parts)), re.DOTALL)


def planned(case: Case, town: SimpleNamespace) -> Plan:
    scope = town.school.scope if case.by_school else None
    file = ContentFile(case.file(), name=case.called)
    return plan_import(file, by=SYSTEM.imports, township=town.township, year=town.year, scope=scope)


def value_at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = getattr(record, name)
    return record


def test_corpus_is_large_enough() -> None:
    cases = [*READABLE, *FAULTS, *REFUSED]
    assert len({case.name for case in cases}) == len(cases) >= 60


@pytest.mark.parametrize("case", [*READABLE, *FAULTS], ids=lambda case: case.name)
def test_untidy_file_is_read(case: Case, town: SimpleNamespace) -> None:
    plan = planned(case, town)
    assert [str(problem) for problem in plan.problems] == []
    new = {part.sheet.model.label: part.new for part in plan.parts if part.new}
    assert {label: len(rows) for label, rows in new.items()} == {label: len(rows) for label, rows in case.read.items()}
    for label, rows in case.read.items():
        for record, wanted in zip(new[label], rows, strict=True):
            assert {path: value_at(record, path) for path in wanted} == wanted
    for note in case.notes:
        assert any(note in text for text in plan.notes), plan.notes
    if not case.notes:
        assert plan.notes == []
    doubts = [doubt for part in plan.parts for _record, doubt in part.doubts]
    if not any(sentence == UNPLACED for _cell, sentence in case.doubts):
        doubts = [doubt for doubt in doubts if not said(UNPLACED).fullmatch(doubt.what)]
    assert [doubt.cell for doubt in doubts] == [cell for cell, _sentence in case.doubts]
    for doubt, (_cell, sentence) in zip(doubts, case.doubts, strict=True):
        assert said(sentence).fullmatch(doubt.what), doubt
    try_plan(plan, by=SYSTEM.imports)
    assert [str(problem) for problem in plan.problems] == []


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_would_corrupt_is_refused(case: Case, town: SimpleNamespace) -> None:
    before = Teacher.objects.count()
    if case.refused:
        with pytest.raises(UserError) as error:
            planned(case, town)
        assert len(error.value.messages) == 1
        assert said(case.refused).fullmatch(error.value.messages[0]), error.value.messages
    else:
        problems = planned(case, town).problems
        assert [problem.cell for problem in problems] == [cell for cell, _sentence in case.errors], problems
        for problem, (_cell, sentence) in zip(problems, case.errors, strict=True):
            assert said(sentence).fullmatch(problem.what), problem
            assert problem.sheet
            assert problem.remedy
    assert Teacher.objects.count() == before


def test_every_file_of_the_corpus_comes_back_marked(town: SimpleNamespace) -> None:
    from apps.workbooks.files.annotated_copy import marked_copy
    from tests.workbooks.conftest import opened

    for case in (case for case in REFUSED if case.errors):
        problem = planned(case, town).problems[0]
        content = marked_copy(ContentFile(case.file(), name=case.called), [vars(problem)])
        assert problem.what in opened(content)[problem.sheet][problem.cell].comment.text
    assert BytesIO
