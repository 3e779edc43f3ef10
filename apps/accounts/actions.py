"""What is done with accounts."""

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from apps.core.actions import lock, save_record
from apps.core.actors import Actor, acting, demand_somebody
from apps.core.rules import demand

from .models import PLACES, ROLE_OF_PLACE, User
from .roles import ROLES, Role
from .rules import is_own, may_issue_password

# No letters or digits that are easily taken for each other.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def sync_roles() -> None:
    """Give the four groups exactly the permissions that the manifests list; raise ValueError for an unknown one.

    A matter of the system, which its commands see to: no role may do it.
    """
    known = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role in ROLES:
        if missing := role.permissions - known.keys():
            raise ValueError(f"Role {role.key} names unknown permissions: {', '.join(sorted(missing))}")
        Group.objects.get_or_create(name=role.key)[0].permissions.set([known[name] for name in role.permissions])


@transaction.atomic
def save_account(*, record: User, by: Actor, role: Role, version: int | None = None) -> User:
    """Write an account in a role, and return it; a new one cannot sign in before it gets a password.

    Raises PermissionDenied where the account or its place lies out of reach, or where the own role would change;
    ValidationError unless the account has the place that the role is for.
    """
    demand_somebody(by)
    if not record.pk:
        record.set_unusable_password()
    elif is_own(by, record) and not record.groups.filter(name=role.key).exists():
        raise PermissionDenied(_("You may not change your own role."))
    record.is_staff = role.back_room
    save_record(record=record, by=by, version=version)
    if not any(getattr(record, f"{place}_id") for place in PLACES if ROLE_OF_PLACE[place] == role.key):
        raise ValidationError(_("Say for which place this role is."))
    record.groups.set([Group.objects.get(name=role.key)])
    return record


@transaction.atomic
def issue_password(*, user: User, by: Actor) -> str:
    """Give `user` a new password and return it, to be handed over once."""
    demand(may_issue_password, by, lock(user))
    password = get_random_string(10, READABLE)
    with acting(by):
        user.set_password(password)
        user.save(update_fields=["password"])
    return password
