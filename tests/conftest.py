"""The cast, and what fails a test wherever it happens."""

import inspect
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Origin
from django.test import Client

from tests.factories import (
    ResearcherFactory,
    SchoolFactory,
    SchoolYearFactory,
    TeacherFactory,
    TermFactory,
    TownshipFactory,
    UserFactory,
)

OWN_TEMPLATES = Path(settings.BASE_DIR) / "templates"


class UndefinedVariable(str):
    """What Django puts for an undefined variable: in a template of ours it fails the test, elsewhere it is empty."""

    def __contains__(self, text: object) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        for frame in inspect.stack(context=0):  # no source lines: reading them takes most of the time
            origin = getattr(frame.frame.f_locals.get("self"), "origin", None)
            if isinstance(origin, Origin):
                if Path(origin.name).is_relative_to(OWN_TEMPLATES):
                    pytest.fail(f"undefined variable {variable} in {origin.name}")
                return ""
        return ""


@pytest.fixture(autouse=True, scope="session")
def _no_undefined_variables() -> None:
    from django.template import engines

    engines["django"].engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture
def year(db: None) -> object:
    """The school year 2025, with both terms."""
    year = SchoolYearFactory()
    TermFactory(school_year=year, number=1)
    TermFactory(school_year=year, number=2)
    return year


@pytest.fixture
def town(year: object) -> SimpleNamespace:
    """A township with two schools, another township with one, and the cast that signs in."""
    school = SchoolFactory()
    other = SchoolFactory(code="02", name="袁科小学", stage="primary")
    far = SchoolFactory(
        township=TownshipFactory(code="610304106", name="东湖镇", office_name="东湖镇教育组"), name="东湖中学"
    )
    teacher = TeacherFactory(school=school, no="001", name="王思远")
    colleague = TeacherFactory(school=school, no="002", name="陈一鸣")
    researcher = ResearcherFactory()
    researcher.townships.add(school.township)
    return SimpleNamespace(
        year=year,
        township=school.township,
        school=school,
        other=other,
        far=far,
        teacher=teacher,
        colleague=colleague,
        neighbour=TeacherFactory(school=other, no="003", name="赵雪"),
        stranger=TeacherFactory(school=far, no="001", name="何晓东"),
        researcher=researcher,
    )


@pytest.fixture
def cast(town: SimpleNamespace) -> dict[str, object]:
    """Who signs in, by role; the neighbour heads another school, the stranger is another township's office."""
    return {
        "office": UserFactory(role="office", township=town.township),
        "principal": UserFactory(role="principal", school=town.school),
        "neighbour": UserFactory(role="principal", school=town.other),
        "teacher": UserFactory(role="teacher", teacher=town.teacher),
        "colleague": UserFactory(role="teacher", teacher=town.colleague),
        "researcher": UserFactory(role="researcher", researcher=town.researcher),
        "stranger": UserFactory(role="office", township=town.far.township),
    }


@pytest.fixture
def browser(cast: dict[str, object]) -> object:
    """A function from a role of the cast to a signed-in client, which looks at the school year 2025."""

    def sign_in(role: str | None) -> Client:
        client = Client()
        if role:
            client.force_login(cast[role], backend="apps.accounts.backends.ScopedBackend")
            session = client.session
            session["year"] = 2025
            session.save()
        return client

    return sign_in
