"""Words that claim all of something: they need a figure that proves them."""

import re
from collections.abc import Iterable, Iterator

from apps.figures.figures import Figure

from .tokens import Segment

UNIVERSAL = re.compile(
    "全部|全体|全覆盖|全面覆盖|一律|逐篇|逐人|逐节|普遍|所有|无一|人人|个个|均(?!衡|分|匀|得)|各(?=年级|学科|校|班|位|名)"
)
ENDS = re.compile("[。！？；]")


def universal_sentences(paragraphs: Iterable[Iterable[Segment]]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield each sentence, or part of one up to a semicolon, that says “all”: its text, the word, its figures' keys."""
    for paragraph in paragraphs:
        text, keys = "", set[str]()
        for piece in (*paragraph, "。"):
            if isinstance(piece, Figure):
                text += piece.text
                keys.add(piece.key)
                continue
            *ended, rest = ENDS.split(piece)
            for end in ended:
                text += end
                if keys and (found := UNIVERSAL.search(text)):
                    yield text, found.group(), keys
                text, keys = "", set()
            text += rest
