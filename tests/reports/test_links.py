"""Numbers in a draft's PDF lead to their records; rare and missing characters are told before finalising."""

from datetime import date
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document as read_word
from pypdf import PdfReader

from apps.core.glyphs import MARK
from apps.core.periods import Period
from apps.figures.figures import Cell, Table
from apps.reports.actions import finalise_summary, save_title, write_section
from apps.reports.composing.document import Annexes, Part, figures_of
from apps.reports.models import AnnualSummary
from apps.reports.printing.html import paper_html, paper_pdf
from tests.ethics.factories import EntryFactory, HonourFactory
from tests.factories import DesignationFactory, TeacherFactory
from tests.handbook.factories import HandbookEntryFactory
from tests.observations.factories import ObservationFactory
from tests.reports.factories import composed
from tests.reports.papers import document
from tests.research.factories import ActivityFactory, AttendanceFactory


@pytest.fixture
def draft(town: SimpleNamespace, cast: dict) -> AnnualSummary:
    DesignationFactory(school=town.other, level=2)
    return composed(town.township, cast["office"])


def links(data: bytes) -> list[str]:
    notes = [n.get_object() for page in PdfReader(BytesIO(data)).pages for n in page.get("/Annots", [])]
    return [note["/A"]["/URI"] for note in notes if note["/Subtype"] == "/Link" and "/A" in note]


def test_numbers_of_a_draft_lead_to_their_records(draft: AnnualSummary, browser: Any) -> None:
    client = browser("office")
    address = f"/reports/annualsummary/{draft.pk}/file/pdf/"
    data = client.get(address).content
    found = links(data)
    assert found
    assert {link.split("/")[2] for link in found} == {"testserver"}
    assert client.get(found[0].removeprefix("http://testserver")).status_code == 200
    assert client.get(address).content == data


def test_links_cannot_be_seen(draft: AnnualSummary) -> None:
    html = paper_html(document(day=None), base="https://site.example/")
    assert html.count('<a href="https://site.example/s/') == 70
    assert "a { color: inherit; text-decoration: none; }" in html
    with_links = PdfReader(BytesIO(paper_pdf(document(day=None), base="https://site.example/")))
    without = PdfReader(BytesIO(paper_pdf(document(day=None))))
    assert [p.extract_text() for p in with_links.pages] == [p.extract_text() for p in without.pages]
    notes = [n.get_object() for page in with_links.pages for n in page.get("/Annots", [])]
    assert all(list(note.get("/Border", [0, 0, 0]))[2] == 0 for note in notes)


def test_finalised_and_baseless_paper_has_no_links(draft: AnnualSummary, cast: dict, browser: Any) -> None:
    assert links(paper_pdf(document(), base="https://site.example/")) == []
    assert links(paper_pdf(document(day=None))) == []
    finalise_summary(summary=draft, by=cast["office"])
    assert links(browser("office").get(f"/reports/annualsummary/{draft.pk}/file/pdf/").content) == []


def test_rare_names_are_printed_and_missing_characters_marked() -> None:
    rare = "𠅤䶮㛃𬭎𪩘𬌗㵪叚喆玥𣲘"
    table = Table("t", "名单", ("姓名",), tuple((Cell(f"李{c}"),) for c in [*rare, "\ue123"]))
    data = paper_pdf(document(parts=(Part(1, "", paragraphs=((f"王{rare}、赵\ue123",),)),), annexes=Annexes((table,))))
    pages = [page.extract_text() for page in PdfReader(BytesIO(data)).pages]
    for character in rare:
        assert character in pages[0]
        assert f"李{character}" in pages[1]
    assert f"赵{MARK}" in pages[0].replace("\n", "")
    assert f"李{MARK}" in pages[1]
    for page in PdfReader(BytesIO(data)).pages:
        for font in page["/Resources"]["/Font"].values():
            # Glyph 0 is the box of a missing character: none is drawn.
            assert "<0000>" not in font["/ToUnicode"].get_data().decode().split("beginbfchar")[-1][:8]


def test_missing_characters_are_told_before_finalising(
    draft: AnnualSummary, cast: dict, town: SimpleNamespace, browser: Any
) -> None:
    TeacherFactory(school=town.school, name="李\ue123")
    part = draft.sections.filter(keys__gt="").first()
    write_section(section=part, text="王\ue456老师、李𬭎老师", base=part.text, by=cast["office"])
    draft.title = "总结\ue789"
    save_title(record=AnnualSummary.objects.get(pk=draft.pk), by=cast["office"])
    AnnualSummary.objects.filter(pk=draft.pk).update(title=draft.title)
    page = browser("office").get(f"/reports/annualsummary/{draft.pk}/finalise/").content.decode()
    assert "没有字体含有“\ue456”（U+E456），印出来是〓" in page
    assert f"?section={part.pk}" in page.split("U+E456")[0].rsplit("<tr>", 1)[1]
    assert "U+E789" in page
    assert page.split("U+E789")[0].rsplit("<tr>", 1)[1].startswith("<td>标题</td>")
    assert "𬭎" not in page.split("U+", 1)[1]


