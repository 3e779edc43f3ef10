"""The preview: row by row what is new, changed, wrong; checked again as it is kept, or with a mended file."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.schools.models import SchoolGrade
from apps.workbooks.actions.imports import commit_import
from apps.workbooks.models import ImportBatch
from tests.factories import SchoolFactory, SchoolGradeFactory
from tests.workbooks.conftest import book, headers, opened, title, upload

GRADE = ("school", "school_year", "grade", "classes")
UPLOAD = "workbooks:importbatch_create"


def grades(*lines: list[Any]) -> BytesIO:
    return book((title(SchoolGrade), [headers(SchoolGrade, *GRADE), *lines]))


def bring(client: Any, town: SimpleNamespace, *lines: list[Any]) -> ImportBatch:
    client.post(reverse(UPLOAD), {"file": upload(grades(*lines)), "school_year": town.year.pk})
    return ImportBatch.objects.latest("pk")


def check(client: Any, batch: ImportBatch, file: Any = None) -> str:
    address = reverse(f"workbooks:importbatch_{'mend' if file else 'check'}", args=[batch.pk])
    page = client.post(address, {"file": file} if file else {}, follow=True)
    batch.refresh_from_db()
    return page.content.decode()


@pytest.fixture
def mixed(town: SimpleNamespace, browser: Any) -> ImportBatch:
    """A preview with a row of each kind."""
    for grade, classes in ((7, 4), (8, 5)):
        SchoolGradeFactory(school=town.school, school_year=town.year, grade=grade, classes=classes)
    return bring(
        browser("office"),
        town,
        ["镇初级中学", 2025, "七年级", 4],
        ["镇初级中学", 2025, "八年级", 6],
        ["镇初级中学", 2025, "九年级", 3],
        ["新民小学", 2025, "一年级", 2],
    )


def test_each_kind_of_row_is_counted_and_listed(mixed: ImportBatch, browser: Any) -> None:
    assert mixed.counts[title(SchoolGrade)] == {"new": 1, "changed": 1, "unchanged": 1, "wrong": 1}
    client, address = browser("office"), mixed.get_absolute_url()
    wrong, changed, new = (client.get(address, {"kind": kind}).content.decode() for kind in ("wrong", "changed", "new"))
    assert mixed.problems[0]["what"] in wrong
    assert '<span class="soft">5</span>' in changed
    assert "<strong>6</strong>" in changed
    assert mixed.problems[0]["what"] not in changed
    assert mixed.added[0]["row"] in new
    assert "<strong>6</strong>" not in new
    # Without being asked, the wrong ones stand first; the same without htmx, since the filter is a link.
    plain = client.get(address).content.decode()
    assert mixed.problems[0]["what"] in plain
    assert "?kind=changed" in plain


def test_rows_of_one_sheet_are_picked(mixed: ImportBatch, browser: Any) -> None:
    client, address = browser("office"), mixed.get_absolute_url()
    own = client.get(address, {"kind": "changed", "sheet": title(SchoolGrade)}).content.decode()
    other = client.get(address, {"kind": "changed", "sheet": "没有的表"}).content.decode()
    assert "<strong>6</strong>" in own
    assert "<strong>6</strong>" in other  # a sheet that the file does not have is no filter


def test_long_lists_come_in_pages(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    batch = bring(client, town, *[[f"没有{number}", 2025, "七年级", 4] for number in range(60)])
    first, second = (client.get(batch.get_absolute_url(), {"page": page}).content.decode() for page in (1, 2))
    assert tuple(name for name in ("没有49", "没有50") if name in first + second) == ("没有49", "没有50")
    assert "没有50" not in first
    assert "没有49" not in second


def test_base_data_added_and_the_kept_file_checked_again(mixed: ImportBatch, browser: Any) -> None:
    client = browser("office")
    assert mixed.status == "refused"
    assert "note warning" in check(client, mixed)
    assert mixed.status == "refused"
    SchoolFactory(code="03", name="新民小学", stage="primary")
    text = check(client, mixed)
    assert (mixed.status, mixed.wrong, mixed.problems) == ("previewed", 0, [])
    assert reverse("workbooks:importbatch_commit", args=[mixed.pk]) in text
    assert mixed.counts[title(SchoolGrade)] == {"new": 2, "changed": 1, "unchanged": 1, "wrong": 0}


def test_mended_file_takes_the_place_of_the_wrong_one(
    town: SimpleNamespace, browser: Any, django_capture_on_commit_callbacks: Any
) -> None:
    client = browser("principal")
    batch = bring(client, town, ["镇初级中学", 2025, "九十年级", 4])
    former, digest = batch.file.name, batch.sha256
    marked = opened(b"".join(client.get(reverse("workbooks:marked", args=[batch.pk])).streaming_content))
    cell = marked[title(SchoolGrade)]["C2"]
    assert batch.problems[0]["remedy"] in cell.comment.text
    cell.value = "九年级"  # mended in the marked copy, colours and comments and all
    out = BytesIO()
    marked.save(out)
    with django_capture_on_commit_callbacks(execute=True):
        check(client, batch, upload(out, "改好.xlsx"))
    assert (batch.status, batch.name, batch.sha256 != digest) == ("previewed", "改好.xlsx", True)
    assert not default_storage.exists(former)
    assert default_storage.exists(batch.file.name)
    client.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    assert SchoolGrade.objects.get().grade == 9
    assert ImportBatch.objects.count() == 1


def test_what_is_no_workbook_leaves_the_preview_as_it_was(town: SimpleNamespace, browser: Any) -> None:
    client = browser("principal")
    batch = bring(client, town, ["镇初级中学", 2025, "九年级", 4])
    before = (batch.status, batch.file.name, batch.counts)
    for file in (
        upload(BytesIO(b"name,no"), "名单.txt"),
        upload(BytesIO(b"")),
        upload(BytesIO(b"\0" * (5 * 2**20 + 1))),
    ):
        assert "note error" in check(client, batch, file)
        assert (batch.status, batch.file.name, batch.counts) == before
    page = client.post(reverse("workbooks:importbatch_mend", args=[batch.pk]), {}, follow=True)
    assert "note error" in page.content.decode()


def test_what_is_imported_is_not_checked_again(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    client = browser("principal")
    batch = bring(client, town, ["镇初级中学", 2025, "九年级", 4])
    commit_import(batch=batch, by=cast["principal"])
    batch.refresh_from_db()
    assert "note error" in check(client, batch)
    assert batch.status == "committed"


@pytest.mark.parametrize(
    ("role", "status"), [("neighbour", 404), ("stranger", 404), ("teacher", 403), ("researcher", 403)]
)
def test_others_neither_check_nor_replace(role: str, status: int, town: SimpleNamespace, browser: Any) -> None:
    batch = bring(browser("principal"), town, ["镇初级中学", 2025, "九年级", 4])
    name = batch.file.name
    for verb, data in (("check", {}), ("mend", {"file": upload(grades())})):
        address = reverse(f"workbooks:importbatch_{verb}", args=[batch.pk])
        assert browser(role).post(address, data).status_code == status
    batch.refresh_from_db()
    assert batch.file.name == name


def test_preview_tells_every_sheet_apart(mixed: ImportBatch) -> None:
    assert mixed.seen == {
        title(SchoolGrade): {
            "new": [[4, 4]],
            "changed": {"3": [SchoolGrade.objects.get(grade=8).pk, 1]},
        }
    }
