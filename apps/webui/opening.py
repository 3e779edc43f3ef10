"""The views of a new installation's checklist, of its guide, and of opening the next school year."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.core.access import Request
from apps.core.models import Record, SchoolYear
from apps.core.years import may_open_next

from .actions import NextYear, foresee_next_year, open_next_year, put_off
from .checklist import steps_of
from .context import chosen_year
from .guide import FIRST_YEAR, as_html
from .manifests import FirstStep, year_parts
from .views import RecordView


def step_called(request: Request, key: str) -> FirstStep:
    """Return the step of the user's checklist under a key; raise PermissionDenied for one that is not offered."""
    step = next((step for step in steps_of(request.user) if step.key == key), None)
    if step is None:
        raise PermissionDenied
    return step


def going_on(said: str, label: str = "", address: str = "") -> str:
    """Return what is said with a link to what comes next, by default to the start page."""
    link = address or reverse("start")
    return format_html('{} <a href="{}">{}</a>', said, link, label or _("Back to the start page"))


@require_POST
def take_default(request: Request, key: str) -> HttpResponse:
    """Take over the default of a step for the chosen school year, and lead to what was added."""
    step, year = step_called(request, key), chosen_year(request)
    if step.default is None or year is None:
        messages.error(request, _("Add the school year first."))
        return redirect("start")
    try:
        number = step.default.take(year=year, by=request.user)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect("start")
    if number:
        said = _("Taken over: %(what)s. Source: %(source)s. Look through it; everything can be changed.")
        messages.success(request, going_on(said % {"what": step.label, "source": step.default.source}))
    else:
        messages.info(request, going_on(_("It is there already: nothing was added.")))
    return redirect(step.shown)


@require_POST
def put_off_step(request: Request, key: str) -> HttpResponse:
    """Put off a step of the checklist, or take it up again."""
    put_off(step=step_called(request, key).key, by=request.user, off="again" not in request.POST)
    return redirect("start")


def first_year(request: Request) -> HttpResponse:
    """Show how a first year goes, as the documentation tells it."""
    # Written by us, and every piece of text escaped by `as_html`.
    return render(request, "webui/first_year.html", {"text": mark_safe(as_html(FIRST_YEAR.read_text()))})


class NextYearView(RecordView):
    """What opening the next school year would do, and doing it."""

    def year(self, pk: int) -> SchoolYear:
        """Return the school year to go on from; raise 404, or 403 if the user may not."""
        row: Record = self.record(pk)
        if not isinstance(row, SchoolYear) or not may_open_next(self.request.user, row):
            raise PermissionDenied
        return row

    def get(self, request: Request, pk: int) -> HttpResponse:
        """Show what would be carried over."""
        year = self.year(pk)
        return self.show(year, foresee_next_year(year=year, by=request.user))

    def post(self, request: Request, pk: int) -> HttpResponse:
        """Open the year and say what was carried over, or why nothing was."""
        year = self.year(pk)
        try:
            opened = open_next_year(year=year, by=request.user)
        except ValidationError as error:
            return self.show(year, foresee_next_year(year=year, by=request.user), error.messages)
        said = ngettext(
            "%(year)s is open; %(number)d record was carried over.",
            "%(year)s is open; %(number)d records were carried over.",
            opened.number,
        )
        roster = f"{reverse('workbooks:home')}?year={opened.year.start_year}"
        told = said % {"year": opened.year, "number": opened.number}
        messages.success(request, going_on(told, _("Import the new year's roster"), roster))
        return redirect(opened.year)

    def show(self, year: SchoolYear, following: NextYear, refusals: list[str] | None = None) -> HttpResponse:
        """Show the page, with what was refused."""
        context = {
            "pages": self.pages,
            "record": year,
            "following": following,
            "kept": [part for part in year_parts() if not part.carry],
            "refusals": refusals or [],
        }
        return render(self.request, "webui/next_year.html", context)
