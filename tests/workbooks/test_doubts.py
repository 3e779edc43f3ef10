"""What is taken, but is to be checked by people: it stands in the preview, and stays with the import."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from apps.teachers.models import Teacher
from apps.workbooks.actions.imports import commit_now
from apps.workbooks.files.annotated_copy import DOUBTFUL
from apps.workbooks.models import ImportBatch
from tests.workbooks.conftest import book, headers, opened, title, upload

UPLOAD = "workbooks:importbatch_create"
FIELDS = ("no", "name", "sex", "id_number", "birth_date", "started_work_on", "title", "subject")
OLD, FULL = "610304850712302", "610304198507123029"


def roster(*lines: dict[str, Any]) -> BytesIO:
    given = {"no": "009", "name": "李新", "sex": "女", "started_work_on": "2008.9", "title": "二级"}
    rows = [[(given | line).get(name) for name in FIELDS] for line in lines]
    return book((title(Teacher), [headers(Teacher, *FIELDS), *rows]))


def bring(client: Any, town: SimpleNamespace, *lines: dict[str, Any]) -> ImportBatch:
    client.post(reverse(UPLOAD), {"file": upload(roster(*lines)), "school_year": town.year.pk})
    return ImportBatch.objects.latest("pk")


@pytest.fixture
def doubtful(browser: Callable, town: SimpleNamespace) -> ImportBatch:
    return bring(browser("office"), town, {"id_number": OLD, "subject": "语文、数学/音乐"})


def test_doubtful_cells_are_named_in_the_preview(doubtful: ImportBatch, browser: Callable) -> None:
    assert doubtful.status == ImportBatch.Status.PREVIEWED
    assert [doubt["cell"] for doubt in doubtful.doubts] == ["D2", "H2", "A2"]
    page = browser("office").get(doubtful.get_absolute_url()).content.decode()
    for doubt in doubtful.doubts:
        assert doubt["what"] in page  # without being asked: nothing else is as urgent
    assert "数学、音乐" in doubtful.doubts[1]["what"]
    assert OLD not in page


def test_doubts_stay_with_the_import_and_lead_to_the_record(
    doubtful: ImportBatch, browser: Callable, cast: dict
) -> None:
    commit_now(batch=doubtful, by=cast["office"])
    teacher = Teacher.objects.get(no="009")
    assert (teacher.id_number, teacher.subject) == (FULL, "chinese")
    client = browser("office")
    page = client.get(doubtful.get_absolute_url()).content.decode()
    assert doubtful.doubts[0]["what"] in page
    assert f'<a href="{teacher.get_absolute_url()}">李新</a>' in page
    assert doubtful.result in client.get(reverse("workbooks:home")).content.decode()
    assert "待核 3 处" in doubtful.result
    client.post(reverse("workbooks:importbatch_undo", args=[doubtful.pk]))
    page = client.get(doubtful.get_absolute_url()).content.decode()
    assert not Teacher.objects.filter(no="009").exists()
    assert doubtful.doubts[0]["what"] in page
    assert teacher.get_absolute_url() not in page


def test_a_number_that_is_stored_in_full_is_not_doubted(
    doubtful: ImportBatch, browser: Callable, town: SimpleNamespace, cast: dict
) -> None:
    commit_now(batch=doubtful, by=cast["office"])
    again = bring(browser("office"), town, {"id_number": OLD, "subject": "语文"})
    assert again.empty
    assert (again.doubts, again.doubtful) == ([], 0)


def test_doubtful_cells_are_marked_in_the_copy(town: SimpleNamespace, browser: Callable) -> None:
    client = browser("office")
    batch = bring(client, town, {"id_number": OLD}, {"no": "010", "title": "特级大师"})
    assert batch.wrong
    copy = client.get(reverse("workbooks:marked", args=[batch.pk]))
    page = opened(b"".join(copy.streaming_content))[title(Teacher)]
    assert page["D2"].fill.fgColor.rgb[-6:] == DOUBTFUL.fgColor.rgb[-6:]
    assert batch.doubts[0]["what"] in page["D2"].comment.text
    assert page["G3"].fill.fgColor.rgb != page["D2"].fill.fgColor.rgb


def test_the_command_names_doubtful_cells(town: SimpleNamespace, tmp_path: Path, capsys: Any) -> None:
    file = tmp_path / "教师.xlsx"
    file.write_bytes(roster({"id_number": OLD}).getvalue())
    call_command("import_workbook", str(file), "--year=2025", f"--township={town.township.code}", "--dry-run")
    assert " D2 " in capsys.readouterr().err
    assert not Teacher.objects.filter(no="009").exists()
