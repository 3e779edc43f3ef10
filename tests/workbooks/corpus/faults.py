"""Kinds of faults that people met in offices' files, and what is read of each."""

from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.workbooks.corpus.cases import HEAD, READ, READ_SECOND, ROW, SECOND, Case, one, teachers
from tests.workbooks.corpus.writing import hide_column, renamed, strict, text, xls, xlsx

SEPTEMBER = date(2008, 9, 1)
PRIVATE = "The cell has characters that only its own font shows (%(codes)s). Write the right character."
STRUCK = "The text is struck through, and was read all the same."
SUBJECTS = "“%(first)s” is taken as the main subject; %(others)s is not kept here: enter it as teaching assignment."
PHONES = "%(first)s is taken as the phone; %(number)d more in this cell are not kept."
BEGAN = READ | {"started_work_on": SEPTEMBER}
# Days that can be meant in one way only.
DAYS = {
    "2008年9月份": SEPTEMBER, "2008.9至今": SEPTEMBER, "2008年9月至今": SEPTEMBER, "2008.9-至今": SEPTEMBER,
    "2008年九月": SEPTEMBER, "二〇〇八年九月": SEPTEMBER, "二零零八年九月一日": SEPTEMBER,
    "二OO八年九月".replace("O", "〇"): SEPTEMBER, "2008.09.00": SEPTEMBER, "20080900": SEPTEMBER,
    "01-Sep-08": SEPTEMBER, "Sep-08": SEPTEMBER, "1 September 2008": SEPTEMBER, "Sep 1, 2008": SEPTEMBER,
    "2008,9": SEPTEMBER, "2008，9": SEPTEMBER, "2008年9月1日起": SEPTEMBER, "2008年9月初": SEPTEMBER,
    "9/13/2008": date(2008, 9, 13), "13.9.2008": date(2008, 9, 13), "9/9/2008": date(2008, 9, 9),
    "2008年十二月二十五日": date(2008, 12, 25), "2008年十月": date(2008, 10, 1),
}  # fmt: skip
NAMES = {
    "⼭⽥⼀": "山田一", "⻰⻢": "龙马", "郎\uf92c": "郎郎", "金〇": "金〇", "康\u200d远": "康远", "𠅤𬱖": "𠅤𬱖",
    **{f"阿依古丽{dot}买买提": "阿依古丽·买买提" for dot in "·•・‧．∙⋅●･"},
    "阿依古丽 · 买买提": "阿依古丽·买买提",
}  # fmt: skip


def from_1904(page: Any, book: Workbook) -> None:
    book.epoch = CALENDAR_MAC_1904
    page["E2"], page["F2"] = 29778, 38230
    for cell in (page["E2"], page["F2"]):
        cell.number_format = "General"


def strike(*cells: str) -> Any:
    def shape(page: Any, _book: Workbook) -> None:
        for name in cells:
            found = page[name]
            for cell in [found] if isinstance(found, Cell) else found:
                cell.font = Font(strike=True)

    return shape


def struck_xls() -> bytes:
    import xlwt

    style = xlwt.easyxf("font: struck_out on")

    def shape(page: Any, _book: Any) -> None:
        for place, value in enumerate(SECOND):
            page.write(2, place, value, style)

    return xls([*one(), SECOND], shape=shape)


