"""The ways between pages: a part is added on its whole's page, several one after the other, and lists stay as left."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.exchange.models import Posting
from apps.observations.models import Observation
from apps.research.models import Activity, ActivityGuest, Attendance
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import ResearcherFactory, TeacherFactory
from tests.observations.factories import RubricFactory
from tests.research.factories import ActivityFactory, AttendanceFactory


@pytest.fixture
def visit(town: SimpleNamespace) -> Activity:
    """A visit of one researcher to the school."""
    activity = ActivityFactory(
        school=town.school, title="教研员到校视导", date=date(2025, 11, 5), subject="mathematics"
    )
    ActivityGuest.objects.create(activity=activity, researcher=ResearcherFactory(name="孙丽"))
    return activity


def add_link(page: str, model: str) -> str:
    """Return the address behind “add” of the panel with these records."""
    return page.split(f'href="/{model}/new/?', 1)[1].split('"', 1)[0].replace("&amp;", "&")


def test_lesson_added_on_a_visit_takes_its_day_school_subject_and_researcher(
    town: SimpleNamespace, browser: Any, visit: Activity
) -> None:
    client = browser("office")
    rubric = RubricFactory(township=town.township)
    address = "/observations/observation/new/?" + add_link(
        client.get(visit.get_absolute_url()).content.decode(), "observations/observation"
    )
    page = client.get(address)
    begun = page.context["form"].initial
    researcher = visit.guests.get().researcher
    assert (begun["date"], begun["school"], begun["subject"]) == (visit.date, town.school.pk, "mathematics")
    assert begun["observer_researcher"] == researcher.pk
    assert f'href="{visit.get_absolute_url()}">‹ ' in page.content.decode()

    sent = {
        "teacher": "王思远", "subject": "mathematics", "grade": 7, "class_name": "七年级1班", "lesson_no": 2,
        "topic": "有理数",
        "lesson_type": "new", "occasion": "open", "date": "2025-11-05", "school": town.school.pk,
        "activity": visit.names()[-1], "observer_researcher": researcher.pk, "rubric": rubric.pk,
        "scored_by": rubric.pk,
    }  # fmt: skip
    further = client.post(address, sent | {"then": "another"})
    row = Observation.objects.get()
    assert (row.activity, row.observer_researcher, row.status) == (visit, researcher, "draft")
    # The next lesson of the visit: what differs is empty, what is common stands.
    assert "teacher" not in parse_qs(urlsplit(further.url).query)
    begun = client.get(further.url).context["form"].initial
    assert (begun["date"], begun["occasion"], begun["class_name"]) == ("2025-11-05", "open", "七年级1班")
    assert (begun["activity"], "topic" in begun) == (f"#{visit.pk}", False)
    assert "教研员到校视导" in client.get(further.url).content.decode()
    # The last one leads back to the visit.
    last = client.post(further.url, sent | {"lesson_no": 3, "then": "submit"})
    assert last.url == visit.get_absolute_url()
    assert Observation.objects.filter(activity=visit).count() == 2


def test_part_written_or_deleted_shows_the_whole(town: SimpleNamespace, browser: Any, visit: Activity) -> None:
    client = browser("office")
    address = f"/research/attendance/new/?activity=%23{visit.pk}"
    sent = {"activity": visit.names()[-1], "teacher": "王思远", "role": "speaker"}
    further = client.post(address, sent | {"then": "another"})
    begun = client.get(further.url).context["form"].initial
    assert (begun["activity"], begun["role"], "teacher" in begun) == (f"#{visit.pk}", "speaker", False)
    again = client.post(further.url, sent | {"teacher": "陈一鸣"}, follow=True)
    assert again.redirect_chain[-1][0] == visit.get_absolute_url()
    assert "已保存" in again.content.decode()
    row = Attendance.objects.get(teacher=town.colleague)
    assert client.post(f"{row.get_absolute_url()}edit/", sent | {"teacher": "陈一鸣"}).url == visit.get_absolute_url()
    assert client.post(f"{row.get_absolute_url()}delete/").url == visit.get_absolute_url()
    # Added by itself, too.
    assert client.post("/research/attendance/new/", sent | {"teacher": "陈一鸣"}).url == visit.get_absolute_url()


def test_what_the_address_names_beyond_ones_reach_is_not_taken(
    town: SimpleNamespace, browser: Any, visit: Activity
) -> None:
    far = ActivityFactory(school=town.far, title="远处的活动")
    for asked in (f"%23{far.pk}", "x", "%23", "9" * 30):
        page = browser("office").get(f"/observations/observation/new/?activity={asked}")
        assert page.status_code == 200
        assert page.context["owner"] is None
        assert "远处的活动" not in page.content.decode()


def test_refused_part_keeps_what_was_typed(town: SimpleNamespace, browser: Any, visit: Activity) -> None:
    AttendanceFactory(activity=visit, teacher=town.teacher)
    sent = {"activity": visit.names()[-1], "teacher": "王思远", "role": "host", "then": "another"}
    page = browser("office").post(f"/research/attendance/new/?activity=%23{visit.pk}", sent)
    assert page.status_code == 200
    assert 'value="王思远"' in page.content.decode()


def test_posting_without_a_sending_school_finds_it(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    sent = {
        "round": ExchangeRoundFactory().pk, "teacher": "王思远", "to_school": town.other.pk, "way": "regular",
        "starts_on": "2025-09-01",
    }  # fmt: skip
    further = client.post("/exchange/posting/new/", sent | {"then": "another"})
    assert Posting.objects.get().from_school == town.school
    begun = client.get(further.url).context["form"].initial
    assert (begun["to_school"], begun["starts_on"]) == (str(town.other.pk), "2025-09-01")
    TeacherFactory(township=town.township, no="050", name="周无校")
    page = client.post("/exchange/posting/new/", sent | {"teacher": "周无校"})
    assert list(page.context["form"].errors) == ["from_school"]


def test_list_is_found_again_as_it_was_left(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    left = "/teachers/teacher/?q=%E7%8E%8B&sort=-no&page=1"
    record = town.teacher.get_absolute_url()
    assert 'href="/teachers/teacher/">‹ ' in client.get(record).content.decode()
    client.get(left)
    back = 'href="/teachers/teacher/?q=%E7%8E%8B&amp;sort=-no&amp;page=1">‹ '
    for address in (record, "/teachers/teacher/new/"):
        assert back in client.get(address).content.decode(), address
    # A list asked for anew, from the side bar, begins anew; another kind of record has its own.
    assert 'href="/research/activity/">‹ ' in client.get("/research/activity/new/").content.decode()
    client.get("/teachers/teacher/")
    assert 'href="/teachers/teacher/">‹ ' in client.get(record).content.decode()
    leaving = TeacherFactory(township=town.township, no="051", name="周离校")
    client.get(left)
    assert client.post(f"{leaving.get_absolute_url()}delete/").url == left
    assert len(client.session["lists"]) == 1
    client.get("/teachers/teacher/?q=" + "x" * 3000)
    assert client.session["lists"]["teachers.teacher"] in left
