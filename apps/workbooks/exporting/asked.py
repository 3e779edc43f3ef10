"""What somebody asks for: the workbook of a school year, or a list as it is filtered. Both are counted and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.schools.models import Township
from apps.webui.pages import Pages

from .writer import Told, place_name, rows_of, visible_sheets, write_list, write_year


class Asked(Protocol):
    """A workbook that `user` asks for."""

    @property
    def name(self) -> str:
        """Return what the file is called, without its ending."""

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Return field of an export → value: enough to ask for the same again."""

    def total(self) -> int:
        """Return how many rows it has."""

    def write(self, target: IO[bytes], told: Told = lambda rows: None) -> None:
        """Write it into `target`."""


@dataclass(frozen=True)
class YearAsked:
    """The workbook of a school year: of a township, or of the school that `scope` is."""

    scope: Scope
    township: Township
    year: SchoolYear
    user: Actor

    @property
    def name(self) -> str:
        """Return place and year."""
        return _("%(place)s workbook %(year)s") % {"place": place_name(self.scope, self.township), "year": self.year}

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Return place and year."""
        return {"township_id": self.township.pk, "school_id": self.scope.school, "school_year_id": self.year.pk}

    def total(self) -> int:
        """Return how many records fall into the year."""
        period = Period.of_year(self.year)
        return sum(rows_of(sheet, self.scope, period, self.user).count() for sheet in visible_sheets(self.user))

    def write(self, target: IO[bytes], told: Told = lambda rows: None) -> None:
        """Write the workbook."""
        write_year(target, scope=self.scope, township=self.township, year=self.year, user=self.user, told=told)


@dataclass(frozen=True)
class ListAsked:
    """A list as it is filtered: `query` is the filter as its address says it."""

    pages: Pages[Any]
    rows: QuerySet[Any]
    query: str
    user: Actor

    @property
    def name(self) -> str:
        """Return what the records are called."""
        return str(self.pages.meta.verbose_name_plural)

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Return which records, and the filter."""
        return {"listed": self.pages.model.label, "query": self.query}

    def total(self) -> int:
        """Return how many rows the list has."""
        return self.rows.count()

    def write(self, target: IO[bytes], told: Told = lambda rows: None) -> None:
        """Write the list."""
        write_list(target, pages=self.pages, rows=self.rows, scope=self.user.scope, user=self.user, told=told)
