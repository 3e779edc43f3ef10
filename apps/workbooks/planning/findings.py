"""What importing a workbook would do, noted in the row of its import: the first ones of very many, and counts."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from django.core.files import File

from apps.core.actors import Actor
from apps.core.models import Record
from apps.core.scope import Scope
from apps.workbooks.models import ImportBatch
from apps.workbooks.plan import KEPT, Answers

from .fingerprint import doubts_of, seen
from .workbook import give_back, plan_import, without_sweeping
from .workbook_plan import Plan
from .writing import try_plan

R = TypeVar("R", bound=Record)
# What a preview finds out.
FOUND = (
    "township", "school_year", "status", "counts", "wrong", "problems", "changes", "added", "doubtful", "doubts",
    "notes", "layouts", "questions", "comparison", "seen", "began", "ended", "progress",
)  # fmt: skip


def look(
    batch: ImportBatch, file: "File[bytes]", by: Actor, told: Callable[[float], None] = lambda share: None
) -> None:
    """Note in the batch what importing the file would do."""
    with without_sweeping():
        plan = plan_import(
            file,
            by=by,
            scope=narrow(batch),
            township=batch.township,
            year=batch.school_year,
            told=told,
            answers=Answers.of(batch.answers),
            decisions=batch.decisions,
        )
        founded = {id(record) for record in plan.overview.new}
        batch.seen = seen(plan)
        keep(batch, plan)
        plan.changes.clear()
        give_back()
        told(1)
        try_plan(plan, by=by)
        keep_problems(batch, plan)
    batch.township = _stored(plan.place.township, founded)
    batch.school_year = _stored(plan.place.year, founded)
    batch.status = ImportBatch.Status.REFUSED if plan.problems else ImportBatch.Status.PREVIEWED
    batch.began = batch.ended = batch.beat = None
    batch.progress = 0


def narrow(batch: ImportBatch) -> Scope | None:
    """Return the scope of the school that a workbook is for, None for that of a whole township."""
    return batch.school.scope if batch.school else None


def _stored(record: R, founded: set[int]) -> R | None:
    """Return the record, None for one that the workbook itself will bring."""
    return None if id(record) in founded else record


def keep(batch: ImportBatch, plan: Plan) -> None:
    """Note in the batch what a plan holds: the first ones of very many, and how many there are in all."""
    batch.counts, batch.notes, batch.layouts = plan.counts, plan.notes, plan.layouts
    batch.questions = plan.questions
    batch.comparison = plan.comparison.rows if plan.comparison and plan.comparison.differs else {}
    batch.changes = [asdict(change) for change in plan.changes[:KEPT]]
    added = [(part.title, part.rows[row.pk], row) for part in plan.parts for row in part.new[:KEPT]]
    batch.added = [{"sheet": title, "cell": f"A{number}", "row": str(row)} for title, number, row in added[:KEPT]]
    batch.doubts, batch.doubtful = first_doubts(plan)
    keep_problems(batch, plan)


def first_doubts(plan: Plan) -> tuple[list[dict[str, Any]], int]:
    """Return the first of very many doubts, and how many there are in all."""
    doubts = doubts_of(plan)
    return doubts[:KEPT], len(doubts)


def keep_problems(batch: ImportBatch, plan: Plan) -> None:
    """Note in the batch what is wrong."""
    batch.problems, batch.wrong = [asdict(problem) for problem in plan.problems[:KEPT]], len(plan.problems)
