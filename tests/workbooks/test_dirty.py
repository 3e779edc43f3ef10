"""Valid rosters, dirtied in every way that is tolerated, are read back as the same records."""

import random
from datetime import date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.scope import Scope
from apps.core.sheets import Sheet
from apps.teachers.models import Teacher
from apps.teachers.roster import (
    BIRTH_NAMES,
    EDUCATION_WORDS,
    ID_NAMES,
    SEX_WORDS,
    SUBJECT_NAMES,
    TITLE_NAMES,
    TITLE_WORDS,
    WORK_NAMES,
)
from apps.webui.manifests import sheets
from apps.workbooks.files.readers import opened
from apps.workbooks.language import spoken
from apps.workbooks.planning.overview import all_sheets
from apps.workbooks.reading.cells import Month, key
from apps.workbooks.reading.columns import BoundColumn
from apps.workbooks.reading.headers import bare, headings
from apps.workbooks.reading.references import Resolver
from apps.workbooks.reading.rows import read_row
from apps.workbooks.reading.tables import find
from tests.workbooks.conftest import sheet_of
from tests.workbooks.corpus.cases import valid
from tests.workbooks.corpus.writing import text, xls, xlsx

SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平㛃"
DAYS = st.dates(date(1955, 1, 1), date(2003, 12, 31))
HEADS = {
    "no": ("教师编号", "工号", "教 师 编 号"),
    "name": ("姓名", "姓 名", "教师姓名", "＊姓名"),
    "sex": ("性别", "性别："),
    "id_number": ("身份证号", *ID_NAMES),
    "birth_date": ("出生日期", *BIRTH_NAMES),
    "started_work_on": ("参加工作时间", *WORK_NAMES),
    "title": ("职称", *TITLE_NAMES),
    "education": ("学历", "最高学历", "文化程度"),
    "subject": ("任教学科", *SUBJECT_NAMES),
}
WORDS = {
    "sex": {"m": ("男",), "f": ("女",)} | {},
    "title": {value: tuple(w for w, v in TITLE_WORDS.items() if v == value) for value in Teacher.Title.values},
    "education": {
        value: tuple(w for w, v in EDUCATION_WORDS.items() if v == value) for value in Teacher.Education.values
    },
    "subject": {"chinese": ("语文",), "morality": ("道法", "政治", "道德与法治"), "english": ("英语", "外语")},
}
GAPS = (None, "", "无", "—", "-", "暂无", "／", "－", "　")
assert SEX_WORDS


@st.composite
def records(draw: Any) -> dict[str, Any]:
    """Return a valid teacher."""
    born = draw(DAYS)
    return {
        "no": f"{draw(st.integers(1, 99999)):05d}",
        "name": draw(st.sampled_from(SURNAMES)) + draw(st.text(GIVEN, min_size=1, max_size=2)),
        "id_number": valid(f"610304{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"),
        "birth_date": born,
        "started_work_on": born + timedelta(days=draw(st.integers(18 * 366, 30 * 366))),
        "title": draw(st.sampled_from(Teacher.Title.values)),
        "education": draw(st.sampled_from(["", *Teacher.Education.values])),
        "subject": draw(st.sampled_from(["", "chinese", "morality", "english"])),
    }


def dirty_text(rng: random.Random, value: str) -> str:
    """Return a text as it comes: full width, with odd blanks, an apostrophe."""
    if rng.random() < 0.3:
        value = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in value)
    if rng.random() < 0.2 and value[:1].isascii() and value[:1].isdigit():
        value = "'" + value
    blanks = ("", " ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\t")
    return rng.choice(blanks) + value + rng.choice(blanks)


def dirty_day(rng: random.Random, day: date, *, binary: bool) -> Any:
    """Return a day in one of the forms that offices write."""
    forms: list[Any] = [
        f"{day:%Y-%m-%d}", f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day:%Y-%m-%d} 00:00:00",
        f"{day.year}．{day.month}．{day.day}", f"{day.year}。{day.month}。{day.day}",
    ]  # fmt: skip
    if binary:
        serial = (day - date(1899, 12, 30)).days
        forms += [datetime(day.year, day.month, day.day), int(f"{day:%Y%m%d}"), serial]
    return rng.choice(forms)


def dirty_month(rng: random.Random, day: date, *, binary: bool) -> Any:
    """Return the month of a day, which the ID number makes a day again."""
    forms: list[Any] = [f"{day:%Y.%m}", f"{day:%Y%m}", f"{day:%Y-%m}", f"{day.year}年{day.month}月"]
    if binary:
        forms += [int(f"{day:%Y%m}"), float(f"{day:%Y.%m}")]  # the ID number says whether 1985.1 is October
    return rng.choice(forms)


