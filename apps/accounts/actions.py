"""What is done with accounts."""

from typing import Any

from auditlog.context import set_actor
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.crypto import get_random_string

from .models import User
from .roles import ROLES, Role

# No letters or digits that are easily taken for each other.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def sync_roles() -> None:
    """Give the four groups exactly the permissions that `roles.py` lists; raise ValueError for an unknown one."""
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in ROLES:
        if missing := role.permissions - known.keys():
            raise ValueError(f"Role {role.key} names unknown permissions: {', '.join(sorted(missing))}")
        Group.objects.get_or_create(name=role.key)[0].permissions.set([known[name] for name in role.permissions])


@transaction.atomic
def save_account(*, record: User, by: Any, role: Role) -> User:
    """Write an account in a role; a new one cannot sign in before it gets a password."""
    with set_actor(by):
        if not record.pk:
            record.set_unusable_password()
        record.is_staff = role.back_room
        record.full_clean(exclude=["password"])
        record.save()
        record.groups.set([Group.objects.get(name=role.key)])
    return record


@transaction.atomic
def issue_password(*, user: User, by: Any) -> str:
    """Give `user` a new password and return it, to be handed over once."""
    password = get_random_string(10, READABLE)
    with set_actor(by):
        user.set_password(password)
        user.save(update_fields=["password"])
    return password
