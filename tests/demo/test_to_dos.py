"""What waits for somebody: the number told, the list it opens and the queue it starts are the same records."""

import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.models import SchoolYear
from apps.schools.models import Township
from apps.webui.home import todos
from tests.ethics.factories import AssessmentFactory, CycleFactory
from tests.factories import TeacherFactory, UserFactory
from tests.handbook.factories import HandbookEntryFactory, RequirementFactory
from tests.mentoring.factories import MentoringPairFactory
from tests.research.factories import ProjectMemberFactory, SmallProjectFactory


def in_queue(client: Client, address: str) -> int:
    """Return how many records a queue holds, by what its first page says."""
    page = client.get(address, follow=True)
    return page.context["waiting"] + 1 if "waiting" in page.context else 0


def differing(user: Any, year: SchoolYear) -> list[tuple[Any, ...]]:
    """Return the to-dos of `user` whose list or queue holds another number than is told."""
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.ScopedBackend")
    session = client.session
    session["year"] = year.start_year
    session.save()
    wrong = []
    for todo in todos(user, year):
        listed = client.get(todo.url).context["page"].paginator.count
        queued = in_queue(client, todo.queue) if todo.queue else todo.number
        if not listed == queued == todo.number:
            wrong.append((str(user), str(todo.text), todo.number, listed, queued))
    return wrong


def test_every_to_do_of_the_demo_town_tells_the_number_of_its_list_and_queue(demo: Township) -> None:
    people = list(User.objects.filter(is_active=True, is_superuser=False).order_by("pk"))
    heads = [user for user in people if not user.teacher_id]
    teachers = [user for user in people if user.teacher_id][:3]
    seen, wrong = 0, []
    for year in SchoolYear.objects.order_by("start_year"):
        for user in [*heads[:4], *heads[-1:], *teachers]:
            seen += len(todos(user, year))
            wrong += differing(user, year)
    assert wrong == []
    assert seen > 10


@pytest.fixture
def head(town: SimpleNamespace) -> Any:
    """The principal of the school, as a teacher of the roster."""
    return TeacherFactory(school=town.school, no="009", name="林校长", position="principal")


def told(user: Any, year: SchoolYear) -> dict[str, int]:
    """Return sentence → number of what waits for `user`."""
    return {str(todo.text): todo.number for todo in todos(user, year)}


def test_principals_own_records_wait_for_the_office(town: SimpleNamespace, cast: dict, head: Any) -> None:
    cycle = CycleFactory(township=town.township, opens_on=date(2025, 12, 1), closes_on=date(2025, 12, 31))
    for teacher in (head, town.colleague):
        HandbookEntryFactory(teacher=teacher)
        AssessmentFactory(cycle=cycle, school=town.school, teacher=teacher)
        project = SmallProjectFactory(school=town.school, level=1, no=teacher.no)
        ProjectMemberFactory(project=project, teacher=teacher)
        pair = {"mentor": teacher, "apprentice": town.teacher, "school": town.school}
        MentoringPairFactory(**pair, starts_on=date(2024, 9, 1), ends_on=date(2025, 7, 1))
    office = told(cast["office"], town.year)
    assert office == {
        "校长本人的行动手册待您审阅": 1,
        "校长本人的师德考核待您评价": 1,
        "待立项的小课题": 1,
        "师徒结对期满，等待考核": 2,
    }
    principal = told(cast["principal"], town.year)
    assert principal == {
        "待您审阅的手册条目": 1,
        "尚未填写学校评价的师德考核": 1,
        "待立项的小课题": 1,
        "师徒结对期满，等待考核": 1,
    }
    assert differing(cast["office"], town.year) == differing(cast["principal"], town.year) == []


def test_queue_holds_the_chosen_year_only(town: SimpleNamespace, cast: dict, browser: Any) -> None:
    now = HandbookEntryFactory(teacher=town.teacher)
    earlier = HandbookEntryFactory(teacher=town.colleague)
    type(earlier).objects.filter(pk=earlier.pk).update(date=date(2023, 10, 9))
    client = browser("principal")
    todo = next(todo for todo in todos(cast["principal"], town.year) if todo.queue)
    assert todo.number == in_queue(client, todo.queue) == 1
    assert client.get(todo.queue).url.startswith(f"{now.get_absolute_url()}review/?period=2025")
    assert client.get("/handbook/review/").url.startswith(f"{now.get_absolute_url()}review/")


def test_queue_of_a_to_do_goes_on_among_its_own(town: SimpleNamespace, browser: Any, head: Any) -> None:
    """After a decision the next entry is one of the same queue, not the next of the whole township."""
    HandbookEntryFactory(teacher=town.colleague, date=date(2025, 9, 5))
    first = HandbookEntryFactory(teacher=head, date=date(2025, 10, 6))
    HandbookEntryFactory(teacher=town.colleague, date=date(2025, 10, 7))
    last = HandbookEntryFactory(teacher=head, date=date(2025, 10, 8))
    client = browser("office")
    address = client.get("/handbook/review/?waiting=true&of_principals=true&period=2025").url
    assert address.startswith(f"{first.get_absolute_url()}review/")
    page = client.get(address)
    action = re.search(r'action="([^"]+/approve/[^"]*)"', page.content.decode()).group(1).replace("&amp;", "&")
    version = page.context["form"]["read_version"].value()
    answer = client.post(action, {"quality": "good", "comment": "", "read_version": version})
    assert answer.url.startswith(f"{last.get_absolute_url()}review/?")


def test_to_do_of_a_teacher_who_served_elsewhere_asks_nothing(town: SimpleNamespace) -> None:
    """Requirements ask those who serve at a school of their township on the term's last day."""
    RequirementFactory(minimum=3)
    gone = TeacherFactory(school=None, no="077", name="吴离校")
    account = UserFactory(username="gone", role="teacher", teacher=gone)
    assert told(account, town.year) == {}
