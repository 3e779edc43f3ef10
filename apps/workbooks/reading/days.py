"""Days and months as people write them; only what can be meant in one way is read."""

import re
from collections.abc import Iterator

# 2008.9, 2008年9月1日, 2008,9: the year first, the signs between as they come.
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[-–—./。、,·年]\s*(?P<month>\d{1,2})(?:\s*[-–—./。、,·月]\s*(?P<day>\d{1,2}))?\s*[日号月.。]?"
    r"(?:[\sT]+[\d:.]+)?"
)
DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
# 9/13/2008 and 13.9.2008: the year last, with the month or the day first.
YEAR_LAST = re.compile(r"(?P<first>\d{1,2})\s*[-/.]\s*(?P<second>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})")
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
NAMED = rf"(?P<name>{'|'.join(MONTHS)})[a-z]*\.?"
# As an English Excel shows days and months: 01-Sep-08, Sep-08, Sep 1, 2008.
ENGLISH = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<day>\d{{1,2}})[-\s/.]*{NAMED}[-\s/.,]*(?P<year>\d{{4}}|\d{{2}})",
        rf"{NAMED}[-\s/.]*(?P<day>\d{{1,2}})\s*,\s*(?P<year>\d{{4}})",
        rf"{NAMED}[-\s/.,']*(?P<year>\d{{4}}|\d{{2}})",
    )
)
# What is written behind a day or a month and says nothing more of when it was.
BEHIND = re.compile(r"\s*([-–—~～至到]*\s*(至今|今|现在|目前)|起|开始|以来|份|左右|初|底|上旬|中旬|下旬)$")
CHINESE = str.maketrans("〇○零一二三四五六七八九", "000123456789")
NUMERAL = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)|[一二三]?十[一二三四五六七八九]?|[〇○零一二三四五六七八九]+")


def parts(text: str, newest: int) -> Iterator[tuple[int, int, int | None]]:
    """Yield year, month and day (None where only the month is told) of each way in which a text can be meant.

    Years of two digits are of this century up to `newest`, else of the last.
    """
    text = _plain(text)
    if found := YEAR_FIRST.fullmatch(text) or DIGITS.fullmatch(text):
        # A day of zeros says that only the month is known.
        yield int(found["year"]), int(found["month"]), int(found["day"] or 0) or None
    elif found := YEAR_LAST.fullmatch(text):
        first, second = int(found["first"]), int(found["second"])
        for month, day in dict.fromkeys(((first, second), (second, first))):
            if 1 <= month <= 12:
                yield int(found["year"]), month, day
    elif match := next((match for form in ENGLISH if (match := form.fullmatch(text))), None):
        day_of = match.groupdict().get("day")
        month = MONTHS.index(match["name"].lower()[:3]) + 1
        yield _century(match["year"], newest), month, int(day_of) if day_of else None


def _plain(text: str) -> str:
    """Return the text with digits in place of Chinese numerals, and without what is written behind."""
    text = text.strip()
    while (shorter := BEHIND.sub("", text)) != text:
        text = shorter
    if "年" in text or "月" in text:
        text = NUMERAL.sub(lambda found: _number(found[0]), text)
    return text


def _number(numeral: str) -> str:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return numeral.translate(CHINESE)
    return str(int(tens.translate(CHINESE) or 1) * 10 + int(ones.translate(CHINESE) or 0))


def _century(year: str, newest: int) -> int:
    if len(year) == 4:
        return int(year)
    return int(year) + (2000 if 2000 + int(year) <= newest else 1900)
