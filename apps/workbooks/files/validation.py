"""What is let in: files that can be workbooks, without macros, passwords and links, and that fit into memory.

Everything else is refused in one sentence before a reader sees it. Sheets are read row by row from the disk: how large
a file is says little. What its rows take in memory is counted as they are read (`readers.Held`); here stands what
keeps a bomb from being unpacked, and the limits of those kinds of files that are read whole.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, TypeAlias

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext as _

from .sheet_xml import Unreadable

MB = 1024 * 1024
# Bytes: of a workbook on disk; of an .xls and of a CSV, which are read whole.
FILE_LIMIT, OLD_LIMIT, CSV_LIMIT = 96 * MB, 20 * MB, 20 * MB
# Unpacked bytes; those beyond sheets and texts, which are read whole; parts.
UNPACKED_LIMIT, TRIMMINGS_LIMIT, PARTS_LIMIT = 1024 * MB, 10 * MB, 300
# More than so many bytes inside are a bomb if they were packed closer than rows of real texts ever are.
DENSE_FROM, DENSE = 60 * MB, 100
# So many bytes inside are read while somebody waits: 2,000 rows of a roster, in a second. The worker reads the others.
LONG_FROM = 2 * MB
BLOCK = 1 * MB
# Tags of the parts that are kept in memory whole: Excel's limit of 65,490 cell formats makes 270,000.
TAGS_LIMIT = 300_000
# Tags of the texts that all sheets share: half a million texts.
TEXTS_LIMIT = 2_000_000
ZIP, OLD_EXCEL = b"PK", b"\xd0\xcf\x11\xe0"
# What is read: an upload, a file on disk, or the one that is kept.
Readable: TypeAlias = "BinaryIO | File[bytes]"
# Names of streams within an OLE file, which older Excel and protected new workbooks are.
ENCRYPTED, MACROS, BIFF = ("EncryptedPackage", "_VBA_PROJECT", "Workbook")
SHEET_PARTS = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", re.IGNORECASE)
NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


class UserError(ValidationError):
    """The file cannot be read at all; one sentence for people says why and what to do."""


@contextmanager
def broken_is_said() -> Iterator[None]:
    """Turn what a reader raises on a damaged file into a UserError."""
    try:
        yield
    except UserError:
        raise
    except Unreadable as error:
        raise too_large() from error
    except Exception as error:  # readers meet bytes that nobody foresaw, and raise anything
        raise UserError(_("The workbook is damaged. Open it in Excel, save it anew, then upload it again.")) from error


def is_long(file: Readable) -> bool:
    """Return whether reading the file takes so long that nobody should wait for it; raise UserError as `check_file`."""
    kind, size = check_file(file), file.seek(0, os.SEEK_END)
    if kind == ZIP:
        with zipfile.ZipFile(file) as parts:
            size = sum(part.file_size for part in parts.infolist() if SHEET_PARTS.fullmatch(part.filename))
    file.seek(0)
    return size > LONG_FROM


def check_file(file: Readable) -> bytes:
    """Return how the file begins by its kind: ZIP, OLD_EXCEL, or nothing for text; raise UserError for all others."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    if size > FILE_LIMIT:
        raise too_heavy(FILE_LIMIT)
    file.seek(0)
    start = file.read(4096)
    file.seek(0)
    if start.startswith(OLD_EXCEL):
        if size > OLD_LIMIT:
            raise too_heavy(OLD_LIMIT)
        _check_ole(file.read())
        kind = OLD_EXCEL
    elif start.startswith(ZIP):
        _check_zip(file)
        kind = ZIP
    else:
        _check_text(start, size)
        kind = b""
    file.seek(0)
    return kind


def no_workbook() -> UserError:
    """Return the sentence for: the file is no workbook."""
    return UserError(_("This file is no Excel workbook. Save the table in Excel as .xlsx, then upload that file."))


