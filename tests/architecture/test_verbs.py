"""Every address beyond a record's own pages: closed to who lacks the permission, and blind to rows out of reach."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.webui.pages import REGISTRY
from tests.architecture.rows import all_pages
from tests.architecture.test_urls import PEOPLE, patterns

PAGES = ("list", "create", "detail", "update", "delete")
# Addresses whose names do not begin with their model's.
OF_MODEL = {"workbooks": "importbatch", "research:photo_file": "photo", "progress_school": "schools.school"}
REFUSED, ANSWERED = {403, 404, 405}, {200, 302, 403, 404, 405}
VERBS = [
    (name, pattern)
    for name, pattern in patterns()
    if name not in {f"{p.meta.app_label}:{p.meta.model_name}_{page}" for p in all_pages() for page in PAGES}
    and pattern.callback.rule != "public"
]
OF_ROWS = [(name, pattern.callback.rule) for name, pattern in VERBS if "pk" in pattern.pattern.converters]
PLAIN = [(name, pattern) for name, pattern in VERBS if "pk" not in pattern.pattern.converters]


def model_of(name: str) -> Any:
    app, _colon, verb = name.partition(":")
    model = OF_MODEL.get(name) or OF_MODEL.get(app) or verb.split("_")[0]
    pages = REGISTRY.get(model if "." in model else f"{app}.{model}") or REGISTRY["reports.annualsummary"]
    return pages.model


def address(name: str, pk: int) -> str:
    extra = {"form": "json"} if name == "reports:annualsummary_file" else {}
    return reverse(name, kwargs={"pk": pk} | extra)


@pytest.mark.usefixtures("bare_pages")
@pytest.mark.parametrize("role", PEOPLE)
def test_verbs_of_records(role: str, rows: dict, cast: dict, browser: Any) -> None:
    """A row out of reach is refused to reading and to writing alike; a missing permission is 403 on every row."""
    user, client = cast[role], browser(role)
    wrong = []
    for name, rule in OF_ROWS:
        model = model_of(name)
        for place, row in rows[model.label].items():
            seen = model.objects.visible_to(user).filter(pk=row.pk).exists()
            allowed = rule == "signed in" or user.has_perm(rule)
            if allowed and seen:
                continue
            for method in (client.get, client.post):
                status = method(address(name, row.pk)).status_code
                # A verb answers only to POST; whoever may not take it is told so first.
                expected = REFUSED if allowed else {403}
                if status not in expected:
                    wrong.append((name, place, method.__name__, status))
    assert wrong == []


@pytest.mark.usefixtures("bare_pages")
@pytest.mark.parametrize("role", PEOPLE)
def test_other_addresses_answer_or_refuse(role: str, town: SimpleNamespace, cast: dict, browser: Any) -> None:
    """Addresses without a row of their own answer who has the permission, and nobody else."""
    user, client = cast[role], browser(role)
    wrong = []
    for name, pattern in PLAIN:
        if name == "logout":
            continue
        told = {"label": "teachers.appointment", "field": "teacher", "key": "rubric"}
        given = {name: told[name] for name in pattern.pattern.converters}
        status = client.get(reverse(name, kwargs=given)).status_code
        rule = pattern.callback.rule
        allowed = rule == "signed in" or user.has_perm(rule)
        if (
            status not in ANSWERED
            or (not allowed and status != 403)
            or (allowed and name.endswith(("start", "home")) and status != 200)
        ):
            wrong.append((name, status, allowed))
    assert wrong == []
