"""Batches: all schools' summaries or all teachers' files in one zip, made document by document in the background."""

import zipfile
from datetime import date, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from apps.core.jobs import SILENCE
from apps.core.periods import Period
from apps.reports.actions import batches, finalise_summary, make_piece, remove_outdated, resume_batch, start_batch
from apps.reports.models import KEPT_DAYS, SummaryBatch, SummaryPiece
from apps.teachers.models import Teacher
from tests.reports.factories import composed

QUEUED = override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})
SCHOOLS = ["镇初级中学 2025—2026学年校本研修工作总结.docx", "袁科小学 2025—2026学年校本研修工作总结.docx"]


def start(town: SimpleNamespace, by: Any, **given: Any) -> SummaryBatch:
    """Start a batch of Word files, which take no time to speak of."""
    given = {"township": town.township, "period": Period.from_code("2025"), "form": "docx", "by": by} | given
    return start_batch(**given)


def work(number: int | None = None) -> int:
    """Do so many of the queued tasks, as a worker would, and return how many there were."""
    rows = list(DBTaskResult.objects.ready().order_by(*DBTaskResult._meta.ordering))[:number]
    for row in rows:
        row.claim("worker")
        try:
            row.task.call(*row.args_kwargs["args"])
        except batches.NotMade as error:
            row.set_failed(error)
        else:
            row.set_successful(None)
    return len(rows)


def names(batch: SummaryBatch) -> list[str]:
    """Return what lies in a batch's zip."""
    batch.refresh_from_db()
    with batch.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        return archive.namelist()


