"""Figures compared: with the year before, over the years, town by town."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from apps.core.access import Request, may_open, requires
from apps.core.actors import Actor
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.charts import bar_chart
from apps.figures.figures import Cell, Chapter, Chart, Figure, Table, Tally
from apps.reports.composing.comparison import Compared, compared, every_figure, number, school_years, whole
from apps.reports.composing.document import LANGUAGE, all_chapters
from apps.reports.models import AnnualSummary
from apps.reports.printing.files import TYPES
from apps.reports.printing.xlsx import table_xlsx
from apps.schools.models import School, Township
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY

from .rows import summary_or_404

VIEW = "reports.view_annualsummary"


@requires(VIEW)
@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """Show each figure of a summary beside that of the period before."""
    summary = summary_or_404(request, pk)
    lines = compared(summary)
    asked, only = request.GET.get("q", "").strip(), request.GET.get("changed") == "1"
    lines = [line for line in lines if asked in line.figure.label and (line.changed or not only)]
    chapters: dict[str, list[tuple[Compared, bool, bool]]] = {}
    for line in lines:
        now, then = (f is not None and may_open(request.user, f.source) for f in (line.figure, line.before))
        chapters.setdefault(line.chapter, []).append((line, now, then))
    running = timezone.localdate() <= summary.ends_on
    context = {"record": summary, "chapters": chapters, "asked": asked, "only": only, "running": running}
    return render(request, "reports/compare.html", context)


def _chapter(request: Request) -> Chapter:
    """Return the chapter that the address names, the first one that has figures without one; raise 404 for another."""
    stating = [chapter for chapter in all_chapters() if chapter.tallies]
    asked = request.GET.get("chapter", stating[0].key)
    found = next((chapter for chapter in stating if chapter.key == asked), None)
    if found is None:
        raise Http404
    return found


def _cell(figure: Figure, user: Actor) -> Cell:
    return Cell(whole(figure.value), figure.source if may_open(user, figure.source) else "")


def _charted(request: Request, keys: list[str]) -> str:
    """Return the key of the figure whose chart is asked for."""
    asked = request.GET.get("chart", "")
    return asked if asked in keys else ""


def _shown(request: Request, template: str, table: Table, keys: list[str], context: dict[str, Any]) -> HttpResponse:
    """Show a table of figures, a chart of the chosen one (its row of numbers), or send the table as a workbook."""
    if request.GET.get("format") == "xlsx":
        headers = {"Content-Disposition": content_disposition_header(True, f"{table.title}.xlsx")}
        return HttpResponse(table_xlsx(table), content_type=TYPES["xlsx"], headers=headers)
    key = _charted(request, keys)
    chart = None
    if key:
        row = table.rows[keys.index(key)]
        bars = [(str(h), c.value, c.source) for h, c in zip(table.heads[2:], row[2:], strict=True) if h != _("total")]
        if not any(isinstance(value, str) for _head, value, _source in bars):
            chart = Chart(key, str(row[0].value), str(row[1].value), tuple(bars))
    stating = [(chapter.key, chapter.title) for chapter in all_chapters() if chapter.tallies]
    context |= {
        "table": table,
        "rows": [
            (key, row[0].value, row[1].value, list(zip(table.heads[2:], row[2:], strict=True)))
            for key, row in zip(keys, table.rows, strict=True)
        ],
        "chapters": stating,
        "chart": chart,
        "drawing": bar_chart(chart) if chart else "",
    }
    return render(request, template, context)


def _finalised(scope: Scope, periods: list[Period]) -> list[str]:
    """Return the labels of the periods for which the summary of a township or a school is finalised."""
    if scope.kind not in ("township", "school"):
        return []
    rows = AnnualSummary.objects.filter(
        township=scope.township, school=scope.school if scope.kind == "school" else None, teacher=None,
        status=AnnualSummary.Status.FINALISED,
    )  # fmt: skip
    codes = set(rows.values_list("period_code", flat=True))
    return [period.label for period in periods if period.code in codes]


@requires(VIEW)
@require_safe
def indicators(request: Request) -> HttpResponse:
    """Show the figures of a chapter over the school years, for the user's own place or a school of it."""
    user, chapter = request.user, _chapter(request)
    schools = list(School.objects.visible_to(user).select_related("township"))
    asked = request.GET.get("school", "")
    school = next((row for row in schools if str(row.pk) == asked), None)
    if asked and school is None:
        raise Http404
    scope = school.scope if school else user.scope
    years = school_years()
    with translation.override(LANGUAGE):
        found = every_figure([(scope, year) for year in years], [chapter.key])
        keys = [tally.key for tally in chapter.tallies]
        rows = tuple(
            (
                Cell(str(tally.label)),
                Cell(next((str(f[tally.key].unit) for f in found), "")),
                *(_cell(f[tally.key], user) for f in found),
            )
            for tally in chapter.tallies
        )
        heads = (_("Figure"), _("unit"), *(year.label for year in years))
        title = _("Figures over the years")
    context = {
        "chapter": chapter,
        "schools": schools if len(schools) > 1 else [],
        "school": school,
        "finalised": _finalised(scope, years),
    }
    return _shown(request, "reports/indicators.html", Table("indicators", title, heads, rows), keys, context)


def district_scope(user: Actor) -> Scope | None:
    """Return the user's scope if several townships lie in it, which a roll-up shows; None for any other."""
    return user.scope if user.scope.kind in ("everything", "district") and not user.researcher_id else None


@requires(VIEW)
@require_safe
def district(request: Request) -> HttpResponse:
    """Show the figures of a chapter town by town, and what they add up to."""
    user, chapter = request.user, _chapter(request)
    scope, year = district_scope(user), chosen_year(request)
    if scope is None or year is None:
        raise Http404
    towns = list(Township.objects.within(scope).order_by("code"))
    with translation.override(LANGUAGE):
        period = Period.of_year(year)
        found = every_figure([(town.scope, period) for town in towns], [chapter.key])
        keys = [tally.key for tally in chapter.tallies]
        rows = tuple(_town_row(tally, [f[tally.key] for f in found], user) for tally in chapter.tallies)
        heads = (_("Figure"), _("unit"), *(town.name for town in towns), _("total"))
        title = _("Figures town by town, %(period)s") % {"period": period.label}
    summaries = {
        row.township_id: row
        for row in AnnualSummary.objects.visible_to(user).filter(
            school=None, teacher=None, period_code=period.code, township__in=towns
        )
    }
    context = {
        "chapter": chapter,
        "period": period,
        "pages": REGISTRY[AnnualSummary.label],
        "states": [(town, summaries.get(town.pk)) for town in towns],
        "finalised": [town.name for town in towns if town.pk in summaries and not summaries[town.pk].is_open],
    }
    return _shown(request, "reports/district.html", Table("district", title, heads, rows), keys, context)


def _town_row(tally: Tally, figures: list[Figure], user: Actor) -> tuple[Cell, ...]:
    unit = str(figures[0].unit) if figures else ""
    adds = tally.filterset.measure(tally.measure).adds
    total = whole(sum((number(figure.value) or 0 for figure in figures), start=0)) if adds else None
    return (Cell(str(tally.label)), Cell(unit), *(_cell(figure, user) for figure in figures), Cell(total))
