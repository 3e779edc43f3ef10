"""The start page, which says what is to be done now, the search over everything, and what is meant while one types."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.access import Request
from apps.core.actions import offered
from apps.core.actors import Actor
from apps.core.fields import field_of, related_model
from apps.core.models import Record, SchoolYear
from apps.core.periods import Period
from apps.figures.figures import Figure, Tally, count

from .behind import overseen_tasks, words_of_day
from .checklist import Line, checklist, next_line
from .context import chosen_year
from .manifests import chapters, ranked
from .pages import REGISTRY, Pages, Todo

SHOWN = 8
# So many rows are suggested while one types.
SUGGESTED = 20


def start_tallies(user: Actor) -> list[Tally]:
    """Return the tallies of the start page whose records `user` may see."""
    known = {tally.key: tally for chapter in chapters() for tally in chapter.tallies}
    return [known[key] for key in ranked(lambda manifest: manifest.start) if pages_of(known[key]).may(user, "view")]


def pages_of(tally: Tally) -> Pages[Any]:
    """Return the pages of the records that a tally counts."""
    return REGISTRY[tally.filterset._meta.model.label]


def todos(user: Actor, year: SchoolYear | None) -> list[Todo]:
    """Return what waits for `user`, late things first."""
    found: Iterable[Todo] = (
        todo
        for pages in REGISTRY.values()
        if year and pages.may(user, "view")
        for todo in pages.todo(user, year)
        if todo.number
    )
    return sorted(found, key=lambda todo: not todo.late)


def start(request: Request) -> HttpResponse:
    """Show what waits for the user, and how the year stands in the user's scope."""
    year = chosen_year(request)
    lines = open_lines(request, year)
    return render(
        request,
        "webui/start.html",
        {
            "checklist": lines,
            "following": next_line(lines),
            "done": sum(line.state == "done" for line in lines),
            "in_use": not lines or any(line.number for line in lines if line.step.key == "teachers"),
            "to_go": sum(line.state != "done" for line in lines),
            "todo": todos(request.user, year),
            "lead": words_of_day(timezone.localdate()),
            "with_standing": request.user.served_townships is None,
            "with_progress": bool(year and overseen_tasks(request.user)),
            "next_steps": next_steps(request.user),
            "own_pages": own_pages(request.user),
        },
    )


def open_lines(request: Request, year: SchoolYear | None) -> list[Line]:
    """Return the lines of the checklist while a step is open; once none was, it is not counted anew in this session."""
    if request.session.get("begun"):
        return []
    lines = checklist(request.user, year)
    if not lines:
        request.session["begun"] = True
    return lines


def next_steps(user: Actor) -> list[dict[str, str]]:
    """Return the records that `user` enters from day to day, as links to the empty forms."""
    return [
        {"label": _("Add: %(name)s") % {"name": pages.meta.verbose_name}, "url": pages.url("create")}
        for pages in (REGISTRY[label] for label in ranked(lambda manifest: manifest.entered))
        if user.scope.kind in {"school", "teacher", "district"} and pages.may(user, "add")
    ]


def own_pages(user: Actor) -> list[dict[str, str]]:
    """Return the pages of what is one's own, for a teacher who heads a school or works in the office besides."""
    if user.own_scope is None:
        return []
    kinds = [pages for pages in REGISTRY.values() if pages.own_rows and pages.may(user, "view")]
    teacher = REGISTRY["teachers.teacher"]
    return [
        {"label": _("My page: all that is recorded of me"), "url": teacher.url("detail", user.teacher_id)},
        *({"label": str(p.own_rows), "url": f"{p.url('list')}?teacher={user.teacher_id}"} for p in kinds),
    ]


def standing(request: Request) -> HttpResponse:
    """Show the figures of the start page; none for researchers, who serve parts of several townships."""
    user, year = request.user, chosen_year(request)
    cards: list[Figure] = []
    if year and user.served_townships is None:
        cards = count(start_tallies(user), user.scope, Period.of_year(year))
    return render(request, "webui/standing.html", {"cards": cards, "partial": bool(request.htmx)})


def search(request: Request) -> HttpResponse:
    """Show what is called so, of each kind of record that people look for by name."""
    text = request.GET.get("q", "").strip()
    groups = []
    for label in ranked(lambda manifest: manifest.searched):
        pages = REGISTRY[label]
        if text and pages.may(request.user, "view"):
            found = list(pages.rows(request.user).search(text)[: SHOWN + 1])
            if found:
                groups.append({"pages": pages, "rows": found[:SHOWN], "more": len(found) > SHOWN})
    return render(request, "webui/search.html", {"q": text, "groups": groups})


def suggest(request: Request, label: str, field: str) -> HttpResponse:
    """List the rows that may be meant by what is being typed into a field of a record: such as may stand there."""
    pages = REGISTRY.get(label)
    try:
        target = related_model(field_of(pages.model, field)) if pages else None
    except FieldDoesNotExist:
        target = None
    if not pages or not target or not issubclass(target, Record) or not target.picked_by_text:
        raise Http404
    writes = pages.may(request.user, "add") or pages.may(request.user, "change")
    rows: Any = offered(pages.model, field, request.user) if writes else target.objects.visible_to(request.user)
    text = next((value for value in request.GET.values() if isinstance(value, str) and value), "").strip()
    found = list(rows.suggested(text)[: SUGGESTED + 1]) if text else []
    context = {"rows": found[:SUGGESTED], "more": len(found) > SUGGESTED, "text": text}
    return render(request, "webui/suggest.html", context)
