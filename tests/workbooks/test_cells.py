"""Cells as offices really write them, and what is refused with a remedy."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.workbooks.reading import cells

SEPTEMBER = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (2024.9, SEPTEMBER),
        ("2024.9", SEPTEMBER),
        ("2024-09-01", SEPTEMBER),
        ("2024/9/1", SEPTEMBER),
        ("2024年9月1日", SEPTEMBER),
        ("2024年9月", SEPTEMBER),
        ("２０２４.９", SEPTEMBER),
        ("2024-09-01 00:00:00", SEPTEMBER),
        (202409, SEPTEMBER),
        ("202409", SEPTEMBER),
        (20240901, SEPTEMBER),
        (datetime(2024, 9, 1, 8, 30), SEPTEMBER),
        (SEPTEMBER, SEPTEMBER),
        (31240, date(1985, 7, 12)),
        ("31240", date(1985, 7, 12)),
        (2024.12, date(2024, 12, 1)),
        (2024.01, date(2024, 1, 1)),
        ("2024.1", date(2024, 1, 1)),
        ("2024.10", date(2024, 10, 1)),
    ],
)
def test_days(raw: Any, expected: date) -> None:
    assert cells.day(raw) == expected


@pytest.mark.parametrize(
    "raw", [2024.1, 2024.13, 2024.123, 2024, "85.7", "2024-13-01", "2025.2.30", "昨天", True, "0001-01-01", 9e17]
)
def test_what_is_no_day(raw: Any) -> None:
    with pytest.raises(cells.Wrong) as error:
        cells.day(raw)
    assert error.value.remedy


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" 王\u3000", "王"),
        ("\ufeffＡ１班\u00a0", "A1班"),
        ("小组（一），好", "小组（一），好"),
        ("a\r\nb_x000D_", "a\nb"),
    ],
)
def test_text_is_tidied_but_keeps_its_punctuation(raw: str, expected: str) -> None:
    assert cells.tidy(raw) == expected


def test_numbers() -> None:
    assert cells.integer("１２") == cells.integer(12.0) == 12
    assert cells.decimal(0.1 + 0.2) == Decimal("0.3")
    assert cells.decimal("1,200.5") == Decimal("1200.5")
    for raw in (12.5, "十二", "", True, "NaN", datetime(2024, 9, 1)):
        with pytest.raises(cells.Wrong):
            cells.integer(raw)


def test_flags() -> None:
    assert [cells.flag(raw) for raw in ("是", "√", "Y", 1, True)] == [True] * 5
    assert [cells.flag(raw) for raw in ("否", "×", "无", 0, False)] == [False] * 5
    with pytest.raises(cells.Wrong):
        cells.flag("也许")


def test_personal_data() -> None:
    assert cells.personal(" ６１０３ 0419850712002x") == "61030419850712002X"
    assert cells.personal(13800001234) == "13800001234"
    with pytest.raises(cells.Unchanged):
        cells.personal("6103**********002X")
    for raw in (610304198507120022, 6.10304e17):
        with pytest.raises(cells.Wrong, match="15"):
            cells.personal(raw)


def test_what_excel_changed_is_refused() -> None:
    for raw in (datetime(2024, 7, 1),):
        with pytest.raises(cells.Wrong):
            cells.text_of(raw)
    for raw in ("#N/A", cells.Formula()):
        with pytest.raises(cells.Wrong):
            cells.plain(raw)


@pytest.mark.parametrize("raw", [None, "", " ", "无", "—", "暂无", "/", "－"])
def test_gaps(raw: Any) -> None:
    assert cells.is_empty(raw)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.booleans()))
def test_readers_read_or_refuse(raw: Any) -> None:
    for reader in cells.READERS.values():
        try:
            reader(cells.plain(raw))
        except (cells.Wrong, cells.Unchanged):
            continue


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_as_written(day: date) -> None:
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
    )
    assert {cells.day(form) for form in forms} == {day}