def stored(folder: str) -> list[str]:
    """Return the files that lie in a folder of the storage."""
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of places whose documents cannot be made."""
    places: set[str] = set()
    made = batches.summary_file

    def summary_file(summary: Any, form: str) -> Any:
        if str(summary.place) in places:
            raise ZeroDivisionError("照片打不开")
        return made(summary, form)

    monkeypatch.setattr(batches, "summary_file", summary_file)
    return places


def test_all_schools_are_packed_under_names_that_an_office_gives(town: SimpleNamespace, cast: dict) -> None:
    batch = start(town, cast["office"])
    assert (batch.status, batch.total, batch.made) == ("done", 2, 2)
    assert names(batch) == SCHOOLS
    assert not batch.pieces.exists()
    assert batch.expires_on == timezone.localdate() + timedelta(days=KEPT_DAYS)


def test_a_finalised_summary_goes_in_as_it_was_finalised(town: SimpleNamespace, cast: dict) -> None:
    version = finalise_summary(summary=composed(town.school, cast["office"]), by=cast["office"])
    batch = start(town, cast["office"], form="pdf")
    with batch.file.open("rb") as file, zipfile.ZipFile(file) as archive:
        found = [archive.read(name) for name in archive.namelist()]
    with version.pdf.open("rb") as file:
        assert file.read() == found[0]
    assert "袁科小学" in PdfReader(BytesIO(found[1])).pages[0].extract_text()


def test_teachers_are_those_who_serve_at_the_end_of_the_period(town: SimpleNamespace, cast: dict) -> None:
    town.colleague.appointments.update(ends_on=date(2026, 1, 31))
    batch = start(town, cast["principal"], school=town.school)
    assert names(batch) == ["001 王思远.docx"]
    nobody = Teacher.objects.get(pk=town.teacher.pk).appointments
    nobody.update(ends_on=date(2026, 1, 31))
    with pytest.raises(ValidationError):
        start(town, cast["principal"], school=town.school)


@QUEUED
def test_two_clicks_start_one_batch(town: SimpleNamespace, cast: dict) -> None:
    first = start(town, cast["office"])
    assert start(town, cast["office"]) == first
    assert start(town, cast["office"], period=Period.from_code("2025-1")) != first
    assert DBTaskResult.objects.count() == 4
    assert {row.priority < 0 for row in DBTaskResult.objects.all()} == {True}


@QUEUED
def test_only_the_last_document_packs_the_zip(town: SimpleNamespace, cast: dict) -> None:
    batch = start(town, cast["office"])
    assert work(1) == 1
    batch.refresh_from_db()
    assert (batch.status, batch.made, batch.total, bool(batch.file)) == ("running", 1, 2, False)
    assert work() == 1
    assert names(batch) == SCHOOLS


@QUEUED
def test_cancelling_stops_what_has_not_begun_and_removes_what_was_made(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    batch = start(town, cast["office"])
    work(1)
    kept = set(stored("batches/pieces"))
    (piece,) = batch.pieces.filter(status="done")
    assert piece.file.name.rpartition("/")[2] in kept
    address = reverse("reports:summarybatch_cancel", args=[batch.pk])
    asked = browser("office").get(address).content.decode()
    assert "尚未开始的不再生成，已生成的材料将被删除。" in asked
    assert browser("office").post(address).status_code == 302
    assert work() == 1
    batch.refresh_from_db()
    assert (batch.status, batch.pieces.count()) == ("cancelled", 0)
    assert piece.file.name.rpartition("/")[2] not in stored("batches/pieces")
    assert "已经结束" in browser("office").post(address, follow=True).content.decode()
    assert start(town, cast["office"]) != batch


@QUEUED
def test_a_document_finished_after_cancelling_is_not_kept(town: SimpleNamespace, cast: dict) -> None:
    batch = start(town, cast["office"])
    piece = batch.pieces.first()
    SummaryPiece.objects.filter(pk=piece.pk).update(status="working")
    before = set(stored("batches/pieces"))
    batches.cancel_batch(batch=batch, by=cast["office"])
    batches._keep(piece, 1, b"late")
    assert set(stored("batches/pieces")) == before


@QUEUED
def test_what_fails_is_named_and_made_again(town: SimpleNamespace, cast: dict, browser: Any, broken: set[str]) -> None:
    broken.add("袁科小学")
    batch = start(town, cast["office"])
    work()
    client, page = browser("office"), batch.get_absolute_url()
    text = client.get(page).content.decode()
    assert "<h2>未生成的材料</h2>" in text
    assert '<th scope="col">材料名称</th><th scope="col">原因</th>' in text
    assert SCHOOLS[1] in text
    # What the office can do about it, in Chinese; where it happened is in the log, and nothing of what it quotes.
    assert "系统出错，未能生成。请补齐一次；仍不成功的，请联系系统管理员。" in text
    failed = DBTaskResult.objects.failed().get()
    assert "ZeroDivisionError" in failed.traceback
    assert "test_batches.py" in failed.traceback
    for words in (text, failed.traceback):
        assert "照片打不开" not in words
    broken.clear()
    assert "正在补齐1份材料" in client.post(page + "resume/", follow=True).content.decode()
    assert work() == 1
    assert names(batch) == SCHOOLS
    assert "没有缺少" in client.post(page + "resume/", follow=True).content.decode()


@QUEUED
def test_what_could_be_made_is_packed_without_the_rest(
    town: SimpleNamespace, cast: dict, browser: Any, broken: set[str]
) -> None:
    broken.add("袁科小学")
    batch = start(town, cast["office"])
    work()
    assert browser("office").post(batch.get_absolute_url() + "pack/").status_code == 302
    assert names(batch) == SCHOOLS[:1]
    assert (batch.made, batch.total) == (1, 2)
    assert SCHOOLS[1] in browser("office").get(batch.get_absolute_url()).content.decode()


@QUEUED
def test_the_document_of_a_dead_worker_is_made_again(town: SimpleNamespace, cast: dict) -> None:
    batch = start(town, cast["office"])
    dead = batch.pieces.last()
    SummaryPiece.objects.filter(pk=dead.pk).update(status="working")
    work()
    batch.refresh_from_db()
    assert (batch.status, batch.made, batch.silent) == ("running", 1, False)
    with pytest.raises(ValidationError):
        resume_batch(batch=batch, by=cast["office"])
    SummaryBatch.objects.update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
    assert resume_batch(batch=batch, by=cast["office"]) == 1
    # The dead one comes back to life: what it makes counts no more.
    make_piece.call(dead.pk, 1)
    batches._keep(dead, 1, b"late")
    assert work() == 1
    assert names(batch) == SCHOOLS


@QUEUED
def test_a_zip_whose_packer_died_is_packed_again(town: SimpleNamespace, cast: dict) -> None:
    batch = start(town, cast["office"])
    pack, batches._pack = batches._pack, lambda batch: None
    try:
        work()
    finally:
        batches._pack = pack
    batch.refresh_from_db()
    assert batch.status == "packing"
    SummaryBatch.objects.update(beat=timezone.now() - SILENCE - timedelta(seconds=1))
    assert resume_batch(batch=batch, by=cast["office"]) == 0
    assert names(batch) == SCHOOLS


def test_old_zips_are_removed(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    old = start(town, cast["office"])
    SummaryBatch.objects.filter(pk=old.pk).update(ended=timezone.now() - timedelta(days=KEPT_DAYS, minutes=1))
    name = old.file.name
    young = start(town, cast["office"])
    old.refresh_from_db()
    assert (old.status, old.file.name, default_storage.exists(name)) == ("expired", "", False)
    assert browser("office").get(reverse("reports:summarybatch_zip", args=[old.pk])).status_code == 404
    assert remove_outdated() == 0
    assert default_storage.exists(young.file.name)


SEEN = {"office": {"schools", "own", "other"}, "principal": {"own"}, "neighbour": {"other"}, "stranger": set()}


@pytest.mark.parametrize("role", SEEN)
def test_a_zip_is_for_those_who_may_see_what_is_in_it(
    role: str, town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    office = cast["office"]
    rows = {
        "schools": start(town, office),
        "own": start(town, office, school=town.school),
        "other": start(town, office, school=town.other),
    }
    client = browser(role)
    text = client.get(reverse("reports:summarybatch_list")).content.decode()
    for name, batch in rows.items():
        seen = name in SEEN[role]
        assert (name, f'href="{batch.get_absolute_url()}"' in text) == (name, seen)
        for verb in ("", "progress/", "zip/"):
            answer = client.get(batch.get_absolute_url() + verb)
            if answer.streaming:
                assert b"".join(answer.streaming_content).startswith(b"PK")
            assert (name, verb, answer.status_code) == (name, verb, 200 if seen else 404)


def test_nobody_else_has_to_do_with_batches(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    batch = start(town, cast["office"], school=town.school)
    for role in ("teacher", "researcher"):
        for name, args in (("list", []), ("create", []), ("detail", [batch.pk]), ("zip", [batch.pk])):
            address = reverse(f"reports:summarybatch_{name}", args=args)
            assert (role, name, browser(role).get(address).status_code) == (role, name, 403)


def test_office_starts_a_batch_and_downloads_it(town: SimpleNamespace, browser: Any) -> None:
    client, address = browser("office"), reverse("reports:summarybatch_create")
    wrong = client.post(address, {"what": "teachers", "period": "2025", "form": "docx"})
    assert list(wrong.context["form"].errors) == ["school"]
    sent = {"what": "schools", "period": "2025", "form": "docx", "school": town.school.pk}
    response = client.post(address, sent, follow=True)
    batch = SummaryBatch.objects.get()
    assert "下载压缩包" in response.content.decode()
    assert (batch.township, batch.school) == (town.township, None)
    answer = client.get(reverse("reports:summarybatch_zip", args=[batch.pk]))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == SCHOOLS


def test_principal_starts_only_the_own_teachers_files(town: SimpleNamespace, browser: Any) -> None:
    sent = {"what": "schools", "school": town.other.pk, "period": "2025", "form": "docx"}
    assert browser("principal").post(reverse("reports:summarybatch_create"), sent).status_code == 302
    batch = SummaryBatch.objects.get()
    assert (batch.what, batch.school, names(batch)) == ("teachers", town.school, ["001 王思远.docx", "002 陈一鸣.docx"])


@QUEUED
def test_progress_survives_a_reload_and_ends_by_itself(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    batch, client = start(town, cast["office"]), browser("office")
    work(1)
    for address in (batch.get_absolute_url(), batch.get_absolute_url() + "progress/"):
        response = client.get(address)
        assert 'max="2" value="1"' in response.content.decode()
        assert "HX-Refresh" not in response
    delete = reverse("reports:summarybatch_delete", args=[batch.pk])
    assert client.post(delete).status_code == 403
    work()
    assert client.get(batch.get_absolute_url() + "progress/")["HX-Refresh"] == "true"
    name = SummaryBatch.objects.get().file.name
    assert client.post(delete).status_code == 302
    assert not default_storage.exists(name)
