"""Cells: what people write in them, read as values of a kind; each refusal says what is wrong and what to do.

The accepted forms of dates, numbers and gaps are those that rosters of schools really have.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils.datetime import from_excel
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from apps.core.names import one_dot, ordinary

from .days import parts

# How offices write that there is nothing.
EMPTY_WORDS = {"", "无", "—", "——", "―", "-", "--", "–", "/", "\\", "、", "暂无", "空", "没有", "N/A", "(无)"}
YES = {"是", "yes", "y", "true", "1", "√", "✓", "✔", "对", "有"}
NO = {"否", "no", "n", "false", "0", "×", "x", "✗", "错", "无", "没有"}
EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
# Excel keeps 15 digits of a number; of the rest it makes zeros.
EXACT_DIGITS = 15
# Full-width digits and letters, and the blanks that hide in pasted text; Chinese punctuation stays as it is.
PLAIN = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
        for code in range(ord(first), ord(last) + 1)
    }
    | {
        "\u00a0": " ",
        "\u3000": " ",
        "\u2007": " ",
        "\u202f": " ",
        "\ufeff": None,
        **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060"),
        "\r": None,
    }
)
# A number as Excel shows what is too long for it, in a CSV or pasted as text.
SHORTENED = re.compile(r"\d(?:\.\d+)?E\+\d{2,3}", re.IGNORECASE)
# The sign by which Excel is told that a text follows, kept by programs that do not know it.
TEXT_FOLLOWS = re.compile(r"^['’‘`](?=[\d=+\-@])")
# A short word or a name with blanks between, to make it as wide as longer ones: 李　新, 合 计, 王 思远.
SPREAD = re.compile(r"[㐀-鿿𠀀-𿿽](?:(?:\s+[㐀-鿿𠀀-𿿽]){1,3}|\s+[㐀-鿿𠀀-𿿽]{2})")
# A number that passed through a program for which it had decimals.
WHOLE = re.compile(r"\d{7,}\.0")
# What people write behind a number whose column says it already.
UNIT = re.compile(r"(?<=\d)\s*(课时|学时|节|分|人|个|次|份|篇|元)$")
# And in place of a day that has not come.
TO_COME = {"至今", "今", "现在", "目前"}
IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
UNKNOWN_END = re.compile(r"\d{17}\*")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_x000D_")


class Wrong(ValueError):
    """A cell that cannot be taken: what is wrong, and what to do about it."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what, self.remedy = what, remedy


class Empty(Wrong):
    """The cell is empty, and must not be."""


class Doubtful(Wrong):
    """A date that may be one of several days."""

    def __init__(self, what: str, remedy: str, days: tuple[date, ...]) -> None:
        super().__init__(what, remedy)
        self.days = days


class Month(date):
    """The first day of a month, where the cell names no day."""


class Unchanged(Exception):
    """The cell holds masked personal data: what is stored stays."""


class Formula:
    """A cell whose formula has no value: the workbook was never calculated, or not saved by a spreadsheet."""


def key(text: str) -> str:
    """Return `text` as it is compared: without blanks, width and case, with one kind of dot and no radicals."""
    return "".join(unicodedata.normalize("NFKC", one_dot(ordinary(text))).translate(PLAIN).split()).casefold()


def tidy(text: str) -> str:
    """Return `text` without what hides in pasted text: full-width letters and digits, odd blanks, controls."""
    plain_text = ordinary(CONTROL.sub("", text.replace("\r\n", "\n")).translate(PLAIN).strip())
    tidied = TEXT_FOLLOWS.sub("", one_dot(plain_text))
    return "".join(tidied.split()) if SPREAD.fullmatch(tidied) else tidied


def plain(raw: Any) -> Any:
    """Return a raw cell with its text tidied; raise Wrong for formulas and Excel's errors."""
    if isinstance(raw, str):
        if raw in EXCEL_ERRORS:
            raise Wrong(_("The cell holds Excel's error %(text)s.") % {"text": raw}, _("Write the value itself."))
        return tidy(raw)
    if isinstance(raw, Formula | ArrayFormula | DataTableFormula):
        raise Wrong(
            _("The cell holds a formula whose result is not in the file."), _("Copy the cell and paste it as a value.")
        )
    return raw


def is_empty(raw: Any) -> bool:
    """Return whether a cell says nothing, in one of the ways in which people do so."""
    return raw is None or (
        isinstance(raw, str) and unicodedata.normalize("NFKC", raw).translate(PLAIN).strip() in EMPTY_WORDS
    )


def text_of(raw: Any) -> str:
    """Return the text of a cell; raise Wrong for what Excel has turned into something else."""
    if isinstance(raw, str):
        if SHORTENED.fullmatch(raw):
            raise _shortened()
        return raw
    if isinstance(raw, bool):
        return "1" if raw else "0"
    if isinstance(raw, datetime | date | time | timedelta):
        raise Wrong(_("Excel has turned this text into a date."), _("Set the column to text, then write it again."))
    if isinstance(raw, float) and not raw.is_integer():
        return repr(raw)
    if abs(raw) >= 10**EXACT_DIGITS:
        raise _shortened()
    return str(int(raw))


