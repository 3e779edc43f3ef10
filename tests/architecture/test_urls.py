"""Every address states its rule, and keeps it for every role: own rows, a neighbour's, another township's."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import gettext

from apps.accounts.roles import ROLES
from apps.webui.pages import Pages
from tests.architecture.rows import all_pages, make
from tests.two_places import persons, signed_in

# Addresses for everybody, and why.
PUBLIC = {
    "login": "one signs in here",
    "firstrun:code": "nobody has an account yet; a code opens what follows",
    "firstrun:step": "nobody has an account yet; asks for that code",
    "first_password": "who has typed a one-time code chooses a password",
    "password_reset": "who has forgotten the password reads what to do",
    "password_reset_done": "a mail was sent, to whom it was asked for",
    "password_reset_confirm": "the link of the mail leads here",
    "password_reset_complete": "a new password was chosen",
    "set_language": "the sign-in page can be read in English too",
}
PEOPLE = ("office", "principal", "neighbour", "teacher", "colleague", "researcher", "stranger")
KNOWN_PERMISSIONS = {permission for role in ROLES for permission in role.permissions}


def patterns(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
                yield from patterns(pattern, inner)
        else:
            yield f"{prefix}{pattern.name}", pattern


def test_every_address_states_its_rule() -> None:
    unclassified = [name for name, pattern in patterns() if not getattr(pattern.callback, "rule", None)]
    assert unclassified == []


def test_public_addresses_are_the_known_ones() -> None:
    public = {name for name, pattern in patterns() if getattr(pattern.callback, "rule", "") == "public"}
    assert public == set(PUBLIC)


def test_stated_permissions_are_given_to_some_role() -> None:
    stated = {pattern.callback.rule for _name, pattern in patterns()} - {"public", "signed in"}
    assert stated - KNOWN_PERMISSIONS == set()


def test_stranger_without_account_is_sent_to_sign_in(client: Any, town: SimpleNamespace) -> None:
    for name, pattern in patterns():
        if pattern.callback.rule == "public":
            continue
        address = "/" + _address(pattern, name)
        response = client.get(address)
        assert (name, response.status_code) == (name, 302), address
        assert response.url.startswith("/login/"), address


def _address(pattern: URLPattern, name: str) -> str:
    kwargs = {key: "schools.school" if "label" in key else 1 for key in pattern.pattern.converters}
    return reverse(name, kwargs=kwargs)[1:]


@pytest.mark.usefixtures("bare_pages")
@pytest.mark.parametrize("role", PEOPLE)
def test_record_pages_by_role(role: str, rows: dict, cast: dict, browser: Any) -> None:
    """Without the permission 403, without the row 404, and the same for reading, editing and deleting."""
    assert differing(cast[role], browser(role), rows) == []


@pytest.mark.usefixtures("bare_pages", "cast")
@pytest.mark.parametrize("who", ["head", "clerk", "guest"])
def test_record_pages_of_who_has_two_places(who: str, rows: dict, town: SimpleNamespace) -> None:
    user = persons(town, who)
    assert differing(user, signed_in(user), rows) == []


def differing(user: Any, client: Any, rows: dict) -> list[tuple]:
    """Return the pages of records whose answer is not what permission, reach and rule say."""
    wrong = []
    for pages in all_pages():
        for page, verb in (("list", "view"), ("create", "add")):
            wrong += compare(client, pages, page, [], 200 if user.has_perm(pages.permission(verb)) else 403)
        for place, row in rows[pages.model.label].items():
            seen = pages.model.objects.visible_to(user).filter(pk=row.pk).exists()
            for page, verb in (("detail", "view"), ("update", "change"), ("delete", "delete")):
                if not user.has_perm(pages.permission(verb)):
                    expected = 403
                elif not seen:
                    expected = 404
                else:
                    expected = 200 if pages.may(user, verb, row) else 403
                wrong += [(place, *w) for w in compare(client, pages, page, [row.pk], expected)]
    return wrong


def is_page(answer: Any, title: str) -> bool:
    """Return whether an answer is a whole page of this title, with the way out of it and out of the site."""
    page = answer.content.decode()
    ways = f'href="{reverse("start")}">{gettext("Back to the start page")}</a>', f'action="{reverse("logout")}"'
    return f"<h1>{gettext(title)}</h1>" in page and all(way in page for way in ways)


@pytest.mark.parametrize("role", PEOPLE)
def test_missing_record_is_told_on_a_page(role: str, cast: dict, browser: Any) -> None:
    pages = next(pages for pages in all_pages() if cast[role].has_perm(pages.permission("view")))
    answer = browser(role).get(pages.url("detail", 0))
    assert (answer.status_code, is_page(answer, "Not found")) == (404, True)


@pytest.mark.parametrize("role", [role for role in PEOPLE if role not in {"office", "stranger"}])
def test_closed_page_is_told_on_a_page(role: str, cast: dict, browser: Any) -> None:
    pages = next(pages for pages in all_pages() if not cast[role].has_perm(pages.permission("delete")))
    answer = browser(role).get(pages.url("delete", 0))
    assert (answer.status_code, is_page(answer, "Not allowed")) == (403, True)


def places(town: SimpleNamespace) -> dict[str, Any]:
    return {"own": town.school, "neighbour": town.other, "far": town.far}


def compare(client: Any, pages: Pages, page: str, args: list, expected: int) -> list[tuple]:
    found = client.get(pages.url(page, *args)).status_code
    return [] if found == expected else [(pages.model.label, page, found, expected)]


# What each person of the cast may see of a record at the own school, at the neighbour's, and in another township.
# Rows that hang on the township (rubrics, cycles, rounds …) are everybody's there; nobody's elsewhere.
REACH = {
    "office": {"own", "neighbour"},
    "principal": {"own"},
    "neighbour": {"neighbour"},
    "researcher": {"own", "neighbour"},
    "stranger": {"far"},
}
OF_A_SCHOOL = [
    "schools.designation",
    "schools.schoolgrade",
    "schools.culturenote",
    "schools.studygroup",
    "teachers.teacher",
    "teachers.appointment",
    "teachers.leave",
    "teachers.teachingassignment",
    "research.activity",
    "research.attendance",
    "research.activityguest",
    "research.photo",
    "research.basemember",
    "research.researchersurvey",
    "research.smallproject",
    "research.projectmember",
    "mentoring.mentoringpair",
    "observations.observation",
    "ethics.surveyresponse",
    "ethics.ethicsassessment",
    "ethics.misconductcase",
    "ethics.honour",
    "ethics.contestentry",
    "ethics.campaignparticipant",
    "handbook.handbookentry",
    "handbook.handbookscore",
]


@pytest.mark.parametrize("label", OF_A_SCHOOL)
def test_list_shows_own_rows_and_not_the_neighbours(
    label: str, town: SimpleNamespace, cast: dict, browser: Any
) -> None:
    pages = next(pages for pages in all_pages() if pages.model.label == label)
    rows = {place: make(pages.model, school) for place, school in places(town).items()}
    addresses = {place: f'href="{row.get_absolute_url()}"' for place, row in rows.items()}
    for role, reach in REACH.items():
        if not cast[role].has_perm(pages.permission("view")):
            continue
        text = browser(role).get(pages.url("list") + "?period=2025").content.decode()
        assert {place for place, address in addresses.items() if address in text} == reach, (label, role)
