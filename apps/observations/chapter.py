"""What observations contribute to a summary: lessons observed, by whom, how they were scored and discussed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.labels import Label
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Chart, Rule, Section, Table, Tally, count_by
from apps.schools.models import School, schools_of

from .filters import GivenFilter, ObservationFilter, ObservedFilter
from .models import Observation, is_entered

JUNIOR, PRIMARY = {"stage": School.Stage.JUNIOR.value}, {"stage": School.Stage.PRIMARY.value}
# Drafts do not count.
ENTERED = {"entered": "true"}
BY_RESEARCHERS = ENTERED | {"observer": "researcher"}
DROP_IN = ENTERED | {"occasion": Observation.Occasion.DROP_IN.value}
DISCUSSED = ENTERED | {"discussed": "true"}
SHOWN = ENTERED | {"shown": "true"}


def tally(name: str, label: Label, where: dict[str, str], measure: str = "count", of: str = "") -> Tally:
    """Return the tally of observations under the key `observations.<name>`, a part of the figure `of`."""
    return Tally(f"observations.{name}", label, ObservationFilter, where, measure, of)


TALLIES = (
    tally("lessons", _("lessons observed in all"), ENTERED, "lessons"),
    tally("attendances", _("attendances at observed lessons"), ENTERED),
    tally("each", _("lessons observed by each observing teacher"), ENTERED, "each"),
    tally("taught_by", _("teachers who gave observed lessons"), ENTERED, "teachers"),
    tally("scored", _("number of scored lessons"), ENTERED | {"scored": "true"}, "lessons", of="observations.lessons"),
    tally("average", _("average score of observed lessons"), ENTERED, "average"),
    tally("excellent", _("number of excellent lessons"), ENTERED | {"verdict": "excellent"}, "lessons"),
    tally("drop_in", _("number of drop-in lessons"), DROP_IN, "lessons"),
    tally("discussions", _("number of lesson discussions"), DISCUSSED, "discussions"),
    tally("researchers_junior", _("lessons observed by researchers"), BY_RESEARCHERS | JUNIOR, "lessons"),
    tally("researchers_primary", _("lessons observed by researchers at primary schools"),
          BY_RESEARCHERS | PRIMARY, "lessons"),
    tally("shown", _("number of observation and report lessons"), SHOWN, "lessons"),
    tally("shown_backbone", _("backbone teachers who gave observation and report lessons"),
          SHOWN | {"backbone": "true"} | PRIMARY, "teachers"),
)  # fmt: skip


@dataclass(frozen=True)
class OwnTally(Tally):
    """A tally of the lessons that a teacher gave, or observed: the list is narrowed to that side."""

    def source(self, scope: Scope, period: Period) -> str:
        """Return the address of the list of the observations on the teacher's side."""
        query = {"period": period.code, self.filterset.by: scope.teacher, **self.where, "measure": self.measure}
        return f"{reverse('observations:observation_list')}?{urlencode(query)}"


OF_TEACHER = (
    OwnTally("observations.given", _("lessons given and observed by others"), GivenFilter, ENTERED, "lessons"),
    OwnTally("observations.given_shown", _("observation and report lessons given"), GivenFilter, SHOWN, "lessons"),
    OwnTally("observations.given_average", _("average score of the lessons given"), GivenFilter, ENTERED, "average"),
    OwnTally("observations.given_excellent", _("excellent lessons given"), GivenFilter,
             ENTERED | {"verdict": "excellent"}, "lessons"),
    OwnTally("observations.given_discussed", _("discussions of the lessons given"), GivenFilter,
             DISCUSSED, "discussions"),
    OwnTally("observations.observed", _("lessons observed of others"), ObservedFilter, ENTERED, "lessons"),
    OwnTally("observations.observed_teachers", _("teachers whose lessons were observed"), ObservedFilter, ENTERED,
             "teachers"),
    OwnTally("observations.observed_discussed", _("discussions of the lessons observed"), ObservedFilter,
             DISCUSSED, "discussions"),
)  # fmt: skip
BY_SCHOOL = (
    Tally("lessons", _("lessons observed"), ObservationFilter, ENTERED, "lessons"),
    Tally("count", _("attendances at lessons"), ObservationFilter, ENTERED),
    Tally("teachers", _("teachers observed"), ObservationFilter, ENTERED, "teachers"),
    Tally("average", _("average score"), ObservationFilter, ENTERED, "average"),
    Tally("observers", _("observers"), ObservationFilter, ENTERED, "observers"),
)
# Where a school has no rows at all: nothing was counted, and there is no mean.
NO_ROWS = {"lessons": 0, "count": 0, "teachers": 0, "observers": 0}


