"""Random histories: the figures of a past period are those of a plain recomputation, and later events move nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.periods import Period
from apps.schools.actions import change_school_facts
from apps.schools.chapter import CHAPTER as SCHOOLS
from apps.schools.models import School
from apps.teachers.actions import change_facts, transfer_teacher
from apps.teachers.chapter import CHAPTER as TEACHERS
from apps.teachers.chapter import schools_table
from apps.teachers.models import Teacher, on_day
from tests.factories import SchoolFactory, TeacherFactory

FIRST = date(2019, 9, 1)
PERIODS = [Period(str(year), date(year, 9, 1), date(year + 1, 8, 31), f"{year}") for year in (2019, 2020, 2021)]
DAYS = st.integers(0, 3 * 365)
EVENT = st.one_of(
    st.tuples(st.just("appoint"), DAYS, st.integers(0, 2), st.integers(0, 2)),
    st.tuples(st.just("leave"), DAYS, st.integers(0, 2), st.just(0)),
    st.tuples(st.just("title"), DAYS, st.integers(0, 2), st.sampled_from(["first", "senior", "second"])),
    st.tuples(st.just("level"), DAYS, st.integers(0, 2), st.integers(0, 5)),
    st.tuples(st.just("stage"), DAYS, st.integers(0, 2), st.sampled_from(["primary", "junior"])),
    st.tuples(st.just("close"), DAYS, st.integers(0, 2), st.just(0)),
)
HISTORIES = st.lists(EVENT, max_size=10, unique_by=lambda event: event[1]).map(lambda e: sorted(e, key=lambda x: x[1]))
Event = tuple[str, int, int, int | str]


@dataclass
class World:
    """What a plain reading of the events makes of three teachers and three schools."""

    at: dict[int, int] = field(default_factory=dict)
    title: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(3), "second"))
    level: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(3), 0))
    stage: dict[int, str] = field(default_factory=lambda: dict.fromkeys(range(3), "primary"))
    closed: set[int] = field(default_factory=set)

    def take(self, kind: str, who: int, value: int | str) -> None:
        if kind == "appoint":
            self.at[who] = int(value)
        elif kind == "leave":
            self.at.pop(who, None)
        elif kind == "close":
            self.closed.add(who)
        else:
            getattr(self, kind)[who] = value


def expected(events: Sequence[Event], last: date) -> dict[str, object]:
    """Return the figures on a day, from the events up to it; a school is still there on the day of its closing."""
    world, day_before = World(), (last - FIRST).days - 1
    for kind, number, who, value in events:
        if number <= (day_before if kind == "close" else day_before + 1):
            world.take(kind, who, value)
    staff = list(world.at)
    return {
        "teachers.count": len(staff),
        "teachers.backbone": sum(world.level[who] >= 3 for who in staff),
        "teachers.title_first": sum(world.title[who] == "first" for who in staff),
        "teachers.title_senior": sum(world.title[who] == "senior" for who in staff),
        "schools.count": 3 - len(world.closed),
        "schools.junior_names": "、".join(
            f"学校{school}" for school in range(3) if world.stage[school] == "junior" and school not in world.closed
        ),
    }


def figures(town: SimpleNamespace, period: Period) -> dict[str, object]:
    found = {f.key: f.value for chapter in (TEACHERS, SCHOOLS) for f in chapter.figures(town.township.scope, period)}
    return {key: found[key] for key in expected([], FIRST)}


def happen(event: Event, schools: list[School], teachers: list[Teacher]) -> None:
    """Write an event by the action that people take."""
    kind, number, who, value = event
    day = FIRST + timedelta(days=number)
    if kind == "appoint":
        transfer_teacher(teacher=teachers[who], school=schools[int(value)], on=day, by=SYSTEM.imports)
    elif kind == "leave":
        for row in teachers[who].appointments.filter(on_day(day)):
            if row.starts_on < day:
                row.ends_on = day - timedelta(days=1)
                save_record(record=row, by=SYSTEM.imports)
    elif kind == "close":
        schools[who].refresh_from_db()
        schools[who].closed_on = schools[who].closed_on or day
        save_record(record=schools[who], by=SYSTEM.imports)
    elif kind == "stage":
        schools[who].refresh_from_db()
        change_school_facts(school=schools[who], values={"stage": value}, since=day, by=SYSTEM.imports)
    else:
        fact = {"title": "title", "level": "backbone_level"}[kind]
        change_facts(teacher=teachers[who], values={fact: value}, since=day, by=SYSTEM.imports)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=HISTORIES)
def test_figures_of_a_past_period_follow_the_events_and_stand_still(town: SimpleNamespace, events: list[Event]) -> None:
    with transaction.atomic():
        Teacher.objects.all().delete()
        School.objects.all().delete()
        schools = [
            SchoolFactory(code=f"9{n}", name=f"学校{n}", stage="primary", opened_on=date(2000, 9, 1)) for n in range(3)
        ]
        teachers = [TeacherFactory(township=town.township, no=f"9{n}", title="second") for n in range(3)]
        then: dict[str, object] = {}
        left = list(events)
        for period in PERIODS:
            while left and FIRST + timedelta(days=left[0][1]) <= period.ends_on:
                happen(left.pop(0), schools, teachers)
            then[period.code] = figures(town, period), schools_table(town.township.scope, period)
            assert then[period.code][0] == expected(events, period.ends_on)  # type: ignore[index]
        for event in left:
            happen(event, schools, teachers)
        for period in PERIODS[:2]:
            assert then[period.code] == (figures(town, period), schools_table(town.township.scope, period))
        transaction.set_rollback(True)
