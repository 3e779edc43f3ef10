"""Signing in, roles, places, passwords."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management import call_command

from apps.accounts.actions import issue_password, save_account, sync_roles
from apps.accounts.models import User
from apps.accounts.roles import OFFICE, PRINCIPAL, ROLES
from apps.core.actors import SYSTEM
from apps.core.scope import Scope
from tests.factories import UserFactory


def test_reference_data_can_be_loaded_twice(db: None) -> None:
    call_command("load_reference")
    call_command("load_reference")
    assert set(Group.objects.values_list("name", flat=True)) == {role.key for role in ROLES}
    assert Group.objects.get(name="office").permissions.count() == len(OFFICE.permissions)


def test_scope_follows_the_place(town: SimpleNamespace, cast: dict) -> None:
    township, school = town.township, town.school
    place = {"district": township.district_id, "township": township.pk}
    assert cast["office"].scope == Scope("township", **place)
    assert cast["principal"].scope == Scope("school", **place, school=school.pk)
    assert cast["teacher"].scope == Scope("teacher", **place, school=school.pk, teacher=town.teacher.pk)
    assert cast["researcher"].scope == Scope("district", district=township.district_id)
    assert cast["researcher"].served_townships == [township.pk]


def test_account_without_place_sees_nothing(town: SimpleNamespace) -> None:
    user = UserFactory(role="principal")
    assert user.scope.kind == "nothing"
    assert not type(town.school).objects.visible_to(user).exists()


def test_account_has_one_place(town: SimpleNamespace) -> None:
    user = User(username="both", name="两处", township=town.township, school=town.school)
    with pytest.raises(ValidationError, match="一个账号只能属于一处"):
        save_account(record=user, by=SYSTEM.imports, role=PRINCIPAL)


def test_new_account_signs_in_with_the_issued_password(town: SimpleNamespace, client: Any) -> None:
    sync_roles()
    user = save_account(
        record=User(username="head", name="校长", school=town.school), by=SYSTEM.imports, role=PRINCIPAL
    )
    assert not user.has_usable_password()
    password = issue_password(user=user, by=SYSTEM.imports)
    response = client.post("/login/", {"username": "head", "password": password})
    assert response.url == "/"
    assert "校长" in client.get("/").content.decode()


def test_office_adds_a_principal_by_the_form(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    data = {"username": "head", "name": "校长", "role": "principal", "school": town.other.pk, "is_active": "on"}
    client.post("/accounts/user/new/", data)
    user = User.objects.get(username="head")
    assert (user.school, [g.name for g in user.groups.all()], user.is_staff) == (town.other, ["principal"], False)
    shown = client.post(f"/accounts/user/{user.pk}/password/", follow=True).content.decode()
    assert "只显示这一次" in shown


def test_account_form_asks_for_the_place(town: SimpleNamespace, browser: Any) -> None:
    data = {"username": "head", "name": "校长", "role": "principal", "is_active": "on"}
    assert "请填写该角色所属的单位" in browser("office").post("/accounts/user/new/", data).content.decode()
    assert not User.objects.filter(username="head").exists()


def test_lockout_goes_by_user_and_address(town: SimpleNamespace, cast: dict, client: Any) -> None:
    name = cast["principal"].username
    for _attempt in range(6):
        response = client.post("/login/", {"username": name, "password": "wrong"})
    assert response.status_code == 429
    other = {"username": cast["office"].username, "password": "townedu-test"}
    assert client.post("/login/", other).status_code == 302
