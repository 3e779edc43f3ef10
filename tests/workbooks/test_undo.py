"""An import taken back: all is as before, unless something newer depends on it, which is named."""

import hashlib
import re
from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.models import Record
from apps.ethics.models import Questionnaire, QuestionnaireItem
from apps.exchange.models import ExchangeRound, Posting
from apps.observations.models import Observation, ObservationScore
from apps.research.models import Activity, Attendance
from apps.schools.models import Researcher, School, SchoolGrade
from apps.teachers.id_numbers import check_character
from apps.teachers.models import Appointment, Teacher, TeachingAssignment
from apps.workbooks.actions.imports import commit_now, preview_workbook
from apps.workbooks.actions.undo import Blocked, undo_import
from apps.workbooks.exporting.writer import year_workbook
from apps.workbooks.language import spoken
from apps.workbooks.models import ImportBatch, ImportChange
from apps.workbooks.planning.overview import RESEARCHERS
from tests.architecture.rows import make
from tests.factories import ResearcherFactory, SchoolGradeFactory
from tests.workbooks.conftest import book, headers, title, upload
from tests.workbooks.test_all_sheets import scored_observation

ID_NUMBER = "61030419800501001" + check_character("61030419800501001")
TEACHER = ("no", "name", "sex", "birth_date", "started_work_on", "phone")


def imported(town: SimpleNamespace, file: BytesIO, by: Any = SYSTEM.imports) -> ImportBatch:
    """Return the import of a file, done."""
    batch = preview_workbook(
        file=upload(file), scope=town.township.scope, year=town.year, by=by, township=town.township
    )
    assert batch.problems == []
    commit_now(batch=batch, by=by)
    assert (batch.status, batch.problems) == ("committed", [])
    return batch


