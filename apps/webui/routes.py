"""The addresses of the pages and verbs of a kind of record."""

from collections.abc import Iterable
from typing import Any

from django.urls import URLPattern, path
from django.views import View

from apps.core.access import requires

from .pages import Pages
from .verb_views import BulkVerb, RecordVerb
from .verbs import Verb
from .views import RecordCreate, RecordDelete, RecordDetail, RecordList, RecordUpdate


def record_urls(kinds: Iterable[Pages[Any]]) -> list[URLPattern]:
    """Return the patterns of all pages and verbs of these kinds of records, each with its rule."""
    return [pattern for pages in kinds for pattern in _patterns(pages)]


def _patterns(pages: Pages[Any]) -> list[URLPattern]:
    name = pages.meta.model_name
    kinds: list[tuple[str, str, type[View], str]] = [
        ("", "list", RecordList, "view"),
        ("new/", "create", RecordCreate, "add"),
        ("<int:pk>/", "detail", RecordDetail, "view"),
        ("<int:pk>/edit/", "update", RecordUpdate, "change"),
        ("<int:pk>/delete/", "delete", RecordDelete, "delete"),
    ]
    verbs: list[tuple[str, str, type[View], Verb]] = []
    for verb in pages.verbs:
        if not verb.own_views:
            verbs.append((f"{name}/<int:pk>/{verb.name}/", f"{name}_{verb.name}", RecordVerb, verb))
        if verb.bulk:
            verbs.append((f"{name}/ticked/{verb.name}/", f"{name}_ticked_{verb.name}", BulkVerb, verb))
    return [
        *(
            path(f"{name}/{tail}", requires(pages.permission(verb))(view.as_view(pages=pages)), name=f"{name}_{page}")
            for tail, page, view, verb in kinds
        ),
        *(
            path(address, requires(verb.rule.permission)(view.as_view(pages=pages, verb=verb)), name=full_name)
            for address, full_name, view, verb in verbs
        ),
    ]
