"""What the exchange contributes to a summary: the governing document, who went where, assessment, staffing."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Cell, Chapter, Rule, Section, Table, Tally
from apps.schools.filters import SchoolFilter
from apps.schools.models import schools_of
from apps.teachers.filters import AppointmentFilter

from .filters import EligibleFilter, ExchangeRoundFilter, PostingFilter
from .models import ExchangeRound, Posting, staffing


@dataclass(frozen=True)
class EligibleTally(Tally):
    """A tally of eligible teachers, who are listed on a page of their own."""

    def source(self, scope: Scope, period: Period) -> str:
        """Return the address of the list of eligible teachers."""
        place = {scope.kind: scope.pk} if scope.kind in {"township", "school", "teacher"} else {}
        return f"{reverse('exchange:eligible')}?{urlencode({'period': period.code, **place, 'measure': self.measure})}"


EXCELLENT = {"grade": Posting.Grade.EXCELLENT.value}
OUT, IN = {"direction": "out"}, {"direction": "in"}
TALLIES = (
    Tally("exchange.documents", _("exchange documents"), ExchangeRoundFilter, measure="documents"),
    Tally("exchange.teachers", _("number of exchanged teachers"), PostingFilter, measure="teachers"),
    Tally("exchange.backbone", _("number of exchanged backbone teachers"), PostingFilter, measure="backbone"),
    Tally("exchange.backbone_share", _("share of backbone among exchanged teachers"), PostingFilter,
          measure="backbone_share"),
    EligibleTally("exchange.eligible", _("number of teachers eligible for exchange"), EligibleFilter),
    EligibleTally("exchange.share", _("share of exchanged teachers"), EligibleFilter, measure="share"),
    Tally("exchange.from_schools", _("number of schools that send teachers"), PostingFilter, measure="from_schools"),
    Tally("exchange.to_schools", _("number of schools that receive teachers"), PostingFilter, measure="to_schools"),
    Tally("exchange.excellent", _("number of excellent exchange assessments"), PostingFilter, EXCELLENT, "teachers"),
    Tally("exchange.average", _("average score of exchange assessments"), PostingFilter, measure="average"),
)  # fmt: skip
OF_TEACHER = (
    Tally("exchange.own_from", _("schools that sent the teacher"), PostingFilter, measure="from_names"),
    Tally("exchange.own_to", _("schools that received the teacher"), PostingFilter, measure="to_names"),
    Tally("exchange.own_grade", _("grade of the teacher's exchange assessment"), PostingFilter, measure="grades"),
)
POSTS = Tally("posts", _("established posts"), SchoolFilter, measure="posts")
LEFT = Tally("left", _("teachers sent"), PostingFilter, OUT)
CAME = Tally("came", _("teachers received"), PostingFilter, IN)


def _staff(day: date, place: Scope, period: Period) -> str:
    """Return the address of the appointments that stand on `day`, whether they reach into the period or not."""
    where = {"period": "", "on": day.isoformat()}
    return Tally("staff", _("teachers"), AppointmentFilter, where, "teachers").source(place, period)


def staffing_table(scope: Scope, period: Period) -> Table:
    """Return a row a school and round: posts, teachers before the first posting, sent, received, others, after."""
    rows = []
    schools = schools_of(scope, period)
    for round in ExchangeRound.objects.within(scope).in_period(period):
        own = [school for school in schools if school.township_id == round.township_id]
        for line in staffing(round, own):
            place = line.school.scope
            rows.append(
                (
                    Cell(line.school.name, line.school.get_absolute_url()),
                    Cell(line.school.posts, POSTS.source(place, period)),
                    Cell(line.before, _staff(line.first, place, period)),
                    Cell(line.left, LEFT.source(place, period)),
                    Cell(line.came, CAME.source(place, period)),
                    Cell(line.others),
                    Cell(line.after, _staff(line.last, place, period)),
                )
            )
    heads = (_("school"), _("established posts"), _("teachers before the exchange"), _("teachers sent"),
             _("teachers received"), _("other gains and losses"), _("teachers after the exchange"))  # fmt: skip
    title = str(_("Staffing before and after the exchange"))
    return Table("exchange.staffing", title, tuple(map(str, heads)), tuple(rows))


CHAPTER = Chapter(
    key="exchange",
    title=_("Teacher exchange"),
    rank=30,
    sections=(Section("exchange.rotation", _("Exchange of teachers between schools"), "exchange/prose/rotation.txt"),),
    tallies=TALLIES,
    of_teacher=OF_TEACHER,
    tables=(staffing_table,),
    rules=(
        Rule(
            _("conditions of the exchange"),
            ("exchange.eligible", "exchange.share"),
            ExchangeRound,
            ("years_at_school", "gaps_break", "oldest_man", "oldest_woman"),
        ),
    ),
)
