from collections.abc import Callable

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.actions import copy_to_next_term
from apps.core.periods import Period
from apps.webui.context import chosen_year
from apps.webui.views import PAGE_SIZES, act

from . import actions, forms, models


def _do(request: HttpRequest, pk: int, verb: Callable[..., models.Observation], done: str) -> HttpResponse:
    """Take one of the verbs, and say that it is done or what forbids it."""
    observation = get_object_or_404(models.Observation.objects.visible_to(request.user), pk=pk)

    def step() -> str:
        verb(observation=observation, by=request.user)
        return done

    return act(request, observation, step)


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


@requires("observations.add_observationquota")
@require_POST
def copy_quotas(request: HttpRequest, pk: int) -> HttpResponse:
    """Set for the next term what is set for this quota's term."""
    rows = models.ObservationQuota.objects.visible_to(request.user).select_related("term__school_year")
    quota = get_object_or_404(rows, pk=pk)

    def step() -> str:
        added = copy_to_next_term(model=models.ObservationQuota, term=quota.term, by=request.user)
        return _("%(number)d quotas copied to the next term.") % {"number": len(added)}

    return act(request, quota, step)


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
