"""Which characters can be printed: what the fonts of this machine hold, as fontconfig knows it.

Only what is unusual is looked up, each character once: text of the common characters costs one regular expression.
"""

import re
import subprocess
from functools import lru_cache
from unicodedata import category

# What every Chinese font holds, and what is not drawn at all (joiners, marks of direction, variation selectors).
UNUSUAL = re.compile(
    "[^\t\n\r -~\u00a0-\u00ff\u2010-\u2027\u2030-\u203b\u3000-\u303f\u3105-\u312f\u4e00-\u9fa5\uff01-\uff5e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
# What is no text at all, and what no Word file can hold: control characters, halves of pairs, U+FFFE and U+FFFF.
NO_TEXT = re.compile("[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What stands in print for a character that no font has: printers call it geta.
MARK = "〓"


@lru_cache(4096)
def _listed(pattern: str) -> bool:
    """Return whether fontconfig lists a font of this pattern."""
    done = subprocess.run(["fc-list", pattern, "file"], capture_output=True, text=True, check=True, timeout=60)
    return bool(done.stdout.strip())


def installed(family: str) -> bool:
    """Return whether this machine has a family of fonts."""
    return _listed(family)


def held(character: str) -> bool:
    """Return whether a font here holds a character; one of coloured pictures, or of private use, says nothing."""
    return category(character) != "Co" and _listed(f":color=false:charset={ord(character):x}")


def readable(text: str) -> str:
    """Return a text without the characters that are no text: they come along when one copies from a PDF or a chat."""
    return NO_TEXT.sub("", text)


def missing(text: str) -> list[str]:
    """Return the characters of a text that no font here holds, each once, in their order."""
    return [character for character in dict.fromkeys(UNUSUAL.findall(text)) if not held(character)]


def printable(text: str) -> str:
    """Return a text with a visible mark for each character that no font here holds."""
    return UNUSUAL.sub(lambda found: found[0] if held(found[0]) else MARK, text)
