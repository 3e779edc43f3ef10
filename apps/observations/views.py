from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpResponse
from django.shortcuts import render

from apps.core.access import Request, requires
from apps.core.models import Term
from apps.core.periods import Period
from apps.webui.context import chosen_year
from apps.webui.views import PAGE_SIZES

from . import forms, models


@requires("observations.view_observationquota")
def quota_progress(request: Request) -> HttpResponse:
    """Show who has observed how many lessons of the term's quota, those who lack most first."""
    form = forms.ProgressForm(request.GET, user=request.user, year=chosen_year(request))
    context: dict[str, Any] = {"form": form, "term": None, "page": None, "behind": 0}
    if form.is_valid():
        term: Term = form.cleaned_data["term"]
        people = models.people_with_quota(request.user, term, form.cleaned_data.get("school"))
        paginator = Paginator(
            people.order_by("-lacking", "school_name", "no", "pk"), PAGE_SIZES.get(request.GET.get("size", ""), 20)
        )
        numbers = people.aggregate(people=Count("pk"), behind=Count("pk", filter=Q(done__lt=F("asked"))))
        paginator.count = numbers["people"]
        context |= {
            "term": term,
            "page": paginator.get_page(request.GET.get("page")),
            "behind": numbers["behind"],
            "period": Period.of_term(term),
        }
    return render(request, "observations/quota_progress.html", context)
