from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.context import chosen_year
from apps.core.periods import Period
from apps.core.views import PAGE_SIZES

from . import actions, forms, models


def _do(request: HttpRequest, pk: int, verb: Callable[..., models.Observation], done: str) -> HttpResponse:
    """Take one of the verbs, and say that it is done or what forbids it."""
    observation = get_object_or_404(models.Observation.objects.visible_to(request.user), pk=pk)
    try:
        verb(observation=observation, by=request.user)
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
    else:
        messages.success(request, done)
    return redirect(observation)


@requires("observations.change_observation")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft to the lesson's teacher."""
    return _do(request, pk, actions.submit_observation, _("Submitted. It now waits for the lesson's teacher."))


@requires("observations.confirm_observation")
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an observation."""
    return _do(request, pk, actions.confirm_observation, _("Observation confirmed."))


@requires("observations.change_observation")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an observation a draft again."""
    return _do(request, pk, actions.reopen_observation, _("It is a draft again; its observer can correct it."))


@requires("observations.view_observationquota")
def quota_progress(request: HttpRequest) -> HttpResponse:
    """Show who has observed how many lessons of the term's quota, those who lack most first."""
    form = forms.ProgressForm(request.GET, user=request.user, year=chosen_year(request))
    term = form.cleaned_data["term"] if form.is_valid() else None
    people = models.people_with_quota(request.user, term, form.cleaned_data.get("school")) if term else None
    context = {"form": form, "term": term, "page": None, "behind": 0}
    if people is not None:
        paginator = Paginator(
            people.order_by("-lacking", "school_name", "no", "pk"), PAGE_SIZES.get(request.GET.get("size"), 20)
        )
        numbers = people.aggregate(people=Count("pk"), behind=Count("pk", filter=Q(done__lt=F("asked"))))
        paginator.count = numbers["people"]
        context |= {
            "page": paginator.get_page(request.GET.get("page")),
            "behind": numbers["behind"],
            "period": Period.of_term(term),
        }
    return render(request, "observations/quota_progress.html", context)
