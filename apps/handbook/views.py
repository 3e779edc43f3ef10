"""Reviewing one entry after the other, and closing the year."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import Request, requires
from apps.core.rules import demand
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY
from apps.webui.views import filtered

from . import actions, forms, pages
from .models import HandbookEntry, waits_for
from .rules import may_review


def _entry(request: Request, pk: int) -> HandbookEntry:
    """Return the entry that the user sees under `pk`; raise 404."""
    rows = HandbookEntry.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("teacher", "school", "requirement__term__school_year"), pk=pk)


def _waiting(request: Request) -> QuerySet[HandbookEntry]:
    """Return the user's queue: of the list under the address's filters, what waits, the longest waiting first."""
    bound = filtered(REGISTRY[HandbookEntry.label], request)
    rows: QuerySet[HandbookEntry] = bound.qs if bound.is_valid() else bound.queryset.none()
    return rows.filter(waits_for(request.user)).order_by("date", "pk")


def _next(request: Request, entry: HandbookEntry | None = None) -> HandbookEntry | None:
    """Return the next entry in the user's queue after `entry`, from its beginning again at its end."""
    queue = _waiting(request)
    if entry is None:
        return queue.first()
    later = Q(date__gt=entry.date) | Q(date=entry.date, pk__gt=entry.pk)
    return queue.filter(later).first() or queue.exclude(pk=entry.pk).first()


def _to_review(request: Request, entry: HandbookEntry) -> HttpResponse:
    """Go to the review of an entry, within the same queue."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(reverse("handbook:handbookentry_review", args=[entry.pk]) + query)


@requires("handbook.review_handbookentry")
def queue(request: Request) -> HttpResponse:
    """Go to the entry that has waited longest."""
    waiting = _next(request)
    if waiting is None:
        messages.info(request, _("No entry waits for review."))
        return redirect("handbook:handbookentry_list")
    return _to_review(request, waiting)


@requires("handbook.review_handbookentry")
def review(request: Request, pk: int) -> HttpResponse:
    """Show an entry's content with the buttons to approve and to return it, or its page where nothing can be said."""
    entry = _entry(request, pk)
    if entry.is_open or not may_review(request.user, entry):
        return redirect(entry)
    initial = {"quality": entry.quality, "comment": entry.comment, "read_version": entry.version}
    return _show_review(request, entry, forms.ReviewForm(initial=initial))


@requires("handbook.review_handbookentry")
@require_POST
def approve(request: Request, pk: int) -> HttpResponse:
    """Approve an entry and go on to the next."""
    return _review(request, pk, approved=True)


@requires("handbook.review_handbookentry")
@require_POST
def send_back(request: Request, pk: int) -> HttpResponse:
    """Return an entry to its teacher and go on to the next."""
    return _review(request, pk, approved=False)


def _review(request: Request, pk: int, *, approved: bool) -> HttpResponse:
    entry = _entry(request, pk)
    demand(may_review, request.user, entry)
    form = forms.ReviewForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.review_entry(
                entry=entry, approve=approved, quality=said["quality"], comment=said["comment"],
                version=said["read_version"], by=request.user,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, pages.reviewed(entry))
            waiting = _next(request, entry)
            return _to_review(request, waiting) if waiting else redirect(entry)
    return _show_review(request, entry, form)


def _show_review(request: Request, entry: HandbookEntry, form: forms.ReviewForm) -> HttpResponse:
    waiting = _waiting(request).exclude(pk=entry.pk).count()
    following = _next(request, entry) if waiting else None
    context = {"entry": entry, "form": form, "following": following, "waiting": waiting}
    return render(request, "handbook/review.html", context)


@requires("handbook.add_handbookscore")
def close_year(request: Request) -> HttpResponse:
    """Score the handbook of every teacher of a township for the school year chosen in the top bar."""
    year = chosen_year(request)
    last = min(year.ends_on, timezone.localdate()) if year else None
    form = forms.CloseYearForm(request.POST or None, user=request.user, initial={"closed_on": last})
    if request.method == "POST" and year and form.is_valid():
        try:
            scores = actions.close_handbook_year(school_year=year, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Handbook year closed: %(number)d scores written.") % {"number": len(scores)})
            return redirect("handbook:handbookscore_list")
    return render(request, "handbook/close_year.html", {"form": form, "year": year})
