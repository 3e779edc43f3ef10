"""The pages of the first steps: the code, then one page a step; nothing is written before the last."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.access import public
from apps.core.actors import SYSTEM
from apps.core.addresses import number_in
from apps.webui.years import SchoolYearForm

from .actions import Beginning, TooLate, found
from .forms import MOST, OFFICES, TOWNSHIPS, AccountForm, CodeForm, CountyForm, TownshipFormSet
from .models import FirstCode, nobody_yet

STEPS = {
    "county": gettext_lazy("County or district"),
    "townships": gettext_lazy("Townships"),
    "year": gettext_lazy("School year"),
    "account": gettext_lazy("Your account"),
}
ORDER = list(STEPS)
# Where the session keeps which code was typed, and what was typed in each step.
CODE, TYPED = "first_code", "first_steps"
BACKEND = "apps.accounts.backends.ScopedBackend"
View = Callable[..., HttpResponseBase]


def only_at_first(view: View) -> View:
    """Open a view to everybody as long as nobody has an account; then it is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not nobody_yet():
            if request.session.pop(CODE, None):  # was under way when somebody else was quicker
                request.session.pop(TYPED, None)
                messages.info(request, _("Somebody else has finished the first steps meanwhile: sign in."))
                return redirect("login")
            raise Http404
        return view(request, *args, **kwargs)

    return public(guarded)


@only_at_first
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the one-time code."""
    present = FirstCode.present()
    form = CodeForm(request.POST or None)
    if present is None or present.is_spent:
        return render(request, "firstrun/no_code.html", {"spent": present is not None})
    if request.method == "POST" and form.is_valid():
        if present.opens(form.cleaned_data["code"]):
            request.session.cycle_key()
            request.session[CODE] = present.pk
            return redirect("firstrun:step", ORDER[0])
        form.add_error("code", _("This is not the code. After ten wrong ones it is void, and a new one is printed."))
    return render(request, "firstrun/code.html", {"form": form})


@only_at_first
def step(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what a step asks; keep it in the session, and write everything after the last."""
    present = FirstCode.present()
    if present is None or request.session.get(CODE) != present.pk:
        return redirect("firstrun:code")
    if key not in STEPS:
        raise Http404
    typed: dict[str, str] = request.session.setdefault(TYPED, {})
    missing = next((before for before in ORDER[: ORDER.index(key)] if before not in typed), None)
    if missing:
        return redirect("firstrun:step", missing)
    if request.method != "POST":
        return ask(request, key, form_of(key, QueryDict(typed[key]) if key in typed else None))
    if "more" in request.POST and key == "townships":
        return ask(request, key, form_of(key, with_another(request.POST)))
    form = form_of(key, request.POST)
    if not form.is_valid():
        return ask(request, key, form)
    if key == ORDER[-1]:
        return finish(request, form, present)
    typed[key] = request.POST.urlencode()
    request.session.modified = True
    return redirect("firstrun:step", ORDER[ORDER.index(key) + 1])


def form_of(key: str, data: QueryDict | None) -> Any:
    """Return the form of a step, with what was typed."""
    kind: Any = {"county": CountyForm, "townships": TownshipFormSet, "account": AccountForm}.get(key)
    return kind(data) if kind else SchoolYearForm(data, user=SYSTEM.first_steps)


def with_another(data: QueryDict) -> QueryDict:
    """Return what was typed of the townships, with one more line to fill in."""
    more, number = data.copy(), number_in(data.get("form-TOTAL_FORMS")) or 1
    last = min(number, MOST - 1)
    more["form-TOTAL_FORMS"] = str(last + 1)
    more[f"form-{last}-kind"], more[f"form-{last}-office"] = TOWNSHIPS[0], OFFICES[0]
    return more


def ask(request: HttpRequest, key: str, form: Any) -> HttpResponse:
    """Show the page of a step."""
    place = ORDER.index(key)
    context = {
        "form": form,
        "key": key,
        "title": STEPS[key],
        "steps": [(name, label, ORDER.index(name) - place) for name, label in STEPS.items()],
        "back": ORDER[place - 1] if place else "",
        "several": hasattr(form, "forms"),
        "last": key == ORDER[-1],
    }
    return render(request, "firstrun/step.html", context)


def finish(request: HttpRequest, form: AccountForm, present: FirstCode) -> HttpResponse:
    """Write everything, sign the first account in, and go on to the start page."""
    typed = request.session[TYPED]
    parts = {key: form_of(key, QueryDict(typed[key])) for key in ORDER[:-1]}
    wrong = next((key for key, part in parts.items() if not part.is_valid()), None)
    if wrong:
        return ask(request, wrong, parts[wrong])
    beginning = Beginning(
        district=parts["county"].district(),
        townships=parts["townships"].townships(),
        year=parts["year"].instance,
        terms=parts["year"].terms(),
        account=form.instance,
        password=form.cleaned_data["password1"],
    )
    try:
        account = found(beginning=beginning, code=present.pk)
    except TooLate as error:
        messages.info(request, error.messages[0])
        return redirect("login")
    except ValidationError as error:
        form.add_error(NON_FIELD_ERRORS, error.messages)
        return ask(request, ORDER[-1], form)
    request.session.flush()
    login(request, account, backend=BACKEND)
    messages.success(request, _("Everything is set up. What comes next stands here; one can stop at any time."))
    return redirect("start")
