"""The start page of each role."""

from types import SimpleNamespace
from typing import Any

import pytest


@pytest.mark.parametrize("role", ["office", "principal", "teacher", "researcher"])
def test_start_page_answers_within_budget(
    role: str, town: SimpleNamespace, browser: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser(role)
    client.get("/")
    with django_assert_max_num_queries(12):
        text = client.get("/").content.decode()
    assert "今日" in text


def test_progress_lists_each_school_of_the_township(
    town: SimpleNamespace, browser: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser("office")
    client.get("/progress/")
    with django_assert_max_num_queries(12):
        text = client.get("/progress/").content.decode()
    assert "镇初级中学" in text
    assert "袁科小学" in text
    assert "东湖中学" not in text


@pytest.mark.parametrize("role", ["office", "principal", "teacher"])
def test_standing_links_each_figure_to_its_records(
    role: str, town: SimpleNamespace, browser: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser(role)
    client.get("/standing/")
    with django_assert_max_num_queries(12):
        text = client.get("/standing/").content.decode()
    assert "measure=" in text
