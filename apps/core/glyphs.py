"""Which characters can be printed: what the fonts of this machine hold, as fontconfig knows it.

Only what is unusual is looked up, each character once: text of the common characters costs one regular expression.
"""

import ctypes
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from unicodedata import category

# What every Chinese font holds, and what is not drawn at all (joiners, marks of direction, variation selectors).
UNUSUAL = re.compile(
    "[^\t\n\r -~\u00a0-\u00ff\u2010-\u2027\u2030-\u203b\u3000-\u303f\u3105-\u312f\u4e00-\u9fa5\uff01-\uff5e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
# What stands in print for a character that no font has: printers call it geta.
MARK = "〓"
# A weight, as fontconfig counts them.
REGULAR = 80


@dataclass(frozen=True)
class Face:
    """A face of a font: the names of its family, its file and place in it, its weight, its set of characters."""

    families: frozenset[str]
    file: str
    index: int
    weight: int
    characters: int


class _Set(ctypes.Structure):
    _fields_ = (("number", ctypes.c_int), ("room", ctypes.c_int), ("patterns", ctypes.POINTER(ctypes.c_void_p)))


@cache
def _library() -> Any:
    library = ctypes.CDLL("libfontconfig.so.1")
    library.FcPatternCreate.restype = library.FcObjectSetCreate.restype = ctypes.c_void_p
    library.FcObjectSetAdd.argtypes = (ctypes.c_void_p, ctypes.c_char_p)
    library.FcFontList.restype = ctypes.POINTER(_Set)
    library.FcFontList.argtypes = (ctypes.c_void_p,) * 3
    for name in ("FcPatternGetString", "FcPatternGetCharSet", "FcPatternGetInteger", "FcPatternGetBool"):
        getattr(library, name).argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
    library.FcCharSetHasChar.argtypes = (ctypes.c_void_p, ctypes.c_uint32)
    return library


@cache
def faces() -> tuple[Face, ...]:
    """Return all faces that can be printed with; those of coloured pictures cannot."""
    library = _library()
    wanted = library.FcObjectSetCreate()
    for name in (b"family", b"file", b"index", b"weight", b"color", b"charset"):
        library.FcObjectSetAdd(wanted, name)
    # Kept for good: the characters of each face stay in it.
    found = library.FcFontList(None, library.FcPatternCreate(), wanted).contents
    read = [_face(library, found.patterns[number]) for number in range(found.number)]
    return tuple(
        sorted((face for face in read if face), key=lambda face: (abs(face.weight - REGULAR), face.file, face.index))
    )


def _face(library: Any, pattern: int) -> Face | None:
    text, number, characters = ctypes.c_char_p(), ctypes.c_int(), ctypes.c_void_p()

    def whole(name: bytes) -> int:
        return number.value if library.FcPatternGetInteger(pattern, name, 0, ctypes.byref(number)) == 0 else 0

    families = []
    while library.FcPatternGetString(pattern, b"family", len(families), ctypes.byref(text)) == 0:
        families.append(text.value.decode(errors="replace"))
    coloured = library.FcPatternGetBool(pattern, b"color", 0, ctypes.byref(number)) == 0 and number.value
    without = library.FcPatternGetCharSet(pattern, b"charset", 0, ctypes.byref(characters)) != 0
    if coloured or without or library.FcPatternGetString(pattern, b"file", 0, ctypes.byref(text)) != 0:
        return None
    # Above the place in the file stands the number of a variable font's instance.
    index = whole(b"index") & 0xFFFF
    return Face(frozenset(families), text.value.decode(), index, whole(b"weight"), characters.value)


@lru_cache(4096)
def face_with(character: str) -> Face | None:
    """Return a face that holds a character, None if no font here does, or if it means nothing (private use)."""
    if category(character) == "Co":
        return None
    has, number = _library().FcCharSetHasChar, ord(character)
    return next((face for face in faces() if has(face.characters, number)), None)


@cache
def face_of(family: str) -> Face | None:
    """Return the regular face of a family, None if it is not installed."""
    found = [face for face in faces() if family in face.families]
    return min(found, key=lambda face: abs(face.weight - REGULAR), default=None)


def missing(text: str) -> list[str]:
    """Return the characters of a text that no font here holds, each once, in their order."""
    return [character for character in dict.fromkeys(UNUSUAL.findall(text)) if face_with(character) is None]


def printable(text: str) -> str:
    """Return a text with a visible mark for each character that no font here holds."""
    return UNUSUAL.sub(lambda found: found[0] if face_with(found[0]) else MARK, text)
