"""Period: a school year, a term or a calendar year, by a short code that also stands in addresses."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from .models import SchoolYear, Term

CODE = re.compile(r"(?P<calendar>c)?(?P<year>\d{4})(-(?P<term>[12]))?")


@dataclass(frozen=True)
class Period:
    """A span of days under a code: `2025` a school year, `2025-1` its first term, `c2025` a calendar year."""

    code: str
    starts_on: date
    ends_on: date
    label: str

    @property
    def is_term(self) -> bool:
        """Return whether this is a term, not a year."""
        return "-" in self.code

    @classmethod
    def of_year(cls, year: SchoolYear) -> "Period":
        """Return the period of a school year."""
        return cls(str(year.start_year), year.starts_on, year.ends_on, str(year))

    @classmethod
    def of_term(cls, term: Term) -> "Period":
        """Return the period of a term."""
        return cls(f"{term.school_year.start_year}-{term.number}", term.starts_on, term.ends_on, str(term))

    @classmethod
    def of_calendar_year(cls, year: int) -> "Period":
        """Return the period of a calendar year."""
        return cls(f"c{year}", date(year, 1, 1), date(year, 12, 31), _("calendar year %(year)d") % {"year": year})

    @classmethod
    def from_code(cls, code: str) -> "Period":
        """Return the period under `code`; raise ValueError if there is none."""
        found = CODE.fullmatch(code or "")
        if not found or (found["calendar"] and found["term"]):
            raise ValueError(_("“%(code)s” is no period: write 2025, 2025-1 or c2025.") % {"code": code})
        year = int(found["year"])
        if found["calendar"]:
            return cls.of_calendar_year(year)
        if found["term"]:
            term = (
                Term.objects.filter(school_year__start_year=year, number=found["term"])
                .select_related("school_year")
                .first()
            )
            if term:
                return cls.of_term(term)
        elif school_year := SchoolYear.objects.filter(start_year=year).first():
            return cls.of_year(school_year)
        raise ValueError(_("There is no school year or term “%(code)s”.") % {"code": code})