def too_heavy(limit: int) -> UserError:
    """Return the sentence for: the file is larger than so many bytes."""
    said = _("The file is larger than %(limit)d MB. Take pictures out of it, or split it.")
    return UserError(said % {"limit": limit // MB})


def too_large() -> UserError:
    """Return the sentence for: the file is too large inside."""
    return UserError(_("The workbook is too large inside. Copy the rows into a fresh template, then upload that."))


def has_macros() -> UserError:
    """Return the sentence for: it has macros."""
    return UserError(_("The workbook has macros. Save it as .xlsx, which leaves them out, then upload that file."))


def has_links() -> UserError:
    """Return the sentence for: it takes values from other files."""
    return UserError(
        _("The workbook takes values from other files. Copy them, paste them as values, then upload it again.")
    )


def is_protected() -> UserError:
    """Return the sentence for: it is protected."""
    return UserError(_("The workbook is protected by a password. Save it without one, then upload it again."))


def _check_ole(content: bytes) -> None:
    """Raise UserError for a compound file that is protected, has macros, or is no workbook."""
    has = {name: name.encode("utf-16-le") in content for name in (ENCRYPTED, MACROS, BIFF)}
    if has[ENCRYPTED]:
        raise is_protected()
    if has[MACROS]:
        raise has_macros()
    if not has[BIFF] and "Book".encode("utf-16-le") not in content:
        raise no_workbook()


def _check_zip(file: Readable) -> None:
    """Raise UserError for a zip file that is no plain .xlsx of a sensible size."""
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            _check_parts(parts, {part.filename.lower().replace("\\", "/") for part in listed})
    except UserError:
        raise
    except Exception:  # zipfile raises several kinds of errors on damaged directories
        raise no_workbook() from None


def _check_parts(parts: zipfile.ZipFile, names: set[str]) -> None:
    """Raise UserError unless the parts are those of a plain .xlsx of a sensible size."""
    listed = parts.infolist()
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise no_workbook()
    if any(part.flag_bits & 1 for part in listed):
        raise is_protected()
    if any(name.endswith("vbaproject.bin") for name in names):
        raise has_macros()
    if any(name.startswith("xl/externallinks/") for name in names):
        raise has_links()
    if "xl/workbook.bin" in names:
        raise UserError(_("This is a binary workbook (.xlsb). Save it as .xlsx, then upload that file."))
    trimmings = [part for part in listed if _is_read(part) and not SHEET_PARTS.fullmatch(_plain(part))]
    sizes = sum(part.file_size for part in listed), sum(part.file_size for part in trimmings)
    # A part is never read beyond the size that is listed for it.
    dense = sizes[0] > DENSE_FROM and sizes[0] > DENSE * sum(part.compress_size for part in listed)
    if len(listed) > PARTS_LIMIT or sizes[0] > UNPACKED_LIMIT or dense or sizes[1] > TRIMMINGS_LIMIT:
        raise too_large()
    with broken_is_said():
        _count_tags(parts, trimmings, TAGS_LIMIT)
        _count_tags(parts, [part for part in listed if _plain(part).lower() == "xl/sharedstrings.xml"], TEXTS_LIMIT)


def _count_tags(parts: zipfile.ZipFile, counted: list[zipfile.ZipInfo], limit: int) -> None:
    """Raise UserError if these parts have more tags than that."""
    tags = 0
    for part in counted:
        with parts.open(part) as stream:
            while block := stream.read(BLOCK):
                tags += block.count(b"<")
                if tags > limit:
                    raise too_large()


def _plain(part: zipfile.ZipInfo) -> str:
    return part.filename.replace("\\", "/").lstrip("/")


def _is_read(part: zipfile.ZipInfo) -> bool:
    """Return whether the part is XML that opening the workbook reads; pictures are not."""
    return part.filename.lower().endswith((".xml", ".rels"))


def _check_text(start: bytes, size: int) -> None:
    """Raise UserError unless this may be the start of a CSV."""
    if size > CSV_LIMIT and not NO_TEXT.search(start.decode("latin-1")):
        raise too_heavy(CSV_LIMIT)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"mime-version")):
        raise UserError(
            _("This is a web page that is only named like a workbook. Open it in Excel and save it as .xlsx.")
        )
    if not start.startswith((b"\xff\xfe", b"\xfe\xff")) and NO_TEXT.search(start.decode("latin-1")):
        raise no_workbook()
