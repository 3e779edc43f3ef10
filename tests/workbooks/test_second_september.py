"""The second September: a new year's roster against the stored one, decided on, written at once and taken back."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.periods import Period
from apps.exchange.models import Posting
from apps.teachers.chapter import CHAPTER
from apps.teachers.models import Appointment, Leave, Teacher, TeacherPastFact
from apps.workbooks.actions.imports import check_again, commit_now
from apps.workbooks.actions.undo import undo_import
from apps.workbooks.models import ImportBatch
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import SchoolYearFactory, TeacherFactory
from tests.workbooks.conftest import book, upload

HEAD = ["工作单位", "教师编号", "姓名", "性别", "出生日期", "参加工作时间", "职称"]
FIRST = date(2026, 9, 1)


def line(teacher: Teacher, school: str, title: str = "") -> list[Any]:
    born, began = teacher.birth_date.isoformat(), teacher.started_work_on.isoformat()
    return [school, teacher.no, teacher.name, "男", born, began, title or "二级教师"]


def arriving(no: str, name: str, school: str) -> list[Any]:
    return [school, no, name, "女", "2003-05-06", "2026-09-01", "未评职称"]


@pytest.fixture
def staff(town: SimpleNamespace) -> dict[str, Teacher]:
    """Twelve teachers, six a school, beside those of the town."""
    Teacher.objects.update(title="second")
    names = ["赵建国", "许春燕", "金小红", "吕永强", "何一", "何二", "何三", "何四", "何五", "何六", "何七", "何八"]
    return {
        name: TeacherFactory(
            school=town.school if place < 6 else town.other, no=f"1{place:02}", name=name, title="second"
        )
        for place, name in enumerate(names)
    }


@pytest.fixture
def september(town: SimpleNamespace, staff: dict[str, Teacher]) -> list[list[Any]]:
    """The roster of 2026: three arrive, two move, two have new titles, four are not in it."""
    SchoolYearFactory(start_year=2026)
    gone = {"赵建国", "许春燕", "金小红", "吕永强"}
    places = {teacher.no: "镇初级中学" if place < 6 else "袁科小学" for place, teacher in enumerate(staff.values())}
    places |= {town.teacher.no: "镇初级中学", town.colleague.no: "镇初级中学", town.neighbour.no: "袁科小学"}
    places |= {staff["何一"].no: "袁科小学", staff["何八"].no: "镇初级中学"}
    titles = {staff["何二"].no: "一级教师", staff["何七"].no: "一级教师"}
    stay = [*(row for name, row in staff.items() if name not in gone), town.teacher, town.colleague, town.neighbour]
    rows = [line(row, places[row.no], titles.get(row.no, "")) for row in stay]
    new = [arriving(f"90{n}", f"新来{n}", "镇初级中学") for n in (1, 2, 3)]
    return [["2026年秋季花名册"], HEAD, *rows, *new]


@pytest.fixture
def bring(browser: Callable, town: SimpleNamespace) -> Callable:
    def brought(rows: list[list[Any]], role: str = "office") -> ImportBatch:
        year = SchoolYearFactory(start_year=2026)
        form = {"file": upload(book(("教师", rows))), "school_year": year.pk}
        answer = browser(role).post(reverse("workbooks:importbatch_create"), form)
        assert answer.status_code == 302, answer.content.decode()
        return ImportBatch.objects.latest("pk")

    return brought


def decide(client: Any, batch: ImportBatch, **fields: Any) -> Any:
    batch.refresh_from_db()
    sent = {"version": batch.version} | fields
    answer = client.post(reverse("workbooks:roster", args=[batch.pk]), sent, follow=True)
    batch.refresh_from_db()
    return answer


def page(client: Any, batch: ImportBatch, look: str) -> str:
    return client.get(batch.get_absolute_url(), {"look": look}).content.decode()


def state() -> list[Any]:
    return [
        list(
            Appointment.objects.order_by("pk").values("pk", "teacher", "school", "starts_on", "ends_on", "end_reason")
        ),
        list(Teacher.objects.order_by("pk").values("pk", "name", "title", "title_since")),
        list(Leave.objects.values("pk")),
        list(TeacherPastFact.objects.values("pk")),
    ]


def figures(town: SimpleNamespace) -> dict[str, Any]:
    places = {"town": town.township.scope, "school": town.school.scope, "other": town.other.scope}
    period = Period.from_code("2025")
    return {f"{name} {f.key}": f.value for name, scope in places.items() for f in CHAPTER.figures(scope, period)}


def test_a_new_year_s_roster_is_compared_decided_on_written_and_taken_back(
    september: list, bring: Callable, staff: dict, town: SimpleNamespace, browser: Callable, cast: dict
) -> None:
    before, last_year, office = state(), figures(town), browser("office")
    batch = bring(september)
    assert batch.problems == []
    shown = page(office, batch, "left")
    assert "与上学年相比：新来3人，调动2人，变化2人，名册中没有4人，不变7人" in shown
    assert "这4人系统中在岗，新名册里没有" in shown
    assert "赵建国" in shown
    assert "何三" in page(office, batch, "same")
    assert "二级教师</span> → <strong>一级教师" in page(office, batch, "changed")
    assert "新来1" in page(office, batch, "arrived")
    moved = page(office, batch, "moved")
    assert moved.index("镇初级中学") < moved.index("<strong>袁科小学")
    fates = {
        f"fate_{staff['赵建国'].pk}": "retired",
        f"fate_{staff['许春燕'].pk}": "away",
        f"day_{staff['许春燕'].pk}": "2026-07-15",
        f"fate_{staff['金小红'].pk}": "leave:maternity",
    }
    assert "还有1人未说明" in decide(office, batch, **fates).content.decode()
    decide(office, batch, **{f"move_{staff['何八'].pk}": "2026-10-09", f"since_{staff['何七'].pk}": "2026-07-01"})
    assert state() == before
    commit_now(batch=batch, by=cast["office"])
    assert (batch.status, batch.problems) == ("committed", [])

    def served(name: str) -> list[tuple[Any, ...]]:
        rows = Appointment.objects.filter(teacher__name=name).order_by("starts_on")
        return [(row.school.name, row.starts_on, row.ends_on, row.end_reason) for row in rows]

    since = date(2015, 9, 1)
    assert served("赵建国") == [("镇初级中学", since, date(2026, 8, 31), "retired")]
    assert served("许春燕") == [("镇初级中学", since, date(2026, 7, 15), "away")]
    assert served("吕永强") == [("镇初级中学", since, None, "")]
    assert served("金小红") == [("镇初级中学", since, None, "")]
    assert list(Leave.objects.values_list("teacher__name", "kind", "starts_on", "ends_on")) == [
        ("金小红", "maternity", FIRST, None)
    ]
    assert served("何一")[1:] == [("袁科小学", FIRST, None, "")]
    assert [row[1:3] for row in served("何八")] == [(since, date(2026, 10, 8)), (date(2026, 10, 9), None)]
    assert list(Teacher.objects.filter(title="first").order_by("no").values_list("name", "title_since")) == [
        ("何二", FIRST),
        ("何七", date(2026, 7, 1)),
    ]
    assert set(TeacherPastFact.objects.values_list("teacher__name", "value", "until")) == {
        ("何二", "second", date(2026, 8, 31)),
        ("何七", "second", date(2026, 6, 30)),
    }
    # Who left on 15 July and whose title is of 1 July did so in the last year; nothing else of it moves.
    now = figures(town)
    assert {key for key in last_year if last_year[key] != now[key]} == {
        "town teachers.count", "school teachers.count", "town teachers.title_first", "other teachers.title_first",
        "town teachers.title_second", "school teachers.title_second", "other teachers.title_second",
    }  # fmt: skip
    undo_import(batch=batch, by=cast["office"])
    assert state() == before
    assert figures(town) == last_year


def test_figures_of_last_year_stay_when_all_happens_at_the_turn_of_the_year(
    september: list, bring: Callable, staff: dict, town: SimpleNamespace, browser: Callable, cast: dict
) -> None:
    last_year = figures(town)
    batch = bring(september)
    decide(browser("office"), batch, **{f"fate_{staff[name].pk}": "retired" for name in ("赵建国", "许春燕")})
    commit_now(batch=batch, by=cast["office"])
    assert figures(town) == last_year


def test_who_is_not_decided_on_stays_and_a_file_of_one_school_leaves_the_others_alone(
    bring: Callable, staff: dict, town: SimpleNamespace, browser: Callable
) -> None:
    batch = bring([HEAD, line(town.neighbour, "袁科小学"), arriving("901", "新来1", "袁科小学")])
    assert {row["school"] for row in batch.comparison["left"]} == {"袁科小学"}
    assert len(batch.comparison["left"]) == 6
    assert "赵建国" not in page(browser("office"), batch, "left")
    before = list(Appointment.objects.values_list("pk", "ends_on"))
    decide(browser("office"), batch, commit="")
    assert batch.status == "committed"
    assert list(Appointment.objects.filter(pk__in=[pk for pk, _day in before]).values_list("pk", "ends_on")) == before


def test_a_principal_s_file_asks_of_the_own_school_and_lets_nobody_retire(
    bring: Callable, staff: dict, town: SimpleNamespace, browser: Callable
) -> None:
    batch = bring([HEAD[1:], line(town.teacher, "")[1:], line(town.colleague, "")[1:]], "principal")
    client = browser("principal")
    assert {row["school"] for row in batch.comparison["left"]} == {"镇初级中学"}
    shown = page(client, batch, "left")
    assert "由镇教育组登记" in shown
    assert 'value="retired"' not in shown
    name = f"fate_{staff['赵建国'].pk}"
    assert decide(client, batch, **{name: "retired"}).status_code == 403
    decide(client, batch, **{name: "leave:sick"})
    assert batch.decisions["fates"] == {str(staff["赵建国"].pk): "leave:sick"}


def test_two_people_deciding_at_once_do_not_overwrite_each_other(
    september: list, bring: Callable, staff: dict, browser: Callable
) -> None:
    batch, client, name = bring(september), browser("office"), f"fate_{staff['赵建国'].pk}"
    seen = batch.version
    decide(client, batch, **{name: "retired"})
    answer = decide(client, batch, **{name: "died", "version": seen})
    assert "其他人刚刚保存过" in answer.content.decode()
    assert batch.decisions["fates"] == {str(staff["赵建国"].pk): "retired"}


def test_a_day_that_cannot_be_is_said_beside_it_kept_and_stops_the_import(
    september: list, bring: Callable, staff: dict, browser: Callable
) -> None:
    batch, client = bring(september), browser("office")
    pk = staff["赵建国"].pk
    answer = decide(client, batch, **{f"fate_{pk}": "retired", f"day_{pk}": "2010-01-01", "commit": ""})
    assert batch.status == "previewed"
    assert "赵建国：2015-09-01才开始在此任职" in answer.content.decode()
    assert 'value="2010-01-01"' in page(client, batch, "left")
    decide(client, batch, **{f"day_{pk}": "明天", "commit": ""})
    assert batch.status == "previewed"
    assert "“明天”不是日期" in page(client, batch, "left")


def test_who_left_meanwhile_is_not_made_to_leave_twice(
    september: list, bring: Callable, staff: dict, browser: Callable, cast: dict
) -> None:
    batch, client, teacher = bring(september), browser("office"), staff["赵建国"]
    decide(client, batch, **{f"fate_{teacher.pk}": "retired"})
    client.post(reverse("teachers:teacher_depart", args=[teacher.pk]), {"reason": "away", "on": "2026-08-20"})
    commit_now(batch=batch, by=cast["office"])
    assert batch.status == "failed"
    assert "赵建国" in batch.problems[0]["what"]
    assert Appointment.objects.get(teacher=teacher).ends_on == date(2026, 8, 20)


def test_what_stays_open_of_who_is_not_in_the_roster_is_pointed_out(
    september: list, bring: Callable, staff: dict, town: SimpleNamespace, browser: Callable
) -> None:
    row = Posting(
        round=ExchangeRoundFactory(township=town.township, closes_on=date(2099, 7, 1)),
        teacher=staff["赵建国"],
        from_school=town.school,
        to_school=town.other,
        starts_on=FIRST,
    )
    row.save()
    assert f"未了结：交流任职 {row}" in page(browser("office"), bring(september), "left")


def test_the_day_of_arrival_in_the_roster_is_the_day_of_the_move(
    bring: Callable, staff: dict, browser: Callable, cast: dict
) -> None:
    head = [*HEAD, "到校时间"]
    batch = bring([head, [*line(staff["何一"], "袁科小学"), "2026-08-25"]])
    assert [(row["to"], row["told"]) for row in batch.comparison["moved"]] == [("袁科小学", "2026-08-25")]
    commit_now(batch=batch, by=cast["office"])
    assert [row.starts_on for row in staff["何一"].appointments.order_by("starts_on")][1] == date(2026, 8, 25)


def test_a_correction_leaves_no_past(bring: Callable, staff: dict, browser: Callable, cast: dict) -> None:
    batch = bring([HEAD, line(staff["何二"], "镇初级中学", "一级教师")])
    decide(browser("office"), batch, **{f"how_{staff['何二'].pk}": "correct"})
    commit_now(batch=batch, by=cast["office"])
    assert Teacher.objects.get(name="何二").title == "first"
    assert not TeacherPastFact.objects.exists()


def test_the_cost_of_comparing_and_writing_does_not_grow_with_the_people(
    bring: Callable, town: SimpleNamespace, cast: dict, browser: Callable
) -> None:
    def cost(number: int) -> tuple[int, int]:
        for place in range(number):
            TeacherFactory(school=town.school, no=f"2{number}{place}", name=f"走{place}", title="second")
            TeacherFactory(school=town.school, no=f"3{number}{place}", name=f"调{place}", title="second")
        moving = Teacher.objects.filter(no__startswith=f"3{number}")
        batch = bring([HEAD, line(town.teacher, "镇初级中学"), *(line(row, "袁科小学") for row in moving)])
        leaving = Teacher.objects.filter(no__startswith=f"2{number}")
        decide(browser("office"), batch, **{f"fate_{row.pk}": "retired" for row in leaving})
        with CaptureQueriesContext(connection) as looked:
            check_again(batch=batch, by=cast["office"])
        with CaptureQueriesContext(connection) as shown:
            page(browser("office"), batch, "left")
        return len(looked), len(shown)

    few, many = cost(2), cost(9)
    assert many[0] <= few[0] + 2  # rows are written in portions
    assert many[1] == few[1]
