"""The pages of mentoring pairs as people use them."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.mentoring.models import MentoringPair
from tests.factories import TeacherFactory
from tests.mentoring.factories import MentoringPairFactory
from tests.reading import measured

FORM = {
    "mentor": "陈一鸣", "apprentice": "王思远", "subject": "chinese", "starts_on": "2025-09-10",
    "ends_on": "2026-07-05", "agreement": "每周互相听课一节。", "agreed_on": "2025-09-10",
}  # fmt: skip


@pytest.fixture
def pair(town: SimpleNamespace) -> MentoringPair:
    return MentoringPairFactory(school=town.school, mentor=town.colleague, apprentice=town.teacher)


def address(page: str, *args: Any) -> str:
    return reverse(f"mentoring:mentoringpair_{page}", args=args)


def test_principal_records_a_pair_of_the_own_school(town: SimpleNamespace, browser: Any) -> None:
    client = browser("principal")
    form = client.get(address("create")).content.decode()
    assert 'name="school"' not in form
    assert 'name="result"' not in form
    answer = client.post(address("create"), FORM)
    pair = MentoringPair.objects.get()
    assert (answer.status_code, answer.url) == (302, pair.get_absolute_url())
    assert (pair.mentor, pair.apprentice, pair.school) == (town.colleague, town.teacher, town.school)
    page = client.get(pair.get_absolute_url()).content.decode()
    for said in ("陈一鸣—王思远", "语文", "2025-09-10", "2026-07-05", "每周互相听课一节。"):
        assert said in page


def test_office_that_names_an_apprentice_of_another_school_is_told_so(town: SimpleNamespace, browser: Any) -> None:
    answer = browser("office").post(address("create"), FORM | {"school": town.other.pk})
    assert "以下徒弟结对当日不在该校任职：王思远（2025-09-10）。" in answer.content.decode()
    assert not MentoringPair.objects.exists()


def test_principal_ends_a_pair_whose_time_is_over_with_a_result(pair: MentoringPair, browser: Any) -> None:
    client = browser("principal")
    page = client.get(pair.get_absolute_url()).content.decode()
    button = page.split(address("end", pair.pk))[0].rsplit("<a", 1)[1]
    assert "btn-primary" in button
    asked = client.get(address("end", pair.pk)).content.decode()
    assert "提交后结对即告结束" in asked
    assert 'value="2026-07-05"' in asked
    answer = client.post(address("end", pair.pk), {"on": "2026-07-01", "result": "qualified"}, follow=True)
    assert "已结束：陈一鸣—王思远" in answer.content.decode()
    pair.refresh_from_db()
    assert (pair.ends_on, pair.result) == (date(2026, 7, 1), "qualified")
    page = client.get(pair.get_absolute_url()).content.decode()
    assert address("end", pair.pk) not in page
    assert address("extend", pair.pk) not in page


def test_refusal_of_an_end_stands_at_its_field(pair: MentoringPair, browser: Any) -> None:
    day = timezone.localdate() + timedelta(days=3)
    answer = browser("office").post(address("end", pair.pk), {"on": day.isoformat(), "result": "qualified"})
    assert "请勿填写今后的日期" in answer.content.decode()


def test_principal_extends_a_pair(pair: MentoringPair, browser: Any) -> None:
    browser("principal").post(address("extend", pair.pk), {"until": "2027-07-05"})
    pair.refresh_from_db()
    assert pair.ends_on == date(2027, 7, 5)


def test_head_of_the_school_is_not_offered_the_end_of_the_own_pair(town: SimpleNamespace, browser: Any) -> None:
    head = TeacherFactory(school=town.school, no="009", name="林校长", position="principal")
    pair = MentoringPairFactory(school=town.school, mentor=head, apprentice=town.teacher)
    page = browser("principal").get(pair.get_absolute_url()).content.decode()
    assert address("end", pair.pk) not in page
    assert browser("principal").post(address("end", pair.pk)).status_code == 403
    assert address("end", pair.pk) in browser("office").get(pair.get_absolute_url()).content.decode()


def test_principal_changes_a_pair_but_not_its_mentor_from_another_school(town: SimpleNamespace, browser: Any) -> None:
    pair = MentoringPairFactory(school=town.school, mentor=town.neighbour, apprentice=town.teacher)
    client = browser("principal")
    assert 'name="mentor"' not in client.get(address("update", pair.pk)).content.decode()
    sent = FORM | {"agreement": "每月到师傅所在学校听课一次。", "read_version": 1}
    assert client.post(address("update", pair.pk), sent).status_code == 302
    pair.refresh_from_db()
    assert (pair.mentor, pair.agreement) == (town.neighbour, "每月到师傅所在学校听课一次。")


@pytest.mark.parametrize("role", ["teacher", "colleague"])
def test_both_teachers_see_their_pair_and_change_nothing(role: str, pair: MentoringPair, browser: Any) -> None:
    client = browser(role)
    assert "陈一鸣" in client.get(address("list") + "?period=2025").content.decode()
    assert client.get(pair.get_absolute_url()).status_code == 200
    assert client.get(address("update", pair.pk)).status_code == 403
    assert client.post(address("end", pair.pk)).status_code == 403


def test_neighbours_pair_appears_on_no_list_of_the_principal(town: SimpleNamespace, browser: Any) -> None:
    other = TeacherFactory(school=town.other, no="008", name="孙丽")
    MentoringPairFactory(school=town.other, mentor=town.neighbour, apprentice=other)
    assert "孙丽" not in browser("principal").get(address("list") + "?period=2025").content.decode()
    assert "孙丽" in browser("office").get(address("list") + "?period=2025").content.decode()


def test_teachers_page_shows_the_pairs_by_the_part_in_them(
    town: SimpleNamespace, pair: MentoringPair, browser: Any
) -> None:
    client = browser("office")
    parts = {
        (teacher.name, field): "2025-09-10"
        in client.get(f"{teacher.get_absolute_url()}?part=mentoring.mentoringpair.{field}").content.decode()
        for teacher in (town.teacher, town.colleague)
        for field in ("mentor", "apprentice")
    }
    assert parts == {
        ("王思远", "mentor"): False,
        ("王思远", "apprentice"): True,
        ("陈一鸣", "mentor"): True,
        ("陈一鸣", "apprentice"): False,
    }
    assert '?part=mentoring.mentoringpair.mentor"' in client.get(town.teacher.get_absolute_url()).content.decode()


def test_start_page_tells_of_pairs_that_wait_for_a_result(
    town: SimpleNamespace, pair: MentoringPair, browser: Any
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    MentoringPairFactory(school=town.school, mentor=town.teacher, apprentice=town.colleague, ends_on=tomorrow)
    client = browser("principal")
    assert "师徒结对期满，等待考核" in client.get("/").content.decode()
    page = client.get(address("list") + "?due=true&period=").content.decode()
    assert pair.get_absolute_url() in page
    assert measured(page)["count"] == "1"
    assert "师徒结对期满" not in browser("teacher").get("/").content.decode()


def test_search_of_the_site_finds_a_pair_by_a_name(pair: MentoringPair, browser: Any) -> None:
    page = browser("office").get(reverse("search"), {"q": "陈一鸣"}).content.decode()
    assert pair.get_absolute_url() in page
