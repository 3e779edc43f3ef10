from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.accounts.roles import PRINCIPAL
from apps.accounts.views import show_codes
from apps.core.access import Request, requires
from apps.webui.forms import refuse

from . import models
from .actions import reveal_personal_data
from .opening import OpeningForm, Person, open_for, people, without_teacher


@requires("teachers.view_personal_data")
@require_POST
def reveal(request: Request, pk: int) -> HttpResponse:
    """Show ID number and phone in full, once, and note who looked."""
    teacher = get_object_or_404(models.Teacher.objects.visible_to(request.user), pk=pk)
    data = reveal_personal_data(teacher=teacher, by=request.user)
    return render(request, "teachers/reveal.html", {"teacher": teacher, "data": data})


@requires("accounts.add_user")
@never_cache
def open_accounts(request: Request) -> HttpResponse:
    """Show who of the chosen schools has an account, and open all that are missing at once."""
    sent = request.POST if request.method == "POST" else request.GET
    form = OpeningForm(sent or None, user=request.user)
    found: list[Person] = []
    headless: list[User] = []
    if form.is_valid():
        schools = list(form.cleaned_data["schools"])
        asked = {"roles": form.cleaned_data["roles"], "renew": form.cleaned_data["renew"]}
        found = people(user=request.user, schools=schools, **asked)
        headless = without_teacher(user=request.user, schools=schools) if PRINCIPAL.key in asked["roles"] else []
        if request.method == "POST" and any(person.waits for person in found):
            try:
                piles = open_for(found, request.user)
            except ValidationError as error:
                refuse(form, error)
            else:
                return show_codes(request, piles, reverse("accounts:user_list"))
    context = {
        "form": form,
        "people": found,
        "headless": headless,
        "missing": sum(person.account is None for person in found),
        "renewed": sum(person.renew for person in found),
    }
    return render(request, "teachers/open_accounts.html", context)
