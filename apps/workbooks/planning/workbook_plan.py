"""The plan of a whole workbook: what an import would do, and that it is refused."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from apps.workbooks.plan import Change, Part, Place, Problem

from .overview import Overview
from .roster_decisions import Decisions


class Refused(ValidationError):
    """Nothing was written, because the workbook has problems; `plan` lists them."""

    def __init__(self, plan: "Plan") -> None:
        super().__init__([str(problem) for problem in plan.problems])
        self.plan = plan


@dataclass
class Plan:
    """What an import would do: the place, the overview, a part for each sheet, all problems, all changed cells."""

    place: Place
    overview: Overview
    parts: list[Part]
    problems: list[Problem]
    changes: list[Change]
    notes: list[str] = field(default_factory=list)
    # Title of each page whose columns may be mapped by hand, and why, as `layouts` has it.
    layouts: list[tuple[str, str]] = field(default_factory=list)
    # What people can answer for the file: `undated` rows, `schools` that nobody knows, rows that are `alike`.
    questions: dict[str, Any] = field(default_factory=dict)
    # The roster against the stored one, as `roster_comparison` has it, and what people say to it.
    comparison: Any = None
    decisions: Decisions = field(default_factory=lambda: Decisions({}))

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return sheet → how many rows are new, changed, unchanged and wrong."""
        return {part.title: part.counts for part in self.all_parts}

    @property
    def all_parts(self) -> list[Part]:
        """Return the parts, the overview's first where the workbook has one."""
        return [self.overview.part, *self.parts] if self.overview.cells or self.overview.new else self.parts

    @property
    def empty(self) -> bool:
        """Return whether the import would change nothing."""
        moving = self.comparison and self.decisions.changes_anything(self.comparison.rows)
        return not moving and not any(part.new or part.changed for part in self.all_parts)
