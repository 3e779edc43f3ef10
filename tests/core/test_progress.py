"""Who is behind: schools and teachers by tasks, with the lists behind the numbers, the workbook and the texts."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from apps.core.models import Term
from apps.research.models import ActivityQuota
from apps.webui.behind import Board, Line
from apps.webui.tasks import Survey
from tests.ethics.factories import AssessmentFactory, CycleFactory
from tests.factories import SchoolFactory, TeacherFactory
from tests.handbook.factories import HandbookEntryFactory, RequirementFactory
from tests.observations.factories import ObservationFactory, ObservationQuotaFactory
from tests.research.factories import ActivityFactory, ActivityQuotaFactory, SmallProjectFactory

TODAY = date(2025, 11, 26)


@pytest.fixture
def on_day(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let it be a day; November 26th in the first term at the beginning."""

    def let(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *args: day)

    let(TODAY)
    return let


@pytest.fixture
def asked(town: SimpleNamespace, on_day: Any) -> SimpleNamespace:
    """A town in which everything is asked for: two lessons and two entries of each teacher, two activities a school."""
    first = Term.objects.get(number=1)
    for term in Term.objects.all():
        ObservationQuotaFactory(township=town.township, term=term)
        RequirementFactory(township=town.township, term=term)
    for stage in (town.school.stage, town.other.stage):
        ActivityQuotaFactory(township=town.township, term=first, stage=stage)
    cycle = CycleFactory(township=town.township, opens_on=date(2025, 9, 1), closes_on=date(2025, 11, 20))
    AssessmentFactory(cycle=cycle, school=town.school, teacher=town.teacher, school_score=90)
    AssessmentFactory(cycle=cycle, school=town.school, teacher=town.colleague)
    # Three lessons of one do not make up for none of another, wherever they were given.
    for number, teacher in enumerate((town.colleague, town.colleague, town.neighbour), start=1):
        ObservationFactory(teacher=teacher, observer_teacher=town.teacher, observer_name="", lesson_no=number)
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, observer_name="", status="draft")
    HandbookEntryFactory(teacher=town.teacher)
    HandbookEntryFactory(teacher=town.teacher, status="returned", title="退回")
    HandbookEntryFactory(teacher=town.colleague, status="approved")
    ActivityFactory(school=town.school)
    SmallProjectFactory(
        school=town.school, no="1", stage="running", applied_on=date(2025, 1, 5), approved_on=date(2025, 1, 10)
    )
    SmallProjectFactory(school=town.school, no="2", stage="applied")
    return town


def cells(line: Line) -> dict[str, tuple[int, int, int, int, str]]:
    """Return task → done, asked, missing, late, state."""
    return {cell.task.key: (cell.done, cell.asked, cell.missing, cell.late, cell.state) for cell in line.cells}


def test_board_counts_each_task_by_person_and_term(asked: SimpleNamespace, cast: dict) -> None:
    board = Board(Survey(cast["office"], asked.year))
    lines = {line.name: line for line in board.schools()}
    assert set(lines) == {"镇初级中学", "袁科小学"}
    assert cells(lines["镇初级中学"]) == {
        "observations": (3, 4, 2, 0, "slow"),
        "handbook": (2, 4, 2, 0, "slow"),
        "ethics": (1, 2, 1, 1, "late"),
        "activities": (1, 2, 1, 0, "slow"),
        "projects": (1, 2, 1, 1, "late"),
    }
    assert cells(lines["袁科小学"])["ethics"] == (0, 0, 0, 0, "none")
    assert cells(lines["袁科小学"])["observations"] == (0, 2, 2, 0, "behind")
    assert (lines["镇初级中学"].late, board.late()) == (2, 2)
    people = {line.name: cells(line)["observations"] for line in board.people(asked.school)}
    assert people == {"王思远": (3, 2, 0, 0, "done"), "陈一鸣": (0, 2, 2, 0, "behind")}


@pytest.mark.parametrize("role", ["office", "neighbour"])
def test_every_number_is_that_of_its_list(role: str, asked: SimpleNamespace, cast: dict, browser: Any) -> None:
    board, client = Board(Survey(cast[role], asked.year)), browser(role)
    lines = board.schools()
    for school in asked.school, asked.other:
        lines += board.people(school)
    followed = 0
    for line in lines:
        for cell in line.cells:
            if cell.url:
                followed += 1
                page = client.get(cell.url).context["page"]
                assert page.paginator.count == cell.done, (line.name, cell.task.key)
            if cell.missing_url and cell.task.missing:
                assert client.get(cell.missing_url).context["page"].paginator.count == cell.missing
    assert followed > 3


def test_term_that_is_over_makes_what_lacks_overdue(asked: SimpleNamespace, cast: dict, on_day: Any) -> None:
    on_day(date(2026, 3, 2))
    board = Board(Survey(cast["office"], asked.year))
    line = next(line for line in board.schools() if line.pk == asked.school.pk)
    # The second term has begun: it asks as much again, and the first is over.
    assert cells(line)["observations"] == (3, 8, 6, 2, "late")
    assert cells(line)["activities"] == (1, 2, 1, 1, "late")
    assert line.late == 5


