"""Who may take the actions of accounts."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from apps.accounts import actions
from apps.accounts.models import OneTimeCode, User
from apps.accounts.roles import OFFICE, PRINCIPAL, RESEARCHER
from tests.architecture.actions.rows import Row
from tests.factories import ResearcherFactory, TeacherFactory, UserFactory


def account(**place: Any) -> User:
    return User(username="new", name="新账号", **place)


def head(town: SimpleNamespace) -> User:
    """Another account of a principal of the school."""
    return UserFactory(username="head", school=town.school)


def of_office(town: SimpleNamespace) -> User:
    """The account with which the office of the township signs in."""
    return User.objects.filter(township=town.township).first() or UserFactory(township=town.township)


def one_of_two(town: SimpleNamespace) -> User:
    """The account of the office, which has a second one."""
    UserFactory(username="second", role="office", township=town.township)
    return User.objects.filter(township=town.township).exclude(username="second").first() or of_office(town)


def of_teacher(town: SimpleNamespace) -> User:
    """The account of a teacher of the school."""
    teacher = TeacherFactory(school=town.school, no="777")
    return UserFactory(username="teaches", role="teacher", teacher=teacher)


def code_of(user: User) -> OneTimeCode:
    """A one-time code of an account."""
    OneTimeCode.objects.filter(user=user).delete()
    return OneTimeCode.objects.create(user=user, digest="0" * 64, valid_until=date(2100, 1, 1))


def closed(user: User) -> User:
    user.is_active = False
    return user


def unbound(town: SimpleNamespace) -> User:
    """An account of the township that may do everything."""
    return UserFactory(username="unbound", township=town.township, is_superuser=True)


def researcher(*townships: Any) -> Any:
    """A researcher without an account, who serves these townships."""
    row = ResearcherFactory(name="苏研员")
    row.townships.set(townships)
    return row


ROWS = (
    Row(actions.save_account, lambda town: {"record": account(school=town.school), "role": PRINCIPAL}, "office"),
    Row(
        actions.save_account,
        lambda town: {"record": account(school=town.far), "role": PRINCIPAL},
        "stranger",
        "in another township",
    ),
    Row(
        actions.save_account,
        lambda town: {"record": account(district=town.township.district), "role": OFFICE},
        "",
        "for the whole district",
    ),
    Row(
        actions.save_account,
        lambda town: {"record": account(school=town.school, is_superuser=True), "role": PRINCIPAL},
        "",
        "that may do everything",
    ),
    Row(actions.save_account, lambda town: {"record": head(town), "role": PRINCIPAL}, "office", "of a colleague"),
    Row(actions.save_account, lambda town: {"record": closed(head(town)), "role": PRINCIPAL}, "office", "to close it"),
    Row(
        actions.save_account, lambda town: {"record": closed(one_of_two(town)), "role": OFFICE}, "", "to close the own"
    ),
    Row(actions.save_account, lambda town: {"record": unbound(town), "role": OFFICE}, "", "of who may do everything"),
    Row(actions.issue_code, lambda town: {"user": head(town)}, "office"),
    Row(actions.issue_code, lambda town: {"user": of_teacher(town)}, "office principal", "of a teacher of the school"),
    Row(actions.issue_code, lambda town: {"user": of_office(town)}, "", "of the own account"),
    Row(actions.issue_code, lambda town: {"user": unbound(town)}, "", "of who may do everything"),
    Row(actions.issue_codes, lambda town: {"users": [head(town)]}, "office"),
    Row(actions.issue_codes, lambda town: {"users": [of_teacher(town)]}, "office principal", "of a teacher"),
    Row(actions.open_accounts, lambda town: {"accounts": [account(school=town.school)]}, "office"),
    Row(actions.open_accounts, lambda town: {"accounts": [account(school=town.far)]}, "stranger", "far away"),
    Row(actions.delete_account, lambda town: {"record": head(town)}, "office"),
    Row(actions.set_email, lambda town: {"user": of_office(town), "email": "a@example.org"}, "office", system=False),
    Row(
        actions.redeem_code,
        lambda town: {"code": code_of(of_office(town)), "password": "qingfeng"},
        "office",
        system=False,
    ),
    Row(
        actions.save_account,
        lambda town: {"record": account(researcher=researcher(town.township)), "role": RESEARCHER},
        "office",
        "of a researcher of this township alone",
    ),
    Row(
        actions.save_account,
        lambda town: {"record": account(researcher=researcher(town.township, town.far.township)), "role": RESEARCHER},
        "",
        "of a researcher of two townships",
    ),
)
