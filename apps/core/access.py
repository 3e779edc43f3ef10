"""Every view states its rule; a test reads it back."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from .actors import Actor

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request of somebody who has signed in, as all are but those to the few public pages; the type of views."""

    user: Actor  # type: ignore[assignment]  # signing in is required by the middleware
    htmx: Any


def requires(permission: str) -> Callable[[View], View]:
    """Open a view to users who have `permission`, and to nobody else (403)."""

    def state(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rule = permission
        return guarded

    return state


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in."""
    view.rule = "signed in"
    return view


def public(view: View) -> View:
    """Open a view to everybody, without signing in."""
    view = login_not_required(view)
    view.rule = "public"
    return view


def may_open(user: Actor, address: str) -> bool:
    """Return whether the page at an address of this site, one that asks for a permission, is open to `user`."""
    try:
        view = resolve(urlsplit(address).path).func
    except Resolver404:
        return False  # kept in a finalised summary, and moved since
    return user.has_perm(getattr(view, "rule", ""))


def local_address(request: HttpRequest, address: str) -> str:
    """Return an address of this site as it is, and an empty text for any other."""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""
