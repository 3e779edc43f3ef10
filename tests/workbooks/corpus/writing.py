"""Writes the files of the corpus, each with one quirk."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import xlwt
from openpyxl import Workbook
from openpyxl.utils import column_index_from_string

Rows = list[list[Any]]


def xlsx(
    rows: Rows, title: str = "教师", *, shape: Callable[[Any, Workbook], None] | None = None, **more: Rows
) -> bytes:
    """Return a workbook with a sheet of rows; `shape` changes it by hand, `more` are further sheets."""
    book = Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    for name, others in more.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    if shape:
        shape(page, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows: Rows, title: str = "教师", *, shape: Callable[[Any, Any], None] | None = None) -> bytes:
    """Return a workbook of the old kind."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(title, cell_overwrite_ok=True)
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is not None:
                page.write(number, place, value)
    if shape:
        shape(page, book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Rows, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Return a CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([["" if value is None else value for value in row] for row in rows])
    return out.getvalue().encode(encoding)


def surgery(
    content: bytes,
    changed: Mapping[str, Callable[[bytes], bytes]] | None = None,
    added: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a workbook with parts of its zip file changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            change = (changed or {}).get(part.filename, lambda same: same)
            new.writestr(part.filename, change(old.read(part)))
        for name, data in (added or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def in_sheet(content: bytes, pattern: str, replacement: str) -> bytes:
    """Return a workbook whose first sheet's XML is changed; the pattern must be there."""

    def change(xml: bytes) -> bytes:
        changed, number = re.subn(pattern.encode(), replacement.encode(), xml)
        assert number, pattern
        return changed

    return surgery(content, {"xl/worksheets/sheet1.xml": change})


def ole(*streams: str) -> bytes:
    """Return the beginning of a compound file that has these streams."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + b"".join(name.encode("utf-16-le") for name in streams)


def as_excel(content: bytes) -> bytes:
    """Return a workbook with its texts in a table of their own, some of them in pieces, as Excel writes them."""
    texts: list[str] = []

    def share(xml: bytes) -> bytes:
        def keep(found: re.Match[str]) -> str:
            texts.append(found[2])
            return f'<c{found[1]} t="s"><v>{len(texts) - 1}</v></c>'

        cell = r'<c((?: [rs]="[^"]*")*) t="inlineStr"><is><t(?: [^>]*)?>([^<]*)</t></is></c>'
        return re.sub(cell, keep, xml.decode()).encode()

    parts = {"xl/worksheets/sheet1.xml": share}
    changed = surgery(content, parts)
    assert texts
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    items = "".join(
        f'<si><r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t>{text[1:]}</t></r><rPh sb="0" eb="1"><t>读音</t></rPh></si>'
        if len(text) == 2
        else f'<si><t xml:space="preserve">{text}</t></si>'
        for text in texts
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    return surgery(
        changed,
        {
            "[Content_Types].xml": lambda xml: xml.replace(
                b"</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
            ),
            "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(
                b"</Relationships>",
                f'<Relationship Id="rId99" Type="{relation}" Target="sharedStrings.xml"/></Relationships>'.encode(),
            ),
        },
        {"xl/sharedStrings.xml": f'<?xml version="1.0" encoding="UTF-8"?><sst {space}>{items}</sst>'.encode()},
    )


def hide_column(first: str, last: str = "") -> Callable[[Any, Any], None]:
    """Return what hides columns of a page."""

    def shape(page: Any, _book: Any) -> None:
        page.column_dimensions[first].hidden = True
        if last:
            page.column_dimensions[first].min = column_index_from_string(first)
            page.column_dimensions[first].max = column_index_from_string(last)

    return shape


def strict(content: bytes) -> bytes:
    """Return a workbook as Excel saves it as Strict Open XML."""
    spaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
        b"http://schemas.openxmlformats.org/drawingml/2006/": b"http://purl.oclc.org/ooxml/drawingml/",
    }

    def change(xml: bytes) -> bytes:
        for name, other in spaces.items():
            xml = xml.replace(name, other)
        return xml

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name != "[Content_Types].xml"]
    return surgery(content, dict.fromkeys(names, change))


def renamed(content: bytes, *changes: tuple[str, str]) -> bytes:
    """Return a workbook whose parts are called otherwise in the zip file than by each other."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            name = part.filename
            for before, after in changes:
                name = name.replace(before, after)
            new.writestr(name, old.read(part))
    return out.getvalue()
