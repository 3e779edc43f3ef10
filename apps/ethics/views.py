from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.core.access import requires
from apps.core.models import SchoolYear
from apps.webui.views import act

from . import actions, forms
from .models import AssessmentCycle, Campaign, EthicsAssessment


def _cycle(request: HttpRequest, pk: int) -> AssessmentCycle:
    rows = AssessmentCycle.objects.visible_to(request.user).select_related("school_year", "township")
    return get_object_or_404(rows, pk=pk)


def _assessment(request: HttpRequest, pk: int) -> EthicsAssessment:
    rows = EthicsAssessment.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("cycle__school_year", "teacher", "school"), pk=pk)


@requires("ethics.change_assessmentcycle")
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a draft for every serving teacher."""
    cycle = _cycle(request, pk)

    def step() -> str:
        number = actions.start_assessments(cycle=cycle, by=request.user)
        return _("%(number)d drafts prepared.") % {"number": number}

    return act(request, cycle, step)


@requires("ethics.change_assessmentcycle")
@require_POST
def tally(request: HttpRequest, pk: int) -> HttpResponse:
    """Count the answers of students and parents."""
    cycle = _cycle(request, pk)

    def step() -> str:
        number = actions.tally_responses(cycle=cycle, by=request.user)
        return _("Answers tallied, %(number)d assessments changed.") % {"number": number}

    return act(request, cycle, step)


@requires("ethics.change_ethicsassessment")
@require_POST
def submit_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit all drafts of the user's place that have the school's evaluation."""
    cycle = _cycle(request, pk)

    def step() -> str:
        number = actions.submit_assessments(cycle=cycle, scope=request.user.scope, by=request.user)
        return _("%(number)d assessments submitted.") % {"number": number}

    return act(request, cycle, step)


@requires("ethics.decide_ethicsassessment")
@require_POST
def decide_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide all submitted assessments as suggested."""
    cycle = _cycle(request, pk)

    def step() -> str:
        decided, left = actions.decide_as_suggested(cycle=cycle, by=request.user)
        return _("%(decided)d grades decided, %(left)d still wait.") % {"decided": decided, "left": left}

    return act(request, cycle, step)


@requires("ethics.change_assessmentcycle")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a cycle for the schools."""
    cycle = _cycle(request, pk)
    return act(
        request, cycle, lambda: _("Closed: %(cycle)s") % {"cycle": actions.close_cycle(cycle=cycle, by=request.user)}
    )


@requires("ethics.change_assessmentcycle")
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let teachers see their results."""
    cycle = _cycle(request, pk)
    return act(
        request,
        cycle,
        lambda: _("Published: %(cycle)s") % {"cycle": actions.publish_cycle(cycle=cycle, by=request.user)},
    )


@requires("ethics.change_assessmentcycle")
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a cycle again."""
    cycle = _cycle(request, pk)
    return act(
        request, cycle, lambda: _("Reopened: %(cycle)s") % {"cycle": actions.reopen_cycle(cycle=cycle, by=request.user)}
    )


@requires("ethics.add_assessmentcycle")
@require_POST
def open_next(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the cycle of the next school year."""
    cycle = _cycle(request, pk)

    def step() -> str:
        year = SchoolYear.objects.filter(start_year=cycle.school_year.start_year + 1).first()
        if not year:
            raise ValidationError(_("Add the next school year first."))
        following = actions.open_next_cycle(cycle=cycle, school_year=year, by=request.user)
        return _("Opened: %(cycle)s") % {"cycle": following}

    return act(request, cycle, step)


@requires("ethics.change_ethicsassessment")
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a draft to the office."""
    assessment = _assessment(request, pk)

    def step() -> str:
        actions.submit_assessment(assessment=assessment, by=request.user)
        return _("Submitted: %(assessment)s") % {"assessment": assessment}

    return act(request, assessment, step)


@requires("ethics.decide_ethicsassessment")
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide the grade, seeing how the total comes about and what is suggested."""
    assessment = _assessment(request, pk)
    form = forms.DecisionForm(request.POST or None, initial={"grade": assessment.suggested_grade})
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide_assessment(assessment=assessment, grade=form.cleaned_data["grade"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Decided: %(assessment)s") % {"assessment": assessment})
            return redirect(assessment)
    return render(request, "ethics/decide.html", {"assessment": assessment, "form": form})


@requires("ethics.decide_ethicsassessment")
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give an assessment back to the school."""
    assessment = _assessment(request, pk)

    def step() -> str:
        actions.return_assessment(assessment=assessment, by=request.user)
        return _("Returned: %(assessment)s") % {"assessment": assessment}

    return act(request, assessment, step)


@requires("ethics.add_campaignparticipant")
@require_POST
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Let all serving teachers of the user's place take part in a campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)

    def step() -> str:
        number = actions.join_campaign(campaign=campaign, scope=request.user.scope, by=request.user)
        return _("%(number)d participants added.") % {"number": number}

    return act(request, campaign, step)
