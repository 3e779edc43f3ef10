"""Users: who signs in, in which role, and for which part of the installation."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited, not_audited
from apps.core.fields import field_of, related_model
from apps.core.models import Record
from apps.core.scope import EVERYTHING, NOWHERE, Scope, ScopedQuerySet

from .roles import ROLES, TEACHER

PLACES = ("district", "township", "school", "teacher", "researcher")
ROLE_OF_PLACE = dict(zip(PLACES, ("office", "office", "principal", "teacher", "researcher"), strict=True))
# Beside which other places a teacher's may stand: a head who teaches, somebody of the office who is on the roster.
BESIDE_TEACHER = ("township", "school")
ALONE = Q(
    *[Q(**{f"{other}__isnull": other != place for other in PLACES}) for place in PLACES],
    Q(**{f"{place}__isnull": True for place in PLACES}),
    _connector=Q.OR,
)
TOGETHER = Q(
    *[Q(**{f"{other}__isnull": other not in (place, "teacher") for other in PLACES}) for place in BESIDE_TEACHER],
    _connector=Q.OR,
)
# What a place's scope is read from besides.
WITHIN = {"school": ("township",), "teacher": ("township",), "researcher": ("district",)}
# So many wrong tries make a one-time code void.
TRIES = 10


class UserQuerySet(ScopedQuerySet["User"]):
    """Accounts."""

    def with_places(self) -> Self:
        """Return the rows with all that a user's scope is read from.

        `served_until` is the last day at the school that the account's teacher came to last, None while it runs on.
        """
        begun = User.objects.filter(pk=OuterRef("pk"), teacher__appointments__starts_on__lte=timezone.localdate())
        latest = begun.order_by("-teacher__appointments__starts_on").values("teacher__appointments__ends_on")[:1]
        rows: Self = self.select_related(
            "district", "township", "school__township", "teacher__township", "researcher__district"
        ).annotate(served_until=Subquery(latest))
        return rows

    def of_office(self, township: int) -> Self:
        """Return the accounts that can sign in for the office of the township of this id now."""
        rows = self.with_places().filter(township=township, is_active=True)
        serving = Q(**{"served_until": None}) | Q(**{"served_until__gte": timezone.localdate()})
        return rows.filter(serving).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


# Creates users as Django does, and asks what accounts are asked.
AccountManager = UserManager.from_queryset(UserQuerySet)
AccountManager.use_in_migrations = False


def _place(level: str, *paths: str) -> Callable[[Scope], Q]:
    def way(scope: Scope) -> Q:
        return Q(*[(path, getattr(scope, level)) for path in paths], _connector=Q.OR)

    return way


def of_township(township: int | None) -> Q:
    """Return the condition that an account belongs to a township.

    It does by its place; as a researcher's whom the office made it for, or who serves no other township. Any other
    researcher's account is the district's matter: who can sign in with it sees all the townships served.
    """
    ways = ("township", "school__township", "teacher__township", "made_in")
    others = Q(researcher__townships__lt=township) | Q(researcher__townships__gt=township)
    same = User.objects.filter(pk=OuterRef("pk"))
    alone = Q(Exists(same.filter(researcher__townships=township)) & ~Exists(same.filter(others)))
    return Q(*[(way, township) for way in ways], alone, _connector=Q.OR)


def of_school(school: int | None) -> Q:
    """Return the condition that an account is that of a teacher, and no more, who serves at the school today."""
    today, there = timezone.localdate(), "teacher__appointments__"
    running = Q(**{f"{there}ends_on__isnull": True}) | Q(**{f"{there}ends_on__gte": today})
    serves = Q(**{f"{there}school": school, f"{there}starts_on__lte": today}) & running
    return serves & Q(**{f"{place}__isnull": True for place in BESIDE_TEACHER})


@audited(hide=["email"], without=["password", "last_login"])
class User(AbstractUser, Record):
    """An account. Its places give its scope, its groups its roles.

    A place is a district, a township, a school, a teacher or a researcher; who has a township or a school may be a
    teacher besides. The account of a teacher who has left is closed from the day after the last one served.
    """

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
        "school": lambda scope: of_school(scope.school),
        "teacher": "teacher",
    }

    state_looks = {"open": "done", "waiting": "wait", "void": "late", "left": "none", "closed": "none"}

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
    made_in = models.ForeignKey(
        "schools.Township",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by the office of"),
    )

    objects: ClassVar = AccountManager()  # type: ignore[assignment]  # Django has a manager of its own for users

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        permissions = [("renew_user", _("Can issue one-time codes"))]
        constraints = [
            models.CheckConstraint(
                name="user_places_go_together",
                condition=ALONE | TOGETHER,
                violation_error_message=_(
                    "An account belongs to one place: a district, a township, a school, a teacher or a researcher. "
                    "Only a teacher may head a school or work in the office besides."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def clean(self) -> None:
        """Refuse a teacher of another township than the other place, and the end of a township's only office."""
        super().clean()
        place = self.school.township_id if self.school else self.township_id
        if self.teacher and place and self.teacher.township_id != place:
            raise ValidationError({"teacher": _("The teacher is on the roster of another township.")})
        if self.pk:
            stored = User.objects.get(pk=self.pk)
            if not self.is_active or self.township_id != stored.township_id:
                stored.demand_another_of_office()

    def demand_another_of_office(self) -> None:
        """Raise ValidationError if nobody but this account, as it is stored, can sign in for a township's office."""
        if not (self.township_id and self.is_active and self.has_usable_password()):
            return
        if not User.objects.of_office(self.township_id).exclude(pk=self.pk).exists():
            raise ValidationError(
                _(
                    "This is the only account of the township's office that can sign in. "
                    "Open another one first, and sign in with it."
                )
            )

    def fetch_places(self) -> None:
        """Read the places of this account, each with what it lies in: short queries, which a database plans at once."""
        for place in PLACES:
            if pk := getattr(self, f"{place}_id"):
                rows = related_model(field_of(User, place))._base_manager.select_related(*WITHIN.get(place, ()))
                setattr(self, place, rows.get(pk=pk))

    @cached_property
    def _own_scope(self) -> Scope | None:
        return self.teacher.scope_on(timezone.localdate()) if self.teacher else None

    @cached_property
    def left_on(self) -> date | None:
        """Return the last day that the account's teacher served, None who serves or never did.

        A township's office is never left without anybody: its only account goes on.
        """
        if self.teacher_id is None or self.pk is None:
            return None
        if "served_until" not in vars(self) and self._own_scope and self._own_scope.school:
            return None
        row = self if "served_until" in vars(self) else User.objects.with_places().get(pk=self.pk)
        last: date | None = vars(row)["served_until"]
        if not last or last >= timezone.localdate():
            return None
        if self.township_id and not User.objects.of_office(self.township_id).exclude(pk=self.pk).exists():
            return None
        return last

    class State(models.TextChoices):
        """How an account stands: as a list shows it."""

        OPEN = "open", pgettext_lazy("state of an account", "open")
        WAITING = "waiting", _("code not used yet")
        VOID = "void", _("needs a code")
        LEFT = "left", _("closed: has left")
        CLOSED = "closed", pgettext_lazy("state of an account", "closed")

    @property
    def state(self) -> str:
        """Return how the account stands today."""
        if not self.is_active:
            return self.State.CLOSED
        if self.left_on:
            return self.State.LEFT
        if self.has_usable_password():
            return self.State.OPEN
        code = getattr(self, "code", None)
        return self.State.WAITING if code and not code.refusal else self.State.VOID

    def get_state_display(self) -> str:
        """Return the state as people read it."""
        return str(self.State(self.state).label)

    @property
    def is_open(self) -> bool:
        """Return whether the account may be used today."""
        return self.is_active and self.left_on is None

    @property
    def refusal(self) -> str:
        """Return why the account may not be used today, an empty text where it may."""
        if not self.is_active:
            return gettext("This account is closed. Ask the education office of your township.")
        if self.left_on is None:
            return ""
        days = {
            "last": date_format(self.left_on, "DATE_FORMAT"),
            "first": date_format(self.left_on + timedelta(days=1), "DATE_FORMAT"),
        }
        return (
            gettext(
                "Your service ended on %(last)s, so this account is closed since %(first)s. "
                "If you still serve, ask the education office to enter your school; then it opens again."
            )
            % days
        )

    @cached_property
    def scope(self) -> Scope:
        """Return the widest scope of this account: what it may see, but for the own rows of a teacher elsewhere."""
        if not self.is_open:
            return NOWHERE
        if self.is_superuser:
            return EVERYTHING
        for place in (self.school, self.township, self.district, self.researcher):
            if place:
                return place.scope
        return self._own_scope or NOWHERE

    @cached_property
    def own_scope(self) -> Scope | None:
        """Return the scope of the teacher who the user is besides a wider place; None for who has one place."""
        if self.teacher is None or self.scope.kind not in BESIDE_TEACHER:
            return None
        return self._own_scope

    def has_own_perm(self, perm: str) -> bool:
        """Return whether the user has a permission as a teacher."""
        return self.teacher_id is not None and perm in TEACHER.permissions

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
    def roles(self) -> list[str]:
        """Return the keys of the account's roles, which its places tell, the widest first."""
        return list(dict.fromkeys(key for place, key in ROLE_OF_PLACE.items() if getattr(self, f"{place}_id")))

    @property
    def role(self) -> str:
        """Return the names of the account's roles; an empty text without one."""
        names = {role.key: str(role.name) for role in ROLES}
        return "、".join(names[key] for key in self.roles)


class OneTimeCodeQuerySet(models.QuerySet["OneTimeCode"]):
    """One-time codes."""

    def waiting(self) -> Self:
        """Return the codes with which somebody can still sign in."""
        return self.filter(used_at=None, wrong__lt=TRIES, valid_until__gte=timezone.localdate())


@not_audited(because="who issued a code stands in the history of its account")
class OneTimeCode(models.Model):
    """The code with which an account sets its own password: kept as a digest alone, used once."""

    user = models.OneToOneField(User, models.CASCADE, related_name="code", verbose_name=_("account"))
    digest = models.CharField(max_length=64)
    valid_until = models.DateField(pgettext_lazy("of a one-time code", "valid until"))
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("one-time code")
        verbose_name_plural = _("one-time codes")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def refusal(self) -> str:
        """Return why nobody can sign in with the code any more, an empty text where one can."""
        if self.used_at:
            return gettext("This code has been used. Sign in with the password that you chose then.")
        if self.wrong >= TRIES:
            return gettext("This code is void after ten wrong tries. Ask for a new one.")
        if self.valid_until < timezone.localdate():
            day = date_format(self.valid_until, "DATE_FORMAT")
            return gettext("This code was valid until %(day)s. Ask for a new one.") % {"day": day}
        return ""
