"""The checklist of a new installation: how far each step is, as the start page shows it until all is done."""

from dataclasses import dataclass
from functools import reduce
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.urls import reverse

from apps.core.actors import Actor
from apps.core.models import SchoolYear, SetAside
from apps.core.rules import keeps_records

from .manifests import FirstStep, first_steps


@dataclass(frozen=True)
class Line:
    """A step of the checklist for somebody: how many records there are, how many to look at again, whether put off."""

    step: FirstStep
    number: int
    doubtful: int
    put_off: bool

    @property
    def state(self) -> str:
        """Return done, check, later or none."""
        if self.doubtful:
            return "check"
        if self.number:
            return "done"
        return "later" if self.put_off else "none"

    @property
    def told(self) -> str:
        """Return what there is, or what the step is for while there is nothing."""
        if not self.number:
            return str(self.step.purpose)
        said = str(self.step.said) % {"number": self.number}
        return f"{said}，{str(self.step.doubt) % {'number': self.doubtful}}" if self.doubtful else said

    @property
    def shown(self) -> str:
        """Return the address of the list of these records."""
        return reverse(self.step.shown)

    @property
    def ways(self) -> list[tuple[Any, str]]:
        """Return label and address of the pages on which the records come in."""
        return [(label, reverse(name)) for label, name in self.step.ways]


def place_of(user: Actor) -> str:
    """Return under what an office's reminders are kept: the office's, not the person's."""
    return f"{user.scope.kind}:{user.scope.pk or 0}"


def steps_of(user: Actor) -> list[FirstStep]:
    """Return the steps that are this user's to take; none for who keeps no records of several schools."""
    return [step for step in first_steps() if user.has_perm(step.permission)] if keeps_records(user) else []


def checklist(user: Actor, year: SchoolYear | None) -> list[Line]:
    """Return the lines for `user`, in two queries however many there are; none once nothing is open any more."""
    steps = steps_of(user)
    if not steps:
        return []
    counted: dict[tuple[str, str], QuerySet[Any]] = {(step.key, "rows"): step.rows(user, year) for step in steps}
    counted |= {(step.key, "doubtful"): step.doubtful(user, year) for step in steps if step.doubtful}
    numbers = _numbers(counted)
    put_off = set(SetAside.objects.filter(place=place_of(user)).values_list("step", flat=True))
    lines = [
        Line(step, numbers.get((step.key, "rows"), 0), numbers.get((step.key, "doubtful"), 0), step.key in put_off)
        for step in steps
    ]
    return lines if any(line.state == "none" for line in lines) else []


def _numbers(counted: dict[tuple[str, str], QuerySet[Any]]) -> dict[tuple[str, str], int]:
    """Return how many rows each of these sets has, of all in one query; those with none are left out."""
    keys = list(counted)
    parts = [
        counted[key].order_by().values(_place=Value(place)).annotate(_number=Count("pk", distinct=True))
        for place, key in enumerate(keys)
    ]
    found = reduce(lambda one, other: one.union(other, all=True), parts)
    return {keys[row["_place"]]: row["_number"] for row in found}


def next_line(lines: list[Line]) -> Line | None:
    """Return the line to go on with: what is to be checked, else the first that is not begun."""
    return next((line for state in ("check", "none") for line in lines if line.state == state), None)
