"""One-time codes, own passwords, forgotten ones, and accounts of who has left."""

import logging
import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts.actions import issue_code
from apps.accounts.models import OneTimeCode, User
from apps.core.actors import SYSTEM
from tests.factories import AppointmentFactory, TeacherFactory, UserFactory

PASSWORD = "qingfeng-yulu"
CHOSEN = {"new_password1": PASSWORD, "new_password2": PASSWORD}


def sign_in(client: Any, user: User, typed: str, **more: Any) -> Any:
    return client.post("/login/", {"username": user.username, "password": typed}, **more)


def errors(answer: Any) -> str:
    return str(answer.context["form"].errors)


def test_code_is_kept_as_a_digest_and_used_once(cast: dict, client: Any, caplog: Any) -> None:
    user = cast["teacher"]
    caplog.set_level(logging.DEBUG)
    slip = issue_code(user=user, by=cast["office"])
    code = OneTimeCode.objects.get()
    assert slip.code not in str(vars(code))
    assert len(code.digest) == 64
    assert sign_in(client, user, "townedu-test").status_code == 200  # the present password has ended
    answer = sign_in(client, user, slip.code.upper().replace("-", " "))
    assert answer.url == "/password/first/"
    assert client.get("/").url.startswith("/login/")  # nobody is in before a password is chosen
    assert client.post("/password/first/", CHOSEN).url == "/"
    assert client.get("/").status_code == 200
    other = Client()
    assert "已经用过" in errors(sign_in(other, user, slip.code))
    assert sign_in(other, user, PASSWORD).url == "/"
    assert slip.code not in caplog.text


def test_issued_code_ends_what_is_open_under_the_old_password(cast: dict, browser: Any) -> None:
    client = browser("teacher")
    assert client.get("/").status_code == 200
    issue_code(user=cast["teacher"], by=cast["office"])
    assert client.get("/").url.startswith("/login/")


def test_code_after_ten_wrong_tries_is_void(cast: dict, client: Any) -> None:
    user = cast["teacher"]
    slip = issue_code(user=user, by=cast["office"])
    for number in range(10):
        sign_in(client, user, "wrong", REMOTE_ADDR=f"10.0.0.{number}")
    assert OneTimeCode.objects.get().wrong == 10
    assert "已输错10次" in errors(sign_in(client, user, slip.code))
    assert OneTimeCode.objects.get().used_at is None


def test_code_typed_rightly_counts_no_wrong_try(cast: dict, client: Any) -> None:
    slip = issue_code(user=cast["teacher"], by=cast["office"])
    for _number in range(3):
        sign_in(client, cast["teacher"], slip.code)
    assert OneTimeCode.objects.get().wrong == 0


def test_code_after_its_last_day_says_so(cast: dict, client: Any) -> None:
    slip = issue_code(user=cast["teacher"], by=cast["office"])
    OneTimeCode.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "有效期" in errors(sign_in(client, cast["teacher"], slip.code))


def test_new_code_makes_the_one_before_void(cast: dict, client: Any) -> None:
    first = issue_code(user=cast["teacher"], by=cast["office"])
    second = issue_code(user=cast["teacher"], by=cast["office"])
    assert sign_in(client, cast["teacher"], first.code).status_code == 200
    # The page that the first one had opened is shut as well.
    assert sign_in(client, cast["teacher"], second.code).url == "/password/first/"
    issue_code(user=cast["teacher"], by=cast["office"])
    assert client.post("/password/first/", CHOSEN).url == "/login/"


def test_code_of_another_account_or_of_none_is_told_like_a_wrong_password(cast: dict, client: Any) -> None:
    slip = issue_code(user=cast["teacher"], by=cast["office"])
    wrong = errors(sign_in(client, cast["colleague"], "wrong"))
    assert errors(sign_in(client, cast["colleague"], slip.code)) == wrong
    assert errors(client.post("/login/", {"username": "nobody", "password": slip.code})) == wrong


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("qingfeng", "至少"),
        ("13912345678", "手机号"),
        ("1990-05-01 08", "手机号"),
        ("1990年05月01日", "手机号"),
        ("TownEdu-2026", "系统名称"),
        ("the-teacher", "相似"),
        ("password123", "常见"),
    ],
)
def test_password_that_is_easily_guessed_is_refused(password: str, said: str, cast: dict, client: Any) -> None:
    slip = issue_code(user=cast["teacher"], by=cast["office"])
    sign_in(client, cast["teacher"], slip.code)
    chosen = {"new_password1": password, "new_password2": password}
    assert said in errors(client.post("/password/first/", chosen))
    assert OneTimeCode.objects.get().used_at is None


