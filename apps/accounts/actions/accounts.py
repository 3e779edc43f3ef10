"""Accounts: their roles and places, opened one by one or for a whole roster."""

from collections.abc import Sequence

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import PLACES, ROLE_OF_PLACE, User
from apps.accounts.roles import ROLES, TEACHER, Role
from apps.accounts.rules import is_own
from apps.core.actions import Conflict, delete_record, lock, save_record, save_records, write_record
from apps.core.actors import Actor, demand_somebody

from .codes import Slip, give_codes


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
    """Write an account in a role, and return it; a new one cannot sign in before it gets a code.

    Who is named as a teacher besides gets that role, too. Raises PermissionDenied where the account or its place lies
    out of reach, or where the own role would change; ValidationError unless the account has the place that the role is
    for, and where a township's office would be left without anybody.
    """
    demand_somebody(by)
    if not record.pk:
        record.set_unusable_password()
        record.made_in_id = by.scope.township
    elif is_own(by, record) and not record.groups.filter(name=role.key).exists():
        raise PermissionDenied(_("You may not change your own role."))
    else:
        _keep_office(record)
    record.is_staff = role.back_room
    if not record.researcher_id:
        record.made_in_id = None  # any other account belongs where its place is
    save_record(record=record, by=by, version=version)
    if not any(getattr(record, f"{place}_id") for place in PLACES if ROLE_OF_PLACE[place] == role.key):
        raise ValidationError(_("Say for which place this role is."))
    record.groups.set(Group.objects.filter(name__in={role.key, *_besides(record)}))
    return record


def _besides(account: User) -> Sequence[str]:
    """Return the role that an account has as a teacher, beside that of a wider place."""
    return (TEACHER.key,) if account.teacher_id else ()


@transaction.atomic
def delete_account(*, record: User, by: Actor) -> None:
    """Delete an account; raise PermissionDenied, or ValidationError for the only one of a township's office."""
    demand_somebody(by)
    _keep_office(record)
    stored = User.objects.filter(pk=record.pk).first()
    if stored:
        stored.demand_another_of_office()
    delete_record(record=record, by=by)


def _keep_office(account: User) -> None:
    """Keep others from closing the last accounts of an office side by side until the transaction ends."""
    township = User.objects.filter(pk=account.pk).values_list("township", flat=True).first()
    if township:
        list(User.objects.select_for_update().filter(township=township).order_by("pk").values_list("pk"))


@transaction.atomic
def open_accounts(*, accounts: Sequence[User], by: Actor) -> list[Slip]:
    """Write new accounts in the roles that their places give, each with a one-time code; return what to hand over.

    Raises PermissionDenied unless `by` may open every one of them, ValidationError for what cannot be written.
    """
    demand_somebody(by)
    for account in accounts:
        account.set_unusable_password()
        account.clean_fields(exclude=[*PLACES, "made_in"])
        account.clean()
    try:
        with transaction.atomic():
            save_records(records=accounts, by=by)
    except IntegrityError as error:
        raise Conflict(_("Somebody else has opened some of these accounts meanwhile. Look again.")) from error
    groups = {group.name: group for group in Group.objects.all()}
    through = User.groups.through
    through.objects.bulk_create(
        [through(user_id=account.pk, group_id=groups[key].pk) for account in accounts for key in account.roles],
        batch_size=500,
    )
    return give_codes(accounts)


@transaction.atomic
def set_email(*, user: User, email: str, by: Actor) -> User:
    """Write the address to which a forgotten password is renewed; raise PermissionDenied for another's account."""
    demand_somebody(by)
    if not is_own(by, lock(user)):
        raise PermissionDenied
    user.email = email
    return write_record(record=user, by=by)
