"""Who may do what with accounts.

The office keeps the accounts of its part of the installation. Nobody closes, moves or demotes the own account, nor
gives it a password without knowing the old one: somebody else of the office does. An account that may do everything is
kept by those alone who may.
"""

from collections.abc import Sequence

from apps.core.actors import Actor
from apps.core.rules import RecordRules, keep_rules, reaches_all, rule

from .models import PLACES, User


def is_own(actor: Actor, account: User) -> bool:
    """Return whether `actor` signs in with this account."""
    return actor.account is not None and actor.account.pk == account.pk


def may_keep(actor: Actor, account: User) -> bool:
    """Return whether `actor`, who has the permission, may write this account."""
    return not account.is_superuser or reaches_all(actor)


def may_delete(actor: Actor, account: User) -> bool:
    """Return whether `actor`, who has the permission, may delete this account."""
    return may_keep(actor, account) and not is_own(actor, account)


@rule("accounts.change_user")
def may_issue_password(actor: Actor, account: User) -> bool:
    """Return whether `actor` may give this account a new password."""
    return may_keep(actor, account) and not is_own(actor, account)


def fixed(actor: Actor, account: User) -> Sequence[str]:
    """Return what `actor` may not write in this account."""
    return ("is_superuser", "is_active", *PLACES) if is_own(actor, account) else ("is_superuser",)


keep_rules(User, RecordRules(add=may_keep, change=may_keep, delete=may_delete, fixed=fixed))
