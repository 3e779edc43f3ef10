"""The list of the teachers who are eligible for exchange."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.core.access import Request, requires
from apps.core.addresses import number_in
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.schools.models import School, Township
from apps.teachers.models import Teacher
from apps.webui.context import chosen_year
from apps.webui.pages import REGISTRY, ListColumn

from .filters import IS_ELIGIBLE, EligibleFilter
from .models import ExchangeRound

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


def _place(request: Request) -> Scope:
    """Return the scope that the address names, within the user's; the user's own where it names none."""
    user, asked = request.user, request.GET
    if asked.get("teacher"):
        teachers = Teacher.objects.visible_to(user).select_related("township")
        return get_object_or_404(teachers, pk=number_in(asked["teacher"])).scope_on(timezone.localdate())
    if asked.get("school"):
        schools = School.objects.visible_to(user).select_related("township")
        return get_object_or_404(schools, pk=number_in(asked["school"])).scope
    if asked.get("township"):
        return get_object_or_404(Township.objects.visible_to(user), pk=number_in(asked["township"])).scope
    return user.scope


@requires("exchange.view_posting")
def eligible_teachers(request: Request) -> HttpResponse:
    """List the teachers who meet the conditions of the period's rounds, and say how many of how many were exchanged."""
    year = chosen_year(request)
    try:
        period = Period.from_code(request.GET.get("period") or (str(year.start_year) if year else ""))
    except ValueError as error:
        raise Http404(str(error)) from error
    scope = _place(request)
    rows = EligibleFilter.base(scope, period)
    every = EligibleFilter.where({})
    counts = {measure.key: measure.expression(every) for measure in EligibleFilter.measures if measure.expression}
    numbers = rows.aggregate(**counts)
    round = ExchangeRound.objects.within(scope).in_period(period).select_related("school_year").first()
    day = round.reference_date if round else period.ends_on
    listed = rows.filter(IS_ELIGIBLE).with_school(day).with_facts(day)
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
