"""Files that are untidy and read all the same, and what is read."""

from datetime import date, datetime
from typing import Any

from openpyxl import Workbook

from tests.workbooks.corpus.cases import HEAD, READ, READ_SECOND, ROW, SECOND, Case, one, teachers, valid, without
from tests.workbooks.corpus.rosters import PUBLISHED, ROSTER, TWO_ROWS, merged, published, two_row_header
from tests.workbooks.corpus.writing import as_excel, hide_column, in_sheet, surgery, text, xls, xlsx

FIRST_GENERATION = "An ID number of 15 digits was made one of 18: to be checked against the identity card."
REMARK = "The remark says “%(text)s”, which is not kept: enter it as appointment or posting."
SUBJECTS = "“%(first)s” is taken as the main subject; %(others)s is not kept here: enter it as teaching assignment."
SINCE = "The file does not say since when: taken as %(day)s, the school year's first day."
SEVERAL = {
    "语文、数学": "chinese", "数学/音乐": "mathematics", "道法，历史": "morality", "英语;美术；书法": "english",
    "体育 音乐": "pe",
}  # fmt: skip
SEPTEMBER = date(2008, 9, 1)
# ID numbers of women: one that ends in X, one born in October.
X = next(number for number in (valid(f"61030419850712{k:03d}") for k in range(0, 999, 2)) if number.endswith("X"))
OCTOBER = valid("61030419901010412")


def formatted(value: Any, cell: str, shown: str) -> Any:
    def shape(page: Any, _book: Workbook) -> None:
        page[cell].value, page[cell].number_format = value, shown

    return shape


def hide(page: Any, _book: Workbook) -> None:
    page.row_dimensions[3].hidden = True


def hidden_sheet(_page: Any, book: Workbook) -> None:
    book["任职"].sheet_state = "hidden"


def formula_with_result(formula: str, result: str) -> bytes:
    """Return a workbook as Excel saves it: the formula and its result."""
    return in_sheet(
        xlsx(one(姓名="=X")), r'<c r="B2"[^>]*>.*?</c>', f'<c r="B2" t="str"><f>{formula}</f><v>{result}</v></c>'
    )


STYLES = {
    "2024.9": ("2024.9", date(2024, 9, 1)),
    "2024.09": ("2024.09", date(2024, 9, 1)),
    "number 2024.9": (2024.9, date(2024, 9, 1)),
    "ISO": ("2024-09-01", date(2024, 9, 1)),
    "ISO with time": ("2024-09-01T00:00:00", date(2024, 9, 1)),
    "slashes": ("2024/9/1", date(2024, 9, 1)),
    "Chinese": ("2024年9月1日", date(2024, 9, 1)),
    "Chinese month": ("2024年9月", date(2024, 9, 1)),
    "Chinese 号": ("2024年9月1号", date(2024, 9, 1)),
    "six digits": ("202409", date(2024, 9, 1)),
    "six digits as number": (202409, date(2024, 9, 1)),
    "eight digits": ("20240901", date(2024, 9, 1)),
    "eight digits as number": (20240901, date(2024, 9, 1)),
    "serial": (45536, date(2024, 9, 1)),
    "date cell": (datetime(2024, 9, 1), date(2024, 9, 1)),
    "full width": ("２０２４．９．１", date(2024, 9, 1)),
    "Chinese full stops": ("2024。9。1", date(2024, 9, 1)),
    "blanks between": ("2024 . 9 . 1", date(2024, 9, 1)),
    "time after it": ("2024-09-01 08:30:00", date(2024, 9, 1)),
    "October as text": ("2024.10", date(2024, 10, 1)),
    "January as text": ("2024.01", date(2024, 1, 1)),
}
TITLES = {
    "中学高级": "senior", "小中高": "senior", "副高": "senior", "中教一级": "first", "小学高级": "first",
    "小高": "first",
    "中二": "second", "小一": "second", "小学一级教师": "second", "中三": "third", "小二": "third", "正高": "professor",
    "暂无": "none", "—": "none", "／": "none", "无职称": "none",
}  # fmt: skip

