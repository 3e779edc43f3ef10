"""generate_town: as large as asked for, the same for the same seed, beside what is there, never in production."""

from typing import Any

import pytest
from django.core.management import CommandError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.core.actions import save_record
from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear
from apps.handbook.models import HandbookEntry
from apps.observations.models import Observation
from apps.research.models import Activity
from apps.schools.models import District, School, Township
from apps.teachers.models import Teacher
from fixtures.demo.accounts import PASSWORD
from fixtures.demo.town import LAST_DAY
from fixtures.generated import Size, plan_of
from fixtures.generated.plans import IN_DISTRICT, SEEDS, district_of, place_name
from fixtures.generated.writing import record_models
from tests.generated.conftest import CODES, SHAPES, generate

UNLIKE = {"created_at", "updated_at", "date_joined", "password"}
TINY = "--schools=4 --teachers=16 --years=2"


def rows() -> dict[str, list[tuple]]:
    """Return all records, without the moments at which they were written."""
    return {
        model.label: list(
            model.objects.order_by("pk").values_list(*[f.name for f in model._meta.fields if f.name not in UNLIKE])
        )
        for model in record_models()
    }


def once(seed: int) -> dict[str, list[tuple]]:
    """Return the records of a seed, and forget them."""
    with transaction.atomic():
        generate(seed, TINY)
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first, again, other = once(1), once(1), once(2)
    assert sum(map(len, first.values())) > 1000
    assert first == again
    assert first["teachers.teacher"] != other["teachers.teacher"]


def test_a_town_is_as_large_as_asked_for(ordinary: Township) -> None:
    assert School.objects.within(ordinary.scope).count() == 4
    year = SchoolYear.objects.get(start_year=2025)
    serving = Teacher.objects.within(ordinary.scope).serving_on(year.starts_on).count()
    assert 28 <= serving <= 30
    days = (year.starts_on, year.ends_on)
    entries = HandbookEntry.objects.within(ordinary.scope).filter(date__range=days).count()
    observations = Observation.objects.within(ordinary.scope).filter(date__range=days).count()
    assert 14 * 28 * 0.9 <= entries <= 14 * 28 * 1.3
    assert 6 * 28 <= observations <= 6 * 28 * 1.8
    assert Observation.objects.latest("date").date <= LAST_DAY


def test_the_accounts_sign_in_and_see_their_own_town(ordinary: Township) -> None:
    for role in ("office", "principal", "teacher"):
        client = Client()
        client.post(reverse("login"), {"username": f"{role}-{ordinary.code}", "password": PASSWORD})
        answer = client.get(reverse("observations:observation_list"))
        assert answer.status_code == 200
        assert {row.school.township_id for row in answer.context["page"].object_list} == {ordinary.pk}


def test_what_is_left_out_has_no_records(made: None, db: None) -> None:
    gaps = Township.objects.get(code=CODES["gaps"])
    activities = Activity.objects.within(gaps.scope)
    assert activities.exists()
    assert not activities.filter(guests__isnull=False).exists()
    assert not gaps.cycles.filter(assessments__grade="unqualified").exists()


def test_records_can_be_added_afterwards(ordinary: Township) -> None:
    school = School.objects.within(ordinary.scope).first()
    activity = Activity(school=school, kind="salon", title="如何让小组合作真正发生", date=LAST_DAY, hours=1)
    assert save_record(record=activity, by=SYSTEM.imports).pk == Activity.objects.latest("pk").pk


def test_a_town_that_is_there_is_refused_and_nothing_is_written(ordinary: Township) -> None:
    before = rows()
    seed, options = SHAPES["ordinary"]
    with pytest.raises(CommandError, match="Choose another --seed"):
        generate(seed, f"{options} --townships=2")
    assert rows() == before


def test_another_seed_adds_towns_beside_those_that_are_there(ordinary: Township) -> None:
    printed = generate(14, f"{TINY} --townships=2")
    assert PASSWORD in printed
    assert printed.count("office-") == 2
    assert Township.objects.count() == len(SHAPES) + 2
    assert District.objects.count() == len(SHAPES) + 1
    assert SchoolYear.objects.count() == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--schools=0", "--schools must be at least 1"),
        ("--schools=3 --teachers=5", "at least twice --schools"),
        ("--years=0", "--years must be at least 1"),
        ("--seed=-1", "--seed must not be negative"),
    ],
)
@pytest.mark.django_db
def test_an_impossible_town_is_refused(options: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        generate(1, options)


@pytest.mark.django_db
def test_production_refuses_generated_towns(settings: Any) -> None:
    before, settings.PUBLIC = Township.objects.count(), True
    with pytest.raises(CommandError, match="known passwords"):
        generate(1, TINY)
    assert Township.objects.count() == before


def test_places_have_names_and_codes_of_their_own() -> None:
    districts = [
        district_of(seed, number) for seed in range(SEEDS) for number in range(0, 3 * IN_DISTRICT, IN_DISTRICT)
    ]
    assert len({code for code, _name in districts}) == len({name for _code, name in districts}) == len(districts)
    assert len({place_name(number, 2) for number in range(2000)}) == 2000
    plans = [plan_of(3, number, Size(30, 1000, 3)) for number in range(2 * IN_DISTRICT)]
    assert len({plan.code for plan in plans}) == len({(plan.district_code, plan.name) for plan in plans}) == len(plans)
    for plan in plans:
        assert len({school.name for school in plan.schools}) == 30
        assert sum(school.size for school in plan.schools) == 1000
