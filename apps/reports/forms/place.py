"""Of what, and for which period: the forms with which a summary, or a batch of them, is begun."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.models import SchoolYear, Term
from apps.core.periods import Period
from apps.core.scope import Scope
from apps.reports.composing.document import all_chapters
from apps.reports.models import LETTERHEAD_FIELDS, AnnualSummary, SummaryBatch
from apps.webui.forms import RecordForm

Choices = list[tuple[str, str]]


def recorded_years(scope: Scope) -> list[int]:
    """Return the calendar years from the first to the last record of a scope that figures count, the latest first."""
    models = {tally.filterset._meta.model for chapter in all_chapters() for tally in chapter.tallies}
    spans = [
        model.objects.within(scope).order_by().values_list(Min(model.dated_by), Max(model.dated_by))
        for model in sorted(models, key=lambda model: model.label)
        # Teachers are dated by when they began to work, long before anything that is counted.
        if isinstance(model.dated_by, str) and "school" in model.reached_from and "__" not in model.dated_by
        and not model.picked_by_text
    ]  # fmt: skip
    years: set[int] = set()
    for first, last in spans[0].union(*spans[1:]) if spans else ():
        if first:
            years |= set(range(first.year, last.year + 1))
    return sorted(years, reverse=True)


def period_choices(scope: Scope) -> list[tuple[str, Choices]]:
    """Return code and label of all school years and terms, and of the calendar years with records, by kind."""
    years = [Period.of_year(year) for year in SchoolYear.objects.order_by("-start_year")]
    terms = Term.objects.select_related("school_year").order_by("-starts_on")
    touched = {day.year for year in years for day in (year.starts_on, year.ends_on)}
    calendar = [Period.of_calendar_year(year) for year in recorded_years(scope) if year in touched]
    groups = (
        (_("School years"), years),
        (_("Terms"), [Period.of_term(term) for term in terms]),
        (_("Calendar years"), calendar),
    )
    return [(str(title), [(p.code, p.label) for p in periods]) for title, periods in groups if periods]


def period_now() -> str:
    """Return the code of the school year of today, or of the latest before it; empty without any."""
    years = SchoolYear.objects.filter(starts_on__lte=timezone.localdate())
    return str(years.order_by("-start_year").values_list("start_year", flat=True).first() or "")


def choice_field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    """Return a field of a form that offers choices; raise TypeError for another."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    return field


class PeriodForm(RecordForm):
    """Base of forms with a period."""

    period = forms.ChoiceField(label=_("period"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "period" in self.fields and not self.instance.pk:
            choice_field(self, "period").choices = period_choices(self.user.scope)
            self.initial.setdefault("period", period_now())

    def clean_period(self) -> Period:
        """Return the chosen period."""
        return Period.from_code(self.cleaned_data["period"])

    def demand(self, name: str) -> None:
        """Note that the field `name` must be filled in, unless it says so already."""
        if name in self.fields and name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, ValidationError(self.fields[name].error_messages["required"], code="required"))


OF = {
    "township": _("the whole township"),
    "school": _("a school"),
    "teacher": _("a teacher: the development file"),
}


class AnnualSummaryForm(PeriodForm):
    """A new summary's place and period; of a summary that is there, the title and how it is printed."""

    of = forms.ChoiceField(label=_("summary of"), choices=list(OF.items()), widget=forms.RadioSelect)

    class Meta(RecordForm.Meta):
        model = AnnualSummary
        fields = ["of", "township", "school", "teacher", "period", "title", *LETTERHEAD_FIELDS]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        new, known = ("of", "township", "school", "teacher", "period"), ("title", *LETTERHEAD_FIELDS)
        for name in new if self.instance.pk else known:
            self.fields.pop(name, None)
        if not self.instance.pk:
            kinds = [kind for kind in OF if kind != "township" or self.user.scope.kind not in ("school", "teacher")]
            called = OF if "township" in kinds else OF | {"school": _("the own school")}
            choice_field(self, "of").choices = [(kind, called[kind]) for kind in kinds]
            self.initial.setdefault("of", kinds[0])
            for name in ("township", "school", "teacher"):
                if name in self.fields:
                    self.fields[name].required = False
                    self.fields[name].help_text = ""
            if "teacher" in self.fields:
                self.fields["teacher"].help_text = _("Type the name, its pinyin or the number, and choose.")

    def clean(self) -> dict[str, Any]:
        """Keep the place that the summary is of, and let the others go."""
        super().clean()
        data = self.cleaned_data
        if self.instance.pk or "of" not in data:
            return data
        of = data["of"]
        self.demand(of)
        for name in {"school", "teacher"} - {of}:
            data[name] = None
            if name not in self.fields:
                setattr(self.instance, f"{name}_id", None)
        if of != "township" and "township" in self.fields and data.get(of):
            data["township"] = data[of].township
        return data

    @property
    def chosen(self) -> tuple[Scope, Period]:
        """Return scope and period of a valid form."""
        period = self.cleaned_data["period"]
        self.instance.ends_on = period.ends_on
        return self.instance.scope, period


class SummaryBatchForm(PeriodForm):
    """Which documents are made at once: of all schools, or of all teachers of a school."""

    class Meta(RecordForm.Meta):
        model = SummaryBatch
        fields = ["what", "township", "school", "period", "form"]
        widgets = {"what": forms.RadioSelect, "form": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("township", "school"):
            if name in self.fields:
                self.fields[name].required = False
        if self.user.scope.kind == "school":
            del self.fields["what"]
            self.instance.what = SummaryBatch.What.TEACHERS

    def clean(self) -> dict[str, Any]:
        """Keep the school of its teachers' files only, and find its township."""
        super().clean()
        data = self.cleaned_data
        what = data.get("what", self.instance.what)
        if what == SummaryBatch.What.SCHOOLS:
            self.demand("township")
            data["school"] = None
        else:
            self.demand("school")
            if "township" in self.fields and data.get("school"):
                data["township"] = data["school"].township
        return data
