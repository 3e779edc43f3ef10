"""Who acts: somebody who has signed in, or a part of the system that is named. Never nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from auditlog.context import auditlog_value, set_actor, set_extra_data
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from .labels import Label
from .scope import EVERYTHING, Scope, Viewer


class Actor(Viewer, Protocol):
    """What rules ask of who acts. An account is one, and so is each actor of `SYSTEM`."""

    @property
    def account(self) -> AbstractBaseUser | None:
        """Return the row to keep where a record says who did something; None for the system."""

    def has_perm(self, perm: str, /) -> bool:
        """Return whether the actor's role has a permission."""


@dataclass(frozen=True)
class SystemActor:
    """A part of the system that writes without anybody at the keyboard: its key in the audit, and what people read.

    `permissions` are those it has; None stands for all of them.
    """

    key: str
    label: Label
    permissions: frozenset[str] | None = None
    scope: Scope = EVERYTHING
    served_townships: None = None
    account: None = None
    school_id: None = None
    teacher_id: None = None
    researcher_id: None = None
    own_scope: None = None

    def has_own_perm(self, perm: str, /) -> bool:
        """Return that the actor has nothing as a teacher."""
        return False

    def has_perm(self, perm: str, /) -> bool:
        """Return whether the actor has a permission."""
        return self.permissions is None or perm in self.permissions


class SYSTEM:
    """The named actors of the system."""

    imports = SystemActor("imports", _("import by command"))
    demo = SystemActor("demo", _("demo data"))
    worker = SystemActor("worker", _("background work"))
    first_steps = SystemActor("first_steps", _("first steps"))
    composer = SystemActor("composer", _("composed text"))
    questionnaire = SystemActor("questionnaire", _("questionnaire"), frozenset({"ethics.add_surveyresponse"}))


def system_label(key: str) -> Label | None:
    """Return what people read for the key of a system actor in the audit, None for a key that is none any more."""
    known = (actor for actor in vars(SYSTEM).values() if isinstance(actor, SystemActor))
    return next((actor.label for actor in known if actor.key == key), None)


@contextmanager
def acting(by: Actor) -> Iterator[None]:
    """Let the audit say who writes within; raise TypeError for nobody."""
    demand_somebody(by)
    outer = auditlog_value.get(None)
    system = {"additional_data": {"system": by.key}} if isinstance(by, SystemActor) else None
    try:
        with set_extra_data(system) if system else set_actor(by.account):
            yield
    finally:
        if outer is not None:
            auditlog_value.set(outer)  # the library forgets what was set around it


def demand_somebody(by: Actor) -> None:
    """Raise TypeError for nobody."""
    if by is None:
        raise TypeError("Somebody must act: a signed-in user, or a named actor of SYSTEM.")
