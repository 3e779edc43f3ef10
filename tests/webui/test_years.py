"""School years and terms as pages, and opening the next year."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from apps.core.actors import SYSTEM
from apps.core.models import SchoolYear, Term
from apps.core.years import next_year, proposed_year, save_school_year, year_later
from apps.ethics.models import AssessmentCycle, Questionnaire
from apps.exchange.models import ExchangeRound
from apps.handbook.models import Requirement
from apps.observations.models import ObservationQuota
from apps.schools.models import SchoolGrade
from apps.webui.actions import foresee_next_year, open_next_year
from tests.ethics.factories import CycleFactory, QuestionnaireFactory
from tests.exchange.factories import ExchangeRoundFactory
from tests.factories import SchoolGradeFactory
from tests.handbook.factories import RequirementFactory
from tests.observations.factories import ObservationQuotaFactory

LIST, NEW = "/years/schoolyear/", "/years/schoolyear/new/"
COPIED = (SchoolGrade, ObservationQuota, Requirement, AssessmentCycle, ExchangeRound)
DAYS = {
    "starts_on": "2026-09-01",
    "ends_on": "2027-08-29",
    "first_from": "2026-09-02",
    "first_until": "2027-01-20",
    "second_from": "2027-02-20",
    "second_until": "2027-07-10",
}


@pytest.fixture
def alone(town: SimpleNamespace, cast: dict) -> SimpleNamespace:
    """The town as the only one of its installation."""
    for row in (cast["stranger"], town.stranger, town.far, town.far.township):
        row.delete()
    return town


@pytest.fixture
def filled(town: SimpleNamespace) -> SimpleNamespace:
    """A town with a row of each kind that runs by the year."""
    SchoolGradeFactory(school=town.school)
    SchoolGradeFactory(school=town.other, grade=3)
    for term in town.year.terms.all():
        ObservationQuotaFactory(township=town.township, term=term)
        RequirementFactory(township=town.township, term=term)
    QuestionnaireFactory(cycle=CycleFactory())
    ExchangeRoundFactory()
    return town


# Pages


def test_year_added_by_the_only_office_has_its_terms(alone: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    form = client.get(NEW).context["form"]
    assert form.initial["starts_on"] == date(2026, 9, 1)
    answer = client.post(NEW, DAYS, follow=True)
    year = SchoolYear.objects.get(start_year=2026)
    assert answer.redirect_chain[-1][0] == year.get_absolute_url()
    assert [(t.starts_on, t.ends_on) for t in year.terms.order_by("number")] == [
        (date(2026, 9, 2), date(2027, 1, 20)),
        (date(2027, 2, 20), date(2027, 7, 10)),
    ]
    page = client.get(LIST).content.decode()
    assert "2025—2026学年" in page
    assert "2026—2027学年" in page


def test_year_that_is_there_is_told(alone: SimpleNamespace, browser: Any) -> None:
    days = {name: value.replace("2026", "2025").replace("2027", "2026") for name, value in DAYS.items()}
    assert "该学年已经有了" in browser("office").post(NEW, days).content.decode()


@pytest.mark.parametrize(
    ("first", "second"),
    [(date(2026, 3, 1), date(2026, 3, 2)), (date(2025, 12, 20), date(2025, 12, 21))],
)
def test_border_of_the_terms_moves_either_way(first: date, second: date, alone: SimpleNamespace, browser: Any) -> None:
    client, address = browser("office"), f"{alone.year.get_absolute_url()}edit/"
    form = client.get(address).context["form"]
    client.post(address, form.initial | {"first_until": first, "second_from": second})
    assert list(alone.year.terms.order_by("number").values_list("starts_on", flat=True)) == [date(2025, 9, 1), second]


def test_office_of_one_of_two_townships_adds_no_year(town: SimpleNamespace, browser: Any) -> None:
    client = browser("office")
    assert f'href="{NEW}"' not in client.get(LIST).content.decode()
    assert client.post(NEW, DAYS).status_code == 403
    assert client.get(f"{town.year.get_absolute_url()}next/").status_code == 403
    assert not SchoolYear.objects.filter(start_year=2026).exists()


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 8, 1), 2026), (date(2026, 7, 31), 2025), (date(2027, 2, 1), 2026)]
)
def test_proposed_year_begins_with_august(today: date, year: int) -> None:
    proposed, terms = proposed_year(today)
    assert (proposed.start_year, terms[0].starts_on, terms[1].ends_on) == (year, date(year, 9, 1), proposed.ends_on)


def test_leap_day_a_year_later_is_the_day_before() -> None:
    assert year_later(date(2024, 2, 29)) == date(2025, 2, 28)


def test_year_with_a_term_beyond_it_is_refused_and_not_written(db: None) -> None:
    year = SchoolYear(start_year=2026, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31))
    term = Term(number=1, starts_on=date(2026, 8, 1), ends_on=date(2027, 1, 1))
    with pytest.raises(ValidationError):
        save_school_year(year=year, terms=[term], by=SYSTEM.demo)
    assert not SchoolYear.objects.exists()


# The next year


def counts(year: int) -> dict[str, int]:
    """Return how many rows of each kind a school year has."""
    found = {}
    for model in COPIED:
        way = "term__school_year" if model in (ObservationQuota, Requirement) else "school_year"
        found[model.__name__] = model.objects.filter(**{f"{way}__start_year": year}).count()
    return found


def test_preview_shows_what_opening_then_makes(filled: SimpleNamespace) -> None:
    seen = foresee_next_year(year=filled.year, by=SYSTEM.demo)
    assert counts(2026) == dict.fromkeys(counts(2026), 0)
    assert not SchoolYear.objects.filter(start_year=2026).exists()
    made = open_next_year(year=filled.year, by=SYSTEM.demo)
    assert [(c.part.label, c.number) for c in seen.parts] == [(c.part.label, c.number) for c in made.parts]
    assert [c.number for c in made.parts] == [2, 2, 2, 1, 1]
    assert counts(2026) == counts(2025)
    assert (made.year.starts_on, made.year.ends_on) == (date(2026, 9, 1), date(2027, 8, 31))
    assert [t.starts_on for t in made.terms] == [date(2026, 9, 1), date(2027, 2, 16)]


def test_next_year_takes_over_values_and_moves_days(filled: SimpleNamespace) -> None:
    AssessmentCycle.objects.update(student_weight=30, school_weight=50)
    Questionnaire.objects.update(title="慕仪镇2025—2026学年师德学生测评")
    open_next_year(year=filled.year, by=SYSTEM.demo)
    old, new = AssessmentCycle.objects.order_by("school_year__start_year")
    assert (new.student_weight, new.school_weight, new.status) == (30, 50, "open")
    assert new.closes_on == year_later(old.closes_on)
    assert new.questionnaires.get().title == "慕仪镇2026—2027学年师德学生测评"
    grades = SchoolGrade.objects.filter(school_year__start_year=2026)
    assert {(g.grade, g.classes) for g in grades} == {(7, 4), (3, 4)}


def test_next_year_opened_twice_adds_nothing(filled: SimpleNamespace) -> None:
    open_next_year(year=filled.year, by=SYSTEM.demo)
    again = open_next_year(year=filled.year, by=SYSTEM.demo)
    assert (again.number, again.is_new) == (0, False)
    assert counts(2026) == counts(2025)


def test_next_year_keeps_what_it_has(filled: SimpleNamespace) -> None:
    open_next_year(year=filled.year, by=SYSTEM.demo)
    mine = ObservationQuota.objects.filter(term__school_year__start_year=2026).first()
    mine.lessons = 99
    mine.save()
    Requirement.objects.filter(term__school_year__start_year=2026).first().delete()
    assert open_next_year(year=filled.year, by=SYSTEM.demo).number == 1
    mine.refresh_from_db()
    assert mine.lessons == 99


def test_grades_of_a_closed_school_end_with_it(filled: SimpleNamespace) -> None:
    filled.other.closed_on = date(2026, 8, 1)
    filled.other.save()
    open_next_year(year=filled.year, by=SYSTEM.demo)
    assert [g.school for g in SchoolGrade.objects.filter(school_year__start_year=2026)] == [filled.school]


def test_next_year_that_fails_in_one_part_is_not_opened(
    filled: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise ValidationError("文件已换")

    monkeypatch.setattr("apps.exchange.actions.write_record", refuse)
    with pytest.raises(ValidationError, match="交流轮次（文件和交流条件）：文件已换"):
        open_next_year(year=filled.year, by=SYSTEM.demo)
    assert not SchoolYear.objects.filter(start_year=2026).exists()
    assert counts(2026) == dict.fromkeys(counts(2026), 0)


def test_page_of_the_next_year_shows_and_opens_it(
    filled: SimpleNamespace, alone: SimpleNamespace, browser: Any
) -> None:
    client = browser("office")
    detail = client.get(alone.year.get_absolute_url()).content.decode()
    address = f"{alone.year.get_absolute_url()}next/"
    assert f'href="{address}"' in detail
    page = client.get(address).content.decode()
    for said in ("2026-09-01", "2027-08-31", "各校年级班级", "不结转", "任课"):
        assert said in page, said
    assert "/observations/observationquota/?period=2025" in page
    answer = client.post(address, follow=True).content.decode()
    assert "2026—2027学年已开设，结转8条" in answer
    assert 'value="2026"' in answer  # the switcher offers it
    assert '<a href="/workbooks/?year=2026">导入新学年的花名册</a>' in answer
    form = client.get("/workbooks/?year=2026").context["form"]
    assert form.initial["school_year"].start_year == 2026
    assert client.get("/workbooks/?year=1066").context["form"].initial["school_year"].start_year == 2025
    assert "都已齐全" in client.get(address).content.decode()


def test_office_of_one_of_two_townships_fills_the_year_that_is_there(filled: SimpleNamespace, browser: Any) -> None:
    year, terms = next_year(filled.year)
    save_school_year(year=year, terms=terms, by=SYSTEM.demo)
    browser("office").post(f"{filled.year.get_absolute_url()}next/")
    assert counts(2026) == counts(2025)
    browser("stranger").post(f"{filled.year.get_absolute_url()}next/")
    assert counts(2026) == counts(2025)
