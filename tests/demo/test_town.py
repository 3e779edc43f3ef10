"""The demo town: the same from the same seed, plausible, and loaded once."""

from collections import Counter
from io import StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from auditlog.models import LogEntry
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.actors import SYSTEM
from apps.observations.models import Observation
from apps.schools.models import Township
from apps.teachers.id_numbers import birth_date, is_male, validate_id_number
from apps.teachers.models import Appointment, Teacher
from apps.workbooks.planning.workbook import plan_import
from fixtures.demo import make_town
from fixtures.demo.accounts import PASSWORD, USERNAMES
from fixtures.demo.muyi import YEARS
from fixtures.demo.pictures import draw
from fixtures.demo.town import LAST_DAY, Town
from fixtures.demo.workbook import Books
from tests.databases import Databases

# Another seed than the demo town's own.
OTHER = 1


@pytest.fixture(scope="module")
def town(databases: Databases) -> Town:
    """The town in memory."""
    return databases.run.once("demo-in-memory", make_town)


@pytest.fixture(scope="module")
def other_town(databases: Databases) -> Town:
    """A town in memory, of another seed."""
    return databases.run.once("other-in-memory", lambda: make_town(OTHER))


def parts(paths: list[Path]) -> dict[tuple[str, str], bytes]:
    """Return what is stored of all cells of workbooks, by workbook and part of it."""
    found = {}
    for path in paths:
        with ZipFile(path) as book:
            names = [name for name in book.namelist() if name.startswith(("xl/worksheets/", "xl/sharedStrings"))]
            found |= {(path.name, name): book.read(name) for name in names}
    return found


def test_the_same_seed_gives_the_same_cells_and_another_seed_others(
    demo_books: list[Path], other_town: Town, tmp_path: Path
) -> None:
    again, other = tmp_path / "again", tmp_path / "other"
    again.mkdir()
    other.mkdir()
    first = parts(demo_books)
    assert len(first) > 60
    # Written alike to the last byte; of the other seed, the sheets of records differ.
    assert parts(Books(make_town()).write(again)) == first
    unlike = parts(Books(other_town).write(other))
    assert unlike.keys() == first.keys()
    assert sum(unlike[key] != first[key] for key in first) > 30


def test_pictures_differ_and_are_the_same_each_time() -> None:
    assert draw(7) == draw(7)
    assert len({draw(number) for number in range(1, 97)}) == 96
    assert len(draw(7)) < 8_000


def test_id_numbers_are_valid_unlike_and_fit_the_person(town: Town) -> None:
    for teacher in town.of(Teacher):
        validate_id_number(teacher.id_number)
        assert birth_date(teacher.id_number) == teacher.birth_date
        assert is_male(teacher.id_number) == (teacher.sex == Teacher.Sex.MALE)
    assert len({teacher.id_number for teacher in town.of(Teacher)}) == len(town.of(Teacher))


def test_three_pairs_share_a_name_but_never_a_school(town: Town) -> None:
    names = Counter(teacher.name for teacher in town.of(Teacher))
    assert sorted(number for number in names.values() if number > 1) == [2, 2, 2]
    for people in town.staff.values():
        assert len({teacher.name for teacher in people}) == len(people)


def test_every_school_has_one_principal_each_year(town: Town) -> None:
    for people in town.staff.values():
        assert sum(teacher.position == Teacher.Position.PRINCIPAL for teacher in people) == 1


def test_about_a_sixth_of_the_teachers_are_backbone_teachers(town: Town) -> None:
    share = sum(town.is_backbone(teacher) for teacher in town.everybody(2025)) / len(town.everybody(2025))
    assert 0.13 <= share <= 0.18


def test_the_last_year_has_only_begun(town: Town) -> None:
    assert max(observation.date for observation in town.of(Observation)) <= LAST_DAY
    begun = [o for o in town.of(Observation) if o.date >= town.years[YEARS[-1]].starts_on]
    assert 100 < len(begun) < 500


def test_nobody_observes_two_lessons_at_a_time(town: Town) -> None:
    seen = [(o.observer_teacher_id, o.date, o.lesson_no) for o in town.of(Observation) if o.observer_teacher_id]
    assert len(set(seen)) == len(seen)


def test_other_seeds_give_towns_without_broken_rules(other_town: Town) -> None:
    for teacher in other_town.of(Teacher):
        teacher.clean_fields(exclude=["township"])
        teacher.clean()
    for stays in _spans(other_town).values():
        for (_first, last), (first, _last) in zip(stays, stays[1:], strict=False):
            assert last is not None
            assert last < first


def _spans(town: Town) -> dict[int, list[tuple]]:
    spans: dict[int, list[tuple]] = {}
    for row in town.of(Appointment):
        spans.setdefault(row.teacher_id, []).append((row.starts_on, row.ends_on))
    return spans


# Loaded.


def test_all_demo_accounts_can_sign_in(demo: Township) -> None:
    for username in USERNAMES:
        client = Client()
        answer = client.post(reverse("login"), {"username": username, "password": PASSWORD})
        assert (username, answer.status_code) == (username, 302)
    places = User.objects.with_places().get(username="researcher").served_townships
    assert places == [demo.pk]


def test_the_sign_ins_are_printed(loaded: str, db: None) -> None:
    assert PASSWORD in loaded
    assert all(username in loaded for username in USERNAMES)


def test_loading_again_changes_nothing_and_prints_the_sign_ins(loaded: str, demo: Township) -> None:
    before, out = LogEntry.objects.count(), StringIO()
    call_command("load_demo", stdout=out, stderr=StringIO())
    assert LogEntry.objects.count() == before
    assert out.getvalue() == loaded


def test_production_refuses_the_demo(settings: object) -> None:
    settings.PUBLIC = True
    with pytest.raises(CommandError, match="known passwords"):
        call_command("load_demo", stdout=StringIO())


def test_reference_data_loads_without_a_word(db: None) -> None:
    for _time in range(2):
        out, errors = StringIO(), StringIO()
        call_command("load_reference", stdout=out, stderr=errors)
        assert (out.getvalue(), errors.getvalue()) == ("", "")


def test_the_same_workbooks_once_more_change_nothing(demo: Township, demo_books: list[Path]) -> None:
    for path in demo_books:
        with path.open("rb") as file:
            plan = plan_import(file, by=SYSTEM.imports, code=demo.code, start_year=int(path.stem[-4:]))
        assert (path.name, plan.problems, plan.empty) == (path.name, [], True)
