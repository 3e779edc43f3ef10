"""Figures compared: with the year before, over the years, town by town; each leads to its records."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook

from apps.core.periods import Period
from apps.ethics.models import AssessmentCycle
from apps.figures.figures import Figure
from apps.reports.actions import finalise_summary
from apps.reports.composing.comparison import Compared, compared, period_before
from apps.research.models import Activity
from tests.architecture.rows import make
from tests.factories import SchoolYearFactory, TeacherFactory, UserFactory
from tests.reading import measured
from tests.reports.factories import composed
from tests.research.factories import AttendanceFactory


@pytest.fixture
def years(town: SimpleNamespace) -> SimpleNamespace:
    """The town with the school year before, in which it held one activity; two this year."""
    SchoolYearFactory(start_year=2024)
    for number, day in enumerate((date(2025, 3, 1), date(2025, 10, 1), date(2025, 11, 1))):
        row = make(Activity, town.school, number)
        row.date = day
        row.save()
    make(Activity, town.far, 9)
    return town


def lines(summary: Any) -> dict[str, Any]:
    return {line.figure.key: line for line in compared(summary)}


def shown(client: Any, figure: Any) -> str:
    measure = figure.source.rsplit("measure=", 1)[1]
    return measured(client.get(figure.source).content.decode()).get(measure, "")


def test_the_period_before_is_of_the_same_kind(years: SimpleNamespace) -> None:
    assert period_before(Period.from_code("2025")).code == "2024"
    assert period_before(Period.from_code("c2025")).code == "c2024"
    assert period_before(Period.from_code("2024")) is None
    assert period_before(Period.from_code("2025-1")) is None


def test_each_figure_stands_beside_last_years(years: SimpleNamespace, cast: dict, browser: Any) -> None:
    summary = composed(years.township, cast["office"])
    line, client = lines(summary)["research.activities"], browser("office")
    assert (line.figure.value, line.before.value, line.change) == (2, 1, 1)
    assert line.said == "增加1（100.0%）"
    assert (shown(client, line.figure), shown(client, line.before)) == ("2", "1")
    page = client.get(f"/reports/annualsummary/{summary.pk}/compare/?changed=1&q=教研活动总次数").content.decode()
    assert "增加1（100.0%）" in page
    assert "培训学时" not in page
    none = client.get(f"/reports/annualsummary/{summary.pk}/compare/?q=没有的").content.decode()
    assert "没有符合条件的数据" in none


def change(now: Any, before: Any, unit: str) -> str:
    figures = [Figure("k", "数据", value, unit, "/a") for value in (now, before)]
    with translation.override("zh-hans"):
        return Compared("", *figures).said


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        (Decimal("13.5"), Decimal("9.0"), "%", "增加4.5个百分点"),
        (Decimal("9.0"), Decimal("10.0"), "%", "减少1个百分点"),
        (Decimal("1904.0"), Decimal("1000.0"), "学时", "增加904（90.4%）"),
        (Decimal("59.9"), Decimal("60.0"), "学时", "减少0.1（0.2%）"),
        (0, 0, "次", "持平"),
        ("", "", "", ""),
        (None, None, "分", ""),
        ("镇初级中学", "镇初级中学", "", "持平"),
        (None, Decimal("85.0"), "分", ""),
    ],
)
def test_a_change_is_said_as_offices_say_it(now: Any, before: Any, unit: str, said: str) -> None:
    assert change(now, before, unit) == said


def test_a_running_period_is_told_above_the_changes(
    years: SimpleNamespace, cast: dict, browser: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = composed(years.township, cast["office"])
    address = f"/reports/annualsummary/{summary.pk}/compare/?changed=1&q=教研活动总次数"
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 8, 31))
    page = browser("office").get(address).content.decode()
    assert page.count("本期尚未结束") == 1
    assert "增加1（100.0%）" in page
    monkeypatch.setattr(timezone, "localdate", lambda *_args: date(2026, 9, 1))
    assert "尚未结束" not in browser("office").get(address).content.decode()


def test_what_was_finalised_last_year_is_compared_as_it_stood(years: SimpleNamespace, cast: dict) -> None:
    finalise_summary(summary=composed(years.township, cast["office"], "2024"), by=cast["office"])
    Activity.objects.filter(date__lt=date(2025, 9, 1)).delete()
    line = lines(composed(years.township, cast["office"]))["research.activities"]
    assert (line.figure.value, line.before.value) == (2, 1)


def test_figures_under_another_rule_are_not_compared(years: SimpleNamespace, cast: dict) -> None:
    summary = composed(years.township, cast["office"])
    for year, weight in ((2025, 20), (2024, 30)):
        AssessmentCycle.objects.create(
            township=years.township, school_year=SchoolYearFactory(start_year=year), opens_on=date(year + 1, 5, 1),
            closes_on=date(year + 1, 6, 20), student_weight=weight, parent_weight=20, school_weight=80 - weight,
        )  # fmt: skip
    found = lines(summary)
    assert found["ethics.school_average"].why == "不可比：师德考核权重和等次标准已变"
    assert found["ethics.school_average"].change is None
    assert found["ethics.assessed"].why == ""
    AssessmentCycle.objects.filter(school_year__start_year=2024).update(student_weight=20, school_weight=60)
    assert lines(summary)["ethics.school_average"].why == ""


def test_figures_over_the_years_lead_to_their_records(years: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    page = client.get("/reports/indicators/?chapter=research&chart=research.activities")
    rows = {key: [cell for _head, cell in cells] for key, _label, _unit, cells in page.context["rows"]}
    assert [cell.value for cell in rows["research.activities"]] == [1, 2]
    assert [measured(client.get(cell.source).content.decode())["count"] for cell in rows["research.activities"]] == [
        "1", "2",
    ]  # fmt: skip
    assert "<svg" in page.content.decode()
    sheet = load_workbook(BytesIO(client.get("/reports/indicators/?chapter=research&format=xlsx").content)).active
    found = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert found["教研活动总次数"] == ("次", 1, 2)
    own = browser("neighbour").get("/reports/indicators/?chapter=research")
    rows = {key: [cell.value for _head, cell in cells] for key, _label, _unit, cells in own.context["rows"]}
    assert rows["research.activities"] == [0, 0]
    assert browser("neighbour").get(f"/reports/indicators/?school={years.school.pk}").status_code == 404
    assert client.get("/reports/indicators/?chapter=nothing").status_code == 404


@pytest.fixture
def cast(cast: dict, town: SimpleNamespace) -> dict:
    """The cast, and the district's office."""
    cast["district"] = UserFactory(role="office", district=town.township.district)
    return cast


