"""The paper: layout, fonts, photos, the same bytes twice, nothing fetched from anywhere."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from apps.figures.figures import BLANK, Photo
from apps.reports.composing.document import Annexes, Part
from apps.reports.printing.html import paper_html, paper_pdf
from apps.reports.prose.numerals import chinese_number, heading_number
from tests.reports.papers import SENTENCE, document

# One worker prints the paper, once.
pytestmark = pytest.mark.xdist_group("printed paper")


@pytest.fixture(scope="module")
def reader() -> PdfReader:
    return PdfReader(BytesIO(paper_pdf(document())))


def text(reader: PdfReader) -> str:
    return "".join(page.extract_text() for page in reader.pages).replace("\n", "")


def test_paper_says_everything(reader: PdfReader) -> None:
    written = text(reader)
    for piece in (
        "慕仪镇2025—2026学年校本研修工作总结",
        SENTENCE,
        "一、加强师德建设",
        "（一）教师交流",
        "1.做法",
        "图1",
        "附件：",
        "慕仪镇教育组",
        "2026年7月5日",
        "附件",
        "第69小学",
        "— 1 —",
    ):
        assert piece in written, piece
    assert "没有内容" not in written
    assert "草稿" not in written


def test_head_of_a_long_table_is_repeated(reader: PdfReader) -> None:
    pages = [page.extract_text().replace("\n", "") for page in reader.pages]
    with_rows = [page for page in pages if "小学" in page and "巴合提" in page]
    assert len(with_rows) > 1
    assert all("备注" in page for page in with_rows)


def test_all_fonts_are_embedded(reader: PdfReader) -> None:
    names = set()
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile3", "/FontFile2"} & set(descriptor)
            names.add(inner["/BaseFont"].split("+")[1])
    assert {name.removesuffix("-Bold") for name in names} == {"Noto-Serif-CJK-SC", "Noto-Sans-CJK-SC", "AR-PL-UKai-CN"}


def test_pdf_has_bookmarks_language_and_archive_mark(reader: PdfReader) -> None:
    titles = []

    def walk(items: list) -> None:
        for item in items:
            walk(item) if isinstance(item, list) else titles.append(item.title)

    walk(reader.outline)
    assert titles[:3] == ["慕仪镇2025—2026学年校本研修工作总结", "一、加强师德建设", "（一）教师交流"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_object().get_data()


def test_pdf_is_tagged_and_holds_the_workbook_of_its_numbers(reader: PdfReader) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    name = next(iter(reader.attachments))
    file = root["/AF"][0].get_object()
    assert file["/UF"] == "慕仪镇2025—2026学年校本研修工作总结.xlsx"
    book = load_workbook(BytesIO(reader.attachments[name][0]), read_only=True)
    rows = list(book["各校情况"].iter_rows(values_only=True))
    assert rows[0] == ("学校", "听课节数", "备注")
    assert rows[28][:2] == ("第27小学", 27)
    assert file["/AFRelationship"] == "/Data"
    assert root["/OutputIntents"]


def test_same_document_gives_the_same_bytes() -> None:
    assert paper_pdf(document()) == paper_pdf(document())


def test_draft_says_so_and_leaves_the_day_to_fill() -> None:
    html = paper_html(document(day=None))
    assert "草稿" in html
    assert f"{BLANK}年{BLANK}月{BLANK}日" in html


def test_text_of_people_is_no_markup() -> None:
    html = paper_html(document(parts=(Part(1, "<b>", "一、", paragraphs=(("<img src=http://x/>",),)),)))
    assert "<img src=http" not in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize("address", ["http://127.0.0.1/x.png", "file:///etc/passwd", "ftp://127.0.0.1/x"])
def test_nothing_is_fetched(address: str) -> None:
    from apps.reports.printing.pdf import SafeFetcher

    with pytest.raises(Exception, match=r".+"):
        SafeFetcher().fetch(address)


def test_photos_are_shrunk_and_missing_ones_left_out(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path
    picture = BytesIO()
    Image.new("RGB", (1600, 1200), "navy").save(picture, "JPEG")
    default_storage.save("p.jpg", ContentFile(picture.getvalue()))
    default_storage.save("broken.jpg", ContentFile(b"no picture"))
    photos = (Photo("p.jpg", "观摩研讨"), Photo("broken.jpg", "坏"), Photo("gone.jpg", "无"), Photo("../x", "外"))
    html = paper_html(document(annexes=Annexes(photos=photos)))
    assert html.count("data:image/jpeg") == 1
    assert "观摩研讨" in html
    assert "坏" not in html
    assert len(html) < 60_000
    reader = PdfReader(BytesIO(paper_pdf(document(parts=(), annexes=Annexes(photos=photos * 14)))))
    assert ["观摩研讨" in page.extract_text() for page in reader.pages] == [False, True, True]


def test_headings_are_numbered_as_the_standard_says() -> None:
    assert [chinese_number(n) for n in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]
    assert [chinese_number(n) for n in (100, 110, 265, 1020, 1005, 10500, 120012)] == [
        "一百", "一百一十", "二百六十五", "一千零二十", "一千零五", "一万零五百", "十二万零一十二",
    ]  # fmt: skip
    assert [heading_number(level, 2) for level in (1, 2, 3)] == ["二、", "（二）", "2."]


def test_empty_summary_is_still_a_page() -> None:
    reader = PdfReader(BytesIO(paper_pdf(document(parts=(), annexes=Annexes()))))
    assert len(reader.pages) == 1
