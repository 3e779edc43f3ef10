"""What mentoring contributes to a summary: pairs and the people in them, results, and a table of the pairs."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.past import read_at
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Section, Table, Tally

from .filters import MentoringPairFilter
from .models import MentoringPair

CONCLUDED, EXCELLENT = {"concluded": "true"}, {"result": MentoringPair.Result.EXCELLENT.value}
TALLIES = (
    Tally("mentoring.pairs", _("mentoring pairs (figure)"), MentoringPairFilter),
    Tally("mentoring.apprentices", _("apprentices in pairs"), MentoringPairFilter, measure="apprentices"),
    Tally("mentoring.mentors", _("mentors in pairs"), MentoringPairFilter, measure="mentors"),
    Tally("mentoring.schools", _("schools with mentoring pairs"), MentoringPairFilter, measure="schools"),
    Tally("mentoring.concluded", _("pairs that ended with a result"), MentoringPairFilter, CONCLUDED),
    Tally("mentoring.excellent", _("pairs that ended as excellent"), MentoringPairFilter, CONCLUDED | EXCELLENT),
)


def pairs_table(scope: Scope, period: Period) -> Table:
    """Return a row a pair of the period: mentor, apprentice, school, subject, first and last day, result."""
    pairs: Any = MentoringPair.objects.within(scope).in_period(period).select_related("mentor", "apprentice")
    pairs = pairs.annotate(named=read_at(MentoringPair, "school__name", period.ends_on))
    rows = tuple(
        (
            Cell(pair.mentor.name),
            Cell(pair.apprentice.name, pair.get_absolute_url()),
            Cell(pair.named),
            Cell(pair.get_subject_display()),
            Cell(pair.starts_on),
            Cell(pair.ends_on),
            Cell(pair.get_result_display()),
        )
        for pair in pairs.order_by("school__code", "starts_on", "pk")
    )
    heads = (
        _("mentor"), _("apprentice"), _("school"), _("subject"), _("paired from"), _("paired until"),
        _("result of the pairing"),
    )  # fmt: skip
    return Table("mentoring.pairs", str(_("Mentoring pairs")), tuple(map(str, heads)), rows)


CHAPTER = Chapter(
    key="mentoring",
    title=_("Mentoring"),
    rank=65,
    sections=(Section("mentoring.pairs", _("Mentoring pairs"), "mentoring/prose/pairs.txt"),),
    tallies=TALLIES,
    records=(pairs_table,),
    tables=(pairs_table,),
)