READABLE = [
    Case("as the template has it", lambda: xlsx(one()), teachers(READ)),
    Case("as Excel writes it", lambda: as_excel(xlsx(one())), teachers(READ)),
    *[
        Case(f"date: {name}", lambda raw=raw: xlsx(one(职称取得时间=raw)), teachers(READ | {"title_since": day}))
        for name, (raw, day) in STYLES.items()
    ],
    *[
        Case(f"title: {word}", lambda word=word: xlsx(one(职称=word)), teachers(READ | {"title": title}))
        for word, title in TITLES.items()
    ],
    Case(
        "title rows above the header",
        lambda: xlsx([["慕仪镇教师花名册"], ["填表单位：镇教育组", None, None, "2025年"], [], *one()]),
        teachers(READ),
    ),
    Case("header on the tenth row", lambda: xlsx([*[["说明文字"]] * 9, *one()]), teachers(READ)),
    Case(
        "header in two rows",
        lambda: xlsx(TWO_ROWS, shape=two_row_header),
        teachers(READ | {"title": "first", "title_since": date(2015, 12, 1), "education": ""}),
        notes=("第一学历 毕业院校",),
    ),
    Case(
        "header in two rows, not merged",
        lambda: text(TWO_ROWS),
        teachers(READ | {"title": "first", "title_since": date(2015, 12, 1), "education": ""}),
        notes=("第一学历 毕业院校",),
        called="教师.csv",
    ),
    Case(
        "merged school cells",
        lambda: xlsx(ROSTER, "花名册", shape=lambda p, _b: merged(p, "A1:I1", "A3:A4")),
        teachers(READ, READ_SECOND)
        | {
            "teachers.appointment": [
                {"school.name": "镇初级中学", "starts_on": date(2010, 9, 1)},
                {"school.name": "镇初级中学", "starts_on": date(2015, 9, 1)},
            ]
        },
    ),
    Case(
        "schools without a day of arrival",
        lambda: xlsx([[*row[:-1]] for row in ROSTER], "花名册", shape=lambda p, _b: merged(p, "A1:H1", "A3:A4")),
        teachers(READ, READ_SECOND)
        | {
            "teachers.appointment": [
                {"school.name": "镇初级中学", "teacher.no": "010", "starts_on": date(2025, 9, 1)},
                {"school.name": "镇初级中学", "teacher.no": "011", "starts_on": date(2025, 9, 1)},
            ]
        },
        notes=("有2人未填",),
    ),
    Case(
        "merged school cells in an .xls",
        lambda: xls(ROSTER, "花名册", shape=lambda p, _b: p.merge(2, 3, 0, 0)),
        teachers(READ, READ_SECOND)
        | {
            "teachers.appointment": [
                {"school.name": "镇初级中学", "teacher.no": "010"},
                {"school.name": "镇初级中学", "teacher.no": "011"},
            ]
        },
        called="花名册.xls",
    ),
    Case("columns in another order", lambda: xlsx([row[::-1] for row in one()]), teachers(READ)),
    Case(
        "usual other names",
        lambda: xlsx(
            [["序号", "工号", "教师姓名", "性别", "身份证号码", "出生年月", "参加工作日期", "专业技术职务"], [1, *ROW]]
        ),
        teachers(READ),
    ),
    Case(
        "decorated headers",
        lambda: xlsx(
            [["教师编号*", "姓 名", "性别：", "身份证号（18位）", "出生\n日期", "＊参加工作时间", "职称(现聘)"], ROW]
        ),
        teachers(READ),
    ),
    Case(
        "the surer of two headers",
        lambda: xlsx(one(最高学历="本科", 文化程度="大专")),
        teachers(READ | {"education": "bachelor"}),
        notes=("文化程度",),
    ),
    Case("staff on loan", lambda: xlsx(one(编制类型="借调")), teachers(READ | {"staffing": "seconded"})),
    Case("unknown columns", lambda: xlsx(one(血型="A", 备注="党员")), teachers(READ), notes=("血型、备注",)),
    Case(
        "remark that somebody is elsewhere",
        lambda: xlsx(one(备注="2024年9月借调至区教体局")),
        teachers(READ),
        doubts=(("H2", REMARK),),
        notes=("备注",),
    ),
    Case(
        "roster as published, with all usual columns",
        lambda: xlsx(PUBLISHED, "花名册", shape=published),
        teachers(
            READ
            | {
                "title": "first",
                "title_since": date(2015, 12, 1),
                "education": "bachelor",
                "position": "middle",
                "subject": "chinese",
                "staffing": "established",
                "phone": "13900000000",
                "backbone_kind": "expert",
                "backbone_level": 3,
                "backbone_since": date(2019, 12, 1),
            }
        )
        | {"teachers.appointment": [{"school.name": "镇初级中学", "starts_on": date(2010, 9, 1)}]},
        notes=("民族", "第一学历 毕业院校", "岗位等级"),
    ),
    Case("running numbers are not missed", lambda: xlsx([["序号", *HEAD], [1, *ROW]]), teachers(READ)),
    Case(
        "sums and notes",
        lambda: xlsx(
            [
                *one(),
                ["合 计", "2人"],
                [None, "小计", 1],
                ["镇初级中学小计", 1],
                ["备注：以上属实"],
                ["填表人：", "某某"],
            ]
        ),
        teachers(READ),
        notes=("3、4、5、6、7",),
    ),
    Case(
        "a sum after a running number",
        lambda: xlsx([["序号", *HEAD], [1, *ROW], [2, "合计", "1人"]]),
        teachers(READ),
        notes=("3",),
    ),
    Case(
        "header repeated on each printed page",
        lambda: xlsx([HEAD, ROW, HEAD, SECOND]),
        teachers(READ, READ_SECOND),
        notes=("3",),
    ),
    Case("hidden row", lambda: xlsx([HEAD, ROW, SECOND], shape=hide), teachers(READ), notes=("3",)),
    Case(
        "hidden sheet",
        lambda: xlsx(one(), shape=hidden_sheet, 任职=[["教师", "学校", "开始日期"], ["x", "y", "z"]]),
        teachers(READ),
        notes=("任职",),
    ),
    Case("strange sheet beside", lambda: xlsx(one(), Sheet2=[["随便", "写写"]]), teachers(READ), notes=("Sheet2",)),
    Case(
        "rows that are only numbered, groups and footers",
        lambda: xlsx(
            [
                ["序号", *HEAD],
                [None, "一、在编教师"],
                [1, *ROW],
                ["二、临聘教师"],
                [2, *SECOND],
                [3],
                [4, None, ""],
                ["（此表一式两份）"],
                [None, None, "慕仪镇教育组 2026年9月制"],
                ["联系人：张三  电话：0917-1234567"],
            ]
        ),
        teachers(READ, READ_SECOND),
        notes=("第 2、4、6、7、8、9、10 行",),
    ),
    Case(
        "phone that was a number with decimals",
        lambda: xlsx(one(联系电话="13900000001.0")),
        teachers(READ | {"phone": "13900000001"}),
    ),
    Case(
        "two phones",
        lambda: xlsx(one(联系电话="0917-6123456、13900000001")),
        teachers(READ | {"phone": "0917-6123456、13900000001"}),
    ),
    Case(
        "usual words for staffing and education",
        lambda: xlsx(one(编制="在编（事业编）", 学历="函授本科")),
        teachers(READ | {"staffing": "established", "education": "bachelor"}),
    ),
    Case(
        "units, and the school year as people write it",
        lambda: xlsx(
            [
                ["教师", "学校", "学年", "年级", "班级", "学科", "周课时"],
                ["王思远", "镇初级中学", "2025-2026学年", "七年级", "七(1)班", "语文", "6节"],
                ["王思远", "镇初级中学", "2025—2026", "七年级", "七(2)班", "语文", "12 课时"],
            ],
            "任课",
        ),
        {"teachers.teachingassignment": [{"weekly_hours": 6}, {"weekly_hours": 12}]},
    ),
    Case(
        "an appointment that goes on",
        lambda: xlsx(
            one(), "教师", 任职=[["教师", "学校", "开始日期", "结束日期"], ["李新", "袁科小学", "2020.9", "至今"]]
        ),
        teachers(READ) | {"teachers.appointment": [{"school.name": "袁科小学", "ends_on": None}]},
    ),
    Case("blank rows between", lambda: xlsx([HEAD, [], ROW, [], [None, "  "], SECOND]), teachers(READ, READ_SECOND)),
    Case(
        "full-width digits and letters",
        lambda: xlsx(one(教师编号="０１０", 身份证号="６１０３０４１９８５０７１２３０２９")),
        teachers(READ),
    ),
    Case(
        "no-break blanks and BOM",
        lambda: xlsx(one(姓名="\ufeff李\u00a0新", 教师编号="\u00a0010\u200b")),
        teachers(READ),
    ),
    Case("leading apostrophes", lambda: xlsx(one(身份证号="'" + ROW[3], 教师编号="'010")), teachers(READ)),
    Case("blanks inside a name", lambda: xlsx(one(姓名="李　新")), teachers(READ)),
    Case("blanks inside an ID number", lambda: xlsx(one(身份证号="610304 19850712 3029")), teachers(READ)),
    *[
        Case(
            f"ID of 15 digits{name}",
            lambda raw=raw, changes=changes: xlsx(one(身份证号=raw, **changes)),
            teachers(READ),
            doubts=(("D2", FIRST_GENERATION),),
        )
        for name, raw, changes in (
            ("", "610304850712302", {}),
            (" as a number", 610304850712302, {}),
            (" in full width", "６１０３０４８５０７１２３０２", {}),
            (", the rest left to it", "610304850712302", {"性别": None, "出生日期": None}),
        )
    ],
    Case(
        "ID of 15 digits in a CSV",
        lambda: text(one(身份证号="610304850712302"), "gb18030"),
        teachers(READ),
        doubts=(("D2", FIRST_GENERATION),),
        called="教师.csv",
    ),
    *[
        Case(
            f"several subjects: {cell}",
            lambda cell=cell: xlsx(one(任教学科=cell)),
            teachers(READ | {"subject": subject}),
            doubts=(("H2", SUBJECTS),),
        )
        for cell, subject in SEVERAL.items()
    ],
    Case("one subject with brackets", lambda: xlsx(one(任教学科="体育")), teachers(READ | {"subject": "pe"})),
    Case("full-width X", lambda: xlsx(one(性别="女", 身份证号=X[:17] + "Ｘ")), teachers(READ | {"id_number": X})),
    Case("birth date as Excel's serial", lambda: xlsx(one(出生日期=31240)), teachers(READ)),
    *[
        Case(f"birth date {form}", lambda form=form: xlsx(one(出生日期=form)), teachers(READ))
        for form in ("1985.07", "198507", "1985-7", "1985/7/12", "1985年7月", "1985年7月12日", "19850712")
    ],
    Case(
        "hidden column",
        lambda: xlsx(one(学历="本科"), shape=hide_column("H")),
        teachers(READ | {"education": ""}),
        notes=("H",),
    ),
    Case(
        "hidden column of an .xls",
        lambda: xls(one(学历="本科"), shape=lambda page, _book: setattr(page.col(7), "hidden", True)),
        teachers(READ | {"education": ""}),
        notes=("H",),
        called="教师.xls",
    ),
    Case("all columns beyond hidden", lambda: xlsx(one(), shape=hide_column("J", "XFD")), teachers(READ)),
    Case("small x", lambda: xlsx(one(性别="女", 身份证号=X.lower())), teachers(READ | {"id_number": X})),
    Case("birth month only", lambda: xlsx(one(出生日期="1985.7")), teachers(READ)),
    Case(
        "birth month as a date cell",
        lambda: xlsx(one(), shape=formatted(datetime(1985, 7, 1), "E2", 'yyyy"年"m"月"')),
        teachers(READ),
    ),
    Case(
        "October shown by the format",
        lambda: xlsx(one(职称取得时间=2015.1), shape=formatted(2015.1, "H2", "0.00")),
        teachers(READ | {"title_since": date(2015, 10, 1)}),
    ),
    Case(
        "October shown by the format of an .xls",
        lambda: xls(one(职称取得时间=None), shape=october),
        teachers(READ | {"title_since": date(2015, 10, 1)}),
        called="教师.xls",
    ),
    Case(
        "October told by the ID number",
        lambda: xlsx(one(身份证号=OCTOBER, 出生日期=1990.1)),
        teachers(READ | {"id_number": OCTOBER, "birth_date": date(1990, 10, 10)}),
    ),
    Case("sex and birth date left to the ID number", lambda: xlsx(without("性别", "出生日期")), teachers(READ)),
    Case("sex left empty", lambda: xlsx(one(性别=None, 出生日期=None)), teachers(READ)),
    Case(
        "formula with its result",
        lambda: formula_with_result("CONCAT(&quot;李&quot;,&quot;新&quot;)", "李新"),
        teachers(READ),
    ),
    Case(
        "wrong dimensions",
        lambda: in_sheet(xlsx(one()), r'<dimension ref="[^"]*"', '<dimension ref="A1"'),
        teachers(READ),
    ),
    Case("a cell far away", lambda: xlsx(one(), shape=lambda p, _b: p.__setitem__("XFD1048576", "x")), teachers(READ)),
    Case("namespace prefixes", lambda: surgery(xlsx(one()), {"xl/worksheets/sheet1.xml": prefixed}), teachers(READ)),
    Case("under another title", lambda: xlsx(one(), "Sheet1"), teachers(READ)),
    Case(
        "an .xls",
        lambda: xls(one(参加工作时间=datetime(2008, 9, 1))),
        teachers(READ | {"started_work_on": SEPTEMBER}),
        called="教师.xls",
    ),
    Case(
        "an .xls with numbers",
        lambda: xls(one(教师编号=10, 参加工作时间=2008.9)),
        teachers(READ | {"no": "10"}),
        called="教师.xls",
    ),
    Case("an .xls that is called .xlsx", lambda: xls(one()), teachers(READ)),
    Case("CSV in UTF-8", lambda: text(one()), teachers(READ), called="教师.csv"),
    Case("CSV in UTF-8 with BOM", lambda: text(one(), "utf-8-sig"), teachers(READ), called="教师.csv"),
    Case(
        "CSV in GB18030",
        lambda: text(one(姓名="李㛃"), "gb18030"),
        teachers(READ | {"name": "李㛃"}),
        called="教师.csv",
    ),
    Case("CSV in UTF-16", lambda: text(one(), "utf-16", "\t"), teachers(READ), called="教师.csv"),
    Case("CSV with semicolons", lambda: text(one(), "gb18030", ";"), teachers(READ), called="教师.csv"),
    Case("CSV under another name", lambda: text([["慕仪镇教师花名册"], *one()]), teachers(READ), called="数据.csv"),
    Case(
        "CSV whose column shows that no zero is lost",
        lambda: text([[*HEAD, "职称取得时间"], [*ROW, "2015.1"], [*SECOND, "2015.10"]]),
        teachers(READ | {"title_since": date(2015, 1, 1)}, READ_SECOND | {"title_since": date(2015, 10, 1)}),
        called="教师.csv",
    ),
]


def october(page: Any, _book: Any) -> None:
    import xlwt

    style = xlwt.XFStyle()
    style.num_format_str = "0.00"
    page.write(1, len(HEAD), 2015.1, style)


def prefixed(xml: bytes) -> bytes:
    """Return a sheet's XML as some programs write it, with a prefix on every tag."""
    import re

    xml = xml.replace(b' xmlns="', b' xmlns:x="', 1)
    return re.sub(rb"<(/?)([A-Za-z])", rb"<\1x:\2", xml)
