"""Who is behind: the tasks of a year added up, a line a school and a line a teacher, and a text that says so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import Term

from .manifests import tasks
from .pages import REGISTRY
from .tasks import Part, Survey, Task

# Who does less than this share of what an even pace would have brought by today is behind, not only slow.
BEHIND = 0.6
# State of a cell → its word, and how it looks.
STATES: dict[str, tuple[Label, str]] = {
    "none": (gettext_lazy("not asked for"), "none"),
    "done": (gettext_lazy("all done"), "done"),
    "even": (gettext_lazy("on schedule"), "done"),
    "slow": (gettext_lazy("a little slow"), "wait"),
    "behind": (gettext_lazy("behind"), "late"),
    "late": (gettext_lazy("overdue"), "late"),
}


def overseen_tasks(user: Actor) -> list[Task]:
    """Return the tasks whose progress `user` sees: those of a school or more; teachers and researchers none."""
    if user.served_townships is not None or user.scope.kind in {"teacher", "researcher", "nothing"}:
        return []
    return [task for task in tasks() if user.has_perm(task.permission)]


@dataclass
class Cell:
    """What is done of what is asked in one task, by a school, a teacher or all, and where it is listed."""

    task: Task
    done: int = 0
    asked: int = 0
    missing: int = 0
    late: int = 0
    expected: float = 0.0
    url: str = ""
    missing_url: str = ""

    def add(self, part: "Part | Cell") -> None:
        """Count a part in, or what another cell holds."""
        self.done += part.done
        self.asked += part.asked
        self.missing += part.missing
        self.late += part.late
        self.expected += part.expected

    @property
    def percent(self) -> int:
        """Return how many per cent of what is asked is done, rounded down: 100 is all."""
        return 100 * (self.asked - self.missing) // self.asked if self.asked else 100

    @property
    def state(self) -> str:
        """Return the key of the state, in `STATES`."""
        if not self.asked:
            return "none"
        if not self.missing:
            return "done"
        if self.late:
            return "late"
        pace = (self.asked - self.missing) / self.expected if self.expected else 1.0
        return "even" if pace >= 1 else "slow" if pace >= BEHIND else "behind"

    @property
    def word(self) -> Label:
        """Return the state in a word."""
        return STATES[self.state][0]

    @property
    def look(self) -> str:
        """Return how the state looks."""
        return STATES[self.state][1]

    @property
    def text(self) -> str:
        """Return what is missing, in words to copy; of what is done only what counts, so that the numbers add up."""
        said = _("%(task)s %(done)d/%(asked)d %(unit)s, %(missing)d lacking")
        if self.late:
            said = _("%(task)s %(done)d/%(asked)d %(unit)s, %(missing)d lacking (overdue)")
        numbers = {"done": self.asked - self.missing, "asked": self.asked, "missing": self.missing}
        return said % {"task": self.task.label, "unit": self.task.unit, **numbers}


@dataclass
class Line:
    """A line of the table: whose it is, where that is shown, and its cells in the order of the tasks."""

    pk: int
    name: str
    url: str
    cells: list[Cell] = field(default_factory=list)
    text: str = ""

    @property
    def late(self) -> int:
        """Return the number of overdue tasks."""
        return sum(1 for cell in self.cells if cell.late)

    @property
    def asked(self) -> bool:
        """Return whether anything is asked for."""
        return any(cell.asked for cell in self.cells)

    @property
    def missing(self) -> list[Cell]:
        """Return the cells in which something is missing."""
        return [cell for cell in self.cells if cell.missing]

    @property
    def share(self) -> float:
        """Return how much of all tasks is done, each weighing the same; 100 where nothing is asked for."""
        known = [cell.percent for cell in self.cells if cell.asked]
        return sum(known) / len(known) if known else 100.0


class Board:
    """All tasks of a survey, counted once: lines of schools, and of the teachers of a school."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.tasks = overseen_tasks(survey.user)
        self._schools: dict[tuple[int, str], Cell] = {}
        self._people: dict[tuple[int, int, str], Cell] = {}
        for task in self.tasks:
            for part in task.count(survey):
                self._schools.setdefault((part.school, task.key), Cell(task)).add(part)
                if part.teacher is not None and task.of_people:
                    self._people.setdefault((part.school, part.teacher, task.key), Cell(task)).add(part)

    @property
    def tasks_of_people(self) -> list[Task]:
        """Return the tasks that are asked of teachers, or done teacher by teacher."""
        return [task for task in self.tasks if task.of_people]

    def schools(self) -> list[Line]:
        """Return a line a school in the order of their codes; closed ones only where something was asked; one query."""
        found = []
        for school in REGISTRY["schools.school"].rows(self.survey.user):
            there = reverse("progress_school", args=[school.pk])
            cells = [self._schools.get((school.pk, task.key)) or Cell(task) for task in self.tasks]
            line = Line(school.pk, str(school), there, [self._linked(cell, school.pk, there) for cell in cells])
            line.text = self._text(line)
            if line.asked or not (school.closed_on and school.closed_on < self.survey.year.starts_on):
                found.append(line)
        return found

    def people(self, school: models.Model) -> list[Line]:
        """Return a line a teacher of whom something is asked at the school, by number; one query."""
        pk: int = school.pk
        there = {teacher for place, teacher, _key in self._people if place == pk}
        pages = REGISTRY["teachers.teacher"]
        rows = pages.model.objects.visible_to(self.survey.user).filter(pk__in=there).order_by("no", "pk")
        found = []
        for person in rows:
            cells = [self._people.get((pk, person.pk, task.key)) or Cell(task) for task in self.tasks_of_people]
            cells = [self._linked(cell, pk, "", person.pk) for cell in cells]
            found.append(Line(person.pk, str(person), person.get_absolute_url(), cells))
        return found

    def total(self, lines: Iterable[Line]) -> Line:
        """Return the line that adds up others."""
        found = Line(0, _("Total"), "", [Cell(task) for task in self.tasks])
        for line in lines:
            for cell, part in zip(found.cells, line.cells, strict=True):
                cell.add(part)
        return found

    def late(self) -> int:
        """Return the number of overdue tasks of all schools."""
        return sum(1 for cell in self._schools.values() if cell.late)

    def _linked(self, cell: Cell, school: int, elsewhere: str, teacher: int | None = None) -> Cell:
        if cell.asked:
            cell.url = cell.task.address(self.survey, school, teacher)
            missing = cell.task.missing
            cell.missing_url = missing(self.survey, school, teacher) if missing else elsewhere
        return cell

    def _text(self, line: Line) -> str:
        day = date_format(self.survey.last_day, "MONTH_DAY_FORMAT")
        said = "；".join(cell.text for cell in line.missing)
        if not said:
            return _("%(school)s: nothing is lacking. As of %(day)s.") % {"school": line.name, "day": day}
        return _("%(school)s: %(tasks)s. As of %(day)s.") % {"school": line.name, "tasks": said, "day": day}


