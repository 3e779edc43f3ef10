"""Workbooks that Excel opens and readers do not: saved as Strict Open XML, or with part names in another case.

What is in them stays; names and namespaces are written as the readers know them.
"""

import io
import posixpath
import re
import zipfile

from .validation import Readable

# Namespaces of Strict Open XML (ISO/IEC 29500) and those of the transitional form, which all programs write.
OOXML = "http://schemas.openxmlformats.org"
STRICT = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": f"{OOXML}/spreadsheetml/2006/main".encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/": f"{OOXML}/officeDocument/2006/".encode(),
    b"http://purl.oclc.org/ooxml/drawingml/": f"{OOXML}/drawingml/2006/".encode(),
}
MARK = b"http://purl.oclc.org/ooxml/"
RELATIONS, TYPES = ".rels", "[Content_Types].xml"
TARGET = re.compile(rb'<(?:\w+:)?Relationship\s[^<>]*?\bTarget="([^"<>]*)"')
PART = re.compile(rb'\bPartName="([^"<>]*)"')


def mended(file: Readable) -> Readable:
    """Return a checked .xlsx as the readers know it: the file itself, or a copy in memory where something is unusual.

    Raises what zipfile raises on damaged files.
    """
    with zipfile.ZipFile(file) as parts:
        renamed = _renamed(parts)
        strict = any(MARK in parts.read(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
                     if name in set(parts.namelist()))  # fmt: skip
        if not renamed and not strict:
            file.seek(0)
            return file
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
            for part in parts.infolist():
                content = parts.read(part)
                if strict and part.filename.lower().endswith((".xml", RELATIONS)):
                    content = _transitional(content)
                new.writestr(renamed.get(part.filename, part.filename), content)
    copy.seek(0)
    return copy


def _transitional(content: bytes) -> bytes:
    for name, known in STRICT.items():
        content = content.replace(name, known)
    return content


def _renamed(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the parts whose names differ from those by which the others call them, in their case alone."""
    names = parts.namelist()
    there, called = set(names), _called(parts)
    found = {}
    for name in names:
        plain = name.replace("\\", "/").lstrip("/")
        meant = called.get(plain.lower(), plain)
        if meant != name and meant not in there:
            found[name] = meant
    return found


def _called(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the names by which parts call each other, by their small letters; relations before the table of types."""
    called = {TYPES.lower(): TYPES, "xl/workbook.xml": "xl/workbook.xml"}
    for name in parts.namelist():
        plain = name.replace("\\", "/")
        if plain.lower().endswith(RELATIONS):
            folder = posixpath.dirname(posixpath.dirname(plain))
            for target in TARGET.findall(parts.read(name)):
                _keep(called, folder, target)
    for name in parts.namelist():
        if name.lower() == TYPES.lower():
            for target in PART.findall(parts.read(name)):
                _keep(called, "", target)
    return called


def _keep(called: dict[str, str], folder: str, target: bytes) -> None:
    text = target.decode("utf-8", "replace")
    path = posixpath.normpath(text.lstrip("/") if text.startswith("/") else posixpath.join(folder, text))
    called.setdefault(path.lower(), path)
