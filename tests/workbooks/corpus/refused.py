"""Files that would corrupt what is stored, or are no workbooks: each is refused, with its cells, or in one sentence."""

import io
import zipfile
from datetime import datetime
from typing import Any

from tests.workbooks.corpus.cases import HEAD, ROW, SECOND, Case, one, valid, without
from tests.workbooks.corpus.writing import in_sheet, ole, surgery, text, xls, xlsx

SHORTENED = "Excel has shortened this number: it keeps %(digits)d digits only."
NO_DATE = "“%(text)s” is no date."
TWO_DAYS = "“%(text)s” may mean %(days)s."
TWO_MONTHS = "%(number)s may mean January or October: Excel drops the zero."
ID_LENGTH = "An ID number has 18 characters: 17 digits, then a digit or X."
NO_PHONE = "This is no phone number: 7 to 13 digits."
TOO_YOUNG = "On this day the teacher was not yet %(age)d."
EMPTY = "“%(header)s” must not be empty."
DAMAGED = "The workbook is damaged. Open it in Excel, save it anew, then upload it again."
NO_WORKBOOK = "This file is no Excel workbook. Save the table in Excel as .xlsx, then upload that file."
TOO_LARGE = "The workbook is too large inside. Copy the rows into a fresh template, then upload that."
PROTECTED = "The workbook is protected by a password. Save it without one, then upload it again."
MACROS = "The workbook has macros. Save it as .xlsx, which leaves them out, then upload that file."
LINKS = "The workbook takes values from other files. Copy them, paste them as values, then upload it again."
NOT_CHOSEN = "“%(text)s” cannot be chosen here."
OPEN_QUOTATION = (
    "Line %(line)d of the CSV file is damaged: a quotation mark is missing. Save the table as .xlsx instead."
)
RANGE = "%(item)s: a score lies between 0 and %(maximum)s, with one decimal at most."
NO_SUCH = "There is no “%(text)s” among the %(kind)s here."

OBSERVED = [
    "学校",
    "教师",
    "日期",
    "学科",
    "年级",
    "课题",
    "其他听课人",
    "评课量表",
    "各项得分",
    "节次",
    "听课教师",
    "听课教研员",
]
RUBRIC = [["量表名称", "版本", "评价项目与满分"], ["高效课堂", "2014", "教学目标 40；教学过程 60"]]
APPOINTED = ["教师", "学校", "开始日期", "结束日期"]
GRADE = ["学校", "学年", "年级", "班数"]


def observed(scores: str, day: Any = "2025-10-13") -> bytes:
    row = ["镇初级中学", "王思远", day, "语文", "七年级", "春", "某校长", "高效课堂 2014", scores, 1, None, None]
    return xlsx(RUBRIC, "评课量表", 听课=[OBSERVED, row])


def namesakes() -> bytes:
    rows = [HEAD, ["020", "赵雪", "女", None, *ROW[4:]]]
    return xlsx(
        rows, 任职=[APPOINTED, ["020", "袁科小学", "2009-09-01", None], ["赵雪", "镇初级中学", "2012-09-01", None]]
    )


def bomb(size: int, name: str = "xl/worksheets/sheet1.xml") -> bytes:
    return surgery(xlsx(one()), added={f"{name}.more.xml": b"0" * size})


def one_endless_row() -> bytes:
    return in_sheet(xlsx(one()), r"</row></sheetData>", "<c/>" * 2_500_000 + "</row></sheetData>")


def many_cells() -> bytes:
    row = f"<row>{'<c><v>1</v></c>' * 15_000}</row>"
    return in_sheet(xlsx(one()), "</sheetData>", f"{row * 100}</sheetData>")


def styled() -> bytes:
    styles = {"xl/styles.xml": lambda xml: xml.replace(b"</cellXfs>", b"<xf/>" * 400_000 + b"</cellXfs>")}
    return surgery(xlsx(one()), styles)


