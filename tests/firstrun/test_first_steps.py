"""The first steps of an installation in which nobody has an account yet."""

from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.core.models import SchoolYear, Term
from apps.firstrun import actions
from apps.firstrun.actions import Beginning, TooLate, found
from apps.firstrun.forms import DISTRICTS, whole_name
from apps.firstrun.middleware import FirstSteps
from apps.firstrun.models import TRIES, FirstCode
from apps.schools.models import District, Township
from tests.architecture.test_urls import _address, patterns
from tests.factories import UserFactory
from tests.firstrun.conftest import ACCOUNT, COUNTY, TOWNSHIPS, YEAR

Begin = Callable[..., Client]
TWICE = {"form-TOTAL_FORMS": "2", "form-1-name": "青川镇", "form-1-kind": "镇", "form-1-office": "学区"}


def text(answer: Any) -> str:
    return answer.content.decode()


def written() -> int:
    return sum(model.objects.count() for model in (District, Township, SchoolYear, Term, User))


# Before anybody has an account


def test_every_address_of_an_empty_installation_leads_to_the_first_steps(empty: None, client: Client) -> None:
    for name, pattern in patterns():
        address = "/" + _address(pattern, name)
        if not name.startswith("firstrun:") and name != "set_language":
            for answer in (client.get(address), client.post(address)):
                assert (name, answer.status_code, answer.get("Location")) == (name, 302, "/first-steps/")
    assert client.get("/admin/").url == "/first-steps/"
    assert client.get("/nowhere/").url == "/first-steps/"


def test_first_steps_without_a_code_say_how_to_print_one(empty: None, client: Client) -> None:
    assert "manage.py first_code" in text(client.get("/first-steps/"))


def test_installation_with_an_account_has_no_first_steps(empty: None, client: Client) -> None:
    UserFactory()
    assert client.get("/").url.startswith("/login/")
    assert [client.get(address).status_code for address in ("/first-steps/", "/first-steps/county/")] == [404, 404]
    assert FirstSteps.begun


def test_site_in_use_is_asked_for_accounts_once(empty: None, client: Client, django_assert_num_queries: Any) -> None:
    UserFactory()
    client.get("/login/")
    with django_assert_num_queries(0):
        client.get("/login/")


# The code


def test_code_is_kept_as_a_hash_alone(empty: None) -> None:
    code = FirstCode.issue()
    row = FirstCode.objects.get()
    assert code not in row.code_hash
    assert code.replace("-", "") not in row.code_hash
    assert row.opens(code.upper().replace("-", " "))


def test_code_typed_wrong_ten_times_is_void(empty: None, client: Client) -> None:
    code = FirstCode.issue()
    for _attempt in range(TRIES):
        assert "代码不对" in text(client.post("/first-steps/", {"code": "abcd-efgh-jkmn"}))
    answer = client.post("/first-steps/", {"code": code})
    assert "已经作废" in text(answer)
    assert client.get("/first-steps/county/").url == "/first-steps/"
    assert not FirstCode.objects.get().opens(code)


def test_new_code_makes_the_former_void(begun: Begin, client: Client) -> None:
    other = begun("year")
    FirstCode.issue()
    assert other.get("/first-steps/year/").url == "/first-steps/"


def test_command_prints_a_code_until_somebody_has_an_account(empty: None, client: Client) -> None:
    out, told = StringIO(), StringIO()
    call_command("first_code", address="http://localhost:8001/", stdout=out)
    assert "http://localhost:8001/" in out.getvalue()
    code = out.getvalue().split()[-1]
    assert client.post("/first-steps/", {"code": code}).url == "/first-steps/county/"
    UserFactory()
    out = StringIO()
    call_command("first_code", stdout=out, stderr=told)
    assert (out.getvalue(), "sign in" in told.getvalue()) == ("", True)


# The steps


