"""An installation in which nobody has an account yet."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.firstrun.middleware import FirstSteps
from apps.firstrun.models import FirstCode

COUNTY = {"name": "青川", "kind": "县", "office_name": "县教师发展中心"}
TOWNSHIPS = {
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "0",
    "form-0-name": "青川",
    "form-0-kind": "镇",
    "form-0-office": "教育组",
}
YEAR = {
    "starts_on": "2026-09-01",
    "ends_on": "2027-08-31",
    "first_from": "2026-09-01",
    "first_until": "2027-01-31",
    "second_from": "2027-02-01",
    "second_until": "2027-08-31",
}
ACCOUNT = {"name": "刘干事", "username": "liu", "password1": "qingchuan-2026", "password2": "qingchuan-2026"}
STEPS = {"county": COUNTY, "townships": TOWNSHIPS, "year": YEAR, "account": ACCOUNT}


@pytest.fixture
def empty(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No account, and a process that has seen none."""
    monkeypatch.setattr(FirstSteps, "begun", False)


@pytest.fixture
def begun(empty: None) -> Callable[..., Client]:
    """A function to a browser in which the code was typed, and the steps before `step` were taken."""
    code = FirstCode.issue()

    def begin(step: str = "county", **other: dict[str, Any]) -> Client:
        client = Client()
        assert client.post("/first-steps/", {"code": code}).url == "/first-steps/county/"
        for name, data in STEPS.items():
            if name == step:
                break
            assert client.post(f"/first-steps/{name}/", other.get(name, data)).status_code == 302, name
        return client

    return begin