FAULTS = [
    *(
        Case(f"day: {day}", lambda day=day: xlsx(one(参加工作时间=day)), teachers(READ | {"started_work_on": meant}))
        for day, meant in DAYS.items()
    ),
    *(
        Case(f"name: {name}", lambda name=name: xlsx(one(姓名=name)), teachers(READ | {"name": meant}))
        for name, meant in NAMES.items()
    ),
    Case(
        "name with a character of private use",
        lambda: xlsx(one(姓名="李\ue863")),
        teachers(READ | {"name": "李\ue863"}),
        doubts=(("B2", PRIVATE),),
    ),
    Case(
        "days of a book that counts from 1904",
        lambda: xlsx(one(身份证号=None), shape=from_1904),
        teachers(READ | {"id_number": "", "birth_date": date(1985, 7, 12), "started_work_on": SEPTEMBER}),
    ),
    Case("strict Open XML", lambda: strict(xlsx(one(参加工作时间=datetime(2008, 9, 1)))), teachers(BEGAN)),
    Case(
        "part names in another case",
        lambda: renamed(xlsx(one()), ("sheet1.xml", "Sheet1.xml"), ("styles.xml", "Styles.xml")),
        teachers(READ),
    ),
    Case(
        "the book's own part in another case",
        lambda: renamed(xlsx(one()), ("xl/workbook", "xl/Workbook")),
        teachers(READ),
    ),
    Case("part names with backslashes", lambda: renamed(xlsx(one()), ("/", "\\")), teachers(READ)),
    Case(
        "strict, and in another case",
        lambda: renamed(strict(xlsx(one())), ("sheet1.xml", "SHEET1.XML")),
        teachers(READ),
    ),
    Case(
        "line breaks in cells",
        lambda: xlsx(
            one(
                姓名="李\n新",
                身份证号=f"{ROW[3]}\n",
                出生日期="1985.7\n",
                参加工作时间="2008.9\n",
                职称="二级\n教师",
                任教学科="语文\n数学",
                联系电话="13900000001\n0917-6123456",
            )
        ),
        teachers(BEGAN | {"subject": "chinese", "phone": "13900000001"}),
        doubts=(
            ("H2", SUBJECTS),
            ("I2", PHONES),
        ),
    ),
    Case(
        "phone and ID number divided by lines and blanks",
        lambda: xlsx(one(身份证号=f"{ROW[3][:10]}\n{ROW[3][10:]}", 联系电话="139 0000\n0001")),
        teachers(READ | {"phone": "13900000001"}),
    ),
    Case(
        "two phones with a blank between",
        lambda: xlsx(one(联系电话="13900000001 13900000002")),
        teachers(READ | {"phone": "13900000001"}),
        doubts=(("H2", PHONES),),
    ),
    Case("row struck through", lambda: xlsx([*one(), SECOND], shape=strike("3")), teachers(READ), notes=("第3行",)),
    Case("row struck through in an .xls", struck_xls, teachers(READ), notes=("第3行",), called="教师.xls"),
    Case(
        "cell struck through",
        lambda: xlsx([*one(), SECOND], shape=strike("G3")),
        teachers(READ, READ_SECOND),
        doubts=(("G3", STRUCK),),
    ),
    Case(
        "CSV that protects texts from Excel",
        lambda: text(one(教师编号='="0105"', 身份证号=f'="{ROW[3]}"'), "gb18030"),
        teachers(READ | {"no": "0105"}),
        called="教师.csv",
    ),
    Case(
        "CSV that protects texts without quotation",
        lambda: text(one()).replace(ROW[3].encode(), f'="{ROW[3]}"'.encode()),
        teachers(READ),
        called="教师.csv",
    ),
    Case("CSV with a tab before numbers", lambda: text(one(身份证号=f"\t{ROW[3]}")), teachers(READ), called="教师.csv"),
    Case(
        "rows after a long gap",
        lambda: xlsx([*one(), *[[]] * 1200, SECOND]),
        teachers(READ),
        notes=("第1203行",),
    ),
    Case(
        "a sheet like its known neighbour",
        lambda: xlsx(one(), 编外=[HEAD, SECOND]),
        teachers(READ),
        notes=("“编外”",),
    ),
    Case(
        "without numbers",
        lambda: xlsx([HEAD[1:], ROW[1:], SECOND[1:]]),
        teachers(READ | {"no": ""}, READ_SECOND | {"no": ""}),
    ),
    Case("numbers left empty", lambda: xlsx([HEAD, [None, *ROW[1:]]]), teachers(READ | {"no": ""})),
    Case(
        "the column of numbers is hidden",
        lambda: xlsx(one(), shape=hide_column("A")),
        teachers(READ | {"no": ""}),
        notes=("第 A 列",),
    ),
    Case(
        "a month on the sheet of appointments",
        lambda: xlsx(
            [
                ["教师", "学校", "开始日期", "起始日期精确到", "结束日期"],
                ["陈一鸣", "镇初级中学", "2010年9月", None, "2012-08-31"],
            ],
            "任职",
        ),
        {"teachers.appointment": [{"starts_on": date(2010, 9, 1), "since_known": "month"}]},
    ),
    Case(
        "a month of arrival",
        lambda: xlsx([["学校", *HEAD, "到校时间"], ["镇初级中学", *ROW, "2019年9月"]], "花名册"),
        teachers(READ)
        | {"teachers.appointment": [{"starts_on": date(2019, 9, 1), "since_known": "month", "since": "2019年9月"}]},
    ),
]
