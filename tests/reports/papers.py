"""A document as the composer makes it, for the tests of its paper."""

from datetime import date

from apps.core.periods import Period
from apps.figures.figures import Cell, Chart, Table
from apps.reports.composing.document import Annexes, Document, Part

CHART = Chart("t.c", "各校听课节数", "节", (("镇初级中学", 318, "/a?x=1&y=2"), ("袁科小学", None, "")))
SENTENCE = "各校组织教师听课、议课和做课，开展教学沙龙，引导教师在“做中学”，全年听课28节，参加8765人次。"


def document(**given: object) -> Document:
    parts = (
        Part(1, "", paragraphs=((SENTENCE,),)),
        Part(1, "加强师德建设", "一、", paragraphs=((SENTENCE * 20,),), charts=(CHART,)),
        Part(2, "教师交流", "（一）", paragraphs=((SENTENCE,),)),
        Part(3, "做法", "1.", paragraphs=((SENTENCE,),)),
        Part(1, "没有内容", printed=False),
    )
    rows = tuple((Cell(f"第{n}小学", f"/s/{n}"), Cell(n), Cell("巴合提亚尔·阿不都热合曼" * 3)) for n in range(70))
    values = {
        "title": "慕仪镇2025—2026学年校本研修工作总结",
        "signature": "慕仪镇教育组",
        "period": Period("2025", date(2025, 9, 1), date(2026, 8, 31), "2025—2026学年"),
        "day": date(2026, 7, 5),
        "figures": {},
        "parts": parts,
        "annexes": Annexes(tables=(Table("t", "各校情况", ("学校", "听课节数", "备注"), rows),)),
    }
    return Document(**(values | given))
