"""Accounts for a whole town: who of the roster has one, and which are opened at once."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.actions import issue_codes, open_accounts
from apps.accounts.models import User
from apps.accounts.roles import PRINCIPAL, TEACHER
from apps.accounts.slips import Pile
from apps.core.actors import Actor
from apps.schools.models import School
from apps.webui.forms import RowsField

from .models import Teacher

# Some offices number their teachers by the ID number, which is nobody's to read.
ID_NUMBER = re.compile(r"\d{15}|\d{17}[\dx]")


class OpeningForm(forms.Form):
    """For whom accounts are opened: schools, and what people are there. Nothing is chosen before somebody does."""

    roles = forms.MultipleChoiceField(
        label=_("For whom"),
        choices=[(PRINCIPAL.key, _("Principals of the roster")), (TEACHER.key, _("All other teachers"))],
        widget=forms.CheckboxSelectMultiple,
    )
    every = forms.BooleanField(label=_("All schools"), required=False)
    schools = RowsField(School.objects.none(), label=_("Schools"), required=False, widget=forms.CheckboxSelectMultiple)
    renew = forms.BooleanField(
        label=_("New codes for accounts that nobody has signed in with yet"),
        required=False,
        help_text=_("Where slips were lost: their present codes become void."),
    )

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["schools"]
        assert isinstance(field, RowsField)
        field.queryset = School.objects.visible_to(user).order_by("township__code", "code")
        self.offered = field.queryset

    def clean(self) -> dict[str, Any]:
        """Take all schools where that is asked for; refuse none."""
        data = super().clean() or {}
        if data.get("every"):
            data["schools"] = self.offered
        elif "schools" in data and not data["schools"]:
            self.add_error("schools", _("Choose the schools, or all of them."))
        return data


@dataclass(frozen=True)
class Person:
    """Somebody of the roster, at the school of today, with the account where there is one."""

    teacher: Teacher
    school: School
    account: User | None
    renew: bool

    @property
    def role(self) -> str:
        """Return the key of the role that fits the post."""
        return PRINCIPAL.key if self.teacher.position == Teacher.Position.PRINCIPAL else TEACHER.key

    @property
    def waits(self) -> bool:
        """Return whether there is something to do: an account to open, or a code to renew."""
        return self.account is None or self.renew


def people(*, user: Actor, schools: Iterable[School], roles: Sequence[str], renew: bool = False) -> list[Person]:
    """Return who serves at these schools today in these roles, school by school; two queries."""
    known = {school.pk: school for school in schools}
    teachers = Teacher.objects.visible_to(user).with_school(timezone.localdate()).filter(**{"school_pk__in": known})
    heads = {"position": Teacher.Position.PRINCIPAL}
    if TEACHER.key not in roles:
        teachers = teachers.filter(**heads)
    elif PRINCIPAL.key not in roles:
        teachers = teachers.exclude(**heads)
    found = list(teachers.select_related("township").order_by("no", "pk"))
    accounts: dict[int | None, User] = {
        account.teacher_id: account
        for account in User.objects.visible_to(user).with_places().select_related("code").filter(
            teacher__appointments__school__in=known
        ).distinct()
    }  # fmt: skip
    rank = {pk: number for number, pk in enumerate(known)}
    rows = [
        Person(
            teacher,
            known[vars(teacher)["school_pk"]],
            account := accounts.get(teacher.pk),
            renew and account is not None and account.state in (User.State.WAITING, User.State.VOID),
        )
        for teacher in found
    ]
    return sorted(rows, key=lambda row: (rank[row.school.pk], row.role != PRINCIPAL.key))


def without_teacher(*, user: Actor, schools: Iterable[School]) -> list[User]:
    """Return the accounts of heads at these schools which name no teacher: they can be completed."""
    rows = User.objects.visible_to(user).filter(school__in=list(schools), teacher=None, is_active=True)
    return list(rows.select_related("school").order_by("username"))


def user_names(teachers: Sequence[Teacher]) -> dict[int, str]:
    """Return teacher id → a free user name: the end of the township's code and the teacher number.

    No name and no ID number stands in it, and a phone types it with digits alone where the number has but digits.
    """
    wished = {teacher.pk: list(_names(teacher)) for teacher in teachers}
    every = [name for names in wished.values() for name in names]
    taken: set[str] = set()
    for start in range(0, len(every), 500):
        taken |= set(User.objects.filter(username__in=every[start : start + 500]).values_list("username", flat=True))
    given = {}
    for pk, names in wished.items():
        given[pk] = next(name for name in [*names, f"{names[-1]}-{pk}"] if name not in taken)
        taken.add(given[pk])
    return given


def _names(teacher: Teacher) -> Iterable[str]:
    """Yield the names that fit a teacher, the shortest first."""
    number = re.sub(r"[^0-9a-z-]", "", unicodedata.normalize("NFKC", teacher.no).lower())
    if not number or ID_NUMBER.fullmatch(number):
        number = str(teacher.pk)
    code = teacher.township.code
    yield from (code[-3:] + number, code + number)


@transaction.atomic
def open_for(people: Sequence[Person], user: Actor) -> list[Pile]:
    """Open the accounts that are missing and renew the codes that are asked for; return them school by school."""
    missing = [person for person in people if person.account is None]
    names = user_names([person.teacher for person in missing])
    accounts = [
        User(
            username=names[person.teacher.pk],
            name=person.teacher.name,
            teacher=person.teacher,
            school=person.school if person.role == PRINCIPAL.key else None,
        )
        for person in missing
    ]
    slips = open_accounts(accounts=accounts, by=user)
    if renewed := [person.account for person in people if person.account and person.renew]:
        slips += issue_codes(users=renewed, by=user)
    of_teacher = {slip.account.teacher_id: slip for slip in slips}
    piles: dict[str, list[Any]] = {}
    for person in people:
        if slip := of_teacher.get(person.teacher.pk):
            piles.setdefault(str(person.school), []).append(slip)
    return [Pile(school, found) for school, found in piles.items()]
