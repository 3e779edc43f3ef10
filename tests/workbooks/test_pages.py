"""The pages: a principal brings the school's workbook, sees the preview, imports it; nobody reaches beyond."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.schools.models import CultureNote, School, SchoolGrade
from apps.teachers.models import Teacher, TeachingAssignment
from apps.workbooks.actions.imports import commit_import
from apps.workbooks.models import ImportBatch
from tests.factories import SchoolGradeFactory
from tests.workbooks.conftest import book, headers, opened, title, upload

UPLOAD = "workbooks:importbatch_create"
GRADE = ("school", "school_year", "grade", "classes")


def grade_rows(*lines: list[Any]) -> list[list[Any]]:
    return [headers(SchoolGrade, *GRADE), *lines]


def bring(client: Any, town: SimpleNamespace, *pages: tuple[str, list[list[Any]]]) -> Any:
    return client.post(reverse(UPLOAD), {"file": upload(book(*pages)), "school_year": town.year.pk}, follow=True)


def test_principal_previews_and_imports(town: SimpleNamespace, browser: Any) -> None:
    client = browser("principal")
    assert client.get(reverse("workbooks:home")).status_code == 200
    page = bring(client, town, (title(SchoolGrade), grade_rows(["镇初级中学", 2025, "七年级", 4])))
    batch = ImportBatch.objects.get()
    assert page.redirect_chain == [(batch.get_absolute_url(), 302)]
    assert (batch.status, batch.school, batch.township, batch.size > 0, len(batch.sha256)) == (
        "previewed",
        town.school,
        town.township,
        True,
        64,
    )
    assert batch.counts == {title(SchoolGrade): {"new": 1, "changed": 0, "unchanged": 0, "wrong": 0}}
    assert reverse("workbooks:importbatch_commit", args=[batch.pk]) in page.content.decode()
    assert not SchoolGrade.objects.exists()
    client.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.get().classes) == ("committed", 4)
    progress = client.get(reverse("workbooks:progress", args=[batch.pk]))
    assert progress.headers["HX-Refresh"] == "true"
    again = client.post(reverse("workbooks:importbatch_commit", args=[batch.pk]), follow=True)
    assert "note error" in again.content.decode()
    assert SchoolGrade.objects.count() == 1


def test_errors_are_listed_and_marked(town: SimpleNamespace, browser: Any) -> None:
    client = browser("principal")
    page = bring(
        client,
        town,
        (title(SchoolGrade), grade_rows(["袁科小学", 2025, "三年级", 4], ["镇初级中学", 2025, "九十年级", 4])),
    )
    text = page.content.decode()
    batch = ImportBatch.objects.get()
    assert batch.status == "refused"
    assert [problem["cell"] for problem in batch.problems] == ["A2", "C3"]
    assert all(problem["what"] in text and problem["remedy"] in text for problem in batch.problems)
    assert reverse("workbooks:importbatch_commit", args=[batch.pk]) not in text
    marked = opened(b"".join(client.get(reverse("workbooks:marked", args=[batch.pk])).streaming_content))
    cell = marked[title(SchoolGrade)]["C3"]
    assert batch.problems[1]["what"] in cell.comment.text
    assert cell.fill.fgColor.rgb.endswith("F6C6B4")
    original = client.get(reverse("workbooks:original", args=[batch.pk]))
    assert opened(b"".join(original.streaming_content))[title(SchoolGrade)]["C3"].value == "九十年级"
    client.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    assert not SchoolGrade.objects.exists()


def test_principal_adds_no_teachers_and_changes_no_personal_data(town: SimpleNamespace, browser: Any) -> None:
    head = headers(Teacher, "no", "name", "sex", "birth_date", "started_work_on", "phone")
    rows = [
        head,
        ["009", "李新", "男", "1985-07-12", "2008-09-01", None],
        ["001", "王思远", "男", "1980-05-01", "2003-09-01", "13800001234"],
    ]
    bring(browser("principal"), town, (title(Teacher), rows))
    assert [problem["cell"] for problem in ImportBatch.objects.get().problems] == ["A2", "F3"]


def test_neighbours_rows_stay_untouched(town: SimpleNamespace, browser: Any) -> None:
    SchoolGradeFactory(school=town.other, school_year=town.year, grade=3)
    own = SchoolGradeFactory(school=town.school, school_year=town.year, grade=7)
    bring(
        browser("principal"),
        town,
        (title(SchoolGrade), grade_rows(["袁科小学", 2025, "三年级", 9], ["镇初级中学", 2025, "七年级", own.classes])),
    )
    batch = ImportBatch.objects.get()
    assert [problem["cell"] for problem in batch.problems] == ["A2"]
    assert batch.counts[title(SchoolGrade)]["unchanged"] == 1


def test_import_is_seen_by_its_school_and_its_office_only(town: SimpleNamespace, browser: Any) -> None:
    bring(browser("principal"), town, (title(SchoolGrade), grade_rows(["镇初级中学", 2025, "七年级", 4])))
    batch = ImportBatch.objects.get()
    addresses = [
        batch.get_absolute_url(),
        *[reverse(f"workbooks:{name}", args=[batch.pk]) for name in ("progress", "original", "marked")],
    ]
    for role, status in (
        ("principal", 200),
        ("office", 200),
        ("neighbour", 404),
        ("stranger", 404),
        ("teacher", 403),
        ("researcher", 403),
    ):
        client = browser(role)
        found = [client.get(address) for address in addresses]
        assert [page.status_code for page in found] == [status] * 4, role
        for page in found:
            if page.streaming:
                assert b"".join(page.streaming_content)  # read to its end, a file is closed
    for role, status in (("neighbour", 404), ("stranger", 404), ("teacher", 403)):
        assert browser(role).post(reverse("workbooks:importbatch_commit", args=[batch.pk])).status_code == status
    assert not SchoolGrade.objects.exists()


def test_what_changed_since_the_preview_is_not_overwritten(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    bring(browser("principal"), town, (title(SchoolGrade), grade_rows(["镇初级中学", 2025, "七年级", 4])))
    batch = ImportBatch.objects.get()
    SchoolGradeFactory(school=town.school, school_year=town.year, grade=7, classes=6)
    commit_import(batch=batch, by=cast["principal"])
    batch.refresh_from_db()
    assert (batch.status, SchoolGrade.objects.get().classes) == ("failed", 6)
    assert batch.problems[0]["what"]


def test_what_is_no_workbook_is_said_on_the_form(town: SimpleNamespace, browser: Any) -> None:
    file = upload(BytesIO(b"name,no"), "名单.csv")
    page = browser("principal").post(reverse(UPLOAD), {"file": file, "school_year": town.year.pk})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("name", ["template", "year_export"])
def test_downloads_stay_within_reach(name: str, town: SimpleNamespace, browser: Any) -> None:
    address = reverse(f"workbooks:{name}")
    schools = {}
    for role in ("office", "principal", "stranger"):
        page = opened(b"".join(browser(role).get(address).streaming_content))
        schools[role] = [row[0] for row in page[title(School)].iter_rows(min_row=2, values_only=True)]
    if name == "year_export":
        assert schools == {"office": ["镇初级中学", "袁科小学"], "principal": ["镇初级中学"], "stranger": ["东湖中学"]}
    assert browser("principal").get(address, {"school": town.other.pk}).status_code == 404
    assert browser("office").get(address, {"township": town.far.township_id}).status_code == 404
    assert browser("office").get(address, {"school": "x"}).status_code == 404
    for year, status in (("1999", 404), ("abc", 404), ("", 200), ("2025", 200)):
        assert browser("office").get(address, {"year": year}).status_code == status, year
    assert browser("teacher").get(address).status_code == 403


def test_personal_data_is_masked_for_principals(town: SimpleNamespace, browser: Any) -> None:
    town.teacher.phone = "13800001234"
    town.teacher.save()
    column = headers(Teacher).index(*headers(Teacher, "phone"))
    for role, shown in (("office", "13800001234"), ("principal", "1380***1234")):
        page = opened(b"".join(browser(role).get(reverse("workbooks:year_export")).streaming_content))
        rows = {row[0]: row[column] for row in page[title(Teacher)].iter_rows(min_row=2, values_only=True)}
        assert rows["001"] == shown
    listed = browser("principal").get(reverse("workbooks:list_export", args=["teachers.teacher"]))
    assert b"13800001234" not in b"".join(listed.streaming_content)


def test_list_export_holds_the_filtered_rows(town: SimpleNamespace, browser: Any) -> None:
    for school, grade in ((town.school, 7), (town.school, 8), (town.other, 3)):
        SchoolGradeFactory(school=school, school_year=town.year, grade=grade, experimental=grade == 8)
    address = reverse("workbooks:list_export", args=["schools.schoolgrade"])

    def grades(role: str, **query: Any) -> list[str]:
        page = opened(b"".join(browser(role).get(address, query).streaming_content)).worksheets[0]
        assert [cell.value for cell in page[1]] == headers(SchoolGrade)
        return [row[2] for row in page.iter_rows(min_row=2, values_only=True)]

    assert len(grades("office")) == 3
    assert len(grades("office", school=town.school.pk)) == 2
    assert grades("office", experimental="true") == ["八年级"]
    assert grades("neighbour") == ["三年级"]
    assert grades("office", grade="nonsense") == []
    assert browser("teacher").get(address).status_code == 403
    assert browser("office").get(reverse("workbooks:list_export", args=["no.such"])).status_code == 404
    plain = opened(
        b"".join(browser("office").get(reverse("workbooks:list_export", args=["schools.township"])).streaming_content)
    )
    assert [row[0].value for row in plain.worksheets[0].iter_rows(min_row=2)] == ["慕仪镇"]


def test_text_in_a_list_export_is_never_a_formula(town: SimpleNamespace, browser: Any) -> None:
    CultureNote.objects.create(school=town.school, title="=1+1", text="@SUM(A1)\x07", since="2025-09-01")
    TeachingAssignment.objects.all().delete()
    response = browser("office").get(reverse("workbooks:list_export", args=["schools.culturenote"]))
    row = opened(b"".join(response.streaming_content)).worksheets[0][2]
    assert [(cell.value, cell.data_type) for cell in row[1:3]] == [("=1+1", "s"), ("@SUM(A1)", "s")]