def _shortened() -> Wrong:
    return Wrong(
        _("Excel has shortened this number: it keeps %(digits)d digits only.") % {"digits": EXACT_DIGITS},
        _("Set the column to text, then write the number again."),
    )


def personal(raw: Any) -> str:
    """Return personal data as text without blanks; raise Unchanged for a masked value."""
    text = "".join(personal_lines(raw).split())
    if WHOLE.fullmatch(text):
        text = text.removesuffix(".0")
    # A star at the end of 17 digits is somebody's way to write an unknown check character, not a mask.
    if "*" in text and not UNKNOWN_END.fullmatch(text):
        raise Unchanged
    return text


def personal_lines(raw: Any) -> str:
    """Return personal data as it stands in a cell of several lines, or of several words."""
    return unicodedata.normalize("NFKC", text_of(raw)).upper().strip()


def decimal(raw: Any) -> Decimal:
    """Return a number; binary rests of Excel's floats are dropped."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise Wrong(_("Here stands a number."), _("Write digits only."))
    text = format(raw, ".12g") if isinstance(raw, float) else unicodedata.normalize("NFKC", str(raw)).replace(",", "")
    try:
        number = Decimal(UNIT.sub("", text.strip()))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise Wrong(_("“%(text)s” is no number.") % {"text": raw}, _("Write digits only."))
    return number


def integer(raw: Any) -> int:
    """Return a whole number."""
    number = decimal(raw)
    if number != number.to_integral_value():
        raise Wrong(_("%(number)s is no whole number.") % {"number": number}, _("Write a number without decimals."))
    return int(number)


def flag(raw: Any) -> bool:
    """Return yes or no."""
    text = key(text_of(raw))
    if text in YES | NO:
        return text in YES
    raise Wrong(_("“%(text)s” is neither yes nor no.") % {"text": raw}, _("Write 是 or 否."))


def day(raw: Any) -> date:
    """Return a day; a month alone means its first day."""
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise _no_day(raw)
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    if isinstance(raw, float):
        return _day_of_float(raw)
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    if meant := list(parts(text, date.today().year + 1)):
        return _the_one(raw, meant)
    if text.isdecimal() and len(text) == 5:
        return _counted(int(text))  # days since 1900, as Excel counts
    raise _no_day(raw)


def _the_one(raw: Any, meant: list[tuple[int, int, int | None]]) -> date:
    """Return the only day that can be meant; raise Doubtful for one of several."""
    if len(meant) == 1:
        return _day(raw, *meant[0])
    days = tuple(_day(raw, *one) for one in meant)
    raise Doubtful(
        _("“%(text)s” may mean %(days)s.") % {"text": raw, "days": " / ".join(day.isoformat() for day in days)},
        _("Write it as 2025-09-01."),
        days,
    )


def _counted(number: int) -> date:
    moment: datetime = from_excel(number)
    return moment.date()


def _day_of_float(raw: float) -> date:
    """Return the day meant by a number such as 2024.9; raise Wrong where Excel has dropped the zero of 2024.10."""
    if 10000 <= raw < 100000:
        return _counted(int(raw))
    if not 1900 <= raw <= 2100:
        raise _no_day(raw)
    year, month = f"{raw:.6f}".rstrip("0").split(".")
    if month == "1":
        raise Doubtful(
            _("%(number)s may mean January or October: Excel drops the zero.") % {"number": f"{raw:g}"},
            _("Write the date as %(year)s-01 or %(year)s-10.") % {"year": year},
            (date(int(year), 1, 1), date(int(year), 10, 1)),
        )
    if len(month) > 2:
        raise _no_day(raw)
    return _day(raw, int(year), int(month), None)


def _day(raw: Any, year: int, month: int, number: int | None) -> date:
    try:
        found = date(year, month, number) if number else Month(year, month, 1)
    except ValueError:
        raise _no_day(raw) from None
    if not 1900 <= found.year <= 2100:
        raise _no_day(raw)
    return found


def _no_day(raw: Any) -> Wrong:
    return Wrong(_("“%(text)s” is no date.") % {"text": raw}, _("Write it as 2025-09-01."))


def choice(words: Mapping[str, Any], shown: str) -> Callable[[Any], Any]:
    """Return a reader of one of `words` (as `key` writes them → value); `shown` lists what can be chosen."""

    def read(raw: Any) -> Any:
        text = text_of(raw)
        # As it stands, without a remark in brackets, and a kind of lesson by its first syllables (新授, 推门).
        for meant in (key(text), key(IN_BRACKETS.sub("", text)), f"{key(text)}课"):
            if meant in words:
                return words[meant]
        raise Wrong(
            _("“%(text)s” cannot be chosen here.") % {"text": text},
            _("Choose one of: %(words)s.") % {"words": shown},
        )

    return read


READERS: dict[str, Callable[[Any], Any]] = {
    "text": text_of,
    "integer": integer,
    "decimal": decimal,
    "date": day,
    "flag": flag,
    "personal": personal,
    "row": text_of,
}
