"""The rows of a preview, by what becomes of them and by sheet."""

from typing import Any

from django import template
from django.core.paginator import Paginator
from django.template import Context
from django.utils.translation import gettext as _

from apps.core.actors import Actor
from apps.workbooks.forms.answers import AnswerForm
from apps.workbooks.models import ImportBatch
from apps.workbooks.undo.blockers import blockers, left_aside, traces_of

register = template.Library()
SHOWN = 50


@register.simple_tag(takes_context=True)
def preview_rows(context: Context, batch: ImportBatch) -> dict[str, Any]:
    """Return which rows of a preview are asked for, in pages: the wrong ones, cells to check, changed cells, new rows.

    `kinds` are the choices with their numbers; nothing to show gives no kinds. The address says `kind` and `sheet`.
    `columns` is the kind of table that the rows are drawn as.
    """
    query = context["request"].GET
    rows = {"wrong": batch.problems, "doubtful": batch.doubts, "changed": batch.changes, "new": batch.added}
    names = {
        "wrong": _("Errors"),
        "doubtful": _("To check"),
        "changed": _("Changed cells"),
        "new": _("New rows"),
    }
    totals = {"wrong": batch.wrong, "doubtful": batch.doubtful, "changed": 0, "new": batch.total("new")}
    kind = query.get("kind")
    if kind not in rows:
        kind = next((name for name, found in rows.items() if found), "changed")
    sheet = query.get("sheet") if query.get("sheet") in batch.counts else ""
    held = {name: [row for row in found if not sheet or row["sheet"] == sheet] for name, found in rows.items()}
    return {
        "kind": kind,
        "sheet": sheet,
        "columns": "doubtful_written" if kind == "doubtful" and batch.status == batch.Status.COMMITTED else kind,
        "kinds": [(name, names[name], len(held[name])) for name in rows if held[name] or name != "doubtful"]
        if any(rows.values())
        else [],
        "page": Paginator(held[kind], SHOWN).get_page(query.get("page")),
        "cut": totals[kind] > len(rows[kind]),
    }


@register.simple_tag
def busy_sheets(batch: ImportBatch) -> dict[str, Any]:
    """Return the sheets of which rows are new, changed or wrong with their counts, and the names of the others."""
    busy = [{"title": title, **counts} for title, counts in batch.counts.items() if _busy(counts)]
    idle = {title: counts["unchanged"] for title, counts in batch.counts.items() if not _busy(counts)}
    return {"busy": busy, "idle": "、".join(idle), "unchanged": sum(idle.values())}


def _busy(counts: dict[str, int]) -> bool:
    return bool(counts["new"] or counts["changed"] or counts["wrong"])


@register.simple_tag
def undoing(batch: ImportBatch, user: Actor) -> dict[str, Any]:
    """Return what becomes of the records of an import that is taken back, what forbids that, and what stays aside."""
    traces = traces_of(batch)
    return {
        "written": batch.written.all(),
        "blockers": blockers(batch, traces, user),
        "gone": left_aside(traces),
    }


@register.simple_tag
def answer_form(batch: ImportBatch) -> AnswerForm:
    """Return the form that asks what the file leaves open."""
    return AnswerForm(questions=batch.questions, answers=batch.answers)


@register.filter
def may_bring(user: Actor) -> bool:
    """Return whether the user may bring workbooks."""
    return user.has_perm("workbooks.add_importbatch")