def text_for_all(lines: Iterable[Line]) -> str:
    """Return what every school lacks, a paragraph a school."""
    return "\n".join(line.text for line in lines if line.missing)


def ordered(lines: list[Line], sort: str) -> list[Line]:
    """Return the lines sorted by a task's key, `name` or `late`, `-` for falling; without one the latest first."""
    key = sort.lstrip("-")
    known: dict[str, Callable[[Line], Any]] = {"name": lambda line: 0, "late": lambda line: line.late}
    for place, cell in enumerate(lines[0].cells if lines else ()):
        known[cell.task.key] = lambda line, place=place: _rank(line.cells[place])  # type: ignore[misc]
    if key not in known:
        return sorted(lines, key=lambda line: (-line.late, line.share))
    if key == "name":
        return lines[::-1] if sort.startswith("-") else lines
    return sorted(lines, key=known[key], reverse=sort.startswith("-"))


def _rank(cell: Cell) -> float:
    """Return the share that is done, more than all where nothing is asked for."""
    return (cell.asked - cell.missing) / cell.asked if cell.asked else 2.0


def summed_up(board: Board, lines: list[Line], total: Line) -> str:
    """Return in a line how things stand: schools, those with something overdue, what is missing of each task."""
    late = sum(1 for line in lines if line.late)
    said = [
        ngettext("%(number)d school", "%(number)d schools", len(lines)) % {"number": len(lines)},
        _("%(number)d with something overdue") % {"number": late},
        *(
            _("%(task)s: %(missing)d %(unit)s lacking")
            % {"task": cell.task.label, "missing": cell.missing, "unit": cell.task.unit}
            for cell in total.missing
        ),
    ]
    return "，".join(said)


def words_of_day(today: date) -> str:
    """Return the term and the week of a day, or the day alone between terms; one query."""
    term = Term.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("school_year").first()
    day = date_format(today, "DATE_FORMAT")
    if not term:
        return day
    week = (today - term.starts_on + timedelta(days=term.starts_on.weekday())).days // 7 + 1
    return _("%(day)s, %(term)s, week %(week)d") % {"day": day, "term": term, "week": week}
