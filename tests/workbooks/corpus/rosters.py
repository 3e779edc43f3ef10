"""Rosters in the shapes in which offices keep them."""

from typing import Any

from openpyxl import Workbook

from tests.workbooks.corpus.cases import HEAD, ROW, SECOND


def merged(page: Any, *ranges: str) -> None:
    for cells in ranges:
        page.merge_cells(cells)


def two_row_header(page: Any, _book: Workbook) -> None:
    merged(page, "A1:J1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3", "G2:H2", "I2:J2")


TWO_ROWS = [
    ["慕仪镇教师花名册", *[None] * 9],
    ["教师编号", "姓名", "性别", "出生", None, "参加工作时间", "职称", None, "第一学历", None],
    [None, None, None, "身份证号", "出生日期", None, "名称", "取得时间", "学历", "毕业院校"],
    ["010", "李新", "女", ROW[3], "1985.07", "2008.9", "小高", "2015.12", "中师", "凤翔师范"],
]
ROSTER = [
    ["慕仪镇在职教师花名册"],
    ["学校名称", *HEAD, "到本校时间"],
    ["镇初级中学", *ROW, "2010.9"],
    [None, *SECOND, "2015.9"],
]
PUBLISHED = [
    ["XX市在职教师花名册"],
    ["XX省", "XX市", "XX县", "慕仪镇"],
    ["序号", "学校名称", "教师编号", "姓名", "性别", "民族", "籍贯", "身份证号码", "出生年月", "政治面貌", "入党时间",
     "参加工作时间", "教龄", "到本校时间", "第一学历", None, None, "最高学历", None, None, "职称", None, "岗位等级",
     "行政职务", "任教学科", "任教年级", "周课时", "班主任", "教师资格证种类", "普通话等级", "骨干称号", None, None,
     "编制类型", "是否特岗", "联系电话", "备注"],
    [*[None] * 14, "学历", "毕业院校", "专业", "学历", "毕业院校", "专业", "名称", "取得时间", *[None] * 8,
     "称号", "级别", "取得时间", *[None] * 4],
    [1, "镇初级中学", "010", "李 新", "女", "汉", "陕西宝鸡", ROW[3], "1985.07", "群众", "无", "2008.9", 17,
     "2010.9", "中师",
     "凤翔师范", "师范", "大学本科", "陕西师大", "汉语言", "中一", "2015.12", "专技9级", "教导主任", "语文", "七年级",
     12, "是", "初中", "二甲", "教学能手", "区级", "2019.12", "在编", "否", "13900000000", None],
    ["合计", "1人"],
    ["填表人：", None, "制表日期：2025.9"],
]  # fmt: skip


def published(page: Any, _book: Workbook) -> None:
    merged(page, "A1:AK1", "O3:Q3", "R3:T3", "U3:V3", "AE3:AG3")