def schools_table(scope: Scope, period: Period) -> Table:
    """Return a row a school: lessons observed, attendances, teachers observed, average score, observers."""
    counted = count_by("school", BY_SCHOOL, scope, period)
    rows = []
    for school in schools_of(scope, period):
        cells = counted.get(school.pk, {})
        rows.append(
            (
                Cell(school.name, school.get_absolute_url()),
                *(
                    Cell(cells.get(part.key, NO_ROWS.get(part.key)), part.source(school.scope, period))
                    for part in BY_SCHOOL
                ),
            )
        )
    heads = (str(_("school")), *(f"{part.label}（{_unit(part)}）" for part in BY_SCHOOL))
    return Table("observations.schools", str(_("Lessons observed at each school")), heads, tuple(rows))


def given_table(scope: Scope, period: Period) -> Table:
    """Return a row an observation of a lesson that the scope's teacher gave: day, class, topic, observer, score."""
    rows = GivenFilter.base(scope, period).filter(is_entered()).order_by("date", "lesson_no", "pk")
    rows = rows.select_related("observer_teacher", "observer_researcher")
    cells = tuple((*_lesson(row), Cell(str(row.observer)), Cell(row.score)) for row in rows)
    heads = (*_lesson_heads(), str(_("observer")), str(_("score")))
    return Table("observations.given", str(_("Lessons given")), heads, cells)


def observed_table(scope: Scope, period: Period) -> Table:
    """Return a row a lesson that the scope's teacher observed: day, class, topic, whose lesson, score."""
    rows = ObservedFilter.base(scope, period).filter(is_entered()).order_by("date", "lesson_no", "pk")
    cells = tuple((*_lesson(row), Cell(row.teacher.name), Cell(row.score)) for row in rows.select_related("teacher"))
    heads = (*_lesson_heads(), str(_("teacher of the lesson")), str(_("score")))
    return Table("observations.observed", str(_("Lessons observed")), heads, cells)


def _lesson_heads() -> tuple[str, ...]:
    return (str(_("date")), str(_("class")), str(_("subject")), str(_("topic of the lesson")), str(_("occasion")))


def _lesson(row: Observation) -> tuple[Cell, ...]:
    return (
        Cell(row.date),
        Cell(row.class_name),
        Cell(row.get_subject_display()),
        Cell(row.topic, row.get_absolute_url()),
        Cell(row.get_occasion_display()),
    )


def schools_chart(scope: Scope, period: Period) -> Chart:
    """Return a bar a school: lessons observed, the most first."""
    lessons = BY_SCHOOL[0]
    counted = count_by("school", [lessons], scope, period)
    schools = School.objects.within(scope).select_related("township").filter(pk__in=counted).as_of(period.ends_on)
    bars = [(school.name, counted[school.pk][lessons.key], lessons.source(school.scope, period)) for school in schools]
    bars.sort(key=lambda bar: -int(bar[1] or 0))
    title = str(_("Lessons observed at each school"))
    return Chart("observations.lessons", title, str(_unit(lessons)), tuple(bars), "observations.practice")


def _unit(part: Tally) -> str:
    return str(ObservationFilter.measure(part.measure).unit)


CHAPTER = Chapter(
    key="observations",
    title=_("Observations"),
    rank=60,
    sections=(
        Section("observations.guidance", _("Researchers' guidance"), "observations/prose/guidance.txt"),
        Section(
            "observations.demonstrations",
            _("Demonstration lessons of backbone teachers"),
            "observations/prose/demonstrations.txt",
        ),
        Section("observations.practice", _("Observing and discussing lessons"), "observations/prose/practice.txt"),
    ),
    rules=(
        Rule(
            _("the rubric of lessons"),
            ("observations.average", "observations.excellent"),
            Observation,
            ("rubric__name", "rubric__excellent_from", "rubric__good_from", "rubric__fair_from"),
        ),
    ),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    records=(given_table, observed_table),
    tables=(schools_table,),
    charts=(schools_chart,),
)
