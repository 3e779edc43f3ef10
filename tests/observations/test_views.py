"""The pages: recording with scores, verbs, lists, the quota's progress."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.models import Term
from apps.observations.models import Observation, ObservationQuota, Rubric
from apps.webui.pages import REGISTRY
from tests.factories import AppointmentFactory, ResearcherFactory, TeacherFactory
from tests.observations.factories import (
    ObservationFactory,
    ObservationQuotaFactory,
    ObservationScoreFactory,
    RubricFactory,
)

CREATE, LIST = "/observations/observation/new/", "/observations/observation/"
PROGRESS = "/observations/observationquota/progress/"


@pytest.fixture
def rubric(town: SimpleNamespace) -> Rubric:
    return RubricFactory(township=town.township)


def lesson(rubric: Rubric, values: tuple = (9, 18, "36.5", 27), **changes: Any) -> dict[str, Any]:
    """What the form of an observation sends; the scores in the order of the items."""
    scores = {f"score_{item.pk}": value for item, value in zip(rubric.items.all(), values, strict=True) if value != ""}
    sent = {
        "teacher": "王思远", "subject": "chinese", "grade": 7, "class_name": "七年级1班", "lesson_no": 2, "topic": "春",
        "lesson_type": "new", "occasion": "drop_in", "date": "2025-10-13", "observer_teacher": "陈一鸣",
        "process": "10:05 导入", "rubric": rubric.pk, "scored_by": rubric.pk,
    }  # fmt: skip
    return sent | scores | changes


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["form"].errors)


def cost(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_form_submitted_by_a_principal_records_and_submits(town: SimpleNamespace, browser: Any, rubric: Rubric) -> None:
    client = browser("principal")
    page = client.get(CREATE).content.decode()
    assert all(item.name in page for item in rubric.items.all())
    response = client.post(CREATE, lesson(rubric, then="submit"))
    row = Observation.objects.get()
    assert response.url == row.get_absolute_url()
    assert (row.school, row.teacher, row.observer_teacher) == (town.school, town.teacher, town.colleague)
    assert (row.status, row.score) == ("submitted", Decimal("90.5"))
    assert [score.score for score in row.scored_items] == [9, 18, Decimal("36.5"), 27]
    assert "36.5" in client.get(row.get_absolute_url()).content.decode()


def test_saving_without_the_main_button_keeps_a_draft(browser: Any, rubric: Rubric, town: SimpleNamespace) -> None:
    browser("principal").post(CREATE, lesson(rubric, ("", "", "", "")))
    row = Observation.objects.get()
    assert (row.status, row.score, row.rubric) == ("draft", None, rubric)


def test_some_items_without_a_score_are_refused(browser: Any, rubric: Rubric, town: SimpleNamespace) -> None:
    found = errors(browser("principal").post(CREATE, lesson(rubric, (9, 18, "", 27))))
    assert list(found) == [f"score_{rubric.items.get(order=3).pk}"]
    assert not Observation.objects.exists()


@pytest.mark.parametrize("value", ["10.5", "-1", "8.55", "好"])
def test_scores_outside_the_item_are_refused(value: str, browser: Any, rubric: Rubric, town: SimpleNamespace) -> None:
    found = errors(browser("principal").post(CREATE, lesson(rubric, (value, 18, 36, 27))))
    assert list(found) == [f"score_{rubric.items.get(order=1).pk}"]


def test_box_wins_over_button_only_when_it_was_changed(browser: Any, rubric: Rubric, town: SimpleNamespace) -> None:
    client, first = browser("principal"), rubric.items.get(order=1)
    client.post(CREATE, lesson(rubric, **{f"score_{first.pk}_other": "8.5", f"score_{first.pk}_was": ""}))
    row = Observation.objects.get()
    assert row.scores.get(item=first).score == Decimal("8.5")
    page = client.get(f"{row.get_absolute_url()}edit/").content.decode()
    assert f'name="score_{first.pk}_was" value="8.5"' in page
    again = {f"score_{first.pk}_other": "8.5", f"score_{first.pk}_was": "8.5", "read_version": row.version}
    client.post(f"{row.get_absolute_url()}edit/", lesson(rubric, **again))
    row.refresh_from_db()
    assert (row.scores.get(item=first).score, row.score) == (9, Decimal("90.5"))


def test_another_rubric_first_shows_its_items(browser: Any, rubric: Rubric, town: SimpleNamespace) -> None:
    other = RubricFactory(township=town.township, name="过关课量表")
    client = browser("principal")
    sent = lesson(rubric, ("", "", "", "")) | {"rubric": other.pk}
    response = client.post(CREATE, sent)
    assert list(errors(response)) == ["rubric"]
    assert f"score_{other.items.first().pk}" in response.content.decode()
    assert client.post(CREATE, sent | {"scored_by": other.pk}).status_code == 302
    assert Observation.objects.get().rubric == other


def test_form_without_a_school_takes_the_teachers_of_that_day(
    town: SimpleNamespace, browser: Any, rubric: Rubric
) -> None:
    posted = TeacherFactory(township=town.township, no="009", name="何晓")
    AppointmentFactory(teacher=posted, school=town.school, ends_on=date(2025, 8, 31))
    AppointmentFactory(teacher=posted, school=town.other, starts_on=date(2025, 9, 1))
    sent = lesson(rubric, teacher="何晓")
    assert "teacher" in errors(browser("principal").post(CREATE, sent))
    assert browser("office").post(CREATE, sent).status_code == 302
    assert Observation.objects.get().school == town.other
    elsewhere = sent | {"school": town.school.pk, "lesson_no": 3}
    assert browser("office").post(CREATE, elsewhere).status_code == 302
    assert Observation.objects.get(lesson_no=3).school == town.school


def test_office_form_of_a_lesson_at_the_own_school_leaves_it_open(
    town: SimpleNamespace, browser: Any, rubric: Rubric
) -> None:
    row = ObservationFactory(teacher=town.teacher)
    form = browser("office").get(f"{row.get_absolute_url()}edit/").context["form"]
    assert form.initial["school"] is None


def test_form_with_an_unknown_teacher_complains_of_that_only(
    browser: Any, rubric: Rubric, town: SimpleNamespace
) -> None:
    assert list(errors(browser("office").post(CREATE, lesson(rubric, teacher="无此人")))) == ["teacher"]


def test_form_of_a_researcher_signs_as_oneself_and_changes_own_drafts_only(
    town: SimpleNamespace, browser: Any, rubric: Rubric
) -> None:
    client = browser("researcher")
    assert "observer_name" not in client.get(CREATE).context["form"].fields
    client.post(CREATE, lesson(rubric))
    row = Observation.objects.get()
    assert (row.observer_researcher, row.observer_teacher, row.school) == (town.researcher, None, town.school)
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 200
    client.post(f"{row.get_absolute_url()}submit/")
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 403
    other = ObservationFactory(
        teacher=town.teacher, observer_researcher=ResearcherFactory(name="李老师"), status="draft"
    )
    assert client.get(other.get_absolute_url()).status_code == 404


def test_verbs_lead_from_draft_to_confirmed_and_back(town: SimpleNamespace, browser: Any) -> None:
    row = ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, status="draft")
    address = row.get_absolute_url()

    def press(role: str, verb: str) -> tuple[int, str]:
        code = browser(role).post(f"{address}{verb}/").status_code
        row.refresh_from_db()
        return code, row.status

    assert press("teacher", "confirm") == (404, "draft")
    assert press("principal", "submit") == (302, "submitted")
    assert press("neighbour", "confirm") == (404, "submitted")
    assert press("colleague", "confirm") == (403, "submitted")
    assert press("teacher", "confirm") == (302, "confirmed")
    assert row.confirmed_by.teacher == town.teacher
    assert press("teacher", "confirm") == (302, "confirmed")
    assert browser("principal").get(f"{address}edit/").status_code == 403
    assert press("principal", "reopen") == (403, "confirmed")
    assert press("office", "reopen") == (302, "draft")
    assert (row.confirmed_by, row.confirmed_at) == (None, None)


@pytest.mark.parametrize(("verb", "status"), [("submit", 405), ("confirm", 200), ("reopen", 405)])
def test_address_of_a_verb_answers_reading_only_where_it_asks(
    verb: str, status: int, town: SimpleNamespace, browser: Any
) -> None:
    row = ObservationFactory(teacher=town.teacher)
    assert browser("office").get(f"{row.get_absolute_url()}{verb}/").status_code == status


def test_buttons_follow_the_state(town: SimpleNamespace, browser: Any) -> None:
    row = ObservationFactory(teacher=town.teacher)
    verbs = {
        role: [button.url.split("/")[-2] for button in browser(role).get(row.get_absolute_url()).context["buttons"]]
        for role in ("office", "principal", "teacher", "researcher")
    }
    both = ["confirm", "reopen"]
    assert verbs == {"office": both, "principal": both, "teacher": ["confirm"], "researcher": []}


def test_list_read_by_each_role_shows_own_rows_only(town: SimpleNamespace, browser: Any) -> None:
    rows = {
        name: ObservationFactory(teacher=getattr(town, name))
        for name in ("teacher", "colleague", "neighbour", "stranger")
    }
    draft = ObservationFactory(teacher=town.teacher, lesson_no=5, status="draft")
    rows["draft"] = draft
    seen = {
        "office": {"teacher", "colleague", "neighbour", "draft"},
        "principal": {"teacher", "colleague", "draft"},
        "neighbour": {"neighbour"},
        "teacher": {"teacher"},
        "researcher": {"teacher", "colleague", "neighbour"},
        "stranger": {"stranger"},
    }
    for role, names in seen.items():
        page = browser(role).get(LIST).content.decode()
        assert {name for name, row in rows.items() if f'href="{row.get_absolute_url()}"' in page} == names, role


def test_pages_cost_the_same_with_ten_rows(town: SimpleNamespace, browser: Any, rubric: Rubric) -> None:
    client = browser("office")
    row = ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, rubric=rubric, score=90)
    addresses = [LIST, row.get_absolute_url(), CREATE, f"{row.get_absolute_url()}edit/"]
    for address in addresses:
        cost(client, address)  # what a process does once
    one = [cost(client, address) for address in addresses]
    for item in rubric.items.all():
        ObservationScoreFactory(observation=row, item=item)
    for number in range(2, 11):
        ObservationFactory(
            teacher=town.teacher, lesson_no=number, observer_teacher=town.colleague, rubric=rubric, score=90
        )
    assert [cost(client, address) for address in addresses] == one
    assert one[0] <= 12
    assert one[1] <= 15


def test_start_page_with_open_steps_tells_whom_they_wait_for(town: SimpleNamespace, browser: Any, cast: dict) -> None:
    ObservationFactory(teacher=town.teacher)
    ObservationFactory(teacher=town.colleague, observer_teacher=town.teacher, lesson_no=2, status="submitted")
    ObservationFactory(teacher=town.teacher, lesson_no=3, status="draft")
    ObservationFactory(
        teacher=town.teacher, lesson_no=4, status="draft", observer_name="", observer_researcher=town.researcher
    )
    pages = REGISTRY["observations.observation"]
    waiting = {role: [todo.number for todo in pages.todo(cast[role], town.year)] for role in cast}
    assert waiting == {
        "office": [], "principal": [2], "neighbour": [0], "teacher": [1, 0], "colleague": [1, 0], "researcher": [1],
        "stranger": [],
    }  # fmt: skip
    for role in ("principal", "teacher", "researcher"):
        for todo in pages.todo(cast[role], town.year):
            assert browser(role).get(todo.url).context["page"].paginator.count == todo.number


def test_rubric_form_sent_writes_the_items(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    sent = {
        "name": "评课量表", "edition": "2025", "excellent_from": 85, "good_from": 75, "fair_from": 60, "in_use": "on",
        "items": "教学目标 10\n教学内容：20分\n教学过程 70",
    }  # fmt: skip
    client.post("/observations/rubric/new/", sent)
    rubric = Rubric.objects.get()
    assert rubric.items_text == "教学目标 10；教学内容 20；教学过程 70"
    edit = f"{rubric.get_absolute_url()}edit/"
    assert client.post(edit, sent | {"items": "教学目标 30；教学过程 70"}).status_code == 302
    assert rubric.items_text == "教学目标 30；教学过程 70"
    for wrong in ("教学目标 10", "教学目标\n教学过程 100", "100"):
        assert "items" in errors(client.post(edit, sent | {"items": wrong}))
    ObservationFactory(teacher=town.teacher, rubric=rubric, score=90)
    assert "__all__" in errors(client.post(edit, sent))
    assert "教学目标 30" in client.get(rubric.get_absolute_url()).content.decode()


def test_progress_read_by_each_role_shows_own_people(town: SimpleNamespace, browser: Any) -> None:
    ObservationQuotaFactory(township=town.township, lessons=2)
    for number in (1, 2):
        ObservationFactory(teacher=town.neighbour, lesson_no=number, observer_teacher=town.teacher)
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague)
    ObservationFactory(teacher=town.teacher, observer_teacher=town.colleague, lesson_no=2, status="draft")
    address = f"{PROGRESS}?term={town.year.terms.get(number=1).pk}"
    found = {
        role: [(row.name, row.done, row.lacking) for row in browser(role).get(address).context["page"]]
        for role in ("office", "principal", "neighbour")
    }
    own, other = [("陈一鸣", 1, 1), ("王思远", 2, 0)], ("赵雪", 0, 2)
    assert found == {"office": [other, *own], "principal": own, "neighbour": [other]}
    assert browser("teacher").get(PROGRESS).status_code == 403
    assert browser("office").get(f"{PROGRESS}?term=x").status_code == 200


def test_progress_costs_the_same_with_ten_people(town: SimpleNamespace, browser: Any) -> None:
    ObservationQuotaFactory(township=town.township)
    client = browser("office")
    cost(client, PROGRESS)
    one = cost(client, PROGRESS)
    for number in range(10):
        TeacherFactory(school=town.school, no=f"9{number}")
    assert cost(client, PROGRESS) == one <= 12


def test_list_of_quotas_read_by_a_principal_links_to_the_progress(town: SimpleNamespace, browser: Any) -> None:
    assert PROGRESS in browser("principal").get("/observations/observationquota/").content.decode()


def test_form_of_a_teacher_records_colleagues_only(
    town: SimpleNamespace, browser: Any, cast: dict, rubric: Rubric
) -> None:
    may = Permission.objects.filter(codename__in=["add_observation", "change_observation"])
    cast["teacher"].user_permissions.add(*may)
    client = browser("teacher")
    assert "teacher" in errors(client.post(CREATE, lesson(rubric, teacher="赵雪")))
    client.post(CREATE, lesson(rubric, teacher="陈一鸣"))
    row = Observation.objects.get()
    assert (row.teacher, row.observer_teacher, row.school) == (town.colleague, town.teacher, town.school)
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 200
    client.post(f"{row.get_absolute_url()}submit/")
    assert client.get(f"{row.get_absolute_url()}edit/").status_code == 403


def test_copying_quotas_twice_adds_them_once(town: SimpleNamespace, browser: Any) -> None:
    first, second = Term.objects.order_by("number")
    quota = ObservationQuota.objects.create(township=town.township, term=first, position="teacher", lessons=15)
    address = f"/observations/observationquota/{quota.pk}/copy/"
    assert browser("principal").post(address).status_code == 403
    for _time in range(2):
        browser("office").post(address)
    rows = ObservationQuota.objects.order_by("term__number").values_list("term", "position", "lessons", "township")
    assert list(rows) == [(term.pk, "teacher", 15, town.township.pk) for term in (first, second)]
