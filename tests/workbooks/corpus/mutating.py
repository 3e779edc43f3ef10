"""Damages workbooks in ways in which files are damaged, and in ways in which somebody would damage them on purpose."""

import io
import random
import zipfile

from tests.workbooks.corpus.cases import HEAD, ROW, SECOND
from tests.workbooks.corpus.writing import as_excel, text, xls, xlsx

# What an XML part may hold that no writer of workbooks writes.
SNIPPETS = [
    b'<c r="ZZZZ99999999"><v>1</v></c>', b'<row r="1048577"/>', b'<row r="-1"/>', b'<c r="A1" t="s"><v>999999</v></c>',
    b'<c r="B2" t="b"><v>x</v></c>', b'<c r="B2" t="d"><v>2024-13-45</v></c>', b'<c r="B2" s="9999"><v>1</v></c>',
    b'<c r="B2"><v>1e400</v></c>', b'<c r="B2"><v>-99999999999999999999</v></c>', b"<f>1/0</f>", b"<c><f>A1</f></c>",
    b'<c r="E2" s="1"><v>9999999999</v></c>', b"&lt;", b"&undefined;", b"<!-- -->", b"<![CDATA[<f>]]>", b"</sheetData>",
    b'<mergeCell ref="A1:XFD1048576"/>', b'<mergeCell ref="B1:A9"/>', b'<dimension ref="XFD9:A1"/>', b"<sheetData>",
    b"\xff\xfe", b'<c r="B2" t="inlineStr"><is><t>x</t></is></c>', b'<c r="B2" t="e"><v>#REF!</v></c>',
    b'<c r="A1" t="zz"><v>1</v></c>',
    b'<row r="3" hidden="1"><c r="A3"/></row>', b'<definedName name="x">#REF!</definedName>', b"\x00", b"]]>", b"",
]  # fmt: skip


def bases() -> dict[str, bytes]:
    """Return small workbooks of each kind."""
    rows = [["慕仪镇教师花名册"], HEAD, ROW, SECOND, ["合计", 2]]
    return {
        "教师.xlsx": as_excel(xlsx(rows, shape=lambda page, _book: page.merge_cells("A1:G1"))),
        "教师.xls": xls(rows, shape=lambda page, _book: page.merge(0, 0, 0, 6)),
        "教师.csv": text(rows, "gb18030"),
    }


def mutated(rng: random.Random, content: bytes) -> bytes:
    """Return the file with one or several damages."""
    ways = [flipped, cut, overwritten]
    if zipfile.is_zipfile(io.BytesIO(content)):
        ways = [flipped, cut, overwritten, operated, operated, operated]
    for _round in range(rng.choice([1, 1, 2, 4])):
        content = rng.choice(ways)(rng, content)
    return content


def flipped(rng: random.Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _flip in range(rng.choice([1, 1, 3, 20])):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def overwritten(rng: random.Random, content: bytes) -> bytes:
    at, length = rng.randrange(len(content) + 1), rng.randrange(1, 40)
    return content[:at] + rng.randbytes(length) + content[at + length :]


def operated(rng: random.Random, content: bytes) -> bytes:
    """Return the workbook with one of its parts gone, called otherwise, put in place of another, or damaged inside."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            held = {part.filename: parts.read(part) for part in parts.infolist()}
    except Exception:  # damaged already
        return content
    if not held:
        return content
    name, other = rng.choice(sorted(held)), rng.choice(sorted(held))
    match rng.randrange(6):
        case 0:
            del held[name]
        case 1:
            held[name + "x"] = held.pop(name)
        case 2:
            held[name], held[other] = held[other], held[name]
        case 3:
            held[name] = rng.choice([flipped, cut, overwritten])(rng, held[name])
        case _:
            held[name] = inserted(rng, held[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part, data in held.items():
            new.writestr(part, data)
    return out.getvalue()


def inserted(rng: random.Random, xml: bytes) -> bytes:
    """Return XML with a snippet put between two tags, or a number in it made another."""
    places = [place for place in range(len(xml)) if xml[place : place + 1] == b"<"] or [0]
    at = rng.choice(places)
    if rng.random() < 0.3:
        digits = [place for place in range(len(xml)) if xml[place : place + 1].isdigit()] or [0]
        at = rng.choice(digits)
        return xml[:at] + rng.choice([b"99999999999", b"-1", b"x", b"0"]) + xml[at + 1 :]
    return xml[:at] + rng.choice(SNIPPETS) + xml[at:]