def test_a_district_sees_its_towns_side_by_side(years: SimpleNamespace, browser: Any) -> None:
    client = browser("district")
    page = client.get("/reports/district/?chapter=research&chart=research.activities")
    assert page.context["table"].heads[2:] == ("慕仪镇", "东湖镇", "合计")
    rows = {key: [cell for _head, cell in cells] for key, _label, _unit, cells in page.context["rows"]}
    assert [cell.value for cell in rows["research.activities"]] == [2, 1, 3]
    for cell in rows["research.activities"][:2]:
        assert measured(client.get(cell.source).content.decode())["count"] == str(cell.value)
    # Means do not add up.
    assert rows["research.hours_each"][-1].value is None
    assert "尚无总结" in page.content.decode()
    for role in ("office", "principal"):
        assert browser(role).get("/reports/district/").status_code == 404
        assert "/reports/district/" not in browser(role).get("/").content.decode()
    assert "/reports/district/" in client.get("/").content.decode()


def test_figures_of_a_finalised_year_are_said_to_be_of_now(years: SimpleNamespace, cast: dict, browser: Any) -> None:
    pages = (("office", "/reports/indicators/?chapter=research"), ("district", "/reports/district/?chapter=research"))
    assert not [role for role, address in pages if "已定稿，此处" in browser(role).get(address).content.decode()]
    finalise_summary(summary=composed(years.township, cast["office"]), by=cast["office"])
    said = [browser(role).get(address).content.decode() for role, address in pages]
    assert "2025—2026学年已定稿，此处为现时数据，定稿时的数据见总结。" in said[0]
    assert "慕仪镇已定稿，此处为现时数据，定稿时的数据见总结。" in said[1]
    assert "已定稿，此处" not in browser("principal").get(pages[0][1]).content.decode()


def test_whole_hours_have_no_decimal(years: SimpleNamespace, browser: Any) -> None:
    AttendanceFactory(
        activity=Activity.objects.filter(school=years.school).latest("date"), teacher=years.teacher, hours=4
    )
    for role, address in (("office", "indicators"), ("district", "district")):
        page = browser(role).get(f"/reports/{address}/?chapter=research")
        rows = {key: [str(cell.value) for _head, cell in cells] for key, _label, _unit, cells in page.context["rows"]}
        assert "4" in rows["research.hours"]
        assert not [value for value in rows["research.hours"] if value.endswith(".0")]


def test_pages_of_figures_cost_the_same_with_more_rows(years: SimpleNamespace, cast: dict, browser: Any) -> None:
    summary = composed(years.township, cast["office"])
    addresses = [
        ("office", f"/reports/annualsummary/{summary.pk}/compare/", 18),
        ("office", "/reports/indicators/?chapter=research", 12),
        ("district", "/reports/district/?chapter=research", 12),
    ]

    def costs() -> list[int]:
        found = []
        for role, address, _budget in addresses:
            client = browser(role)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    before = costs()
    for number in range(20, 30):
        make(Activity, years.school, number)
        TeacherFactory(school=years.school, no=f"9{number}")
    assert costs() == before
    assert [cost for cost, (_role, _address, budget) in zip(before, addresses, strict=True) if cost > budget] == []
