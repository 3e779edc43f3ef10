"""Numbers typed by hand: a summary states figures, and a number that is none of them may be wrong tomorrow.

Found are numbers in digits, full-width ones and such with commas too. What merely counts in names is left alone:
years, months and days, school years, articles and numbered points, and digits within a word of Latin letters or within
book-title marks. Offices write numbers in Chinese characters in names and phrases too (三维一体, 七至九年级), and put
names in quotation marks: there they are found only where they state the value of a figure with its unit (听课二十八节).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.figures.figures import Figure

from .numerals import CHINESE_DIGITS, chinese_number
from .tokens import TOKEN

# Full-width digits and marks as half-width ones: the places stay.
HALF = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
NUMBER = re.compile(r"(?<![\w.,{｛])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?%?(?![A-Za-z0-9])", re.ASCII)
# Before these a number is a date, an age, or a place in an order; so it is after 第 and in a document's number.
DATED = re.compile(r"\s*(?:[—–\-~至到]\s*\d+\s*)?(?:学年|年|月|日|号|时|点|届|版|班|周岁|岁)")
PLACED = re.compile(r"(?:第|[—–-])\s*$")
# Names of documents, dates in figures, the numbering of a point.
LEFT_ALONE = re.compile(r"《[^》]*》|〔[^〕]*〕|\d{4}[-./]\d{1,2}(?:[-./]\d{1,2})?|^\s*[（(]?\d+[.．、）)](?!\d)")
QUOTED = re.compile(r"“[^”]*”|「[^」]*」")
# A number in characters, none that counts what is no figure: 第三次, 每两次.
CHARACTERS = re.compile(f"(?<![第每])(?<![{CHINESE_DIGITS}零十百千万两])[{CHINESE_DIGITS}零十百千万两]+")
# How units are written that have several words; 人 is not that of 人次, nor 个 always that of schools.
WRITTEN = {"人": re.compile("人(?!次)|名|位"), "所": re.compile("所|个(?=学校|中小学|中学|小学|幼儿园|教学点)")}


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
    stated = [figure for figure in figures.values() if not figure.words and not figure.empty]
    found = []
    for paragraph, line in enumerate(text.splitlines()):
        # What stands in tokens is none; blanks of the same length keep the places.
        bare = LEFT_ALONE.sub(_blank, TOKEN.sub(_blank, line).translate(HALF))
        quoted = [match.span() for match in QUOTED.finditer(bare)]
        for match in (*NUMBER.finditer(bare), *CHARACTERS.finditer(bare)):
            start, end = match.span()
            before, after = bare[:start], bare[end:].lstrip()
            in_digits = match.re is NUMBER
            if in_digits and (DATED.match(after) or PLACED.search(before)):
                continue
            figure, sure = _meant(match.group(), after, stated)
            if sure or (in_digits and not any(first < start < last for first, last in quoted)):
                found.append(Typed(paragraph, start, end, line[start:end], figure))
    return sorted(found, key=lambda typed: (typed.paragraph, typed.start))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _value(text: str) -> str:
    """Return a typed number as figures are printed, empty for characters that are no number from 2 on (七八, 两三)."""
    if text[0].isdecimal():
        return text.rstrip("%").replace(",", "")
    plain = text.replace("〇", "零").replace("两", "二")
    value = 0
    for part in plain.partition("万")[::2] if "万" in plain else (plain,):
        value = value * 10_000 + _below_ten_thousand(part)
    return str(value) if 1 < value < 10**8 and chinese_number(value) == plain else ""


def _below_ten_thousand(said: str) -> int:
    value = digit = 0
    for character in said:
        if size := {"十": 10, "百": 100, "千": 1000}.get(character):
            value, digit = value + (digit or 1) * size, 0
        elif character != "零":
            digit = CHINESE_DIGITS.find(character)
    return value + max(digit, 0)


def _meant(text: str, after: str, figures: Iterable[Figure]) -> tuple[Figure | None, bool]:
    """Return the figure with this value whose unit follows, and True; otherwise the only one with this value."""
    value = _value(text)
    same = [figure for figure in figures if figure.text == value]
    if text.endswith("%"):
        percent = next((figure for figure in same if figure.unit == "%"), None)
        return percent, percent is not None
    with_unit = [figure for figure in same if _follows(figure.unit, after)]
    if with_unit:
        return with_unit[0], True
    return (same[0] if len(same) == 1 else None), False


def _follows(unit: str, after: str) -> bool:
    """Return whether a unit, or one that says the same, follows a number."""
    if unit in WRITTEN:
        return WRITTEN[unit].match(after) is not None
    return unit not in ("", "%") and after.startswith(unit)
