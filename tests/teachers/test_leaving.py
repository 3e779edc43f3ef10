"""Coming, moving, leaving, leave and return on a teacher's page, each with its day."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.core.years import next_year, save_school_year
from apps.exchange.models import Posting
from apps.teachers.chapter import CHAPTER
from apps.teachers.models import Appointment, Leave, Teacher
from tests.exchange.factories import ExchangeRoundFactory

SINCE = date(2015, 9, 1)


@pytest.fixture
def do(browser: Callable, town: SimpleNamespace) -> Callable:
    """Take a verb on the page of the town's teacher, and return what the page says then."""

    def taken(verb: str, role: str = "office", **data: Any) -> str:
        address = reverse(f"teachers:teacher_{verb}", args=[town.teacher.pk])
        answer = browser(role).post(address, data, follow=True)
        return str(answer.content.decode()) if answer.status_code == 200 else str(answer.status_code)

    return taken


def served(teacher: Teacher) -> list[tuple[Any, ...]]:
    rows = teacher.appointments.order_by("starts_on")
    return [(row.school.name, row.starts_on, row.ends_on, row.end_reason) for row in rows]


def test_retirement_ends_the_appointment_with_its_reason(do: Callable, town: SimpleNamespace) -> None:
    assert "请选择原因" not in do("depart", reason="retired", on="2026-08-31")
    assert served(town.teacher) == [("镇初级中学", SINCE, date(2026, 8, 31), "retired")]
    assert "的离岗已经登记" in do("depart", reason="away", on="2026-08-30")
    assert "在2027-01-01没有任职学校" in do("depart", reason="away", on="2027-01-01")


def test_who_retires_on_leave_is_on_leave_no_longer(do: Callable, town: SimpleNamespace) -> None:
    do("leave", kind="sick", starts_on="2026-03-01")
    do("depart", reason="retired", on="2026-08-31")
    assert Leave.objects.get().ends_on == date(2026, 8, 31)


def test_what_stays_open_is_pointed_out_before_the_departure(town: SimpleNamespace, browser: Callable) -> None:
    Posting.objects.create(
        round=ExchangeRoundFactory(township=town.township, closes_on=date(2099, 7, 1)),
        teacher=town.teacher,
        from_school=town.school,
        to_school=town.other,
        starts_on=date(2025, 9, 1),
    )
    page = browser("office").get(reverse("teachers:teacher_depart", args=[town.teacher.pk])).content.decode()
    assert "尚未了结" in page
    assert "镇初级中学→袁科小学" in page


def test_transfer_and_return_to_service(do: Callable, town: SimpleNamespace) -> None:
    do("transfer", school=town.other.pk, on="2025-09-01")
    do("depart", reason="away", on="2026-01-31")
    do("rejoin", school=town.school.pk, on="2026-09-01")
    assert served(town.teacher) == [
        ("镇初级中学", SINCE, date(2025, 8, 31), ""),
        ("袁科小学", date(2025, 9, 1), date(2026, 1, 31), "away"),
        ("镇初级中学", date(2026, 9, 1), None, ""),
    ]


def test_school_of_another_township_is_not_offered(do: Callable, town: SimpleNamespace) -> None:
    do("transfer", school=town.far.pk, on="2025-09-01")
    assert len(served(town.teacher)) == 1


def test_leave_keeps_the_teacher_on_the_staff_and_ends_with_the_return(do: Callable, town: SimpleNamespace) -> None:
    page = do("leave", "principal", kind="maternity", starts_on="2026-03-01")
    assert "请假，仍在岗" in page
    assert served(town.teacher) == [("镇初级中学", SINCE, None, "")]
    figures = {f.key: f.value for f in CHAPTER.figures(town.school.scope, Period.from_code("2025"))}
    assert (figures["teachers.on_leave"], figures["teachers.count"]) == (1, 2)
    assert "已在请假" in do("leave", kind="sick", starts_on="2026-04-01")
    do("back", "principal", on="2026-09-01")
    assert [(row.kind, row.ends_on, row.school.name) for row in Leave.objects.all()] == [
        ("maternity", date(2026, 8, 31), "镇初级中学")
    ]
    assert "到这一天并未请假" in do("back", on="2026-12-01")


def test_principal_ends_nobody_s_service_and_keeps_no_leave_of_the_own(
    do: Callable, town: SimpleNamespace, browser: Callable
) -> None:
    assert do("depart", "principal", reason="retired", on="2026-08-31") == "403"
    assert do("transfer", "principal", school=town.other.pk, on="2026-08-31") == "403"
    assert do("leave", "neighbour", kind="sick", starts_on="2026-03-01") == "404"
    Teacher.objects.filter(pk=town.teacher.pk).update(position="principal")
    assert do("leave", "principal", kind="sick", starts_on="2026-03-01") == "403"
    assert not Leave.objects.exists()


def test_new_teacher_comes_with_school_post_and_day(town: SimpleNamespace, browser: Callable) -> None:
    sent = {
        "name": "李新", "sex": "f", "birth_date": "1999-05-01", "started_work_on": "2026-09-01", "title": "none",
        "position": "teacher", "staffing": "established", "backbone_level": "0",
    }  # fmt: skip
    address = reverse("teachers:teacher_create")
    assert "这个字段是必填项" in browser("office").post(address, sent).content.decode()
    assert not Teacher.objects.filter(name="李新").exists()
    sent |= {"school": town.school.pk, "arrived_on": "2000-01-01"}
    assert browser("office").post(address, sent).status_code == 200  # a child then: neither is written
    assert not Teacher.objects.filter(name="李新").exists()
    browser("office").post(address, sent | {"arrived_on": "2026-08-28"})
    (row,) = Appointment.objects.filter(teacher__name="李新")
    assert (row.school, row.starts_on) == (town.school, date(2026, 8, 28))


def test_list_of_a_past_year_shows_the_school_of_that_year(town: SimpleNamespace, browser: Any) -> None:
    year, terms = next_year(town.year)
    save_school_year(year=year, terms=terms, by=SYSTEM.demo)
    town.teacher.appointments.update(ends_on=date(2026, 8, 31))
    Appointment.objects.create(teacher=town.teacher, school=town.other, starts_on=date(2026, 9, 1))
    shown = {}
    for period in ("2025", "2026"):
        page = browser("office").get(f"/teachers/teacher/?period={period}&sort=school_name").context["page"]
        shown[period] = next(row.school_name for row in page if row.pk == town.teacher.pk)
    assert shown == {"2025": town.school.name, "2026": town.other.name}
