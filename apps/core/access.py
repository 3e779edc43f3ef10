"""Every view states its rule; a test reads it back."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from .actors import Actor
from .models import SchoolYear

View = Callable[..., HttpResponseBase]


class Request(HttpRequest):
    """A request of somebody who has signed in, as all are but those to the few public pages; the type of views."""

    user: Actor  # type: ignore[assignment]  # signing in is required by the middleware
    htmx: Any
    kept_years: list[SchoolYear]  # read once a request


def actor_of(request: HttpRequest) -> Actor:
    """Return who has signed in, where a method of Django's gives the request a wider type."""
    return cast(Request, request).user


def requires(permission: str) -> Callable[[View], View]:
    """Open a view to users who have `permission`, and to nobody else (403)."""

    def state(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _stating(permission, guarded)

    return state


def signed_in(view: View) -> View:
    """Open a view to everybody who has signed in."""
    return _stating("signed in", view)


def public(view: View) -> View:
    """Open a view to everybody, without signing in."""
    return _stating("public", login_not_required(view))


def _stating(rule: str, view: View) -> View:
    vars(view)["rule"] = rule
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
