"""What the databases hold that tests start from, and which fixture asks for which."""

from io import StringIO
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command

from apps.schools.models import School
from tests.architecture.rows import all_pages, make
from tests.databases import EMPTY, Start
from tests.factories import (
    ResearcherFactory,
    SchoolFactory,
    SchoolYearFactory,
    TeacherFactory,
    TermFactory,
    TownshipFactory,
    UserFactory,
)

# Three generated towns of different seeds: an ordinary town, the smallest there is, and one in which much never
# happened. Name → seed and options.
SHAPES = {
    "ordinary": (11, "--schools=4 --teachers=28 --years=2 --entries=14 --observations=6"),
    "smallest": (12, "--schools=1 --teachers=2 --years=2"),
    "gaps": (13, "--schools=3 --teachers=12 --years=2 --without misconduct projects visits exchange honours"),
}


def make_year() -> object:
    """Make the school year 2025, with both terms."""
    year = SchoolYearFactory()
    TermFactory(school_year=year, number=1)
    TermFactory(school_year=year, number=2)
    return year


def make_town() -> SimpleNamespace:
    """Make a township with two schools and another with one, and the people there."""
    year = make_year()
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


def make_cast(town: SimpleNamespace) -> dict[str, object]:
    """Open an account for each of a town's cast."""
    places = {
        "office": {"role": "office", "township": town.township},
        "principal": {"role": "principal", "school": town.school},
        "neighbour": {"role": "principal", "school": town.other},
        "teacher": {"role": "teacher", "teacher": town.teacher},
        "colleague": {"role": "teacher", "teacher": town.colleague},
        "researcher": {"role": "researcher", "researcher": town.researcher},
        "stranger": {"role": "office", "township": town.far.township},
    }
    return {who: UserFactory(username=f"the-{who}", **place) for who, place in places.items()}


def make_rows(cast: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Make a row of each kind of record at the principal's school, the neighbour's, and in another township.

    Returns kind → place → row. What hangs on a township is there once: the numbers keep its rows apart.
    """
    far = School.objects.select_related("township__district").get(township=cast["stranger"].township)
    schools = {"own": cast["principal"].school, "neighbour": cast["neighbour"].school, "far": far}
    return {
        pages.model.label: {
            place: make(pages.model, school, number) for number, (place, school) in enumerate(schools.items())
        }
        for pages in all_pages()
    }


def load_demo(_nothing: None) -> str:
    """Load the demo town as a person does, and return what is printed."""
    out = StringIO()
    call_command("load_demo", stdout=out, stderr=StringIO())
    return out.getvalue()


def generate(seed: int, options: str) -> str:
    """Make towns as a person does at the command line, and return what is printed."""
    out = StringIO()
    call_command("generate_town", f"--seed={seed}", *options.split(), stdout=out, stderr=StringIO())
    return out.getvalue()


def generate_shapes(_nothing: None) -> None:
    """Make the three generated towns."""
    for seed, options in SHAPES.values():
        generate(seed, options)


TOWN = Start("town", EMPTY, lambda _nothing: make_town())
CAST = Start("cast", TOWN, make_cast)
ROWS = Start("rows", CAST, make_rows)
DEMO = Start("demo", EMPTY, load_demo)
GENERATED = Start("generated", EMPTY, generate_shapes)

# A test that asks for one of these fixtures starts from there; for several, from the first.
STARTS = {"loaded": DEMO, "made": GENERATED, "rows": ROWS, "cast": CAST, "town": TOWN}
