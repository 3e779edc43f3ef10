"""Tasks: what schools and teachers are asked to do in a school year, and how far they are with it.

Each app declares its own in its manifest. A task counts parts; a part says of a school, and of a teacher where the task
is people's, what is done of what is asked for.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import SchoolYear, Term
from apps.core.periods import Period


@dataclass
class Survey:
    """Who looks at which school year on which day; `kept` holds what several tasks read."""

    user: Actor
    year: SchoolYear
    today: date = field(default_factory=lambda: timezone.localdate())
    kept: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def period(self) -> Period:
        """Return the period of the year."""
        return Period.of_year(self.year)

    @cached_property
    def terms(self) -> list[Term]:
        """Return the year's terms that have begun, in their order; one query."""
        return list(self.year.terms.filter(starts_on__lte=self.today).order_by("starts_on"))

    @property
    def last_day(self) -> date:
        """Return the last day on which it stands so: today, in a year that is over its last day."""
        return min(self.today, self.year.ends_on)

    def elapsed(self, first: date, last: date) -> float:
        """Return how much of a span of days is over today, from 0 to 1."""
        return min(max(((self.today - first).days + 1) / ((last - first).days + 1), 0.0), 1.0)


@dataclass(frozen=True)
class Part:
    """What is done of what is asked of a school, and of a teacher there.

    `missing` is what is asked and not done: more of one thing does not make up for less of another. `late` is how much
    of that should have been done by now, `expected` how much should be done today at an even pace.
    """

    school: int
    done: int
    asked: int
    missing: int
    late: int
    expected: float
    teacher: int | None = None


@dataclass(frozen=True)
class Task:
    """Something asked for: how it is called, in which unit it is counted, and its place among the others.

    `heads` says over its numbers what is counted of what. `count` returns the parts that a survey's user may see, by
    few queries. `address` is the list of what is done at a school, or by a teacher there; `missing` that of what is
    not, where records stand for it.
    """

    key: str
    label: Label
    heads: Label
    unit: Label
    rank: int
    permission: str
    count: Callable[[Survey], Iterable[Part]]
    address: Callable[[Survey, int, int | None], str]
    missing: Callable[[Survey, int, int | None], str] | None = None
    of_people: bool = True
