"""Who may do what with accounts.

The office keeps the accounts of its part of the installation. Nobody closes, moves or demotes the own account, nor
gives it a code without knowing its password: somebody else of the office does. A school's head renews the codes of the
teachers who serve there. An account that may do everything is kept by those alone who may.
"""

from collections.abc import Sequence

from apps.core.actors import Actor
from apps.core.rules import RecordRules, keep_rules, keeps_records, reaches_all, rule

from .models import PLACES, User


def is_own(actor: Actor, account: User) -> bool:
    """Return whether `actor` signs in with this account."""
    return actor.account is not None and actor.account.pk == account.pk


def may_keep(actor: Actor, account: User) -> bool:
    """Return whether `actor`, who has the permission, may write this account."""
    return not account.is_superuser or reaches_all(actor)


def may_open(actor: Actor, account: User) -> bool:
    """Return whether `actor`, who has the permission, may open this account.

    That of a researcher who serves several townships is the district's: who signs in with it sees all of them.
    """
    if not may_keep(actor, account):
        return False
    if actor.scope.kind != "township" or account.researcher is None:
        return True
    return not account.researcher.townships.exclude(pk=actor.scope.township or 0).exists()


def may_delete(actor: Actor, account: User) -> bool:
    """Return whether `actor`, who has the permission, may delete this account."""
    return may_keep(actor, account) and not is_own(actor, account)


@rule("accounts.renew_user")
def may_issue_code(actor: Actor, account: User) -> bool:
    """Return whether `actor` may give this account a new one-time code: a school's head those of its teachers."""
    if is_own(actor, account) or not may_keep(actor, account):
        return False
    return keeps_records(actor) or (actor.school_id is not None and account.roles == ["teacher"])


def may_redeem(actor: Actor, account: User) -> bool:
    """Return whether `actor` may exchange the code of this account for a password: who signs in with it."""
    return is_own(actor, account) and account.is_open


def fixed(actor: Actor, account: User) -> Sequence[str]:
    """Return what `actor` may not write in this account.

    In the own one: access and places, but for the teacher whom it does not name yet. Who is known as a teacher decides
    on nothing of the own, so that nobody takes that away alone.
    """
    if not is_own(actor, account):
        return ("is_superuser",)
    places = [place for place in PLACES if place != "teacher" or account.teacher_id]
    return ("is_superuser", "is_active", *places)


keep_rules(User, RecordRules(add=may_open, change=may_keep, delete=may_delete, fixed=fixed))
