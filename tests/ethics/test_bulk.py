"""Doing a verb with the rows ticked in a list: the question first, each row as if alone, in the site and the admin."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.ethics.models import EthicsAssessment
from tests.ethics.factories import AssessmentFactory
from tests.factories import TeacherFactory

LIST = "/ethics/ethicsassessment/?period=2025"
SUBMIT, RETURN = (f"/ethics/ethicsassessment/ticked/{verb}/" for verb in ("submit", "return"))
ADMIN = reverse("admin:ethics_ethicsassessment_changelist")


@pytest.fixture
def drafts(town: SimpleNamespace) -> list[Any]:
    """Two drafts of the own school, one of them without the school's evaluation, and one of the neighbour's."""
    return [
        AssessmentFactory(school=town.school, teacher=town.teacher, school_score=90),
        AssessmentFactory(school=town.school, teacher=town.colleague, school_score=None),
        AssessmentFactory(school=town.other, teacher=town.neighbour, school_score=90),
    ]


def states() -> list[str]:
    return list(EthicsAssessment.objects.order_by("pk").values_list("status", flat=True))


def ticked(rows: list[Any], **more: Any) -> dict[str, Any]:
    return {"ticked": [row.pk for row in rows], "next": LIST, **more}


def test_list_of_who_may_do_a_verb_has_a_box_in_each_row(drafts: list, browser: Any) -> None:
    page = browser("principal").get(LIST).content.decode()
    assert page.count('name="ticked"') == 2
    assert 'aria-label="勾选：' in page
    assert f'formaction="{SUBMIT}"' in page
    assert 'name="ticked"' not in browser("teacher").get(LIST).content.decode()


def test_verb_done_with_ticked_rows_names_those_refused(drafts: list, browser: Any) -> None:
    page = browser("principal").post(SUBMIT, ticked(drafts[:2], sure="1"), follow=True)
    assert page.redirect_chain == [(LIST, 302)]
    text = page.content.decode()
    assert "提交教育组：1条记录。" in text
    assert f"请先填写学校评价。（{drafts[1]}）" in text
    assert states() == ["submitted", "draft", "draft"]


def test_verb_with_a_question_asks_before_anything_is_done(drafts: list, browser: Any) -> None:
    EthicsAssessment.objects.update(status="submitted")
    client = browser("office")
    asked = client.post(RETURN, ticked(drafts))
    assert [str(row) for row in asked.context["rows"]] == sorted(map(str, drafts), key=asked.content.decode().index)
    assert "已评定的等次将被清除" in asked.content.decode()
    assert states() == ["submitted"] * 3
    done = client.post(RETURN, ticked(drafts, sure="1"), follow=True)
    assert "退回学校：3条记录。" in done.content.decode()
    assert states() == ["draft"] * 3


def test_verb_done_with_foreign_rows_leaves_them_untouched(drafts: list, browser: Any) -> None:
    page = browser("neighbour").post(SUBMIT, ticked(drafts, sure="1"), follow=True).content.decode()
    assert "提交教育组：1条记录。" in page
    assert str(drafts[0].teacher) not in page
    assert states() == ["draft", "draft", "submitted"]


def test_verb_done_with_more_rows_than_a_page_shows_is_refused(
    town: SimpleNamespace, drafts: list, browser: Any
) -> None:
    many = {"ticked": [str(drafts[0].pk), *map(str, range(10_000, 10_100))], "next": LIST}
    assert "一次最多勾选100条。" in browser("principal").post(SUBMIT, many, follow=True).content.decode()
    assert states() == ["draft"] * 3


@pytest.mark.parametrize("given", [[], ["x"], ["９" * 30], ["999999999"]])
def test_verb_done_with_no_row_asks_to_tick_one(given: list[str], drafts: list, browser: Any) -> None:
    page = browser("principal").post(SUBMIT, {"ticked": given, "next": "https://elsewhere.example/"}, follow=True)
    assert page.redirect_chain == [("/ethics/ethicsassessment/", 302)]
    assert "请先至少勾选一条记录。" in page.content.decode()


def test_verb_done_without_its_permission_is_forbidden(drafts: list, browser: Any) -> None:
    assert browser("teacher").post(SUBMIT, ticked(drafts)).status_code == 403
    assert browser("principal").post(RETURN, ticked(drafts, sure="1")).status_code == 403
    assert states() == ["draft"] * 3


def test_verb_asked_for_by_reading_is_not_done(drafts: list, browser: Any) -> None:
    assert browser("principal").get(SUBMIT, ticked(drafts)).status_code == 405


def test_admin_action_of_a_verb_with_a_question_asks_first(town: SimpleNamespace, drafts: list, browser: Any) -> None:
    far = AssessmentFactory(
        school=town.far, teacher=TeacherFactory(school=town.far, no="010", name="远方"), status="submitted"
    )
    EthicsAssessment.objects.update(status="submitted")
    client = browser("office")
    given = {"action": "return", "_selected_action": [drafts[0].pk, drafts[2].pk, far.pk]}
    asked = client.post(ADMIN, given).content.decode()
    assert "已评定的等次将被清除" in asked
    assert "远方" not in asked
    assert states() == ["submitted"] * 4
    assert "退回学校：2条记录。" in client.post(ADMIN, given | {"sure": "1"}, follow=True).content.decode()
    assert states() == ["draft", "submitted", "draft", "submitted"]
