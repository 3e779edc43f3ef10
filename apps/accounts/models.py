"""Users: who signs in, in which role, and for which part of the installation."""

from collections.abc import Callable
from functools import cached_property
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.scope import EVERYTHING, NO_ROWS, NOWHERE, Scope, ScopedQuerySet

from .roles import ROLES

PLACES = ("district", "township", "school", "teacher", "researcher")
ROLE_OF_PLACE = dict(zip(PLACES, ("office", "office", "principal", "teacher", "researcher"), strict=True))


class UserQuerySet(ScopedQuerySet["User"]):
    """Accounts."""

    def with_places(self) -> Self:
        """Return the rows with all that a user's scope is read from."""
        return self.select_related(
            "district", "township", "school__township", "teacher__township", "researcher__district"
        )


# Creates users as Django does, and asks what accounts are asked.
AccountManager = UserManager.from_queryset(UserQuerySet)
AccountManager.use_in_migrations = False


def _place(level: str, *paths: str) -> Callable[[Scope], Q]:
    def way(scope: Scope) -> Q:
        return Q(*[(path, getattr(scope, level)) for path in paths], _connector=Q.OR)

    return way


def of_township(township: int | None) -> Q:
    """Return the condition that an account belongs to a township: by its place, or as a researcher who serves no other.

    Who can sign in for a researcher sees all the townships served: such an account is the district's matter.
    """
    ways = ("township", "school__township", "teacher__township")
    others = Q(researcher__townships__lt=township) | Q(researcher__townships__gt=township)
    alone = Q(researcher__townships=township) & ~Exists(User.objects.filter(others, pk=OuterRef("pk")))
    return Q(*[(way, township) for way in ways], alone, _connector=Q.OR)


@audited(without=["password", "last_login"])
class User(AbstractUser, Record):
    """An account. Its place (district, township, school, teacher or researcher) gives its scope, its group its role."""

    reached_from = {
        "district": _place(
            "district",
            "district",
            "township__district",
            "school__township__district",
            "teacher__township__district",
            "researcher__district",
        ),
        "township": lambda scope: of_township(scope.township),
        "school": lambda scope: NO_ROWS,
        "teacher": "teacher",
    }

    first_name = last_name = None  # type: ignore[assignment]  # how Django lets go of a field
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    district = models.ForeignKey("schools.District", models.PROTECT, null=True, blank=True, verbose_name=_("district"))
    township = models.ForeignKey("schools.Township", models.PROTECT, null=True, blank=True, verbose_name=_("township"))
    school = models.ForeignKey("schools.School", models.PROTECT, null=True, blank=True, verbose_name=_("school"))
    teacher = models.OneToOneField(
        "teachers.Teacher", models.PROTECT, null=True, blank=True, related_name="account", verbose_name=_("teacher")
    )
    researcher = models.OneToOneField(
        "schools.Researcher",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account",
        verbose_name=_("researcher"),
    )

    objects: ClassVar = AccountManager()  # type: ignore[assignment]  # Django has a manager of its own for users

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                name="user_has_at_most_one_place",
                condition=Q(
                    *[Q(**{f"{other}__isnull": other != place for other in PLACES}) for place in PLACES],
                    Q(**{f"{place}__isnull": True for place in PLACES}),
                    _connector=Q.OR,
                ),
                violation_error_message=_(
                    "An account belongs to one place only: a district, township, school, teacher or researcher."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    @cached_property
    def scope(self) -> Scope:
        """Return the one scope of this account: what it may see at all."""
        if not self.is_active:
            return NOWHERE
        if self.is_superuser:
            return EVERYTHING
        if self.teacher:
            return self.teacher.scope_on(timezone.localdate())
        for place in (self.school, self.township, self.district, self.researcher):
            if place:
                return place.scope
        return NOWHERE

    @cached_property
    def _permissions(self) -> frozenset[str]:
        return frozenset(self.get_all_permissions())

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return whether the account's role has a permission; a page asks for dozens, so that they are read once."""
        return self.is_active and (self.is_superuser or perm in self._permissions)

    @property
    def account(self) -> "User":
        """Return the row to keep where a record says who did something."""
        return self

    @cached_property
    def served_townships(self) -> list[int] | None:
        """Return the ids of the townships that a researcher serves; None for who is no researcher."""
        if self.researcher is None:
            return None
        return list(self.researcher.townships.values_list("pk", flat=True))

    @property
    def role(self) -> str:
        """Return the name of the account's role, which its place tells; an empty text without one."""
        key = next((key for place, key in ROLE_OF_PLACE.items() if getattr(self, f"{place}_id")), "")
        return next((str(role.name) for role in ROLES if role.key == key), "")
