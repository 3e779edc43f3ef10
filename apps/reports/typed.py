"""Numbers typed by hand: a summary states figures, and a number that is none of them may be wrong tomorrow.

Found are numbers in Arabic digits. What merely counts in names is left alone: years, months and days, school years,
articles and numbered points, and digits within a word of Latin letters or within book-title marks or quotation marks.
Offices write numbers in Chinese characters in names and phrases too (三维一体, 七至九年级): these are found only where
they state the value of a figure with its unit (听课二十八节).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.core.figures import Figure

from .outline import CHINESE_DIGITS, chinese_number
from .prose import TOKEN

NUMBER = re.compile(r"(?<![\w.{｛])\d+(?:[.．]\d+)?(?:[%％])?(?![A-Za-z0-9])", re.ASCII)
# Before these a number is a date, an age, or a place in an order; so it is after 第 and in a document's number.
DATED = re.compile(r"\s*(?:[—–\-~至到]\s*\d+\s*)?(?:学年|年|月|日|号|时|点|届|版|班|周岁|岁)")
PLACED = re.compile(r"(?:第|[—–-])\s*$")
# Names of documents and what is quoted, dates in figures, the numbering of a point.
LEFT_ALONE = re.compile(
    r"《[^》]*》|“[^”]*”|「[^」]*」|〔[^〕]*〕|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|^\s*[（(]?\d+[.．、）)](?!\d)"
)
# A number in characters that goes on, or that counts what is no figure: 第三次, 每两次.
NOT_AFTER = f"(?<![{CHINESE_DIGITS}十百千两第每])"
IN_CHARACTERS = range(2, 100)


@dataclass(frozen=True)
class Typed:
    """A number typed by hand: its paragraph (from 0), where it stands there, as it was typed, the figure it may be."""

    paragraph: int
    start: int
    end: int
    text: str
    figure: Figure | None = None

    @property
    def token(self) -> str:
        """Return the token that would keep the number true, empty where no figure has this value."""
        return f"{{{self.figure.label}}}" if self.figure else ""


def typed_numbers(text: str, figures: Mapping[str, Figure]) -> list[Typed]:
    """Return the numbers typed by hand in a text with tokens; `figures` are looked through for what they may be."""
    found = []
    for number, line in enumerate(text.splitlines()):
        # What stands in tokens and quotation marks is none; blanks of the same length keep the places.
        bare = LEFT_ALONE.sub(_blank, TOKEN.sub(_blank, line))
        for match in NUMBER.finditer(bare):
            after, before = bare[match.end() :], bare[: match.start()]
            if DATED.match(after) or PLACED.search(before):
                continue
            found.append(
                Typed(number, match.start(), match.end(), match.group(), _meant(match.group(), after, figures.values()))
            )
        found += _in_characters(number, bare, figures.values())
    return sorted(found, key=lambda typed: (typed.paragraph, typed.start))


def _in_characters(paragraph: int, bare: str, figures: Iterable[Figure]) -> list[Typed]:
    """Return the numbers in Chinese characters that state a figure, the first that fits, with its unit."""
    found: dict[int, Typed] = {}
    for figure in figures:
        if figure.words or figure.unit in ("", "%") or figure.value not in IN_CHARACTERS:
            continue
        words = chinese_number(int(figure.value)) if figure.value != 2 else "[二两]"
        for match in re.finditer(f"{NOT_AFTER}{words}(?={re.escape(figure.unit)})", bare):
            found.setdefault(match.start(), Typed(paragraph, match.start(), match.end(), match.group(), figure))
    return list(found.values())


def _blank(match: re.Match) -> str:
    return " " * len(match.group())


def _meant(text: str, after: str, figures: Iterable[Figure]) -> Figure | None:
    """Return the figure with this value whose unit follows; the only one with this value where no unit agrees."""
    percent = text.endswith(("%", "％"))
    value = text.rstrip("%％").replace("．", ".")
    same = [figure for figure in figures if not figure.words and not figure.empty and figure.text == value]
    if percent:
        return next((figure for figure in same if figure.unit == "%"), None)
    with_unit = [figure for figure in same if figure.unit and after.lstrip().startswith(figure.unit)]
    if with_unit:
        return with_unit[0]
    return same[0] if len(same) == 1 else None
