"""While nobody has an account, every address leads to the first steps."""

from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .models import nobody_yet


class FirstSteps:
    """Leads to the first steps as long as there is no account; asks the database no more once there was one."""

    begun: ClassVar[bool] = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as usual, or lead to the first steps."""
        if not FirstSteps.begun and not self.leads_there(request.path):
            if nobody_yet():
                return redirect("firstrun:code")
            FirstSteps.begun = True
        return self.get_response(request)

    def leads_there(self, path: str) -> bool:
        """Return whether an address is one of those that stay open: the first steps, the language, static files."""
        return path.startswith(
            (reverse("firstrun:code"), reverse("set_language"), f"/{settings.STATIC_URL.strip('/')}/")
        )
