"""Layouts of an office's own are mapped once by hand, and known from then on."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from apps.schools.models import SchoolGrade
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.models import HeaderMapping, ImportBatch
from tests.workbooks.conftest import book, upload
from tests.workbooks.corpus.writing import text, xls

UPLOAD = "workbooks:importbatch_create"
HEAD = ["人员代号", "称呼", "证号", "入职", "所属", "来校", "爱好"]
ROW = ["010", "李新", "610304198507123029", "2008.9", "镇初级中学", "2010.9", "篮球"]
FIELDS = ["no", "name", "id_number", "started_work_on", "teachers.appointment/school", "teachers.appointment/starts_on"]
MEANS = {f"place_{place}": name for place, name in enumerate(FIELDS)}


def bring(client: Any, town: SimpleNamespace, rows: list[list[Any]], title: str = "职工") -> ImportBatch:
    file = upload(book((title, rows)))
    client.post(reverse(UPLOAD), {"file": file, "school_year": town.year.pk})
    return ImportBatch.objects.order_by("-pk").first()


def columns(batch: ImportBatch, sheet: str = "", page: str = "职工") -> str:
    return f"{reverse('workbooks:columns', args=[batch.pk])}?page={page}&sheet={sheet}"


def test_unknown_layout_is_mapped_once_and_known_from_then_on(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    batch = bring(client, town, [["职工一览"], HEAD, ROW])
    assert (batch.status, batch.layouts) == ("refused", [["职工", "unknown"]])
    assert [problem["cell"] for problem in batch.problems] == ["A2"]
    preview = client.get(batch.get_absolute_url()).content.decode()
    assert f"{reverse('workbooks:columns', args=[batch.pk])}?page=" in preview
    first = client.get(columns(batch)).content.decode()
    assert 'value="teachers.teacher"' in first
    assert "place_0" not in first
    form = client.get(columns(batch, "teachers.teacher")).content.decode()
    for header, sample in zip(HEAD, ROW, strict=True):
        assert header in form
        assert sample in form or sample[:4] in form
    assert ROW[2] not in form  # an ID number is masked
    done = client.post(columns(batch, "teachers.teacher"), MEANS)
    assert done.status_code == 302
    assert done.url == batch.get_absolute_url()
    batch.refresh_from_db()
    assert (batch.status, batch.problems, batch.total("new")) == ("previewed", [], 2)
    assert "爱好" in "".join(batch.notes)
    client.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    teacher = Teacher.objects.get(no="010")
    assert (teacher.name, teacher.sex, str(teacher.birth_date)) == ("李新", "f", "1985-07-12")
    assert Appointment.objects.get(teacher=teacher).school == town.school
    # The next file of the layout, of whatever kind, needs nobody.
    following = [HEAD, ["011", "周明", "610304197903051018", "1999.8", "袁科小学", "2003.9", None]]
    for file, name in ((xls(following, "职工"), "职工.xls"), (text(following, "gb18030"), "别的.csv")):
        client.post(reverse(UPLOAD), {"file": upload(BytesIO(file), name), "school_year": town.year.pk}, follow=True)
        again = ImportBatch.objects.order_by("-pk").first()
        assert (again.problems, again.total("new"), again.name) == ([], 2, name)
    assert HeaderMapping.objects.count() == 1


def test_two_headers_of_one_meaning_are_refused_and_what_was_chosen_is_kept(
    town: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    batch = bring(client, town, [HEAD, ROW])
    page = client.post(columns(batch, "teachers.teacher"), MEANS | {"place_6": "name"})
    assert page.status_code == 200
    text_of_page = page.content.decode()
    assert "invalid-feedback" in text_of_page
    assert '<option value="id_number" selected>' in text_of_page
    assert not HeaderMapping.objects.exists()
    assert client.post(columns(batch, "teachers.teacher"), {"place_0": "password"}).status_code == 200
    assert not HeaderMapping.objects.exists()


def test_known_columns_are_offered_as_they_are_known_and_may_be_corrected(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    head = ["工号", "姓名", "性别", "出生年月", "入职", "血型"]
    batch = bring(client, town, [head, ["010", "李新", "女", "1985.7", "2008.9", "A"]], "教师")
    assert batch.status == "refused"
    form = client.get(columns(batch, page="教师")).content.decode()
    assert '<option value="birth_date" selected>' in form
    fields = ["no", "name", "sex", "birth_date", "started_work_on", ""]
    client.post(columns(batch, page="教师"), {f"place_{n}": name for n, name in enumerate(fields)})
    batch.refresh_from_db()
    assert (batch.status, batch.total("new")) == ("previewed", 1)
    # Corrected: the same layout, mapped anew.
    fields[4] = ""
    client.post(columns(batch, page="教师"), {f"place_{n}": name for n, name in enumerate(fields)})
    batch.refresh_from_db()
    assert batch.status == "refused"
    assert HeaderMapping.objects.count() == 1


def test_a_mapping_that_reads_without_error_is_corrected_from_the_preview(town: SimpleNamespace, browser: Any) -> None:
    head, row = ["哪所学校", "哪一年", "几年级", "几个班", "几个人"], ["镇初级中学", 2025, "七年级", 4, 18]
    principal = browser("principal")
    batch = bring(principal, town, [head, row], "表一")
    page = principal.get(batch.get_absolute_url()).content.decode()
    assert ("有些列无法识别" in page, "更正“表一”的列的对应" in page) == (True, False)
    wrong, right = ["school", "school_year", "grade", "", "classes"], ["school", "school_year", "grade", "classes", ""]
    for fields in (wrong, right):
        meanings = {f"place_{n}": name for n, name in enumerate(fields)}
        page = principal.post(columns(batch, "schools.schoolgrade", "表一"), meanings, follow=True).content.decode()
        batch.refresh_from_db()
        assert batch.status == "previewed"
        assert ("有些列无法识别" in page, "更正“表一”的列的对应" in page) == (False, True)
        assert columns(batch, page=quote("表一")).removesuffix("&sheet=") in page
        form = principal.get(columns(batch, page="表一")).content.decode()
        place = fields.index("classes")
        assert '<option value="classes" selected>' in form.split(f'name="place_{place}"', 1)[1].split("</select>", 1)[0]
    principal.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    assert SchoolGrade.objects.get(school=town.school).classes == 4
    assert "更正“表一”的列的对应" not in principal.get(batch.get_absolute_url()).content.decode()


def test_missing_columns_are_not_called_unknown(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    batch = bring(client, town, [["工号", "姓名"], ["010", "李新"]], "教师")
    page = client.get(batch.get_absolute_url()).content.decode()
    assert batch.layouts == [["教师", "lacking"]]
    assert "各列均已识别，但缺少必需的列" in page
    assert "有些列无法识别" not in page


def test_preview_kept_with_titles_alone_still_shows(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    batch = bring(client, town, [HEAD, ROW])
    ImportBatch.objects.filter(pk=batch.pk).update(layouts=["职工"])
    assert "对应“职工”的各列" in client.get(batch.get_absolute_url()).content.decode()


def test_a_principals_mapping_is_the_schools_own(town: SimpleNamespace, browser: Any) -> None:
    head, row = ["哪所学校", "哪一年", "几年级", "几个班"], ["镇初级中学", 2025, "七年级", 4]
    principal, neighbour = browser("principal"), browser("neighbour")
    batch = bring(principal, town, [head, row], "表一")
    fields = ["school", "school_year", "grade", "classes"]
    principal.post(columns(batch, "schools.schoolgrade", "表一"), {f"place_{n}": name for n, name in enumerate(fields)})
    batch.refresh_from_db()
    assert (batch.status, batch.total("new")) == ("previewed", 1)
    assert HeaderMapping.objects.get().school == town.school
    other = bring(neighbour, town, [head, ["袁科小学", 2025, "三年级", 2]], "表一")
    assert other.status == "refused"
    assert bring(browser("office"), town, [head, row], "表一").status == "refused"


def test_columns_of_others_and_of_what_is_written_are_not_there(town: SimpleNamespace, browser: Any) -> None:
    batch = bring(browser("principal"), town, [["一", "二", "三"], ["1", "2", "3"]], "表一")
    address = columns(batch, "teachers.teacher", "表一")
    assert browser("principal").get(address).status_code == 200
    for role, status in (("neighbour", 404), ("stranger", 404), ("teacher", 403), ("researcher", 403)):
        assert browser(role).get(address).status_code == status
        assert browser(role).post(address, {"place_0": "no"}).status_code == status
    assert browser("principal").get(columns(batch, "teachers.teacher", "表二")).status_code == 404
    ImportBatch.objects.filter(pk=batch.pk).update(status="committing")
    assert browser("principal").post(address, {"place_0": "no"}).status_code == 404
    assert not HeaderMapping.objects.exists()


@pytest.mark.parametrize(("name", "file"), [("教师.xls", xls), ("教师.csv", text)])
def test_old_workbooks_and_csv_come_back_marked(name: str, file: Any, town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    rows = [["教师编号", "姓名", "性别", "出生日期", "参加工作时间"], ["010", "李新", "女", "85.7", "2008.9"]]
    page = client.post(
        reverse(UPLOAD), {"file": upload(BytesIO(file(rows)), name), "school_year": town.year.pk}, follow=True
    )
    batch = ImportBatch.objects.get()
    assert [problem["cell"] for problem in batch.problems] == ["D2"]
    assert "85.7" in page.content.decode()
    from tests.workbooks.conftest import opened

    marked = opened(b"".join(client.get(reverse("workbooks:marked", args=[batch.pk])).streaming_content))
    cell = marked["教师"]["D2"]
    assert cell.value == "85.7"
    assert batch.problems[0]["what"] in cell.comment.text
    assert marked["教师"]["A2"].value == "010"


def test_the_likeliest_kind_of_record_is_offered_first(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    batch = bring(client, town, [["人员代号", "称呼", "男女", "来历"], ["K1", "李新", "女", "本地"]])
    page = client.get(columns(batch)).content.decode()
    assert '<option value="teachers.teacher" selected>' in page
