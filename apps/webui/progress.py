"""The pages of who is behind: schools by tasks, the teachers of a school, the texts to copy, the workbook."""

from io import BytesIO
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from apps.core.access import Request
from apps.core.addresses import number_in

from .behind import Board, Line, ordered, overseen_tasks, summed_up, text_for_all, words_of_day
from .context import chosen_year
from .pages import REGISTRY
from .tasks import Survey

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How long a browser keeps the number in the side bar, in seconds.
KEPT = 120


def _board(request: Request) -> Board:
    """Return the board of the year in the top bar; raise 403 for who oversees nobody, 404 without a year."""
    if not overseen_tasks(request.user):
        raise PermissionDenied
    year = chosen_year(request)
    if year is None:
        raise Http404
    return Board(Survey(request.user, year))


def progress(request: Request) -> HttpResponse:
    """Show, school by school, what is done of what is asked; a principal sees the own teachers below."""
    if chosen_year(request) is None:
        return render(request, "webui/progress.html", {"board": None, "partial": bool(request.htmx)})
    board = _board(request)
    lines, sort = board.schools(), request.GET.get("sort", "")
    total = board.total(lines)
    context: dict[str, Any] = {
        "board": board,
        "lines": ordered(lines, sort),
        "total": total if len(lines) > 1 else None,
        "sort": sort,
        "day": words_of_day(board.survey.last_day),
        "lead": summed_up(board, lines, total),
        "text": text_for_all(lines),
        "partial": bool(request.htmx),
        "people": [],
    }
    if request.user.scope.kind == "school" and lines and not request.htmx:
        own = REGISTRY["schools.school"].rows(request.user).get(pk=lines[0].pk)
        context["people"] = ordered(board.people(own), sort)
    return render(request, "webui/progress.html", context)


def progress_school(request: Request, pk: int) -> HttpResponse:
    """Show, teacher by teacher, what is done of what is asked at a school."""
    board = _board(request)
    school = get_object_or_404(REGISTRY["schools.school"].rows(request.user), pk=pk)
    line = next((line for line in board.schools() if line.pk == pk), None)
    sort = request.GET.get("sort", "")
    context = {
        "board": board,
        "school": school,
        "line": line,
        "people": ordered(board.people(school), sort),
        "sort": sort,
        "day": words_of_day(board.survey.last_day),
    }
    return render(request, "webui/progress_school.html", context)


def reminders(request: Request) -> HttpResponse:
    """Show the text that reminds one school, or all, to be copied into a chat."""
    board = _board(request)
    lines = ordered(board.schools(), "")
    asked = number_in(request.GET.get("school"))
    if asked is not None:
        lines = [line for line in lines if line.pk == asked]
        if not lines:
            raise Http404
    text = lines[0].text if asked is not None else text_for_all(lines)
    return render(request, "webui/reminders.html", {"text": text, "line": lines[0] if asked is not None else None})


def progress_export(request: Request) -> HttpResponse:
    """Return the table as a workbook: of each task what is done, asked, missing, and the state in a word."""
    board = _board(request)
    lines = board.schools()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Progress of the schools"))
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 28
    heads = [_("School")]
    for task in board.tasks:
        heads += [f"{task.label}{part}" for part in (_(" (done)"), _(" (asked)"), _(" (lacking)"), _(" (state)"))]
    _append(sheet, [*heads, _("overdue tasks")], Font(bold=True))
    for line in [*ordered(lines, request.GET.get("sort", "")), board.total(lines)]:
        _append(sheet, _values(line))
    _append(sheet, [words_of_day(board.survey.last_day)])
    made = BytesIO()
    book.save(made)
    answer = HttpResponse(made.getvalue(), content_type=XLSX)
    name = _("Progress of the schools")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{name}-{board.survey.last_day}.xlsx')}"
    return answer


def late_number(request: Request) -> HttpResponse:
    """Return the number of overdue tasks for the side bar, empty where there is none; browsers keep it for a while."""
    number = 0
    if overseen_tasks(request.user) and (year := chosen_year(request)):
        number = Board(Survey(request.user, year)).late()
    answer = render(request, "webui/late_number.html", {"number": number})
    patch_cache_control(answer, private=True, max_age=KEPT)
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _values(line: Line) -> list[str | int]:
    values: list[str | int] = [line.name]
    for cell in line.cells:
        values += [cell.done, cell.asked, cell.missing, str(cell.word)] if cell.asked else ["", "", "", str(cell.word)]
    return [*values, line.late]


def _append(sheet: Any, values: list[Any], font: Font | None = None) -> None:
    cells = []
    for value in values:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"  # text stays text, also where it begins like a formula
        if font:
            cell.font = font
        cells.append(cell)
    sheet.append(cells)
