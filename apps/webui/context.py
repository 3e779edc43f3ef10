"""What every page shows: the side bar, the school years to choose from."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.access import Request
from apps.core.actors import Actor
from apps.core.models import SchoolYear

from .behind import overseen_tasks
from .manifests import manifests
from .pages import REGISTRY, Pages

# The groups of the side bar, in their order.
GROUPS = {"research": _("Research"), "people": _("Ethics and exchange"), "base": _("Base data")}


def school_years(request: Request) -> list[SchoolYear]:
    """Return all school years, the latest first; read once a request."""
    if not hasattr(request, "kept_years"):
        request.kept_years = list(SchoolYear.objects.order_by("-start_year"))
    return request.kept_years


def chosen_year(request: Request) -> SchoolYear | None:
    """Return the school year chosen in the top bar, else the one that today falls into, else the latest before it."""
    years = school_years(request)
    chosen = request.session.get("year")
    today = timezone.localdate()
    return next((year for year in years if year.start_year == chosen), None) or next(
        (year for year in years if year.starts_on <= today), years[0] if years else None
    )


def menu_for(user: Actor, path: str) -> list[dict[str, Any]]:
    """Return the groups of the side bar that `user` may open, each entry with its address and whether one is there.

    A page that lies below no list, like the review of one after the other, belongs to the app's first entry.
    """
    by_entry: dict[str, list[Pages[Any]]] = {}
    for pages in REGISTRY.values():
        if pages.menu and pages.may(user, "view"):
            by_entry.setdefault(pages.menu, []).append(pages)
    groups: list[dict[str, Any]] = []
    known = sorted((entry for manifest in manifests() for entry in manifest.menu), key=lambda entry: entry.rank)
    for key, title in GROUPS.items():
        entries = [entry for entry in known if entry.group == key]
        shown = []
        for entry in entries:
            if lists := by_entry.get(entry.key):
                here = any(path.startswith(pages.url("list")) for pages in lists)
                shown.append({"label": entry.label, "url": lists[0].url("list"), "here": here, "lists": lists})
        if shown:
            groups.append({"title": title, "entries": shown})
    offered: list[dict[str, Any]] = [entry for group in groups for entry in group["entries"]]
    if not any(entry["here"] for entry in offered):
        near = (entry for entry in offered if path.startswith(entry["lists"][0].url("list").rsplit("/", 2)[0] + "/"))
        next(near, {})["here"] = True
    return groups


def site(request: Request) -> dict[str, Any]:
    """Return the side bar, the tabs of the open entry, and the school years, for users who have signed in."""
    user = getattr(request, "user", None)
    if not user or not user.is_authenticated or request.path.startswith(reverse("admin:index")):
        return {"menu": [], "tabs": [], "school_years": [], "chosen_year": None, "with_progress": False}
    menu = menu_for(user, request.path)
    open_entry = next((entry for group in menu for entry in group["entries"] if entry["here"]), None)
    return {
        "menu": menu,
        "tabs": open_entry["lists"] if open_entry and len(open_entry["lists"]) > 1 else [],
        "school_years": school_years(request),
        "chosen_year": chosen_year(request),
        "with_progress": bool(chosen_year(request) and overseen_tasks(user)),
        "at_progress": request.path.startswith(reverse("progress")),
    }
