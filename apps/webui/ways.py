"""The ways between pages: back to a list as one left it, and from a record to one that is part of it and back."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import QueryDict

from apps.core.access import Request
from apps.core.addresses import number_in
from apps.core.models import Record

from .forms import PickField, RecordForm
from .pages import REGISTRY, Pages

# A longer query is no filter that somebody chose.
LONGEST = 2000


def remember(request: Request, pages: Pages[Any]) -> None:
    """Keep for this session how the list stands: its filters, sorting and page."""
    key, query = pages.model.label, request.META["QUERY_STRING"]
    known: dict[str, str] = request.session.get("lists", {})
    if known.get(key, "") != query and len(query) <= LONGEST:
        request.session["lists"] = {**known, key: query}


def list_address(request: Request, pages: Pages[Any]) -> str:
    """Return the address of the list as it stood when it was last looked at."""
    query = request.session.get("lists", {}).get(pages.model.label, "")
    return f"{pages.url('list')}?{query}" if query else pages.url("list")


def owner_in(request: Request, pages: Pages[Any]) -> tuple[str, Record] | None:
    """Return the record on whose page a new one is being added, as the address says, and the field that refers to it.

    None where the new one is added by itself, or to what the user does not see.
    """
    for field, owners in _owners(pages):
        number = number_in(request.GET.get(field, "").lstrip("#"))
        if number is not None and field in pages.form.base_fields and owners.may(request.user, "view"):
            row = owners.rows(request.user).filter(pk=number).first()
            if row is not None:
                return field, row
    return None


def _owners(pages: Pages[Any]) -> Iterator[tuple[str, Pages[Any]]]:
    for owners in REGISTRY.values():
        for related in owners.all_related:
            if related.label == pages.model.label:
                yield related.field, owners


def owner_of(row: Record, pages: Pages[Any], request: Request) -> Record | None:
    """Return the record to be shown after `row`: the one on whose page it was added, else the one it is part of."""
    found = owner_in(request, pages)
    if found:
        return found[1]
    owner = getattr(row, pages.part_of) if pages.part_of else None
    if not isinstance(owner, Record) or not REGISTRY[owner.label].may(request.user, "view"):
        return None
    # A colleague's part may be in sight where the whole, another school's, is not.
    whole: Record | None = REGISTRY[owner.label].rows(request.user).filter(pk=owner.pk).first()
    return whole


def beginning(request: Request, pages: Pages[Any]) -> dict[str, Any]:
    """Return what stands in the empty form: what the address says, and what the record has on whose page it is."""
    asked = {name: value for name, value in request.GET.items() if name in pages.form.base_fields}
    found = owner_in(request, pages)
    return {**pages.taken(*found), **asked} if found else asked


def again(request: Request, pages: Pages[Any], form: RecordForm) -> str:
    """Return the address of another empty form, with what the next record is likely to share with the written one.

    An address carries ids, days and choices, never a name.
    """
    query = QueryDict(mutable=True)
    asked = owner_in(request, pages)
    kept = {*pages.kept, pages.part_of, asked[0] if asked else ""}
    for name, field in form.fields.items():
        if isinstance(field, PickField):
            row = form.cleaned_data.get(name) if name in kept else None
            value = f"#{row.pk}" if isinstance(row, models.Model) else ""
        else:
            value = str(form.data.get(form.add_prefix(name), "")) if name in kept else ""
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path
