"""What the first steps do: they found an installation, once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.actions import save_account, sync_roles
from apps.accounts.models import User
from apps.accounts.roles import OFFICE
from apps.core.actors import SYSTEM, acting
from apps.core.models import SchoolYear, Term
from apps.core.years import save_school_year
from apps.schools.actions import save_place
from apps.schools.models import District, Township

from .models import FirstCode, nobody_yet


class TooLate(ValidationError):
    """Somebody else has founded the installation meanwhile."""


@dataclass(frozen=True)
class Beginning:
    """What an installation begins with, not stored yet; the townships belong to the district."""

    district: District
    townships: Sequence[Township]
    year: SchoolYear
    terms: Sequence[Term]
    account: User
    password: str


@transaction.atomic
def found(*, beginning: Beginning, code: int) -> User:
    """Write all that an installation begins with, all or nothing, and return the first account, an office's.

    It belongs to the township, or to the whole district where there are several. Nobody can sign in yet: the one-time
    code with the id `code` stands for the right, and is void from then on. Raises TooLate for who comes second.
    """
    deleted, _rows = FirstCode.objects.filter(pk=code).delete()  # who comes second waits here, and finds none
    if not deleted or not nobody_yet():
        raise TooLate(_("Somebody else has finished the first steps meanwhile: sign in with an account."))
    by = SYSTEM.first_steps
    sync_roles()
    save_place(record=beginning.district, by=by)
    for township in beginning.townships:
        township.district = beginning.district
        save_place(record=township, by=by)
    save_school_year(year=beginning.year, terms=beginning.terms, by=by)
    account = beginning.account
    if len(beginning.townships) == 1:
        account.township = beginning.townships[0]
    else:
        account.district = beginning.district
    save_account(record=account, by=by, role=OFFICE)
    with acting(by):
        account.set_password(beginning.password)
        account.save(update_fields=["password"])
    return account
