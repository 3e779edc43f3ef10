"""Accounts for whole schools: who has one, all at once, slips on paper and as a text."""

import html
import io
import re
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pypdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import OneTimeCode, User
from tests.factories import TeacherFactory

PAGE = "/teachers/accounts/open/"
BOTH = ["principal", "teacher"]


@pytest.fixture
def people(town: SimpleNamespace, cast: dict[str, Any]) -> SimpleNamespace:
    """A school with a principal and a teacher without accounts, beside the two teachers who have one."""
    head = TeacherFactory(school=town.school, no="0100", name="林建国", position="principal")
    new = TeacherFactory(school=town.school, no="610304198005010017", name="孙小梅")
    return SimpleNamespace(head=head, new=new)


def written(answer: Any) -> str:
    found = re.search(r'name="slips" value="([^"]*)"', answer.content.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_page_shows_who_has_an_account_and_chooses_nothing_by_itself(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    first = client.get(PAGE).content.decode()
    assert "checked" not in first
    assert "林建国" not in first
    text = client.get(PAGE, {"schools": [town.school.pk], "roles": BOTH}).content.decode()
    rows = re.findall(r"<tr>.*?</tr>", text, re.DOTALL)[1:]
    said = {re.sub(r"<[^>]+>|\s+", " ", row).split()[0]: "待开通" in row for row in rows}
    assert said == {"林建国": True, "王思远": False, "陈一鸣": False, "孙小梅": True}
    assert "the-teacher" in text
    assert "the-principal" in text
    heads = client.get(PAGE, {"schools": [town.school.pk], "roles": ["principal"]}).content.decode()
    assert "林建国" in heads
    assert "王思远" not in heads


def test_accounts_opened_at_once_have_place_roles_and_a_code_each(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    answer = browser("office").post(PAGE, {"schools": [town.school.pk], "roles": BOTH})
    assert "no-store" in answer["Cache-Control"]
    head, new = User.objects.get(teacher=people.head), User.objects.get(teacher=people.new)
    assert (head.username, head.school, {g.name for g in head.groups.all()}) == (
        "1050100", town.school, {"principal", "teacher"},
    )  # fmt: skip
    # An ID number is nobody's user name.
    assert (new.username, new.school, {g.name for g in new.groups.all()}) == (
        f"105{people.new.pk}", None, {"teacher"},
    )  # fmt: skip
    text = answer.content.decode()
    lines = written(answer).splitlines()
    assert lines[0] == "# 镇初级中学"
    assert [line.split()[0] for line in lines[1:]] == [head.username, new.username]
    code = lines[1].split()[1]
    assert f"林建国：用户名{head.username}，登录码{code}" in text
    assert "http://testserver/" in text
    client = Client()
    assert client.post("/login/", {"username": head.username, "password": code}).url == "/password/first/"
    again = browser("office").post(PAGE, {"schools": [town.school.pk], "roles": BOTH}).content.decode()
    assert "均已有账号" in again
    assert OneTimeCode.objects.count() == 2


def test_lost_slips_are_renewed_for_who_has_not_signed_in(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    asked = {"schools": [town.school.pk], "roles": BOTH}
    first = written(client.post(PAGE, asked))
    second = written(client.post(PAGE, asked | {"renew": "on"}))
    names = [[line.split()[0] for line in text.splitlines()] for text in (first, second)]
    assert names[0] == names[1]
    assert first != second
    assert User.objects.get(username="the-teacher").has_usable_password()


def test_slips_on_paper_say_name_address_user_name_code_and_last_day(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    text = written(client.post(PAGE, {"schools": [town.school.pk], "roles": BOTH}))
    answer = client.post("/accounts/slips/", {"slips": text})
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('首次登录单.pdf')}"
    (page,) = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    paper = page.extract_text()
    code = OneTimeCode.objects.get(user__teacher=people.head)
    until = f"{code.valid_until.year}年{code.valid_until.month}月{code.valid_until.day}日"
    for said in ("镇初级中学", "林建国", "孙小梅", "http://testserver/", "1050100", text.split()[3], until, "有效期至"):
        assert said in paper, said


def test_slips_with_a_wrong_code_or_of_another_township_are_not_printed(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    text = written(browser("office").post(PAGE, {"schools": [town.school.pk], "roles": BOTH}))
    forged = re.sub(r" \S{5}-\S{5}", " aaaaa-aaaaa", text)
    for client, sent in ((browser("office"), forged), (browser("stranger"), text), (browser("office"), "")):
        assert client.post("/accounts/slips/", {"slips": sent}).status_code == 302


def test_user_name_that_is_taken_gets_the_whole_code_of_the_township(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    User.objects.create_user(username="1050100", name="旧账号")
    browser("office").post(PAGE, {"schools": [town.school.pk], "roles": ["principal"]})
    assert User.objects.get(teacher=people.head).username == "6103041050100"


def test_all_schools_are_asked_for_at_once_and_none_is_refused(
    town: SimpleNamespace, people: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    everybody = client.get(PAGE, {"every": "on", "roles": BOTH}).content.decode()
    assert "林建国" in everybody
    assert "赵雪" in everybody
    assert "何晓东" not in everybody
    assert "请选择学校" in client.get(PAGE, {"roles": BOTH}).content.decode()


@pytest.mark.parametrize("role", ["principal", "teacher", "researcher"])
def test_page_is_the_offices_alone(role: str, browser: Any) -> None:
    assert browser(role).get(PAGE).status_code == 403


def test_school_of_another_township_is_refused(town: SimpleNamespace, people: SimpleNamespace, browser: Any) -> None:
    answer = browser("office").post(PAGE, {"schools": [town.far.pk], "roles": BOTH})
    assert "schools" in answer.context["form"].errors
    assert not User.objects.filter(teacher=town.stranger).exists()


def test_page_and_opening_cost_the_same_for_many(town: SimpleNamespace, people: SimpleNamespace, browser: Any) -> None:
    client, asked = browser("office"), {"schools": [town.school.pk, town.other.pk], "roles": BOTH}

    def cost(take: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert take(PAGE, asked).status_code == 200
        return len(queries)

    def arrive(number: int) -> tuple[int, int]:
        """Return what it costs to see and to open the accounts of so many new teachers."""
        for _new in range(number):
            TeacherFactory(school=town.other)
        return cost(client.get), cost(client.post)

    client.post(PAGE, asked)  # what a process does once
    few, many = arrive(2), arrive(10)
    assert few == many
    assert few[0] <= 12
