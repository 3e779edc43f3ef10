"""Resident ID numbers (GB 11643-1999): 17 digits and a check character."""

from datetime import date
from functools import lru_cache
from operator import mul

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(digits: str) -> str:
    """Return the check character of the first 17 digits."""
    return "10X98765432"[sum(map(mul, map(int, digits), WEIGHTS)) % 11]


def birth_date(number: str) -> date:
    """Return the birth date in an ID number; raise ValueError if it is no day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_male(number: str) -> bool:
    """Return whether the number is a man's: digit 17 is odd."""
    return int(number[16]) % 2 == 1


@lru_cache(maxsize=1)  # an import reads a number, then checks the record that has it
def validate_id_number(number: str) -> None:
    """Raise ValidationError unless `number` has 18 characters, a real past birth date and the right check character."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        raise ValidationError(_("An ID number has 18 characters: 17 digits, then a digit or X."))
    try:
        born = birth_date(number)
    except ValueError:
        raise ValidationError(_("The birth date in the ID number is no day.")) from None
    if not date(1900, 1, 1) <= born <= date.today():
        raise ValidationError(_("The birth date in the ID number is not possible."))
    if number[17] != check_character(number[:17]):
        raise ValidationError(_("The last character of the ID number does not fit: please check for a typing error."))


def of_18_characters(number: str) -> tuple[str, str]:
    """Return an ID number of the first generation (15 digits) as 18 characters, with the doubt that remains.

    All other texts come back without blanks and line breaks, with no doubt.
    """
    number = "".join(number.split())
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return number, ""
    digits = f"{number[:6]}19{number[6:]}"
    doubt = _("An ID number of 15 digits was made one of 18: to be checked against the identity card.")
    return digits + check_character(digits), str(doubt)


def mask(text: str) -> str:
    """Return `text` with all but its first and last four characters hidden, all of a short one."""
    return text[:4] + "*" * (len(text) - 8) + text[-4:] if len(text) > 8 else "*" * len(text)
