"""The PDF as archives take it (PDF/A-3u), each demand by name, looked for in the file itself."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest

from apps.reports.printing.html import paper_pdf
from tests.reports.papers import document
from tests.reports.test_layout import HEAD

# One worker prints the papers, once.
pytestmark = pytest.mark.xdist_group("archived papers")


@pytest.fixture(scope="module", params=["report", "official", "draft with links"])
def pdf(request: Any) -> pikepdf.Pdf:
    if request.param == "draft with links":
        return pikepdf.open(BytesIO(paper_pdf(document(day=None), base="https://site.example/")))
    return pikepdf.open(BytesIO(paper_pdf(document(letterhead=HEAD if request.param == "official" else None))))


def elements(pdf: pikepdf.Pdf) -> list[Any]:
    """Return all elements of the structure tree."""
    found, waiting = [], [pdf.Root.StructTreeRoot]
    while waiting:
        kids = waiting.pop().get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                found.append(kid)
                waiting.append(kid)
    return found


def dictionaries(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [o for o in pdf.objects if isinstance(o, (pikepdf.Dictionary, pikepdf.Stream)) and o.get("/Type") == kind]


def test_metadata_name_part_conformance_and_title(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "U")
        assert xmp["dc:title"] == "慕仪镇2025—2026学年校本研修工作总结"
    assert "/Filter" not in pdf.Root.Metadata


def test_output_intent_has_its_colour_profile_inside(pdf: pikepdf.Pdf) -> None:
    (intent,) = pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFA1"
    profile = intent.DestOutputProfile.read_bytes()
    assert profile[36:40] == b"acsp"
    assert profile[16:20] == b"RGB "
    assert int.from_bytes(profile[:4], "big") == len(profile)


def test_fonts_are_inside_subset_and_say_their_characters(pdf: pikepdf.Pdf) -> None:
    fonts = dictionaries(pdf, "/Font")
    assert fonts
    for font in fonts:
        if font.Subtype == "/Type0":
            assert len(font.ToUnicode.read_bytes()) > 100
            assert str(font.Encoding) == "/Identity-H"
            (inner,) = font.DescendantFonts
            assert str(inner.BaseFont)[7] == "+"  # a subset's name begins with six letters
            descriptor = inner.FontDescriptor
            assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())
        else:
            assert font.Subtype in ("/CIDFontType0", "/CIDFontType2")


def test_nothing_is_encrypted_run_or_launched(pdf: pikepdf.Pdf) -> None:
    assert not pdf.is_encrypted
    assert {"/OpenAction", "/AA"} & set(pdf.Root.keys()) == set()
    assert "/JavaScript" not in pdf.Root.get("/Names", {})
    for thing in pdf.objects:
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            assert thing.get("/S") not in ("/JavaScript", "/Launch", "/Movie", "/Sound", "/ImportData", "/ResetForm")
            assert "/LZWDecode" not in str(thing.get("/Filter", ""))
            assert "/F" not in thing or not isinstance(thing, pikepdf.Stream)  # no stream in another file


def test_workbook_is_inside_and_says_what_it_is(pdf: pikepdf.Pdf) -> None:
    assert len({file.objgen for file in pdf.Root.AF}) == 1
    file = pdf.Root.AF[0]
    assert file.AFRelationship == "/Data"
    assert str(file.UF) == "慕仪镇2025—2026学年校本研修工作总结.xlsx"
    assert "/F" in file
    inner = file.EF.F
    assert inner.Type == "/EmbeddedFile"
    assert "/ModDate" in inner.Params
    assert inner.Subtype == "/application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert inner.read_bytes()[:2] == b"PK"


def test_file_is_tagged_in_chinese_and_has_a_number_of_its_own(pdf: pikepdf.Pdf) -> None:
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "zh-CN"
    first, second = pdf.trailer.ID
    assert min(len(bytes(first)), len(bytes(second))) >= 16
    kinds = {str(element.S) for element in elements(pdf)}
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD", "/Figure", "/LI"} <= kinds


def test_figures_say_what_they_show_and_heads_of_tables_are_heads(pdf: pikepdf.Pdf) -> None:
    figures = [element for element in elements(pdf) if element.S == "/Figure"]
    assert figures
    assert all(str(figure.Alt).startswith("图1") for figure in figures)
    heads = sum(element.S == "/TH" for element in elements(pdf))
    # Three columns; where the table goes on over a page, its head is there again.
    assert heads >= 3
    assert heads % 3 == 0


def test_colours_are_those_of_the_profile_and_nothing_shines_through(pdf: pikepdf.Pdf) -> None:
    for state in (o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)):
        assert state.get("/SMask", "/None") == "/None"
        assert state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
        assert float(state.get("/ca", 1)) == float(state.get("/CA", 1)) == 1
    for picture in pdf.objects:
        if isinstance(picture, pikepdf.Stream) and picture.get("/Subtype") == "/Image":
            assert picture.ColorSpace in ("/DeviceRGB", "/DeviceGray")
            assert "/SMask" not in picture
            assert not picture.get("/Interpolate", False)


def test_links_are_printed_as_they_stand(pdf: pikepdf.Pdf) -> None:
    for note in dictionaries(pdf, "/Annot"):
        assert note.Subtype in ("/Link", "/FileAttachment")
        assert int(note.get("/F", 0)) & 0b10111 == 0b100  # printed; not hidden, not invisible
