"""One-time codes: issued by whoever keeps the account, redeemed for a password of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditlog.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from apps.accounts.backends import code_digest
from apps.accounts.models import OneTimeCode, User
from apps.accounts.rules import may_issue_code, may_redeem
from apps.core.actions import lock, overtaken
from apps.core.actors import Actor, acting, demand_somebody
from apps.core.rules import demand

# No letters or digits that are easily taken for each other. Ten of them are 49 bits, behind ten tries.
READABLE, LENGTH = "abcdefghjkmnpqrstuvwxyz23456789", 10
CODE_DAYS = 30


@dataclass(frozen=True)
class Slip:
    """What is handed over once: whose account it is, its code as people type it, and the last day it holds."""

    account: User
    code: str
    valid_until: date


def give_codes(accounts: Sequence[User]) -> list[Slip]:
    """Give each account a new code in place of the one before, and return them; the caller has demanded the rule."""
    until = timezone.localdate() + timedelta(days=CODE_DAYS)
    slips = []
    for account in accounts:
        text = get_random_string(LENGTH, READABLE)
        slips.append(Slip(account, f"{text[: LENGTH // 2]}-{text[LENGTH // 2 :]}", until))
    ids = [account.pk for account in accounts]
    for start in range(0, len(ids), 500):
        OneTimeCode.objects.filter(user__in=ids[start : start + 500]).delete()
    OneTimeCode.objects.bulk_create(
        [
            OneTimeCode(user=slip.account, digest=code_digest(slip.account.pk, slip.code), valid_until=until)
            for slip in slips
        ],
        batch_size=500,
    )
    return slips


@transaction.atomic
def issue_code(*, user: User, by: Actor) -> Slip:
    """Give `user` a new one-time code; the present password and whatever is open under it end at once."""
    demand(may_issue_code, by, lock(user))
    return _issue([user], by)[0]


@transaction.atomic
def issue_codes(*, users: Sequence[User], by: Actor) -> list[Slip]:
    """Give several accounts new one-time codes; raise PermissionDenied unless `by` may for every one."""
    demand_somebody(by)
    ids = {user.pk for user in users}
    rows = list(User.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    seen = set(User.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
    if seen != ids or not all(may_issue_code(by, row) for row in rows):
        raise PermissionDenied
    return _issue(users, by)


def _issue(users: Sequence[User], by: Actor) -> list[Slip]:
    with acting(by):
        for user in users:
            user.set_unusable_password()
            LogEntry.objects.log_create(
                user, force_log=True, action=LogEntry.Action.UPDATE, changes={"password": ["***", "***"]}
            )
        User.objects.bulk_update(users, ["password"], batch_size=200)
    return give_codes(users)


@transaction.atomic
def redeem_code(*, code: OneTimeCode, password: str, by: Actor, email: str = "") -> User:
    """Let the person who signed in with `code` have `password` from now on, and return the account; the code is void.

    Raises ValidationError where the code has become void meanwhile.
    """
    demand_somebody(by)
    user = lock(User.objects.get(pk=code.user_id))
    if not may_redeem(by, user):
        raise PermissionDenied
    stored = OneTimeCode.objects.select_for_update().filter(pk=code.pk, digest=code.digest).first()
    if stored is None:
        raise overtaken()
    if stored.refusal:
        raise ValidationError(stored.refusal)
    stored.used_at = timezone.now()
    stored.save(update_fields=["used_at"])
    user.set_password(password)
    user.email = email or user.email
    with acting(by):
        user.save(update_fields=["password", "email"])
    return user
