"""The comparison of a roster with the stored one, for the page of its import."""

from typing import Any

from django import template
from django.core.paginator import Paginator
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from apps.core.rules import keeps_records
from apps.workbooks.models import ImportBatch
from apps.workbooks.planning.roster_decisions import CORRECT, FATES, NEW, STAYS, Decisions

register = template.Library()
SHOWN = 50
MOVING = (("", pgettext_lazy("people", "moved")), (STAYS, gettext_lazy("stays where stored")))
HOWS = ((NEW, gettext_lazy("new, since")), (CORRECT, gettext_lazy("a correction")))


@register.simple_tag(takes_context=True)
def roster_of(context: Context, batch: ImportBatch) -> dict[str, Any]:
    """Return the tabs of a comparison with their numbers, and the people of the one that the address asks for."""
    request, found = context["request"], batch.comparison
    decisions = Decisions(batch.decisions)
    numbers = {kind: len(found[kind]) for kind in ("left", "arrived", "moved", "changed")} | {"same": found["same"]}
    names = {
        "left": _("Not in the roster"),
        "arrived": _("Newly arrived"),
        "moved": pgettext("people", "Moved"),
        "changed": pgettext("people", "Changed"),
        "same": pgettext("people", "Unchanged"),
    }
    look = request.GET.get("look")
    if look not in names:
        look = next((kind for kind, number in numbers.items() if number), "same")
    page = Paginator(found["unchanged" if look == "same" else look], SHOWN).get_page(request.GET.get("page"))
    if look in ("left", "moved", "changed"):
        page.object_list = [_decided(look, row, decisions, found) for row in page.object_list]
    office = keeps_records(request.user)
    return {
        "tabs": [(kind, names[kind], number) for kind, number in numbers.items()],
        "numbers": numbers,
        "look": look,
        "page": page,
        "undecided": decisions.undecided(found),
        "asking": batch.open and request.user.has_perm("workbooks.add_importbatch"),
        "ready": batch.status == ImportBatch.Status.PREVIEWED and not batch.empty,
        "office": office,
        "fates": [
            (group, choices) for group, choices in FATES if office or not choices or choices[0][0] not in _DEPARTURES
        ],
        "left_on": decisions.for_all("left_on", found),
        "moved_on": decisions.for_all("moved_on", found),
        "changed_on": decisions.for_all("changed_on", found),
        "hows": MOVING if look == "moved" else HOWS,
    }


_DEPARTURES = {value for value, _label in FATES[0][1]}
_NAMES = {value: label for _group, choices in FATES for value, label in choices}


def _decided(look: str, row: dict[str, Any], decisions: Decisions, found: dict[str, Any]) -> dict[str, Any]:
    """Return a row with what is decided on it, and what of that cannot be."""
    fate = decisions.fate(row["teacher"]) if look == "left" else ""
    day_of = {"left": decisions.leaves_on, "moved": decisions.moves_on, "changed": decisions.news_on}[look]
    return row | {
        "fate": fate,
        "fate_name": _NAMES.get(fate, ""),
        "how": decisions.how(row) if look == "changed" else decisions.typed("how", row["teacher"]),
        "typed": decisions.typed({"left": "days", "moved": "moved", "changed": "since"}[look], row["teacher"]),
        "day": day_of(row, found),
        "trouble": decisions.trouble(look, row, found),
    }
