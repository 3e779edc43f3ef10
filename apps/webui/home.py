"""The start page, which says what is to be done now, and the search over everything."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.core.access import Request
from apps.core.actors import Actor
from apps.core.models import SchoolYear, Term
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Figure, Tally, count, count_by

from .context import chosen_year
from .manifests import chapters, ranked
from .pages import REGISTRY, Pages, Todo

SHOWN = 8


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
    return render(
        request,
        "webui/start.html",
        {
            "todo": todos(request.user, year),
            "lead": lead(),
            "with_standing": request.user.served_townships is None,
            "with_progress": request.user.scope.kind in {"township", "everything"},
            "next_steps": next_steps(request.user),
            "own_pages": own_pages(request.user),
        },
    )


def lead() -> str:
    """Return the term and the week of today, or the day alone between terms."""
    today = timezone.localdate()
    term = Term.objects.filter(starts_on__lte=today, ends_on__gte=today).select_related("school_year").first()
    day = date_format(today, "DATE_FORMAT")
    if not term:
        return day
    week = (today - term.starts_on + timedelta(days=term.starts_on.weekday())).days // 7 + 1
    return _("%(day)s, %(term)s, week %(week)d") % {"day": day, "term": term, "week": week}


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


def progress(request: Request) -> HttpResponse:
    """Show, school by school, what has been recorded this year."""
    year, user = chosen_year(request), request.user
    tallies: list[Tally] = []
    rows: list[dict[str, Any]] = []
    if year and (tallies := start_tallies(user)):
        period = Period.of_year(year)
        counted = count_by("school", tallies, user.scope, period)
        for school in REGISTRY["schools.school"].rows(user):
            cells = counted.get(school.pk, {})
            rows.append(
                {
                    "school": school,
                    "cells": [
                        (tally, cells.get(tally.key), tally.source(Scope("school", school=school.pk), period))
                        for tally in tallies
                    ],
                }
            )
    return render(request, "webui/progress.html", {"tallies": tallies, "rows": rows, "partial": bool(request.htmx)})


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
