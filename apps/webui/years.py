"""The pages of school years and terms."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.actors import Actor
from apps.core.models import SchoolYear, Term
from apps.core.years import may_open_next, next_year, proposed_year, save_school_year
from apps.figures.filters import RecordFilter

from .forms import RecordForm
from .pages import Button, ListColumn, Pages, Related

TERM_DAYS = ("first_from", "first_until", "second_from", "second_until")
# Longer than a year by some weeks, for a year whose borders moved.
LONGEST = 400


def day(label: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own date picker."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class SchoolYearForm(RecordForm):
    """A school year with its two terms; the year in which it begins tells its name."""

    first_from, first_until = day(gettext_lazy("First term from")), day(gettext_lazy("First term until"))
    second_from, second_until = day(gettext_lazy("Second term from")), day(gettext_lazy("Second term until"))

    class Meta(RecordForm.Meta):
        model = SchoolYear
        fields = ["starts_on", "ends_on"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year, terms = self.instance, list(self.instance.terms.all() if self.instance.pk else ())
        if not self.instance.pk:
            latest = SchoolYear.objects.order_by("-start_year").first()
            year, terms = next_year(latest) if latest else proposed_year(timezone.localdate())
        given = {"starts_on": year.starts_on, "ends_on": year.ends_on}
        for term in terms:
            name = "first" if term.number == 1 else "second"
            given |= {f"{name}_from": term.starts_on, f"{name}_until": term.ends_on}
        self.initial = given | {name: value for name, value in self.initial.items() if value is not None}

    def clean(self) -> dict[str, Any]:
        """Check that the terms lie in the year and follow each other."""
        data = super().clean() or {}
        if self.errors:
            return data
        first, last = data["starts_on"], data["ends_on"]
        days = [data[name] for name in TERM_DAYS]
        wrong = {}
        self.instance.start_year = first.year
        if SchoolYear.objects.exclude(pk=self.instance.pk).filter(start_year=first.year).exists():
            wrong["starts_on"] = _("This school year is already there.")
        if not 0 < (last - first).days < LONGEST:
            wrong["ends_on"] = _("A school year ends about a year after it begins.")
        for name, before, day in zip(TERM_DAYS[1:], days, days[1:], strict=False):
            if day <= before:
                wrong[name] = _("This day must come after the one before it.")
        for name, inside in (("first_from", days[0] >= first), ("second_until", days[-1] <= last)):
            if not inside:
                wrong[name] = _("A term must lie within its school year.")
        for name, said in wrong.items():
            self.add_error(name, said)
        return data

    def terms(self) -> list[Term]:
        """Return the two terms as they were typed, not stored."""
        data = self.cleaned_data
        return [
            Term(number=number, starts_on=data[f"{name}_from"], ends_on=data[f"{name}_until"])
            for number, name in ((1, "first"), (2, "second"))
        ]


class TermForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Term
        fields = ["school_year", "number", "starts_on", "ends_on"]


class SchoolYearFilter(RecordFilter):
    class Meta:
        model = SchoolYear
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters.pop("period", None)  # the list shows all years


class TermFilter(SchoolYearFilter):
    class Meta:
        model = Term
        fields = ["number"]


class SchoolYearPages(Pages[SchoolYear]):
    menu, added_by_few = "years", True
    model, form, filterset = SchoolYear, SchoolYearForm, SchoolYearFilter
    columns = (
        ListColumn("__str__", gettext_lazy("school year"), sort="start_year"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
    )
    detail = ("starts_on", "ends_on")
    related = (Related("core.term", "school_year", ("number", "starts_on", "ends_on")),)
    hint = gettext_lazy("Add the school year with its two terms.")

    def save(self, *, form: SchoolYearForm, by: Actor, version: int | None) -> SchoolYear:
        """Write the year with its terms."""
        return save_school_year(year=form.instance, terms=form.terms(), by=by, version=version)

    def buttons(self, user: Actor, record: SchoolYear) -> Iterable[Button]:
        """Offer to open the year after this one."""
        yield from super().buttons(user, record)
        if may_open_next(user, record):
            yield Button(_("Open the next school year"), self.url("next", record.pk), True, "get")


class TermPages(Pages[Term]):
    menu, added_by_few = "years", True
    model, form, filterset = Term, TermForm, TermFilter
    fetch = ("school_year",)
    columns = (
        ListColumn("school_year", sort="school_year__start_year"),
        ListColumn("number"),
        ListColumn("starts_on", kind="date"),
        ListColumn("ends_on", kind="date"),
    )


PAGES = (SchoolYearPages(), TermPages())