HEADER = {
    "red_header": "on", "issuer": "慕仪镇教育组文件", "document_number": "宝陈慕教发【2026】第012号", "signer": "李𬭎",
    "addressee": "区教育体育局：", "copied_to": "区教研室，各学校。",
    "printed_by": "慕仪镇教育组", "printed_on": "2026-07-06",
}  # fmt: skip


def post(client: Any, draft: AnnualSummary, **changed: str) -> Any:
    version = AnnualSummary.objects.get(pk=draft.pk).version
    data = {"title": draft.title, "read_version": version} | HEADER | changed
    return client.post(f"/reports/annualsummary/{draft.pk}/edit/", data)


def test_office_chooses_the_red_header_and_it_stands_everywhere(draft: AnnualSummary, cast: dict, browser: Any) -> None:
    client = browser("office")
    page = client.get(draft.get_absolute_url()).content.decode()
    assert 'class="issuer"' not in page
    assert post(client, draft).status_code == 302
    page = client.get(draft.get_absolute_url()).content.decode()
    word = read_word(BytesIO(client.get(f"/reports/annualsummary/{draft.pk}/file/docx/").content))
    text = "\n".join(
        [*(p.text for p in word.paragraphs), *(c.text for t in word.tables for r in t.rows for c in r.cells)]
    )
    data = client.get(f"/reports/annualsummary/{draft.pk}/file/pdf/").content
    paper = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).replace("\n", "")
    for said in (page, text, paper):
        for piece in (
            "慕仪镇教育组文件",
            "宝陈慕教发〔2026〕12号",
            "签发人：",
            "李𬭎",
            "区教育体育局：",
            "2026年7月6日印发",
        ):
            assert piece in said, piece
        assert "抄送：区教研室，各学校。" in said.replace("</b><span>", "")
        assert "区教育体育局：：" not in said
        assert "各学校。。" not in said
    version = finalise_summary(summary=AnnualSummary.objects.get(pk=draft.pk), by=cast["office"])
    AnnualSummary.objects.filter(pk=draft.pk).update(issuer="别的文件")
    assert version.content["letterhead"]["number"] == "宝陈慕教发〔2026〕12号"
    assert "慕仪镇教育组文件" in client.get(draft.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"document_number": "慕教发第12号"}, "请写成宝陈教体发〔2013〕45号的样子"),
        ({"issuer": ""}, "红头文件要写明发文机关标志和发文字号"),
        ({"document_number": ""}, "红头文件要写明发文机关标志和发文字号"),
        ({"printed_on": ""}, "印发机关和印发日期要么都填，要么都不填"),
        ({"printed_on": "七月"}, "输入一个有效的日期"),
    ],
)
def test_what_a_red_header_lacks_is_told(draft: AnnualSummary, browser: Any, changed: dict, said: str) -> None:
    answer = post(browser("office"), draft, **changed)
    assert said in answer.content.decode()
    assert not AnnualSummary.objects.get(pk=draft.pk).red_header


def test_nobody_but_the_office_chooses_it(
    draft: AnnualSummary, cast: dict, town: SimpleNamespace, browser: Any
) -> None:
    client = browser("principal")
    assert post(client, draft).status_code == 404
    own = composed(town.school, cast["office"])
    assert 'name="red_header"' not in client.get(f"/reports/annualsummary/{own.pk}/edit/").content.decode()
    assert post(client, own, title="本校总结").status_code == 302
    written = AnnualSummary.objects.get(pk=own.pk)
    assert (written.title, written.red_header, written.issuer) == ("本校总结", False, "")
    assert 'name="red_header"' in browser("office").get(f"/reports/annualsummary/{own.pk}/edit/").content.decode()


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("observations.attendances", "1</data> 人次</p>"),
        ("handbook.own_guides", "1</data> 份</p>"),
        ("research.own_spoken", "1</data> 次</p>"),
        ("ethics.own_honours", "1</data> 项</p>"),
        ("ethics.own_entries", "1</data> 次</p>"),
    ],
)
def test_the_page_of_a_figure_states_it_in_its_unit(key: str, said: str, town: SimpleNamespace, browser: Any) -> None:
    ObservationFactory(teacher=town.teacher)
    HandbookEntryFactory(teacher=town.teacher)
    AttendanceFactory(activity=ActivityFactory(school=town.school), teacher=town.teacher, role="speaker")
    HonourFactory(school=town.school, teacher=town.teacher)
    EntryFactory(school=town.school, teacher=town.teacher)
    figure = figures_of(town.teacher.scope_on(date(2025, 10, 13)), Period.from_code("2025"))[key]
    assert f"{figure.text}</data> {figure.unit}</p>" == said
    asked = browser("office").get(figure.source).content.decode().split('<p class="asked">')[1].split("\n")[0]
    assert asked.endswith(said)
