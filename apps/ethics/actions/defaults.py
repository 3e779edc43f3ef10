"""What an office may take over instead of making its own ethics cycle, and how a cycle goes into the next year."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from apps.core.actors import Actor, demand_somebody
from apps.core.models import SchoolYear
from apps.ethics.models import AssessmentCycle
from apps.schools.models import Township

from .cycles import open_next_cycle, save_cycle

# Weights and cut-offs are the model's defaults; assessed once a school year, in June.
CYCLE_SOURCE = "通用规则，依师德考核常见做法（学生20%、家长20%、学校60%），请与本地文件核对"


@transaction.atomic
def take_default_cycle(*, year: SchoolYear, by: Actor) -> int:
    """Open the default cycle of the year in each township of `by` that has none, and return how many were opened.

    Raises PermissionDenied unless `by` may add cycles.
    """
    demand_somebody(by)
    without = Township.objects.visible_to(by).exclude(cycles__school_year=year)
    for township in without:
        last = year.start_year + 1
        cycle = AssessmentCycle(
            township=township,
            school_year=year,
            opens_on=date(last, 6, 1),
            closes_on=date(last, 6, 30),
            document=CYCLE_SOURCE,
        )
        save_cycle(record=cycle, by=by)
    return len(without)


@transaction.atomic
def carry_cycles(*, rows: Sequence[AssessmentCycle], following: SchoolYear, by: Actor) -> int:
    """Open the cycles of the following school year that come after `rows`, and return how many."""
    demand_somebody(by)
    for cycle in rows:
        open_next_cycle(cycle=cycle, school_year=following, by=by)
    return len(rows)