def test_before_the_year_nothing_is_asked(asked: SimpleNamespace, cast: dict, on_day: Any) -> None:
    on_day(date(2025, 8, 20))
    line = Board(Survey(cast["office"], asked.year)).schools()[0]
    assert {key: cell[4] for key, cell in cells(line).items()}["observations"] == "none"


def test_page_shows_the_late_first_and_sorts_by_each_column(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    answer = client.get("/progress/")
    text = answer.content.decode()
    assert [line.name for line in answer.context["lines"]] == ["镇初级中学", "袁科小学"]
    assert answer.context["total"].cells[0].asked == 6
    for said in ("不要求", "逾期", "还差 2", "2 项逾期", "合计"):
        assert said in text
    for sort, first in (
        ("observations", "袁科小学"),
        ("-observations", "镇初级中学"),
        ("late", "袁科小学"),
        ("ethics", "镇初级中学"),
    ):
        assert client.get("/progress/", {"sort": sort}).context["lines"][0].name == first, sort
    assert client.get("/progress/", {"sort": "nonsense"}).status_code == 200


def test_start_page_and_side_bar_show_the_same_numbers(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    assert 'hx-get="/progress/"' in client.get("/").content.decode()
    part = client.get("/progress/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert [cells(line) for line in part.context["lines"]] == [
        cells(line) for line in client.get("/progress/").context["lines"]
    ]
    late = client.get("/progress/late/?year=2025")
    assert '<span class="n">2<' in late.content.decode()
    assert "private" in late["Cache-Control"]


def test_principal_sees_the_own_school_and_its_teachers(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("principal")
    answer = client.get("/progress/")
    assert [line.name for line in answer.context["lines"]] == ["镇初级中学"]
    assert {line.name for line in answer.context["people"]} == {"王思远", "陈一鸣"}
    assert "赵雪" not in answer.content.decode()
    assert client.get(f"/progress/{asked.school.pk}/").status_code == 200
    assert client.get(f"/progress/{asked.other.pk}/").status_code == 404
    assert client.get("/progress/reminders/", {"school": asked.other.pk}).status_code == 404


@pytest.mark.parametrize("role", ["teacher", "researcher"])
def test_who_oversees_nobody_is_refused(role: str, asked: SimpleNamespace, browser: Any) -> None:
    client = browser(role)
    for address in ("", "reminders/", "export/", f"{asked.school.pk}/"):
        assert client.get(f"/progress/{address}").status_code == 403, address
    assert client.get("/progress/late/").content.decode().strip() == ""
    assert "/progress/" not in client.get("/").content.decode()


def test_text_to_copy_says_what_each_school_lacks(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    one = client.get("/progress/reminders/", {"school": asked.school.pk})
    said = (
        "镇初级中学：听课2/4节，还差2节；行动手册2/4篇，还差2篇；师德考核1/2人，还差1人（已逾期）；"
        "教研活动1/2次，还差1次；小课题1/2项，还差1项（已逾期）。截至11月26日。"
    )
    assert one.context["text"] == said
    assert f'data-copy="{said}"' in one.content.decode()
    assert f">{said}</textarea>" in one.content.decode()
    every = client.get("/progress/reminders/").context["text"].splitlines()
    assert every[0] == said
    assert every[1].startswith("袁科小学：听课0/2节，还差2节；")


def test_workbook_holds_the_table(asked: SimpleNamespace, browser: Any) -> None:
    asked.school.name = "=1+1学校"
    asked.school.save()
    answer = browser("office").get("/progress/export/")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == ("学校", "听课（已完成）", "听课（应完成）", "听课（还差）", "听课（状态）")
    assert rows[1][:5] == ("=1+1学校", 3, 4, 2, "稍慢")
    assert sheet["A2"].data_type == "s"
    assert rows[3][:4] == ("合计", 3, 6, 4)


def test_page_costs_as_much_for_ten_schools_as_for_two(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/progress/").status_code == 200
        return len(queries)

    cost()
    few = cost()
    for number in range(10, 18):
        school = SchoolFactory(code=str(number), name=f"第{number}小学", stage="primary")
        teacher = TeacherFactory(school=school, no=f"9{number}", name="钱一")
        HandbookEntryFactory(teacher=teacher)
        ObservationFactory(teacher=teacher, observer_teacher=asked.teacher, observer_name="", lesson_no=5)
    assert cost() == few <= 20


def test_plans_of_a_term_are_copied_to_the_next(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    plan = ActivityQuota.objects.order_by("pk").first()
    assert "教研活动计划" in client.get("/research/activityquota/?period=2025").content.decode()
    client.post(f"/research/activityquota/{plan.pk}/copy/")
    assert ActivityQuota.objects.filter(term__number=2).count() == ActivityQuota.objects.filter(term__number=1).count()
    refused = client.post(
        "/research/activityquota/new/", {"term": plan.term_id, "stage": plan.stage, "times": 3, "document": ""}
    )
    assert "本学期该学段的教研活动计划已经设置" in refused.content.decode()


def test_list_of_plans_costs_as_much_for_six_as_for_two(asked: SimpleNamespace, browser: Any) -> None:
    client = browser("office")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/research/activityquota/?period=2025").status_code == 200
        return len(queries)

    cost()
    few = cost()
    for term in Term.objects.all():
        for stage in ("kindergarten", "nine_year"):
            ActivityQuotaFactory(township=asked.township, term=term, stage=stage)
    assert cost() == few <= 12