def entities() -> bytes:
    kind = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    xml = b'<?xml version="1.0"?>' + kind + b"<worksheet>&b;</worksheet>"
    return surgery(xlsx(one()), {"xl/worksheets/sheet1.xml": lambda _old: xml})


def encrypted_zip() -> bytes:
    content = bytearray(xlsx(one()))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        first = parts.infolist()[0].header_offset
    central = content.index(b"PK\x01\x02")
    content[first + 6] |= 1
    content[central + 8] |= 1
    return bytes(content)


def protected_xls() -> bytes:
    """Return an .xls whose first record after the beginning says that the rest is encrypted."""
    import struct

    content = bytearray(xls(one()))
    begins = content.index(struct.pack("<HH", 0x0809, 16))
    following = begins + 20
    content[following : following + 4] = struct.pack("<HH", 0x002F, struct.unpack_from("<H", content, following + 2)[0])
    return bytes(content)


def without_formats(value: float) -> bytes:
    return xlsx(one(身份证号=None, 出生日期=value))


REFUSED = [
    # ID numbers
    Case("ID as a number", lambda: xlsx(one(身份证号=610304198507123029)), errors=(("D2", SHORTENED),)),
    Case("ID as 6.1E+17", lambda: xlsx(one(身份证号=6.10304198507123e17)), errors=(("D2", SHORTENED),)),
    Case(
        "ID as a number in an .xls",
        lambda: xls(one(身份证号=610304198507123029)),
        errors=(("D2", SHORTENED),),
        called="教师.xls",
    ),
    Case(
        "ID as 6.1E+17 in a CSV",
        lambda: text(one(身份证号="6.10304E+17")),
        errors=(("D2", SHORTENED),),
        called="教师.csv",
    ),
    Case("number with more than 15 digits", lambda: xlsx(one(教师编号=1234567890123456)), errors=(("A2", SHORTENED),)),
    Case(
        "wrong check digit",
        lambda: xlsx(one(身份证号="610304198507123028")),
        errors=(("D2", "The last character of the ID number does not fit: please check for a typing error."),),
    ),
    Case(
        "ID whose last digits Excel lost",
        lambda: xlsx(one(身份证号="610304198507123000")),
        errors=(("D2", "The last character of the ID number does not fit: please check for a typing error."),),
    ),
    Case("ID of 17 digits", lambda: xlsx(one(身份证号="61030419850712302")), errors=(("D2", ID_LENGTH),)),
    Case("ID of 14 digits", lambda: xlsx(one(身份证号="61030485071230")), errors=(("D2", ID_LENGTH),)),
    Case(
        "ID of 15 digits, at odds with the sex",
        lambda: xlsx(one(身份证号="610304850712302", 性别="男")),
        errors=(("C2", "The sex differs from the one in the ID number."),),
    ),
    Case(
        "ID of 15 digits born on no day",
        lambda: xlsx(one(身份证号="610304850230302")),
        errors=(("D2", "The birth date in the ID number is no day."),),
    ),
    Case(
        "several subjects, the first of which is none",
        lambda: xlsx(one(任教学科="魔法、语文")),
        errors=(("H2", NOT_CHOSEN),),
    ),
    Case(
        "ID that ends in ×",
        lambda: xlsx(one(身份证号="61030419850712302×")),
        errors=(("D2", "The last character of the ID number does not fit: please check for a typing error."),),
    ),
    Case(
        "ID that ends in *",
        lambda: xlsx(one(身份证号="61030419850712302*")),
        errors=(("D2", "The last character of the ID number does not fit: please check for a typing error."),),
    ),
    Case(
        "ID born on no day",
        lambda: xlsx(one(身份证号=valid("61030419850230302"), 出生日期=None)),
        errors=(("E2", EMPTY),),
    ),
    Case(
        "birth date at odds with the ID",
        lambda: xlsx(one(出生日期="1985-07-13")),
        errors=(("E2", "The birth date differs from the one in the ID number."),),
    ),
    Case(
        "birth month at odds with the ID",
        lambda: xlsx(one(出生日期="1985.8")),
        errors=(("E2", "The birth date differs from the one in the ID number."),),
    ),
    Case(
        "sex at odds with the ID",
        lambda: xlsx(one(性别="男")),
        errors=(("C2", "The sex differs from the one in the ID number."),),
    ),
    # dates
    Case("January or October", lambda: without_formats(1985.1), errors=(("E2", TWO_MONTHS),)),
    Case(
        "January or October in an .xls",
        lambda: xls(one(身份证号=None, 出生日期=1985.1)),
        errors=(("E2", TWO_MONTHS),),
        called="教师.xls",
    ),
    Case(
        "January or October in a CSV",
        lambda: text(one(身份证号=None, 出生日期="1985.1")),
        errors=(("E2", TWO_MONTHS),),
        called="教师.csv",
    ),
    Case("January or October, and the ID says July", lambda: xlsx(one(出生日期=1985.1)), errors=(("E2", TWO_MONTHS),)),
    Case("year of two digits", lambda: xlsx(one(身份证号=None, 出生日期="85.7")), errors=(("E2", NO_DATE),)),
    Case("month 13", lambda: xlsx(one(参加工作时间="2008.13")), errors=(("F2", NO_DATE),)),
    Case("30 February", lambda: xlsx(one(参加工作时间="2008-02-30")), errors=(("F2", NO_DATE),)),
    Case("year only", lambda: xlsx(one(参加工作时间=2008)), errors=(("F2", NO_DATE),)),
    Case(
        "a number made a date",
        lambda: xlsx(one(教师编号=datetime(2008, 9, 1))),
        errors=(("A2", "Excel has turned this text into a date."),),
    ),
    # formulas and errors
    Case(
        "formula without a result",
        lambda: xlsx(one(姓名='=CONCAT("李","新")')),
        errors=(("B2", "The cell holds a formula whose result is not in the file."),),
    ),
    Case(
        "formula that ended in an error",
        lambda: xlsx(one(姓名="#N/A")),
        errors=(("B2", "The cell holds Excel's error %(text)s."),),
    ),
    Case(
        "formula at no known place",
        lambda: in_sheet(xlsx(one(姓名="=X")), r' r="B2"', ""),
        refused="The workbook holds formulas without results. Copy all cells, paste them as values.",
    ),
    # rows and names
    Case(
        "two rows of one key",
        lambda: xlsx([HEAD, ROW, ROW]),
        errors=(("A3", "The same record stands in row %(row)d already."),),
    ),
    Case(
        "two teachers of one ID",
        lambda: xlsx([HEAD, ROW, ["012", *ROW[1:]]]),
        errors=(("D3", "The township already has a teacher with this ID number."),),
    ),
    Case("name that two bear", namesakes, errors=(("A3", "Several are called “%(text)s”."),)),
    Case(
        "name that nobody bears",
        lambda: xlsx([APPOINTED, ["没有的人", "袁科小学", "2020-09-01", None]], "任职"),
        errors=(("A2", NO_SUCH),),
    ),
    Case(
        "school of another township",
        lambda: xlsx([APPOINTED, ["王思远", "东湖中学", "2008-09-01", "2009-07-01"]], "任职"),
        errors=(("B2", NO_SUCH),),
    ),
    Case(
        "school that the principal does not head",
        lambda: xlsx([GRADE, ["袁科小学", 2025, "三年级", 2]], "学校年级"),
        by_school=True,
        errors=(("A2", "This record lies outside the part that you keep."),),
    ),
    Case(
        "blank school that is not merged",
        lambda: xlsx([["学校名称", *HEAD, "到本校时间"], ["镇初级中学", *ROW, "2010.9"], [None, *SECOND, "2015.9"]]),
        errors=(("A3", EMPTY),),
    ),
    Case(
        "blank school, and no day of arrival",
        lambda: xlsx([["学校名称", *HEAD], ["镇初级中学", *ROW], [None, *SECOND]]),
        errors=(("A3", EMPTY),),
    ),
    Case("name left empty", lambda: xlsx(one(姓名="—")), errors=(("B2", EMPTY),)),
    Case("title that nobody has", lambda: xlsx(one(职称="特级大师")), errors=(("G2", NOT_CHOSEN),)),
    Case("sex that is none, with an ID", lambda: xlsx(one(性别="不详")), errors=(("C2", NOT_CHOSEN),)),
    Case("phone that is too short", lambda: xlsx(one(联系电话="139")), errors=(("H2", NO_PHONE),)),
    Case("phone that is a word", lambda: xlsx(one(联系电话="abc")), errors=(("H2", NO_PHONE),)),
    Case("work begun as a child", lambda: xlsx(one(参加工作时间="1995.9")), errors=(("F2", TOO_YOUNG),)),
    Case(
        "work begun in years to come",
        lambda: xlsx(one(参加工作时间="2046-09")),
        errors=(("F2", "This day is years ahead."),),
    ),
    Case(
        "arrival before working age",
        lambda: xlsx([["学校名称", *HEAD, "到本校时间"], ["镇初级中学", *ROW, "1990.9"]]),
        errors=(("I2", TOO_YOUNG),),
    ),
    Case(
        "work before birth",
        lambda: xlsx(one(参加工作时间="1980-01-01")),
        errors=(("F2", "Nobody begins work before being born."),),
    ),
    # years and rubrics
    Case(
        "record of another year",
        lambda: xlsx([GRADE, ["镇初级中学", 2031, "七年级", 2]], "学校年级"),
        errors=(("B2", NO_SUCH),),
    ),
    Case(
        "day outside the school year",
        lambda: observed("35；50", "2024-10-13"),
        errors=(("C2", "This record does not fall into %(year)s."),),
    ),
    Case("score beyond the rubric's", lambda: observed("41；50"), errors=(("I2", RANGE),)),
    Case("score below nothing", lambda: observed("-1；50"), errors=(("I2", RANGE),)),
    Case(
        "score too many",
        lambda: observed("35；50；5"),
        errors=(("I2", "There are %(scores)d scores for %(items)d items."),),
    ),
    Case("score that is no number", lambda: observed("35；优"), errors=(("I2", "“%(text)s” is no score."),)),
    # headers
    Case(
        "a column twice",
        lambda: xlsx([[*HEAD, "姓名"], [*ROW, "李旧"]]),
        errors=(("H1", "The column “%(header)s” stands here twice."),),
    ),
    Case(
        "neither birth date nor ID number",
        lambda: xlsx(without("出生日期", "身份证号")),
        errors=(("F1", "“%(header)s” is missing, and so is “%(other)s”, which would tell it."),),
    ),
    *(
        Case(f"day of no meaning: {day}", lambda day=day: xlsx(one(参加工作时间=day)), errors=(("F2", NO_DATE),))
        for day in ("2008年秋", "2008-9-31", "9月1日", "8-Sep", "08.9", "2008.9或2009.9")
    ),
    Case("day of two meanings", lambda: xlsx(one(参加工作时间="9/1/2008")), errors=(("F2", TWO_DAYS),)),
    Case(
        "row without a day, in two meanings of both",
        lambda: text([HEAD, [*ROW[:5], "1/9/2008", ROW[6]]]),
        errors=(("F2", TWO_DAYS),),
        called="教师.csv",
    ),
    Case(
        "a known sheet without headers",
        lambda: xlsx([["随便"], ["写写"]]),
        errors=(("A1", "The row of headers is missing."),),
    ),
    Case(
        "a layout that nobody knows",
        lambda: xlsx([["人员代号", "称呼", "来历"], ["1", "李", "本地"]], "Sheet1"),
        errors=(("A1", "The columns of this sheet are not known."),),
    ),
    # no workbooks, or dangerous ones
    Case("empty file", lambda: b"", refused=NO_WORKBOOK),
    Case("text", lambda: "一封信。\n此致敬礼".encode(), refused=NO_WORKBOOK, called="信.csv"),
    Case("picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(300), refused=NO_WORKBOOK),
    Case("PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(300), refused=NO_WORKBOOK),
    Case("zip of something else", lambda: surgery(zipped({"a.txt": b"a"})), refused=NO_WORKBOOK),
    Case(
        "Word document",
        lambda: zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}),
        refused=NO_WORKBOOK,
    ),
    Case(
        "web page called .xls",
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        called="教师.xls",
        refused="This is a web page that is only named like a workbook. Open it in Excel and save it as .xlsx.",
    ),
    Case(
        "binary workbook",
        lambda: surgery(xlsx(one()), added={"xl/workbook.bin": b"x"}),
        refused="This is a binary workbook (.xlsb). Save it as .xlsx, then upload that file.",
    ),
    Case("truncated", lambda: xlsx(one())[:3000], refused=NO_WORKBOOK),
    Case(
        "broken inside",
        lambda: surgery(xlsx(one()), {"xl/worksheets/sheet1.xml": lambda xml: xml[:300]}),
        refused=DAMAGED,
    ),
    Case(
        "no list of sheets", lambda: zipped({"[Content_Types].xml": b"<x/>", "xl/workbook.xml": b"<"}), refused=DAMAGED
    ),
    Case(
        "in UTF-16 inside",
        lambda: surgery(xlsx(one()), {"xl/worksheets/sheet1.xml": lambda xml: xml.decode().encode("utf-16")}),
        refused=DAMAGED,
    ),
    Case("protected by a password", lambda: ole("EncryptionInfo", "EncryptedPackage"), refused=PROTECTED),
    Case("protected .xls", protected_xls, refused=PROTECTED, called="教师.xls"),
    Case("protected zip", encrypted_zip, refused=PROTECTED),
    Case("damaged .xls", lambda: ole("Workbook"), refused=DAMAGED, called="教师.xls"),
    Case("old Word document", lambda: ole("WordDocument"), refused=NO_WORKBOOK, called="教师.xls"),
    Case("macros", lambda: surgery(xlsx(one()), added={"xl/vbaProject.bin": b"x"}), refused=MACROS, called="教师.xlsm"),
    Case("macros in an .xls", lambda: ole("Workbook", "_VBA_PROJECT_CUR"), refused=MACROS, called="教师.xls"),
    Case(
        "links to other files",
        lambda: surgery(xlsx(one()), added={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
        refused=LINKS,
    ),
    Case("zip bomb", lambda: bomb(61 * 1024 * 1024), refused=TOO_LARGE),
    Case("zip bomb of styles", lambda: bomb(11 * 1024 * 1024, "xl/styles"), refused=TOO_LARGE),
    Case("formats without end", styled, refused=TOO_LARGE),
    Case("cells without end", many_cells, refused=TOO_LARGE),
    Case(
        "zip of a thousand parts",
        lambda: surgery(xlsx(one()), added={f"xl/{n}.xml": b"" for n in range(1000)}),
        refused=TOO_LARGE,
    ),
    Case("row without end", one_endless_row, refused=TOO_LARGE),
    Case("entities within entities", entities, refused=DAMAGED),
    Case(
        "100 MB",
        lambda: b"PK" + bytes(100 * 1024 * 1024),
        refused="The file is larger than %(limit)d MB. Take pictures out of it, or split it.",
    ),
    Case(
        "CSV with an open quotation mark",
        lambda: text(one()) + b'\n011,"',
        called="教师.csv",
        refused=OPEN_QUOTATION,
    ),
]


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()
