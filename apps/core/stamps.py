"""Stamps: when something was done to a record and by whom, two fields that are given together or not at all.

The stamp `decided` of a record is its fields `decided_at` and `decided_by`.
"""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .labels import Label


def stamp(record: models.Model, what: str, account: AbstractBaseUser | None) -> None:
    """Note on a record that `account` has done `what` now; without an account, which a system has not, nobody did."""
    setattr(record, f"{what}_at", None if account is None else timezone.now())
    setattr(record, f"{what}_by", account)


def unstamp(record: models.Model, what: str) -> None:
    """Take from a record that `what` was done, with who did it and when."""
    stamp(record, what, None)


def paired(what: str, *, name: str, violation_error_message: Label, reason: str = "") -> models.CheckConstraint:
    """Return the constraint `name`: both fields of the stamp `what` are given or neither is.

    `reason` is a text field that is given with them, and never without.
    """
    neither: dict[str, Any] = {f"{what}_at__isnull": True, f"{what}_by__isnull": True}
    both = Q(**{f"{what}_at__isnull": False, f"{what}_by__isnull": False})
    if reason:
        neither[reason] = ""
        both &= ~Q(**{reason: ""})
    return models.CheckConstraint(
        name=name, condition=Q(**neither) | both, violation_error_message=violation_error_message
    )
