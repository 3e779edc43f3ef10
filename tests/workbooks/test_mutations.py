"""Damaged files end in a result or in one clear sentence: never in an exception, never in half a roster."""

import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.core.scope import Scope
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.files.readers import opened
from apps.workbooks.files.validation import UserError
from apps.workbooks.models import ImportBatch
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.rows import read_row
from apps.workbooks.reading.tables import find
from tests.workbooks.conftest import sheet_of
from tests.workbooks.corpus.mutating import bases, mutated

SEEDS, OF_EACH, UPLOADED = range(10), 800, 300


@pytest.mark.parametrize("seed", SEEDS)
def test_damaged_files_are_read_or_refused(seed: int) -> None:
    rng, sheet, resolver = random.Random(seed), sheet_of(Teacher), Resolver(Scope("nothing"))
    files = bases()
    refused = read = 0
    sentences: set[str] = set()
    for _number in range(OF_EACH):
        name = rng.choice(["教师.xlsx", "教师.xlsx", "教师.xls", "教师.csv"])
        content = mutated(rng, files[name])
        try:
            with opened(ContentFile(content, name=name)) as book:
                tables = find(book, [sheet]).tables
        except UserError as error:
            sentences.update(error.messages)
            refused += 1
            continue
        for table in tables:
            columns = [(at, BoundColumn(sheet, column, resolver)) for at, column in table.places.items()]
            for _row, values in table.rows:
                _cells, wrong, _implied = read_row(sheet, columns, values)
                assert all(error.what and error.remedy for error in wrong.values())
        read += 1
    assert all(len(sentence) > 10 for sentence in sentences)
    assert refused > OF_EACH / 10
    assert read > OF_EACH / 10


def test_damaged_uploads_end_on_a_page(town: SimpleNamespace, browser: Any) -> None:
    """Through the page: a preview, or a sentence on the form; whatever is confirmed is written wholly or not at all."""
    client, rng, files = browser("office"), random.Random(20), bases()
    previews = 0
    for number in range(UPLOADED):
        name = rng.choice(["教师.xlsx", "教师.xlsx", "教师.xls", "教师.csv"])
        file = SimpleUploadedFile(name, mutated(rng, files[name]))
        known = set(ImportBatch.objects.values_list("pk", flat=True))
        page = client.post(reverse("workbooks:importbatch_create"), {"file": file, "school_year": town.year.pk})
        new = ImportBatch.objects.exclude(pk__in=known).first()
        if new is None:
            assert page.status_code == 200, number
            assert 'role="alert"' in page.content.decode(), number
            continue
        assert page.status_code == 302
        previews += 1
        before = Teacher.objects.count(), Appointment.objects.count()
        if number % 10 == 0 and new.status == "previewed":
            client.post(reverse("workbooks:importbatch_commit", args=[new.pk]))
            new.refresh_from_db()
            added = Teacher.objects.count() - before[0], Appointment.objects.count() - before[1]
            wanted = new.total("new") if new.status == "committed" else 0
            assert sum(added) == wanted, number
            Teacher.objects.filter(no__in=("010", "011")).delete()
    assert previews > UPLOADED / 10