def dirty_cell(rng: random.Random, field: str, record: dict[str, Any], *, binary: bool) -> Any:
    value = record[field]
    if field == "sex":
        return rng.choice(["男", " 男 ", "男性", "M"] if value == "m" else ["女", "女\u3000", "女性", "f", None])
    if field == "birth_date":
        if rng.random() < 0.4:
            return rng.choice([None, dirty_month(rng, value, binary=binary)])
        return dirty_day(rng, value, binary=binary)
    if field == "started_work_on":
        return dirty_day(rng, value, binary=binary)
    if field == "subject" and value and rng.random() < 0.2:
        return rng.choice(WORDS["subject"][value]) + rng.choice("、/，; ") + "美术"
    if field in WORDS:
        if value in ("", "none"):
            return rng.choice(GAPS)
        return dirty_text(rng, rng.choice(WORDS[field][value]))
    if field == "name" and len(value) == 2 and rng.random() < 0.5:
        return value[0] + rng.choice([" ", "\u3000", "  "]) + value[1]
    if field == "id_number" and value[6:8] == "19" and rng.random() < 0.2:
        return value[:6] + value[8:17]  # as it was before 2013
    if field == "id_number" and rng.random() < 0.3:
        return f"{value[:6]} {value[6:14]} {value[14:]}".lower()
    return dirty_text(rng, value)


def dirty_table(rng: random.Random, rows: list[dict[str, Any]], *, binary: bool) -> list[list[Any]]:
    """Return the records as a table that somebody has kept for years."""
    fields = list(HEADS)
    rng.shuffle(fields)
    table: list[list[Any]] = [["慕仪镇教师花名册"]] * rng.randrange(3)
    if rng.random() < 0.4:
        table.append(["填表单位：镇教育组", None, None, "2025年"])
    lead = rng.random() < 0.5
    head = [*(["序号"] if lead else []), *(rng.choice(HEADS[field]) for field in fields), "备注"]
    table.append(head)
    for number, record in enumerate(rows, 1):
        if rng.random() < 0.2:
            table.append([])
        if rng.random() < 0.1:
            table.append(head)
        cells = [dirty_cell(rng, field, record, binary=binary) for field in fields]
        table.append([*([number] if lead else []), *cells, rng.choice([None, "借调"])])
    if rng.random() < 0.5:
        table.append(["合 计", f"{len(rows)}人"])
        table.append(["填表人：", None, "校长："])
    return table


def read_back(sheet: Sheet, content: bytes, name: str) -> list[dict[str, Any]]:
    """Return what the table of teachers in a file says, as the import reads it."""
    resolver = Resolver(Scope("nothing"))
    with opened(ContentFile(content, name=name)) as book:
        (table,) = (table for table in find(book, [sheet]).tables if table.sheet is sheet)
    columns = [(at, BoundColumn(sheet, column, resolver)) for at, column in table.places.items()]
    found = []
    for _number, values in table.rows:
        cells, wrong, given_by_id = read_row(sheet, columns, values)
        assert not wrong, [str(error) for error in wrong.values()]
        record = {column.name: value for column, value in cells.items()} | given_by_id
        record["name"] = "".join(record["name"].split())
        found.append(record)
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records(), min_size=1, max_size=5, unique_by=lambda row: row["no"]), st.randoms(use_true_random=False),
       st.sampled_from(["xlsx", "xls", "csv", "gb"]))  # fmt: skip
def test_dirtied_rosters_are_read_back(rows: list[dict[str, Any]], rng: random.Random, kind: str) -> None:
    sheet = sheet_of(Teacher)
    for row in rows:
        row["sex"] = "m" if int(row["id_number"][16]) % 2 else "f"
    table = dirty_table(rng, rows, binary=kind in ("xlsx", "xls"))
    write = {"xlsx": xlsx, "xls": lambda t: xls(dated(t)), "csv": text, "gb": lambda t: text(plain(t), "gb18030")}[kind]
    found = read_back(sheet, write(table), "教师.csv" if kind in ("csv", "gb") else "教师.xlsx")
    assert found == [{field: row[field] for field in record} for row, record in zip(rows, found, strict=True)]
    assert all(set(record) == set(HEADS) for record in found)
    assert not any(isinstance(value, Month) for record in found for value in record.values())


def dated(table: list[list[Any]]) -> list[list[Any]]:
    """Return the table for an .xls, which has days as numbers: xlwt gives them no format of their own here."""
    return [[f"{value:%Y-%m-%d}" if isinstance(value, datetime) else value for value in row] for row in table]


def plain(table: list[list[Any]]) -> list[list[Any]]:
    """Return the table without what GB18030 files do not begin cells with."""
    return [[value.lstrip("\ufeff") if isinstance(value, str) else value for value in row] for row in table]


@pytest.mark.usefixtures("all_floors")
def test_names_of_a_column_mean_one_column_only() -> None:
    for sheet in all_sheets():
        names = [
            (key(name), spoken(column.header))
            for column in sheet.all_columns
            for name in {spoken(column.header), *column.aliases}
        ]
        doubled = {name for name, _header in names if [other for other, _h in names].count(name) > 1}
        assert doubled == set(), sheet.model.label
        known = headings(sheet)
        assert all(known[name] is not None and key(bare(name)) for name, _header in names)


@pytest.mark.usefixtures("all_floors")
def test_every_sheet_is_known_by_its_headers_alone(town: SimpleNamespace) -> None:
    """Under a title that says nothing, the headers of each sheet lead to that sheet."""
    for sheet in sheets():
        head = [spoken(column.header) for column in sheet.all_columns]
        with opened(BytesIO(xlsx([head, ["x"] * len(head)], "Sheet1"))) as book:
            (table, *_others) = find(book, all_sheets()).tables
        assert table.sheet is sheet, sheet.model.label