def test_steps_taken_to_the_end_found_the_installation(begun: Begin) -> None:
    client = begun("account")
    assert written() == 0
    answer = client.post("/first-steps/account/", ACCOUNT, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "开始使用" in text(answer)
    assert "没有待办事项" not in text(answer)
    district, township = District.objects.get(), Township.objects.get()
    assert (district.name, district.office_name, district.code) == ("青川县", "县教师发展中心", "01")
    assert (township.name, township.office_name, township.code) == ("青川镇", "青川镇教育组", "0101")
    assert SchoolYear.objects.get().start_year == 2026
    assert [term.ends_on for term in Term.objects.order_by("number")] == [date(2027, 1, 31), date(2027, 8, 31)]
    account = User.objects.get()
    assert (account.township, account.is_superuser, account.has_perm("schools.add_school")) == (township, False, True)
    assert account.check_password(ACCOUNT["password1"])
    assert not FirstCode.objects.exists()
    assert client.get("/first-steps/").status_code == 404
    entry = LogEntry.objects.get_for_object(township).get()
    assert entry.additional_data == {"system": "first_steps"}


def test_proposed_year_is_the_one_of_today(begun: Begin) -> None:
    form = begun("year").get("/first-steps/year/").context["form"]
    first = form.initial["starts_on"]
    assert (first.month, first.day, form.initial["ends_on"].year) == (9, 1, first.year + 1)
    assert form.initial["first_from"] == first


def test_step_before_its_turn_leads_back(begun: Begin) -> None:
    client = begun("townships")
    assert client.get("/first-steps/account/").url == "/first-steps/townships/"
    assert client.post("/first-steps/account/", ACCOUNT).url == "/first-steps/townships/"
    assert client.get("/first-steps/nowhere/").status_code == 404
    assert 'value="青川"' in text(client.get("/first-steps/county/"))


def test_several_townships_give_an_account_of_the_whole_county(begun: Begin) -> None:
    client = begun("townships")
    more = text(client.post("/first-steps/townships/", TOWNSHIPS | {"more": "1"}))
    assert 'name="form-1-name"' in more
    assert 'value="青川"' in more
    second = {"form-1-name": "白河乡", "form-1-kind": "镇", "form-1-office": "白河乡中心学校"}
    client.post("/first-steps/townships/", TOWNSHIPS | second | {"form-TOTAL_FORMS": "2"})
    client.post("/first-steps/year/", YEAR)
    client.post("/first-steps/account/", ACCOUNT)
    assert list(Township.objects.values_list("name", "office_name", "code")) == [
        ("青川镇", "青川镇教育组", "0101"),
        ("白河乡", "白河乡中心学校", "0102"),
    ]
    account = User.objects.get()
    assert (account.district, account.township) == (District.objects.get(), None)
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    ("step", "wrong", "said"),
    [
        ("county", {"name": ""}, "这个字段是必填项"),
        ("townships", {"form-0-name": ""}, "请至少填写一个乡镇"),
        ("townships", TWICE, "填写了两次"),
        ("year", {"ends_on": "2026-08-01"}, "一年左右"),
        ("year", {"first_from": "2026-08-01"}, "学期必须在所属学年之内"),
        ("year", {"second_from": "2027-01-15"}, "晚于前一个日期"),
        ("account", {"password2": "another-one-2026"}, "输入的两个密码不一致"),
        ("account", {"password1": "12345678", "password2": "12345678"}, "密码"),
    ],
)  # fmt: skip
def test_wrong_answer_is_told_and_nothing_is_written(begun: Begin, step: str, wrong: dict, said: str) -> None:
    client = begun(step)
    data = {"county": COUNTY, "townships": TOWNSHIPS, "year": YEAR, "account": ACCOUNT}[step] | wrong
    answer = client.post(f"/first-steps/{step}/", data)
    assert answer.status_code == 200
    assert said in text(answer)
    assert written() == 0


@pytest.mark.parametrize(
    ("name", "kind", "whole"),
    [("青川", "县", "青川县"), ("青川县", "区", "青川县"), ("城区", "区", "城区区"), ("陈 仓", "区", "陈仓区")],
)
def test_name_of_a_place_ends_in_its_kind_once(name: str, kind: str, whole: str) -> None:
    assert whole_name(name, kind, DISTRICTS) == whole


# Two people at once


def test_second_of_two_is_told_and_led_to_sign_in(begun: Begin) -> None:
    first, second, third = begun("account"), begun("account"), begun("year")
    first.post("/first-steps/account/", ACCOUNT)
    for late in (second.post("/first-steps/account/", ACCOUNT | {"username": "wang"}, follow=True),
                 third.get("/first-steps/year/", follow=True)):  # fmt: skip
        assert late.redirect_chain[-1][0] == "/login/"
        assert "刚刚已有人完成首次设置" in text(late)
    assert User.objects.get().username == "liu"


def beginning(**other: Any) -> Beginning:
    year = SchoolYear(start_year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))
    given: dict[str, Any] = {
        "district": District(name="青川县", office_name="县教研室"),
        "townships": [Township(name="青川镇", office_name="青川镇教育组")],
        "year": year,
        "terms": [Term(number=1, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 31))],
        "account": User(username="liu", name="刘干事"),
        "password": "qingchuan-2026",
    }
    return Beginning(**given | other)


def test_second_founding_at_the_same_moment_is_refused(empty: None, monkeypatch: pytest.MonkeyPatch) -> None:
    FirstCode.issue()
    code = FirstCode.objects.get().pk
    found(beginning=beginning(), code=code)
    # Whoever asked before the first was done: the code alone decides then.
    monkeypatch.setattr(actions, "nobody_yet", lambda: True)
    with pytest.raises(TooLate):
        found(beginning=beginning(account=User(username="wang", name="王")), code=code)
    assert User.objects.count() == 1


def test_founding_that_fails_at_the_end_writes_nothing(empty: None) -> None:
    FirstCode.issue()
    with pytest.raises(ValidationError):
        found(beginning=beginning(account=User(username="两 个", name="刘")), code=FirstCode.objects.get().pk)
    assert (written(), FirstCode.objects.count()) == (0, 1)