def stored(*models: type[Record]) -> dict[str, list[dict]]:
    """Return all values of all rows, without what every writing sets anew."""
    own = {"version", "updated_at"}
    return {
        model.label: [
            {name: value for name, value in row.items() if name not in own}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


@pytest.fixture
def roster(town: SimpleNamespace) -> BytesIO:
    """A workbook that adds a teacher with an appointment, and changes another's name and phone."""
    town.teacher.phone = "13800001234"
    town.teacher.save()
    return book(
        (
            title(Teacher),
            [
                headers(Teacher, *TEACHER),
                ["001", "王思源", "男", date(1980, 5, 1), date(2003, 9, 1), "13900009999"],
                ["010", "李新", "男", date(1985, 7, 12), date(2008, 9, 1), None],
            ],
        ),
        (
            title(Appointment),
            [headers(Appointment, "teacher", "school", "starts_on"), ["李新", "镇初级中学", "2020-09-01"]],
        ),
    )


def test_created_goes_and_changed_is_as_before(town: SimpleNamespace, roster: BytesIO, cast: dict) -> None:
    before = stored(Teacher, Appointment)
    batch = imported(town, roster, cast["office"])
    assert Teacher.objects.get(pk=town.teacher.pk).phone == "13900009999"
    assert {(c.kind, c.created, c.changed) for c in batch.written.all()} == {
        ("teachers.teacher", 1, 1),
        ("teachers.appointment", 1, 0),
    }
    undo_import(batch=batch, by=cast["office"])
    assert stored(Teacher, Appointment) == before
    batch.refresh_from_db()
    assert (batch.status, batch.undone_by, bool(batch.undone_at)) == ("undone", cast["office"], True)
    # It is in the audit, who did it too, and personal data is not.
    teacher = Teacher.objects.get(pk=town.teacher.pk)
    latest = LogEntry.objects.get_for_object(teacher).latest("pk")
    assert (latest.actor, latest.changes["name"]) == (cast["office"], ["王思源", "王思远"])
    assert "13800001234" not in str(latest.changes)
    gone = LogEntry.objects.filter(action=LogEntry.Action.DELETE)
    assert {(entry.object_repr, entry.actor) for entry in gone.filter(object_repr="李新")} == {("李新", cast["office"])}


def test_versions_go_on_counting(town: SimpleNamespace, roster: BytesIO) -> None:
    batch = imported(town, roster)
    undo_import(batch=batch, by=SYSTEM.imports)
    assert Teacher.objects.get(pk=town.teacher.pk).version == 3  # who has the page of version 1 open is told


def test_personal_data_is_kept_encrypted(town: SimpleNamespace, roster: BytesIO) -> None:
    imported(town, roster)
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows FROM workbooks_importchange")
        kept = [text for (text,) in cursor.fetchall()]
    assert len(kept) == 2
    assert all(text.startswith("gAAAA") for text in kept)  # Fernet's first bytes


def test_history_says_who_brought_what(town: SimpleNamespace, roster: BytesIO, cast: dict, browser: Any) -> None:
    batch = imported(town, roster, cast["office"])
    assert batch.sha256 == hashlib.sha256(roster.getvalue()).hexdigest()
    text = browser("office").get(batch.get_absolute_url()).content.decode()
    for part in (batch.name, batch.sha256, cast["office"].name, reverse("workbooks:importbatch_undo", args=[batch.pk])):
        assert part in text
    listed = browser("office").get(reverse("workbooks:importbatch_list")).content.decode()
    assert batch.name in listed
    assert batch.result in listed


def test_history_says_who_imported_and_who_took_back(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    cast["principal"].name = "周校长"
    cast["principal"].save()
    principal, office = browser("principal"), browser("office")
    grades = [headers(SchoolGrade, "school", "school_year", "grade", "classes"), ["镇初级中学", 2025, "七年级", 3]]
    file = upload(book((title(SchoolGrade), grades)))
    principal.post(reverse("workbooks:importbatch_create"), {"file": file, "school_year": town.year.pk})
    batch = ImportBatch.objects.get()
    office.post(reverse("workbooks:importbatch_commit", args=[batch.pk]))
    principal.post(reverse("workbooks:importbatch_undo", args=[batch.pk]))
    page = principal.get(batch.get_absolute_url(), {"part": "history"}).content.decode()
    lines = re.sub(r"<[^>]+>", "", page.split("<ol>")[1].split("</ol>")[0]).split("\n")
    moment = r"\d{4}-\d\d-\d\d \d\d:\d\d"
    said = [re.sub(moment, "（何时）", line.strip()) for line in lines if line.strip()]
    assert said == [
        "修改 · 周校长（何时）",
        "导入状态 已导入 → 已撤销",
        "修改 · 李文静（何时）",
        "导入状态 待确认 → 已导入",
        "新建 · 周校长（何时）",
    ]


def test_newer_changes_and_references_forbid_it_and_are_named(
    town: SimpleNamespace, roster: BytesIO, cast: dict, browser: Any
) -> None:
    batch = imported(town, roster, cast["office"])
    teacher, new = Teacher.objects.get(pk=town.teacher.pk), Teacher.objects.get(no="010")
    teacher.position = "vice"
    save_record(record=teacher, by=SYSTEM.imports)
    lesson = make(Observation, town.school, teacher=new)
    before = stored(Teacher, Appointment)
    with pytest.raises(Blocked) as refusal:
        undo_import(batch=batch, by=cast["office"])
    assert {(blocker.name, blocker.url) for blocker in refusal.value.blockers} == {
        (str(teacher), teacher.get_absolute_url()),
        (str(lesson), lesson.get_absolute_url()),
    }
    assert stored(Teacher, Appointment) == before
    client, address = browser("office"), reverse("workbooks:importbatch_undo", args=[batch.pk])
    for page in (client.get(address), client.post(address)):
        text = page.content.decode()
        assert f'href="{lesson.get_absolute_url()}"' in text
        assert f'href="{teacher.get_absolute_url()}"' in text
        assert "btn-danger" not in text
    batch.refresh_from_db()
    assert batch.status == "committed"
    # Once they are gone, it goes.
    lesson.delete()
    second = imported(town, _phone(town, "13700000000"))
    with pytest.raises(Blocked):
        undo_import(batch=batch, by=SYSTEM.imports)
    undo_import(batch=second, by=SYSTEM.imports)


def _phone(town: SimpleNamespace, phone: str) -> BytesIO:
    row = ["001", "王思源", "男", date(1980, 5, 1), date(2003, 9, 1), phone]
    return book((title(Teacher), [headers(Teacher, *TEACHER), row]))


def test_only_a_finished_import_is_taken_back_and_only_once(town: SimpleNamespace, roster: BytesIO) -> None:
    batch = preview_workbook(
        file=upload(roster), scope=town.township.scope, year=town.year, by=SYSTEM.imports, township=town.township
    )
    with pytest.raises(ValidationError):
        undo_import(batch=batch, by=SYSTEM.imports)
    commit_now(batch=batch, by=SYSTEM.imports)
    undo_import(batch=batch, by=SYSTEM.imports)
    with pytest.raises(ValidationError):
        undo_import(batch=batch, by=SYSTEM.imports)
    assert ImportChange.objects.filter(batch=batch).exists()  # what was done and undone stays on record


def test_pages_by_role(town: SimpleNamespace, roster: BytesIO, browser: Any) -> None:
    batch = imported(town, roster)
    for role, status in (("principal", 404), ("neighbour", 404), ("stranger", 404), ("teacher", 403)):
        client = browser(role)
        address = reverse("workbooks:importbatch_undo", args=[batch.pk])
        assert (client.get(address).status_code, client.post(address).status_code) == (status, status), role
    assert Teacher.objects.filter(no="010").exists()
    page = browser("office").post(reverse("workbooks:importbatch_undo", args=[batch.pk]), follow=True)
    assert "note success" in page.content.decode()
    assert not Teacher.objects.filter(no="010").exists()
    assert browser("office").get(reverse("workbooks:importbatch_undo", args=[batch.pk])).status_code == 302


def test_researcher_who_joined_leaves_again(town: SimpleNamespace) -> None:
    known = ResearcherFactory(district=town.township.district, name="罗文渊")
    rows = [[spoken(column.header) for column in RESEARCHERS.columns[:2]], ["罗文渊", known.duty], ["周教研", "教研员"]]
    batch = imported(town, book((spoken(RESEARCHERS.title), rows)))
    assert set(town.township.researchers.values_list("name", flat=True)) == {"苟主任", "罗文渊", "周教研"}
    undo_import(batch=batch, by=SYSTEM.imports)
    assert set(town.township.researchers.values_list("name", flat=True)) == {"苟主任"}
    assert Researcher.objects.filter(name="罗文渊").exists()
    assert not Researcher.objects.filter(name="周教研").exists()


@pytest.mark.usefixtures("all_floors")
def test_what_an_action_wrote_beside_is_taken_back_too(town: SimpleNamespace) -> None:
    """A posting changes the roster; questions and scores are rows of their own."""
    questionnaire = make(Questionnaire, town.school)
    QuestionnaireItem.objects.filter(questionnaire=questionnaire).delete()
    make(QuestionnaireItem, town.school, questionnaire=questionnaire)
    scored_observation(town)
    round = make(ExchangeRound, town.school)
    models = (Appointment, Posting, QuestionnaireItem, Questionnaire, Observation, ObservationScore)
    before = stored(*models)
    lines = [spoken(column.header) for column in _sheet(Questionnaire).all_columns]
    content = _exported(town)
    page = content[title(Questionnaire)]
    page.cell(2, lines.index(spoken(_sheet(Questionnaire).lines.header)) + 1).value = "是否公平｜10\n是否耐心｜10"
    scores = content[title(Observation)]
    at = {cell.value: cell.column for cell in scores[1]}
    row = next(row for row in range(2, scores.max_row + 1) if scores.cell(row, scores.max_column).value)
    scores.cell(row, scores.max_column).value = "90"
    scores.cell(row, at[headers(Observation, "score")[0]]).value = None
    moves = content[title(Posting)]
    head = headers(Posting, "round", "teacher", "from_school", "to_school", "starts_on")
    cells = [round.school_year.start_year, "王思远", "镇初级中学", "袁科小学", date(2025, 10, 1)]
    for name, value in zip(head, cells, strict=True):
        moves.cell(2, {cell.value: cell.column for cell in moves[1]}[name]).value = value
    out = BytesIO()
    content.save(out)
    batch = imported(town, out)
    after = stored(*models)
    assert [label for label in before if before[label] != after[label]] == [
        model.label for model in (Appointment, Posting, QuestionnaireItem, Observation, ObservationScore)
    ]
    undo_import(batch=batch, by=SYSTEM.imports)
    assert stored(*models) == before


def _sheet(model: type[Record]) -> Any:
    from tests.workbooks.conftest import sheet_of

    return sheet_of(model)


def _exported(town: SimpleNamespace) -> Any:
    from tests.workbooks.conftest import opened

    given = {"scope": town.township.scope, "township": town.township, "year": town.year, "user": SYSTEM.imports}
    return opened(year_workbook(**given))


@pytest.mark.usefixtures("all_floors")
def test_whole_year_comes_and_goes(town: SimpleNamespace) -> None:
    """Everything of a workbook taken back: what it founded, the rows that refer to each other included."""
    activity = make(Activity, town.school)
    make(Attendance, town.school, activity=activity)
    SchoolGradeFactory(school=town.school, school_year=town.year)
    file = BytesIO()
    _exported(town).save(file)
    kept = (School, Teacher, Appointment)
    Attendance.objects.all().delete()
    Activity.objects.all().delete()
    SchoolGrade.objects.all().delete()
    before = stored(*kept)
    batch = imported(town, file)
    assert (Activity.objects.count(), Attendance.objects.count(), SchoolGrade.objects.count()) == (1, 1, 1)
    undo_import(batch=batch, by=SYSTEM.imports)
    assert [model.objects.count() for model in (Activity, Attendance, SchoolGrade)] == [0, 0, 0]
    assert stored(*kept) == before


def test_queries_do_not_grow_with_the_rows(town: SimpleNamespace) -> None:
    def cost(number: int) -> int:
        rows = [[f"N{number}-{n}", f"教师{n}", "女", "1985-07-12", "2008-09-01", None] for n in range(number)]
        places = [[f"N{number}-{n}", "镇初级中学", "2020-09-01"] for n in range(number)]
        batch = imported(
            town,
            book(
                (title(Teacher), [headers(Teacher, *TEACHER), *rows]),
                (title(Appointment), [headers(Appointment, "teacher", "school", "starts_on"), *places]),
            ),
        )
        with CaptureQueriesContext(connection) as captured:
            undo_import(batch=batch, by=SYSTEM.imports)
        return len(captured)

    assert cost(2) == cost(40)
    assert TeachingAssignment.objects.count() == 0
