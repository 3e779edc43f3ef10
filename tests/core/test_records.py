"""What every page of a record does: keep versions apart, say what is wrong, ask before deleting, search, suggest."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError

from apps.core.actions import Conflict, delete_record, save_record, save_records
from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.schools.models import Designation, School, SchoolGrade
from apps.teachers.models import Appointment, Teacher
from tests.factories import DesignationFactory, SchoolGradeFactory
from tests.reading import measured

GRADE = "/schools/schoolgrade/"


def grade_data(town: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    return {"school": town.school.pk, "school_year": town.year.pk, "grade": 8, "classes": 4, "students": 180} | changes


def test_create_writes_and_audits(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    response = browser("principal").post(f"{GRADE}new/", grade_data(town))
    row = SchoolGrade.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.school, row.grade, row.classes) == (town.school, 8, 4)
    entry = LogEntry.objects.get_for_object(row).get()
    assert (entry.action, entry.actor) == (LogEntry.Action.CREATE, cast["principal"])


def test_history_says_who_changed_what(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    row = SchoolGradeFactory(school=town.school, grade=8, classes=4)
    browser("principal").post(f"{GRADE}{row.pk}/edit/", grade_data(town, classes=5, read_version=1))
    text = browser("office").get(f"{row.get_absolute_url()}?part=history").content.decode()
    assert str(cast["principal"]) in text
    assert "班数 <del>4</del> → <ins>5</ins>" in text


def test_history_of_what_the_system_wrote_names_the_part_of_it(town: SimpleNamespace, browser: Any) -> None:
    row = save_record(record=SchoolGradeFactory.build(school=town.school, school_year=town.year), by=SYSTEM.imports)
    row.classes = 6
    save_records(records=[row], by=SYSTEM.demo, fields=["classes"])
    text = browser("office").get(f"{row.get_absolute_url()}?part=history").content.decode()
    assert text.index("演示数据") < text.index("命令导入")


def test_refused_form_keeps_what_was_typed(town: SimpleNamespace, browser: Any) -> None:
    SchoolGradeFactory(school=town.school, grade=8)
    response = browser("principal").post(f"{GRADE}new/", grade_data(town, classes=17))
    text = response.content.decode()
    assert "该校本学年已有这个年级" in text
    assert 'value="17"' in text
    assert SchoolGrade.objects.count() == 1


def test_second_editor_is_told(town: SimpleNamespace, browser: Any) -> None:
    row = SchoolGradeFactory(school=town.school, grade=8, classes=4)
    first = browser("principal").post(f"{GRADE}{row.pk}/edit/", grade_data(town, classes=5, read_version=1))
    second = browser("office").post(f"{GRADE}{row.pk}/edit/", grade_data(town, classes=6, read_version=1))
    row.refresh_from_db()
    assert first.status_code == 302
    assert "刚刚被他人修改过" in second.content.decode()
    assert 'value="6"' in second.content.decode()
    assert (row.classes, row.version) == (5, 2)


def test_save_record_refuses_a_newer_version(town: SimpleNamespace) -> None:
    row = SchoolGradeFactory(school=town.school)
    save_record(record=SchoolGrade.objects.get(pk=row.pk), by=SYSTEM.imports, version=1)
    with pytest.raises(Conflict):
        save_record(record=row, by=SYSTEM.imports, version=1)


def test_principal_cannot_write_for_the_neighbour(town: SimpleNamespace, browser: Any) -> None:
    browser("principal").post(f"{GRADE}new/", grade_data(town, school=town.other.pk))
    assert list(SchoolGrade.objects.values_list("school", flat=True)) == [town.school.pk]


def test_delete_says_what_goes_along_and_what_forbids(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    text = client.get(f"/teachers/teacher/{town.teacher.pk}/delete/").content.decode()
    assert "任职 × 1" in text
    refused = client.post(f"/schools/school/{town.school.pk}/delete/")
    assert "不能删除" in refused.content.decode()
    assert School.objects.filter(pk=town.school.pk).exists()
    client.post(f"/teachers/teacher/{town.neighbour.pk}/delete/")
    assert not Teacher.objects.filter(pk=town.neighbour.pk).exists()


def test_delete_question_costs_no_more_for_what_much_hangs_on(
    town: SimpleNamespace, browser: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser("office")
    for row in (town.school, town.teacher, town.township):
        address = f"{row.get_absolute_url()}delete/"
        client.get(address)
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200


def test_delete_record_names_what_holds_it(town: SimpleNamespace) -> None:
    DesignationFactory(school=town.school)
    with pytest.raises(ValidationError) as refusal:
        delete_record(record=town.school, by=SYSTEM.imports)
    assert "称号" in refusal.value.messages[0]


def test_save_records_counts_versions_and_audits_changes(town: SimpleNamespace, cast: dict) -> None:
    known = town.teacher
    known.phone, known.subject = "13900001111", "history"
    known.clean()
    new = Appointment(teacher=known, school=town.other, starts_on=date(2010, 9, 1), ends_on=date(2015, 8, 31))
    save_records(records=[known], by=cast["office"], fields=["phone", "subject"])
    save_records(records=[new], by=cast["office"])
    known.refresh_from_db()
    assert (known.version, known.subject, known.phone) == (2, "history", "13900001111")
    changes = LogEntry.objects.get_for_object(known).latest("pk").changes
    assert changes["subject"] == ["", "history"]
    assert "13900001111" not in str(changes)
    assert LogEntry.objects.get_for_object(new).get().actor == cast["office"]


def test_list_sorts_searches_and_pages(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    text = client.get("/teachers/teacher/?q=陈").content.decode()
    assert "陈一鸣" in text
    assert "王思远" not in text
    descending = client.get("/teachers/teacher/?sort=-no").content.decode()
    assert descending.index("赵雪") < descending.index("王思远")


def test_list_says_a_bad_filter(town: SimpleNamespace, browser: Any) -> None:
    for query in ("period=1800", "period=x", "sex=q"):
        response = browser("office").get(f"/teachers/teacher/?{query}")
        assert response.status_code == 200
        assert "王思远" not in response.content.decode(), query


def test_list_measure_stands_in_the_page(town: SimpleNamespace, browser: Any) -> None:
    text = browser("office").get("/teachers/teacher/?measure=count&period=2025").content.decode()
    assert measured(text) == {"count": "3", "backbone": "0"}


def test_suggest_offers_only_visible_rows(town: SimpleNamespace, browser: Any) -> None:
    address = "/suggest/research.attendance/teacher/"
    text = browser("principal").get(address, {"teacher": "w"}).content.decode()
    assert 'data-name="王思远（001）"' in text
    assert "<small>镇初级中学</small>" in text
    assert "赵雪" not in browser("principal").get(address, {"teacher": "赵"}).content.decode()
    for bad in ("research.attendance/school", "research.attendance/x", "research.photo/image", "schools.moon/x"):
        assert browser("principal").get(f"/suggest/{bad}/", {"x": "a"}).status_code == 404, bad


def test_suggest_offers_whom_the_form_takes_and_says_when_there_are_more(town: SimpleNamespace, browser: Any) -> None:
    from tests.factories import TeacherFactory

    address = "/suggest/observations.observation/teacher/"
    assert "陈一鸣" in browser("teacher").get(address, {"teacher": "陈"}).content.decode()  # a colleague observed
    assert "赵雪" not in browser("teacher").get(address, {"teacher": "赵"}).content.decode()
    for number in range(21):
        TeacherFactory(school=town.school, no=f"1{number:02}", name=f"周明{number}")
    TeacherFactory(school=town.school, no="999", name="周明")
    text = browser("office").get(address, {"teacher": "周明"}).content.decode()
    assert text.index("周明（999）") < text.index("周明0（100）")
    assert text.count("data-name") == 20
    assert "还有更多，请继续输入" in text
    assert "查无此人或此项" in browser("office").get(address, {"teacher": "诸葛"}).content.decode()


def test_pick_refuses_an_ambiguous_name_and_lists_both(town: SimpleNamespace, browser: Any) -> None:
    from tests.factories import TeacherFactory

    TeacherFactory(school=town.school, no="009", name="王思远")
    data = {"teacher": "王思远", "school": town.school.pk, "kind": "regular", "starts_on": "2020-09-01"}
    text = browser("office").post("/teachers/appointment/new/", data).content.decode()
    assert "王思远（001）" in text
    assert "王思远（009）" in text


def test_search_finds_what_one_may_see(town: SimpleNamespace, browser: Any) -> None:
    assert "王思远" in browser("principal").get("/search/?q=wsy").content.decode()
    assert town.neighbour.get_absolute_url() in browser("neighbour").get("/search/?q=赵雪").content.decode()
    assert town.neighbour.get_absolute_url() not in browser("principal").get("/search/?q=赵雪").content.decode()


def test_chosen_year_stays(town: SimpleNamespace, browser: Any) -> None:
    SchoolYear.objects.create(start_year=2024, starts_on=date(2024, 9, 1), ends_on=date(2025, 8, 31))
    client = browser("office")
    client.post("/year/", {"year": "2024"})
    assert client.session["year"] == 2024
    DesignationFactory(school=town.school, awarded_on=date(2025, 10, 1))
    assert "高效课堂" not in client.get("/schools/designation/").content.decode()


@pytest.mark.parametrize(
    ("code", "starts_on", "ends_on"),
    [
        ("2025", date(2025, 9, 1), date(2026, 8, 31)),
        ("2025-2", date(2026, 2, 16), date(2026, 8, 31)),
        ("c2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_period_from_code(code: str, starts_on: date, ends_on: date, year: Any) -> None:
    period = Period.from_code(code)
    assert (period.starts_on, period.ends_on) == (starts_on, ends_on)


@pytest.mark.parametrize("code", ["", "25", "c2025-1", "2025-3", "1999", "x"])
def test_period_refuses(code: str, year: Any) -> None:
    with pytest.raises(ValueError, match=".+"):
        Period.from_code(code)


def test_designation_spans_periods(town: SimpleNamespace) -> None:
    row = DesignationFactory(school=town.school, awarded_on=date(2020, 9, 1), ends_on=date(2025, 9, 1))
    assert list(Designation.objects.in_period(Period.from_code("2025"))) == [row]
    assert list(Designation.objects.in_period(Period.from_code("c2026"))) == []
