"""Figures beside those of the year before, over the years, and town by town."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.models import SchoolYear
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.figures.figures import Figure, count_each, rules_stated
from apps.figures.measures import Value
from apps.reports.models import AnnualSummary

from .document import LANGUAGE, all_chapters
from .versions import figures_from


@dataclass(frozen=True)
class Compared:
    """A figure beside that of the period before; `why` says why the two cannot be compared, empty if they can."""

    chapter: str
    figure: Figure
    before: Figure | None = None
    why: str = ""

    @property
    def change(self) -> int | Decimal | None:
        """Return by how much the figure has grown, None where that says nothing."""
        now, then = number(self.figure.value), number(self.before.value if self.before else None)
        return None if self.why or now is None or then is None else now - then

    @property
    def said(self) -> str:
        """Return the change as words: more, fewer, the same; empty where there is none to state."""
        change = self.change
        if change is None:
            pair = (self.figure.value, self.before.value if self.before else None)
            return _("the same") if not self.why and pair[0] and pair[0] == pair[1] else ""
        if not change:
            return _("the same")
        size = -change if change < 0 else change
        if self.figure.unit == "%":
            # Per cent of per cent would be read as points.
            words = _("more by %(number)s points") if change > 0 else _("fewer by %(number)s points")
            return words % {"number": whole(size)}
        then = number(self.before.value if self.before else None)
        share = f"（{100 * size / (-then if then < 0 else then):.1f}%）" if then else ""
        words = _("more by %(number)s") if change > 0 else _("fewer by %(number)s")
        return words % {"number": whole(size)} + share

    @property
    def changed(self) -> bool:
        """Return whether the two differ, or cannot be compared."""
        return bool(self.why) or not self.before or self.figure.value != self.before.value


def number(value: Value) -> int | Decimal | None:
    """Return a value as a number, None for names and for nothing."""
    return None if value is None or isinstance(value, str) else value


def whole(value: Value) -> Value:
    """Return a number without a needless decimal, anything else as it is: 904.0 hours are 904."""
    return int(value) if isinstance(value, (Decimal, float)) and value == int(value) else value


def period_before(period: Period) -> Period | None:
    """Return the period of the same kind a year earlier, None if there is none."""
    code = period.code
    year = code.lstrip("c")[:4]
    try:
        with translation.override(LANGUAGE):
            return Period.from_code(code.replace(year, str(int(year) - 1), 1))
    except ValueError:
        return None


def frozen_before(summary: AnnualSummary, period: Period) -> Mapping[str, Figure] | None:
    """Return the figures of the finalised summary of the same place for `period`, None if there is none."""
    earlier = AnnualSummary.objects.filter(
        township=summary.township_id, school=summary.school_id, teacher=summary.teacher_id, period_code=period.code,
        status=AnnualSummary.Status.FINALISED,
    ).first()  # fmt: skip
    version = earlier.latest_version if earlier else None
    return figures_from(version.figures) if version else None


def compared(summary: AnnualSummary) -> list[Compared]:
    """Return a summary's figures beside those of the period before.

    What was finalised stands as it was finalised; otherwise it is counted from the records of now.
    """
    scope, period, earlier = summary.scope, summary.period, period_before(summary.period)
    version = None if summary.is_open else summary.latest_version
    now = figures_from(version.figures) if version else None
    then = frozen_before(summary, earlier) if earlier else {}
    missing = [(scope, period)] * (now is None)
    if earlier and then is None:
        missing.append((scope, earlier))
    counted = iter(every_figure(missing)) if missing else iter(())
    now = next(counted) if now is None else now
    then = next(counted) if then is None else then
    with translation.override(LANGUAGE):
        changed = broken_rules(scope, period, earlier) if earlier else []
        return [
            Compared(
                str(chapter.title),
                now[tally.key],
                then.get(tally.key),
                next((said for keys, said in changed if tally.key.startswith(keys)), ""),
            )
            for chapter in all_chapters()
            for tally in chapter.tallies_at(scope.kind)
            if tally.key in now
        ]


def broken_rules(scope: Scope, now: Period, then: Period) -> list[tuple[tuple[str, ...], str]]:
    """Return the keys of the figures whose rule has changed between two periods, and what to say of it."""
    rules = [rule for chapter in all_chapters() for rule in chapter.rules]
    stated = rules_stated(rules, [(scope, now), (scope, then)])
    return [
        (rule.keys, _("not comparable: %(rule)s has changed") % {"rule": rule.title})
        for rule, pair in zip(rules, stated, strict=True)
        if all(pair) and pair[0] != pair[1]
    ]


def every_figure(places: Iterable[tuple[Scope, Period]], keys: Iterable[str] = ()) -> list[dict[str, Figure]]:
    """Return key → figure for each scope and period: all, or those of the chapters `keys`."""
    keys, places = set(keys), list(places)
    kind = "teacher" if all(scope.kind == "teacher" for scope, _period in places) else ""
    with translation.override(LANGUAGE):
        tallies = [t for chapter in all_chapters() if not keys or chapter.key in keys for t in chapter.tallies_at(kind)]
        return [{figure.key: figure for figure in figures} for figures in count_each(tallies, places)]


def school_years(number: int = 5) -> list[Period]:
    """Return the last school years, the earliest first."""
    with translation.override(LANGUAGE):
        return [Period.of_year(year) for year in reversed(SchoolYear.objects.order_by("-start_year")[:number])]
