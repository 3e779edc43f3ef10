"""What the action handbook contributes to a summary: entries by dimension, reviews, scores, and the learning guides."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Chart, Rule, Section, Table, Tally, count_by
from apps.schools.models import School, schools_of

from .filters import HandbookEntryFilter, HandbookScoreFilter
from .models import Requirement

Dimension = Requirement.Dimension
ROUTINE, CLASSROOM, RESEARCH = ({"dimension": dimension.value} for dimension in Dimension)
# Learning guides (导学案) of the junior middle schools, where the reform asks every teacher for them.
GUIDE = {"kind": Requirement.Kind.LEARNING_GUIDE.value}
GUIDES = GUIDE | {"stage": School.Stage.JUNIOR.value}

TALLIES = (
    Tally("handbook.entries", _("number of handbook entries"), HandbookEntryFilter),
    Tally("handbook.teachers", _("teachers who fill in the handbook"), HandbookEntryFilter, measure="teachers"),
    Tally("handbook.reviewed", _("number of reviewed handbook entries"), HandbookEntryFilter, {"reviewed": "true"},
          of="handbook.entries"),
    Tally("handbook.review_rate", _("share of reviewed handbook entries"), HandbookEntryFilter, measure="rate"),
    Tally("handbook.routine", _("handbook entries on routine teaching"), HandbookEntryFilter, ROUTINE),
    Tally("handbook.classroom", _("handbook entries on the efficient classroom"), HandbookEntryFilter, CLASSROOM),
    Tally("handbook.research", _("handbook entries on school-based research"), HandbookEntryFilter, RESEARCH),
    Tally("handbook.average", _("average handbook score"), HandbookScoreFilter, measure="average"),
    Tally("handbook.scored", _("number of teachers with a handbook score"), HandbookScoreFilter, measure="teachers"),
    Tally("handbook.completion", _("handbook completion"), HandbookScoreFilter, measure="completion"),
    Tally("handbook.guides", _("number of learning guides"), HandbookEntryFilter, GUIDES, "guides"),
    Tally("handbook.guide_teachers", _("teachers who write learning guides"), HandbookEntryFilter, GUIDES, "teachers"),
    Tally("handbook.guides_checked", _("number of checked learning guides"), HandbookEntryFilter,
          GUIDES | {"reviewed": "true"}, "guides", of="handbook.guides"),
)  # fmt: skip

OF_TEACHER = (
    Tally("handbook.approved", _("approved handbook entries"), HandbookEntryFilter, measure="approved"),
    Tally("handbook.own_guides", _("learning guides of the teacher"), HandbookEntryFilter, GUIDE, "guides"),
)
BY_SCHOOL = (
    Tally("entries", _("handbook entries"), HandbookEntryFilter),
    Tally("reviewed", _("reviewed entries"), HandbookEntryFilter, measure="reviewed"),
    Tally("approved", _("approved entries"), HandbookEntryFilter, measure="approved"),
    Tally("rate", _("share of reviewed entries"), HandbookEntryFilter, measure="rate"),
    Tally("average", _("average score"), HandbookScoreFilter, measure="average"),
)
# Where a school has no rows at all: nothing was counted, and there is no mean.
NO_ROWS = {"entries": 0, "reviewed": 0, "approved": 0}


def schools_table(scope: Scope, period: Period) -> Table:
    """Return a row a school: entries, reviewed ones, approved ones, share of reviewed entries, average score."""
    counted = count_by("school", BY_SCHOOL, scope, period)
    rows = []
    for school in schools_of(scope, period):
        cells = counted.get(school.pk, {})
        rows.append(
            (
                Cell(school.name, school.get_absolute_url()),
                *(
                    Cell(cells.get(tally.key, NO_ROWS.get(tally.key)), tally.source(school.scope, period))
                    for tally in BY_SCHOOL
                ),
            )
        )
    units = [tally.filterset.measure(tally.measure).unit for tally in BY_SCHOOL]
    heads = (str(_("school")), *(f"{tally.label}（{unit}）" for tally, unit in zip(BY_SCHOOL, units, strict=True)))
    return Table("handbook.schools", str(_("Action handbook by school")), heads, tuple(rows))


def schools_chart(scope: Scope, period: Period) -> Chart:
    """Return a bar a school: handbook entries, the most first."""
    entries = BY_SCHOOL[0]
    counted = count_by("school", [entries], scope, period)
    schools = School.objects.within(scope).select_related("township").filter(pk__in=counted).as_of(period.ends_on)
    bars = [(school.name, counted[school.pk][entries.key], entries.source(school.scope, period)) for school in schools]
    bars.sort(key=lambda bar: -Decimal(bar[1] or 0))
    unit = str(HandbookEntryFilter.measure(entries.measure).unit)
    return Chart("handbook.entries", str(_("Handbook entries by school")), unit, tuple(bars), "handbook.action")


def kinds_table(scope: Scope, period: Period) -> Table:
    """Return a row a kind of entry: its dimension, how many entries, reviewed ones, approved ones."""
    parts = BY_SCHOOL[:3]
    counted = count_by("requirement__kind", parts, scope, period)
    rows = []
    for kind, dimension in _kinds(counted, scope):
        cells = (
            Cell(counted[kind][part.key], replace(part, where={"kind": kind}).source(scope, period)) for part in parts
        )
        rows.append((Cell(dimension), Cell(str(Requirement.Kind(kind).label)), *cells))
    heads = (_("dimension"), _("kind of entry"), *(part.label for part in parts))
    return Table("handbook.kinds", str(_("Action handbook by kind of entry")), tuple(map(str, heads)), tuple(rows))


def _kinds(counted: Iterable[str], scope: Scope) -> list[tuple[str, str]]:
    """Return the kinds that were counted and the names of their dimensions, as the handbook orders them."""
    rows = Requirement.objects.within(scope).order_by().values_list("kind", "dimension").distinct()
    dimensions = dict(rows)
    order = list(Dimension.values), list(Requirement.Kind.values)
    found = sorted(counted, key=lambda kind: (order[0].index(dimensions[kind]), order[1].index(kind)))
    return [(kind, str(Dimension(dimensions[kind]).label)) for kind in found]


CHAPTER = Chapter(
    key="handbook",
    title=_("Action handbook"),
    rank=50,
    sections=(
        Section("handbook.action", _("Three-in-one action handbook"), "handbook/prose/action.txt"),
        Section("handbook.guides", _("Learning guides"), "handbook/prose/guides.txt"),
    ),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    records=(kinds_table,),
    tables=(schools_table,),
    charts=(schools_chart,),
    rules=(
        Rule(
            _("what the handbook asks for"),
            ("handbook.average", "handbook.completion"),
            Requirement,
            ("term__number", "dimension", "kind", "minimum", "points"),
        ),
    ),
)
