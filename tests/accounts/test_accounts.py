"""Signing in, roles, places, passwords."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.test import Client

from apps.accounts.actions import issue_code, save_account, sync_roles
from apps.accounts.models import User
from apps.accounts.roles import OFFICE, PRINCIPAL, ROLES
from apps.core.actors import SYSTEM
from apps.core.scope import Scope
from tests.factories import UserFactory


def test_reference_data_loaded_twice_is_there_once(db: None) -> None:
    call_command("load_reference")
    call_command("load_reference")
    assert set(Group.objects.values_list("name", flat=True)) == {role.key for role in ROLES}
    assert Group.objects.get(name="office").permissions.count() == len(OFFICE.permissions)


def test_scope_of_an_account_follows_its_place(town: SimpleNamespace, cast: dict) -> None:
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


def test_account_with_two_places_is_refused(town: SimpleNamespace) -> None:
    user = User(username="both", name="两处", township=town.township, school=town.school)
    with pytest.raises(ValidationError, match="一个账号只属于一处"):
        save_account(record=user, by=SYSTEM.imports, role=PRINCIPAL)


def test_new_account_chooses_a_password_by_the_issued_code(town: SimpleNamespace, client: Any) -> None:
    sync_roles()
    user = save_account(
        record=User(username="head", name="校长", school=town.school), by=SYSTEM.imports, role=PRINCIPAL
    )
    assert not user.has_usable_password()
    slip = issue_code(user=user, by=SYSTEM.imports)
    response = client.post("/login/", {"username": "head", "password": slip.code})
    assert response.url == "/password/first/"
    chosen = {"new_password1": "qingfeng-yulu", "new_password2": "qingfeng-yulu"}
    assert client.post(response.url, chosen).url == "/"
    assert "校长" in client.get("/").content.decode()


def test_account_form_filled_in_by_the_office_adds_a_principal(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    data = {"username": "head", "name": "校长", "role": "principal", "school": town.other.pk, "is_active": "on"}
    client.post("/accounts/user/new/", data)
    user = User.objects.get(username="head")
    assert (user.school, [g.name for g in user.groups.all()], user.is_staff) == (town.other, ["principal"], False)
    shown = client.post(f"/accounts/user/{user.pk}/code/").content.decode()
    assert "只在此显示一次" in shown


def test_account_form_without_a_place_asks_for_it(town: SimpleNamespace, browser: Any) -> None:
    data = {"username": "head", "name": "校长", "role": "principal", "is_active": "on"}
    assert "请填写该角色所属的单位" in browser("office").post("/accounts/user/new/", data).content.decode()
    assert not User.objects.filter(username="head").exists()


def test_sign_in_failed_six_times_locks_out_that_user_only(town: SimpleNamespace, cast: dict, client: Any) -> None:
    name = cast["principal"].username
    for _attempt in range(6):
        response = client.post("/login/", {"username": name, "password": "wrong"})
    assert response.status_code == 429
    other = {"username": cast["office"].username, "password": "townedu-test"}
    assert client.post("/login/", other).status_code == 302


def own_data(user: User, **given: Any) -> dict[str, Any]:
    return {"username": user.username, "name": "李文静", "read_version": user.version, **given}


def test_form_of_the_own_account_leaves_role_place_and_access_as_they_are(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    own, client = cast["office"], browser("office")
    page = f"/accounts/user/{own.pk}/edit/"
    offered = client.get(page).context["form"].fields
    assert set(offered) == {"username", "name", "email", "teacher", "read_version"}
    data = own_data(own, name="新名", role="principal", school=town.school.pk)
    assert client.post(page, data).url == own.get_absolute_url()
    own = User.objects.get(pk=own.pk)
    assert (own.name, own.is_active, own.township, own.school) == ("新名", True, town.township, None)
    assert [group.name for group in own.groups.all()] == ["office"]


def test_admin_form_of_the_own_account_does_not_close_it(cast: dict, browser: Any) -> None:
    own = cast["office"]
    browser("office").post(f"/admin/accounts/user/{own.pk}/change/", {"username": own.username, "name": "李文静"})
    assert User.objects.get(pk=own.pk).is_active


def test_own_account_deleted_or_given_a_code_is_forbidden(cast: dict, browser: Any) -> None:
    own, client = cast["office"], browser("office")
    for verb in ("delete", "code"):
        assert client.post(f"/accounts/user/{own.pk}/{verb}/").status_code == 403
    assert User.objects.get(pk=own.pk).check_password("townedu-test")


def test_own_role_changed_by_the_action_is_forbidden(cast: dict) -> None:
    with pytest.raises(PermissionDenied, match="您不能修改自己的角色"):
        save_account(record=cast["office"], by=cast["office"], role=PRINCIPAL)


def test_account_in_a_role_without_its_place_is_refused(town: SimpleNamespace) -> None:
    sync_roles()
    with pytest.raises(ValidationError, match="请填写该角色所属的单位"):
        save_account(record=User(username="head", name="校长", township=town.township), by=SYSTEM.demo, role=PRINCIPAL)


def test_new_code_asks_before_the_present_password_ends(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    page = f"/accounts/user/{cast['principal'].pk}/code/"
    assert "原密码将立即失效" in browser("office").get(page).content.decode()
    assert User.objects.get(pk=cast["principal"].pk).check_password("townedu-test")


def test_account_saved_over_a_newer_version_is_refused(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    head = cast["principal"]
    data = {"username": head.username, "name": "新名", "role": "principal", "school": town.school.pk, "is_active": "on"}
    client, page = browser("office"), f"/accounts/user/{head.pk}/edit/"
    assert client.post(page, data | {"read_version": 1}).status_code == 302
    assert "刚刚被他人修改过" in client.post(page, data | {"name": "又名", "read_version": 1}).content.decode()
    assert User.objects.get(pk=head.pk).name == "新名"


def test_researcher_of_two_townships_is_an_account_of_the_office_that_made_it(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    cast["researcher"].delete()
    data = {
        "username": "yan",
        "name": "苟主任",
        "role": "researcher",
        "researcher": town.researcher.pk,
        "is_active": "on",
    }
    assert browser("office").post("/accounts/user/new/", data).status_code == 302
    page = User.objects.get(username="yan").get_absolute_url()
    town.researcher.townships.add(town.far.township)
    assert browser("office").get(page).status_code == 200
    assert browser("office").get(f"{page}code/").status_code == 200
    assert browser("stranger").get(page).status_code == 404


def test_researcher_of_two_townships_made_by_the_district_is_no_account_of_either_office(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    town.researcher.townships.add(town.far.township)
    page = cast["researcher"].get_absolute_url()
    assert browser("office").get(page).status_code == 404
    assert browser("stranger").get(page).status_code == 404


def test_account_form_without_a_role_asks_for_it(town: SimpleNamespace, browser: Any) -> None:
    data = {"username": "head", "name": "校长", "role": "", "school": town.other.pk, "is_active": "on"}
    answer = browser("office").post("/accounts/user/new/", data)
    assert "role" in answer.context["form"].errors
    assert not User.objects.filter(username="head").exists()


ONLY = "只有这一个账号能以教育组身份登录"


def test_only_account_of_an_office_is_not_closed_demoted_or_deleted(town: SimpleNamespace, cast: dict) -> None:
    first = cast["office"]
    # A colleague who has not signed in yet is nobody who could open the door again.
    colleague = UserFactory(username="second", role="office", township=town.township)
    User.objects.filter(pk=colleague.pk).update(password="!")
    page, given = f"/accounts/user/{first.pk}/", {"username": first.username, "name": "李文静"}
    client = Client()
    above = UserFactory(username="district", role="office", district=town.township.district)
    client.force_login(above, backend="apps.accounts.backends.ScopedBackend")
    closed = given | {"role": "office", "township": town.township.pk}
    demoted = given | {"role": "principal", "school": town.school.pk, "is_active": "on"}
    for data in (closed, demoted):
        assert ONLY in client.post(f"{page}edit/", data).content.decode()
    assert ONLY in client.post(f"{page}delete/", follow=True).content.decode()
    client.post(f"/admin/accounts/user/{first.pk}/change/", given)
    stored = User.objects.get(pk=first.pk)
    assert (stored.is_active, stored.township) == (True, town.township)


def test_second_account_of_an_office_is_closed_by_a_colleague(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    second = UserFactory(username="second", role="office", township=town.township)
    data = {"username": "second", "name": "李文静", "role": "office"}
    assert browser("office").post(f"/accounts/user/{second.pk}/edit/", data).status_code == 302
    assert not User.objects.get(pk=second.pk).is_active
