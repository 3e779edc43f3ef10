"""Who has two places: heads a school or works in the office, and is a teacher of the roster besides."""

from typing import Any

from django.test import Client

from apps.accounts.actions import save_account
from apps.accounts.models import User
from apps.accounts.roles import OFFICE, PRINCIPAL
from apps.core.actors import SYSTEM


def person(teacher: Any, **place: Any) -> User:
    """Open the account of somebody with a wider place who is this teacher besides, and return it."""
    User.objects.filter(teacher=teacher).update(teacher=None)
    role = OFFICE if "township" in place else PRINCIPAL
    account = User(username="both", name="林校长", teacher=teacher, **place)
    save_account(record=account, by=SYSTEM.imports, role=role)
    return User.objects.with_places().get(pk=account.pk)


def persons(town: Any, who: str) -> User:
    """Return the head of the own school who teaches there, the clerk of the office, or the guest of another school."""
    teacher, place = {
        "head": (town.teacher, {"school": town.school}),
        "clerk": (town.teacher, {"township": town.township}),
        "guest": (town.neighbour, {"school": town.school}),
    }[who]
    return person(teacher, **place)


def signed_in(user: User) -> Client:
    """Return a client that is signed in, and looks at the school year 2025."""
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.ScopedBackend")
    session = client.session
    session["year"] = 2025
    session.save()
    return client
