"""The verbs of the exchange that have an address of their own, and the list of eligible teachers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.addresses import number_in
from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.schools.models import School, Township
from apps.teachers.models import Teacher
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY, ListColumn

from . import actions, forms
from .filters import EligibleFilter
from .models import ExchangeRound, Posting

ELIGIBLE_COLUMNS = (
    ListColumn("name"),
    ListColumn("no"),
    ListColumn("school_name"),
    ListColumn("sex"),
    ListColumn("birth_date", kind="date"),
    ListColumn("position"),
    ListColumn("title"),
    ListColumn("backbone_level"),
)


def _posting(request: HttpRequest, pk: int) -> Posting:
    rows = Posting.objects.visible_to(request.user).select_related("teacher", "from_school", "to_school", "round")
    return get_object_or_404(rows, pk=pk)


@requires("exchange.change_posting")
def assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the result of a posting's comprehensive assessment."""
    posting = _posting(request, pk)
    form = forms.AssessForm(request.POST or None, instance=posting)
    if request.method == "POST" and form.is_valid():
        actions.assess_posting(posting=posting, by=request.user, **form.cleaned_data)
        messages.success(request, _("Assessed: %(posting)s") % {"posting": posting})
        return redirect(posting)
    context = {"posting": posting, "form": form, "title": _("Comprehensive assessment")}
    return render(request, "exchange/verb.html", context)


@requires("exchange.change_posting")
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a posting; the teacher returns."""
    posting = _posting(request, pk)
    form = forms.EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_posting(posting=posting, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            names = {"teacher": posting.teacher, "school": posting.from_school}
            messages.success(request, _("Ended: %(teacher)s returns to %(school)s.") % names)
            return redirect(posting)
    return render(request, "exchange/verb.html", {"posting": posting, "form": form, "title": _("End the posting")})


@requires("exchange.add_exchangeround")
@require_POST
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the round of the school year after this one's."""
    rows = ExchangeRound.objects.visible_to(request.user).select_related("school_year", "township")
    round = get_object_or_404(rows, pk=pk)
    year = SchoolYear.objects.filter(start_year=round.school_year.start_year + 1).first()
    try:
        if year is None:
            raise ValidationError(_("The next school year is not there yet: add it first."))
        following = actions.open_next_round(round=round, school_year=year, by=request.user)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect(round)
    messages.success(request, _("Opened: %(round)s. Check its days.") % {"round": following})
    return redirect(following)


def _place(request: HttpRequest) -> Scope:
    """Return the scope that the address names, within the user's; the user's own where it names none."""
    for level, model in (("teacher", Teacher), ("school", School), ("township", Township)):
        if asked := request.GET.get(level):
            way = {"teacher": "township", "school": "township", "township": "district"}[level]
            row: Any = get_object_or_404(
                model.objects.visible_to(request.user).select_related(way), pk=number_in(asked)
            )
            return row.scope_on(timezone.localdate()) if level == "teacher" else row.scope
    return request.user.scope


@requires("exchange.view_posting")
def eligible(request: HttpRequest) -> HttpResponse:
    """List the teachers who meet the conditions of the period's rounds, and say how many of how many were exchanged."""
    year = chosen_year(request)
    try:
        period = Period.from_code(request.GET.get("period") or (str(year.start_year) if year else ""))
    except ValueError as error:
        raise Http404(str(error)) from error
    scope = _place(request)
    rows = EligibleFilter.base(scope, period)
    every = EligibleFilter.where({})
    numbers = rows.aggregate(**{measure.key: measure.expression(every) for measure in EligibleFilter.measures})
    round = ExchangeRound.objects.within(scope).in_period(period).select_related("school_year").first()
    listed = rows.filter(is_eligible=True).with_school(round.reference_date if round else period.ends_on)
    paginator = Paginator(listed.order_by("no", "pk"), 50)
    paginator.count = numbers["count"]
    context = {
        "pages": REGISTRY[Teacher.label],
        "columns": ELIGIBLE_COLUMNS,
        "page": paginator.get_page(request.GET.get("page")),
        "round": round,
        "period": period,
        "asked": request.GET.get("measure"),
        "measures": [(measure, measure.clean(numbers[measure.key])) for measure in EligibleFilter.measures],
    }
    return render(request, "exchange/eligible.html", context)
