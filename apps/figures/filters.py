"""Filters that are a condition: the same one filters a list and counts a figure."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.labels import Label
from apps.core.past import Day, held
from apps.core.periods import Period
from apps.core.scope import Scope, reach, within_period

from .measures import Measure

EMPTY: tuple[object, ...] = (None, "", [], ())
COUNT = Measure("count", _("records"), _("records"), lambda where: Count("pk", filter=where))


class PeriodField(forms.CharField):
    """A period by its code."""

    def clean(self, value: str) -> Period | None:
        """Return the Period; raise ValidationError for a code that names none."""
        try:
            return Period.from_code(value) if value else None
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class PeriodFilter(django_filters.Filter):
    field_class = PeriodField


class IdFilter(django_filters.Filter):
    """The id of a row, not offered for choosing: addresses carry it.

    `of` is the label of the rows' model, where neither a field of the filtered model nor a model is called like the
    filter.
    """

    field_class = forms.IntegerField

    def __init__(self, label: Label, of: str = "") -> None:
        self.of = of
        super().__init__(label=label, widget=forms.HiddenInput, min_value=1, max_value=2**62)


class RecordFilter(django_filters.FilterSet):
    """Base of all filters: search, period, township, school and teacher, and a condition instead of a queryset.

    A filter of its own kind is a method `where_<name>(value) -> Q`; any other compares its field. Conditions must not
    join to-many relations (use Exists), since figures count with them.
    Subclasses set `search` (paths that the search box looks into) and `measures` (what can be read from the rows).
    """

    search: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = (COUNT,)
    # Whether a condition reads the period as well, as "on its last day" does.
    by_period = False
    # The period of a figure, which its rows meet already.
    counted: Period | None = None

    q = django_filters.CharFilter(label=_("search"))
    period = PeriodFilter(label=_("period"), widget=forms.HiddenInput)
    township = IdFilter(label=_("township"))
    school = IdFilter(label=_("school"))
    teacher = IdFilter(label=_("teacher"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self._meta.model.dated_by:
            self.filters.pop("period", None)
        if not self.search:
            self.filters.pop("q", None)

    @classmethod
    def day_of(cls, period: Period | None) -> Day:
        """Return the day whose facts count: a dated row's own, else the last one of the period, else today."""
        dated = cls._meta.model.dated_by
        if isinstance(dated, str):
            return F(dated)
        return period.ends_on if period else timezone.localdate()

    def day(self) -> Day:
        """Return the day whose facts count under the given parameters."""
        asked = self.form.cleaned_data.get("period") if self.is_bound else None
        return self.day_of(asked or self.counted)

    def where_q(self, value: str) -> Q:
        """Return the condition that each word of `value` stands in one of the searched fields."""
        condition = Q()
        for word in value.split():
            condition &= Q(*[(f"{path}__icontains", word) for path in self.search], _connector=Q.OR)
        return condition

    def where_period(self, value: Period) -> Q:
        """Return the condition that rows fall into the period."""
        return within_period(self._meta.model, value)

    def where_township(self, value: int) -> Q:
        """Return the condition that rows lie within the township of this id."""
        return self._where_level("township", value)

    def where_school(self, value: int) -> Q:
        """Return the condition that rows lie within the school of this id."""
        return self._where_level("school", value)

    def where_teacher(self, value: int) -> Q:
        """Return the condition that rows lie within the teacher of this id."""
        return self._where_level("teacher", value)

    def _where_level(self, level: str, value: int) -> Q:
        # Of a level that the model leaves out there is nothing, as in a summary of that level.
        way = self._meta.model.reached_from.get(level)
        if isinstance(way, tuple):
            # Reached through what the place lies in: such rows belong to all of it.
            return Q()
        return reach(self._meta.model, Scope(level, **{level: value}))

    def condition(self) -> Q:
        """Return the condition of all given parameters together."""
        condition = Q()
        for name, value in self.form.cleaned_data.items():
            if value in EMPTY or (hasattr(value, "exists") and not value):
                continue
            if method := getattr(self, f"where_{name}", None):
                condition &= method(value)
            else:
                part = self.filters[name]
                exact = part.lookup_expr == "exact"
                other = {f"{part.field_name}__{part.lookup_expr}": value}
                condition &= held(self._meta.model, part.field_name, self.day(), value) if exact else Q(**other)
        return condition

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of `queryset` under the given parameters."""
        return queryset.filter(self.condition())

    @classmethod
    def measure(cls, key: str) -> Measure:
        """Return the measure `key`; raise KeyError if there is none."""
        return {measure.key: measure for measure in cls.measures}[key]

    @classmethod
    def base(cls, scope: Scope, period: Period) -> QuerySet[Any]:
        """Return the rows of a scope and a period, from which figures count."""
        rows: QuerySet[Any] = cls._meta.model.objects.within(scope)
        return rows.filter(cls().where_period(period)) if cls._meta.model.dated_by else rows

    @classmethod
    def where(cls, params: Mapping[str, str], period: Period | None = None) -> Q:
        """Return the condition of `params`, as the list page would read them; raise ValueError for a bad one."""
        # What depends on the row's own day alone is the same in all periods.
        asked = period if cls.by_period or not isinstance(cls.day_of(period), F) else None
        return _condition(cls, tuple(params.items()), asked, timezone.localdate())  # type: ignore[arg-type]  # a class can be hashed


@lru_cache(maxsize=1024)
def _condition(
    filterset: type[RecordFilter], params: tuple[tuple[str, str], ...], period: Period | None, _today: date
) -> Q:
    bound = filterset(data=dict(params), queryset=filterset._meta.model.objects.none())
    unknown = set(dict(params)) - set(bound.filters)
    if unknown or not bound.form.is_valid():
        raise ValueError(f"{filterset.__name__} does not take {dict(params)}: {unknown or bound.form.errors.as_json()}")
    bound.counted = period
    if period and filterset.by_period:
        bound.form.cleaned_data["period"] = period
    return bound.condition()
