"""Measures: what is read from a set of records, such as a count, a sum, a mean, a rate or names."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Expression, ExpressionWrapper, FloatField, Q, QuerySet, Sum
from django.db.models import Value as Constant
from django.db.models.functions import NullIf
from django.utils.translation import gettext_lazy as _

from apps.core.labels import Label
from apps.core.past import Day, read_at

Value = int | Decimal | str | None

SINGLE = str.maketrans("“”", "‘’")

UNITS: dict[str, Label] = {
    "people": _("people"),
    "attendances": _("attendances"),
    "lessons": _("lessons"),
    "times": _("times"),
    "pieces": _("pieces"),
    "percent": "%",
    "points": _("points"),
    "hours": _("hours"),
}


def percent(part: Expression, whole: Expression) -> Expression:
    """Return how many per cent `part` is of `whole` (aggregates), nothing where `whole` is 0."""
    return ExpressionWrapper(Constant(100.0) * part / NullIf(whole, Constant(0)), output_field=FloatField())


@dataclass(frozen=True)
class Measure:
    """What is read from a set of records: a count, a sum, a mean, a rate (an aggregate) or names (a field).

    `expression` takes the condition of the records to count and returns an aggregate, or what is computed of several;
    `places` are the decimals of its value. `names` is the path of a field whose different values are listed instead,
    `called` what each of its values is called; `quoted` ones stand in quotation marks, each in its own. `holding` takes
    the day whose facts count, and returns what must hold of the counted records besides.
    """

    key: str
    label: Label
    unit: Label
    expression: Callable[[Q], Expression] | None = None
    places: int = 0
    names: str = ""
    called: Mapping[str, Label] = field(default_factory=dict, hash=False)
    quoted: bool = False
    holding: Callable[[Day], Q] | None = None

    @property
    def adds(self) -> bool:
        """Return whether the values of several places add up to one of them all: counts and sums do, means do not."""
        return self.expression is not None and isinstance(self.expression(Q()), (Count, Sum))

    def of(self, where: Q, day: Day) -> Expression:
        """Return the aggregate of the records that meet `where`; facts are those of `day`."""
        if self.expression is None:
            raise TypeError(f"{self.key} lists names, which are not counted.")
        return self.expression(where & self.holding(day) if self.holding else where)

    def clean(self, value: Any) -> Value:
        """Return an aggregate's value with this measure's decimals (half rounds up), an empty one as None."""
        if value is None:
            return None
        if not self.places:
            return int(Decimal(str(value)).to_integral_value(ROUND_HALF_UP))
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP)


def list_names(rows: QuerySet[Any], measure: Measure, day: Day) -> str:
    """Return the different names that `measure` lists of the rows, in their order, joined the Chinese way.

    A name that is a fact with a date is the one of `day`.
    """
    named = rows.order_by().annotate(_name=read_at(rows.model, measure.names, day))
    return join_names(measure, named.order_by("_name").values_list("_name", flat=True))


def join_names(measure: Measure, values: Iterable[Any]) -> str:
    """Return the different values by what they are called, joined the Chinese way; empty ones are left out."""
    names = dict.fromkeys(str(measure.called.get(value, value)) for value in values if value)
    if measure.quoted:
        # Between quoted names stands no 、 (GB/T 15834-2011, 4.5.3.5), and quotation marks within become single ones.
        return "".join(f"“{name.translate(SINGLE)}”" for name in names)
    return "、".join(names)