def test_head_renews_the_code_of_a_teacher_of_the_school_and_of_nobody_else(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    client = browser("principal")
    listed = client.get("/accounts/user/").content.decode()
    names = ("the-teacher", "the-colleague", "the-neighbour", "the-office", "the-principal")
    assert [name in listed for name in names] == [True, True, False, False, False]
    page = cast["teacher"].get_absolute_url()
    assert client.get(f"{page}edit/").status_code == 403
    shown = client.post(f"{page}code/")
    code = re.search(r"登录码([a-z0-9]{5}-[a-z0-9]{5})", shown.content.decode())
    assert code
    assert "no-store" in shown["Cache-Control"]
    assert sign_in(Client(), cast["teacher"], code[1]).url == "/password/first/"
    vice = UserFactory(username="vice", role="principal", school=town.school)
    for other in (vice, cast["office"], cast["neighbour"]):
        assert client.post(f"/accounts/user/{other.pk}/code/").status_code == 404


def test_sign_in_page_without_mail_says_whom_to_ask(client: Any, db: None) -> None:
    assert 'href="/password/forgotten/"' in client.get("/login/").content.decode()
    text = client.get("/password/forgotten/").content.decode()
    assert "本校校长" in text
    assert "教育组" in text
    assert 'name="email"' not in text
    assert client.post("/password/forgotten/", {"email": "a@example.org"}).status_code == 200
    assert mail.outbox == []


def test_forgotten_password_is_renewed_by_mail_once(cast: dict, client: Any, settings: Any) -> None:
    settings.SENDS_MAIL = True
    User.objects.filter(pk=cast["teacher"].pk).update(email="wang@example.org")
    for address in ("nobody@example.org", "wang@example.org"):
        assert client.post("/password/forgotten/", {"email": address}).url == "/password/forgotten/sent/"
    (sent,) = mail.outbox
    assert sent.to == ["wang@example.org"]
    link = re.search(r"http://testserver(/\S+)", sent.body)
    assert link
    form = client.get(link[1]).url
    assert client.post(form, CHOSEN).url == "/password/forgotten/done/"
    assert sign_in(Client(), cast["teacher"], PASSWORD).url == "/"
    assert "已用过" in Client().get(link[1]).content.decode()


def test_own_mail_address_asks_for_the_password(cast: dict, browser: Any) -> None:
    client = browser("teacher")
    data = {"email": "wang@example.org", "password": "wrong"}
    assert "不是您现在的密码" in client.post("/password/email/", data).content.decode()
    assert client.post("/password/email/", data | {"password": "townedu-test"}).status_code == 302
    assert User.objects.get(pk=cast["teacher"].pk).email == "wang@example.org"


# Leaving


def leave(town: SimpleNamespace, day: date) -> None:
    town.teacher.appointments.update(ends_on=day)


def test_account_of_who_has_left_is_closed_and_opens_again_on_return(
    town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    today = timezone.localdate()
    client = browser("teacher")
    leave(town, today)
    assert client.get("/").status_code == 200  # the last day
    leave(town, today - timedelta(days=1))
    answer = client.get("/", follow=True)
    said = f"您已于{today.year}年{today.month}月"
    assert answer.redirect_chain[0][0].startswith("/login/")
    assert "离任" in answer.content.decode()
    assert "账号已停用" in answer.content.decode()
    refused = sign_in(Client(), cast["teacher"], "townedu-test")
    assert "离任" in errors(refused)
    assert today.day == 1 or said in errors(refused)
    assert User.objects.get(pk=cast["teacher"].pk).scope.kind == "nothing"
    AppointmentFactory(teacher=town.teacher, school=town.other, starts_on=today)
    assert sign_in(Client(), cast["teacher"], "townedu-test").url == "/"


def test_teacher_who_comes_later_or_moves_on_has_an_open_account(town: SimpleNamespace, cast: dict) -> None:
    today = timezone.localdate()
    coming = UserFactory(role="teacher", teacher=TeacherFactory(township=town.township))
    AppointmentFactory(teacher=coming.teacher, school=town.school, starts_on=today + timedelta(days=9))
    leave(town, today - timedelta(days=1))
    AppointmentFactory(teacher=town.teacher, school=town.other, starts_on=today)
    moved = User.objects.get(pk=cast["teacher"].pk)
    assert (coming.is_open, moved.is_open) == (True, True)


def test_leaving_closes_the_account_of_a_head_and_never_the_only_one_of_an_office(
    town: SimpleNamespace, cast: dict
) -> None:
    cast["teacher"].delete()
    leave(town, timezone.localdate() - timedelta(days=1))
    User.objects.filter(pk=cast["principal"].pk).update(teacher=town.teacher)
    assert not User.objects.get(pk=cast["principal"].pk).is_open
    User.objects.filter(pk=cast["principal"].pk).update(teacher=None)
    User.objects.filter(pk=cast["office"].pk).update(teacher=town.teacher)
    assert User.objects.get(pk=cast["office"].pk).is_open
    UserFactory(username="second", role="office", township=town.township)
    assert not User.objects.get(pk=cast["office"].pk).is_open


def test_closed_account_is_told_so_and_its_code_opens_nothing(cast: dict, client: Any) -> None:
    slip = issue_code(user=cast["teacher"], by=SYSTEM.imports)
    User.objects.filter(pk=cast["teacher"].pk).update(is_active=False)
    assert "已停用" in errors(sign_in(client, cast["teacher"], slip.code))
    assert client.get("/password/first/").url == "/login/"
