"""Forms of observations, with a score for each item of the rubric; of rubrics with their items; of quotas."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.labels import Label
from apps.core.models import SchoolYear, Term
from apps.schools.models import School
from apps.teachers.models import Appointment, Teacher, on_day
from apps.webui.forms import PickField, RecordForm

from .models import Observation, ObservationQuota, Rubric, RubricItem
from .rules import OBSERVER, lesson_givers, signs

# How many whole numbers, from the maximum down, are offered as buttons.
BUTTONS = 5
SMALL = {"class": "form-select form-select-sm"}


class ScoreWidget(forms.Widget):
    """Buttons for the usual whole scores, and a box for any other.

    Of two answers the changed one counts: the box carries along what stood in it.
    """

    template_name = "observations/widgets/score.html"

    def __init__(self, maximum: Decimal) -> None:
        super().__init__()
        self.maximum = f"{maximum.normalize():f}"
        top = int(maximum)
        self.buttons = [str(number) for number in range(max(0, top - BUTTONS + 1), top + 1)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context: the buttons, which of them is pressed, and what stands in the box."""
        context = super().get_context(name, value, attrs)
        text = "" if value is None else str(value).removesuffix(".0")
        pressed = text if text in self.buttons else ""
        context["widget"] |= {
            "buttons": [(number, number == pressed) for number in self.buttons],
            "other": "" if pressed else text,
            "maximum": self.maximum,
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Return the answer: the box if it was changed, else the button, else the box."""
        pressed, other = str(data.get(name, "")), str(data.get(f"{name}_other", "")).strip()
        if other and other != data.get(f"{name}_was", ""):
            return other
        return pressed or other or None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return whether neither button nor box was sent."""
        return name not in data and f"{name}_other" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the box: it is always there."""
        return id_


class ScoreField(forms.DecimalField):
    """The score of one item: from 0 to its maximum, halves and tenths allowed."""

    def __init__(self, item: RubricItem) -> None:
        super().__init__(
            label=item.name,
            required=False,
            min_value=0,
            max_value=item.maximum,
            max_digits=4,
            decimal_places=1,
            widget=ScoreWidget(item.maximum),
        )
        self.item = item


class RubricField(forms.ModelChoiceField[Rubric]):
    """A rubric, called by its township too where those of several are offered."""

    of_several = False

    def label_from_instance(self, obj: Rubric) -> str:
        """Return what stands in the list."""
        return f"{obj.township} {obj}" if self.of_several else str(obj)


class ObservationForm(RecordForm):
    """An observation on one page: the lesson, what was seen, the scores.

    Without a school the lesson was given at the teacher's own. Who observes signs as oneself; office and principals
    name the observer.
    """

    PANELS = (
        (
            _("Lesson"),
            (
                "teacher", "subject", "grade", "class_name", "lesson_no", "topic", "lesson_type", "occasion", "date",
                "school", "activity",
            ),
        ),
        (_("Observer"), ("observer_teacher", "observer_researcher", "observer_name")),
        (_("Course and discussion"), ("process", "strengths", "suggestions", "discussion")),
    )  # fmt: skip

    class Meta(RecordForm.Meta):
        model = Observation
        fields = [
            "teacher", "school", "subject", "grade", "class_name", "lesson_no", "topic", "lesson_type", "occasion",
            "date", "activity", "observer_teacher", "observer_researcher", "observer_name", "rubric", "process",
            "strengths", "suggestions", "discussion",
        ]  # fmt: skip
        field_classes = {"rubric": RubricField}
        widgets = {
            "process": forms.Textarea(attrs={"rows": 6}),
            "strengths": forms.Textarea(attrs={"rows": 3}),
            "suggestions": forms.Textarea(attrs={"rows": 3}),
            "discussion": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.initial.setdefault("date", timezone.localdate())
        self._prepare_teacher()
        self._prepare_school()
        self._prepare_observer()
        self.rubric_shown = self._prepare_rubric()
        self._prepare_scores()

    def _prepare_teacher(self) -> None:
        if "teacher" in self.fields:
            return
        # A teacher observes colleagues, not the own lessons that are filled in elsewhere.
        self.fields["teacher"] = PickField(
            lesson_givers(self.user), Observation, "teacher", label=_("teacher of the lesson")
        )
        if not self.instance.pk:
            self.instance.teacher_id = None

    def _prepare_school(self) -> None:
        if "school" not in self.fields:
            return
        self.fields["school"].required = False
        self.fields["school"].help_text = _("Only if the lesson was not given at the teacher's own school.")
        if self.instance.pk and self._school_of(self.instance.teacher, self.instance.date) == self.instance.school_id:
            self.initial["school"] = None

    def _prepare_observer(self) -> None:
        if signs(self.user):
            for name in OBSERVER:
                self.fields.pop(name, None)
            if not self.instance.pk:
                self.instance.observer_teacher_id = self.user.teacher_id
                self.instance.observer_researcher_id = self.user.researcher_id

    def _prepare_rubric(self) -> Rubric | None:
        """Offer the rubrics in use; return the one whose items to show: the asked one, else the township's first."""
        field = self.fields["rubric"]
        assert isinstance(field, RubricField)
        offered = Q(in_use=True) | Q(pk=self.instance.rubric_id) if self.instance.rubric_id else Q(in_use=True)
        found = Rubric.objects.visible_to(self.user).filter(offered).select_related("township")
        field.queryset, rubrics = found, list(found)
        if len({rubric.township_id for rubric in rubrics}) > 1:
            field.of_several = True
        elif not self.is_bound and not self.instance.pk and rubrics:
            self.initial.setdefault("rubric", rubrics[0].pk)
        asked = self.data.get("rubric") if self.is_bound else self.initial.get("rubric")
        return next((rubric for rubric in rubrics if str(rubric.pk) == str(asked)), None)

    def _prepare_scores(self) -> None:
        stored = {row.item_id: row.score for row in self.instance.scores.all()} if self.instance.pk else {}
        for item in self.rubric_shown.items.all() if self.rubric_shown else ():
            self.fields[f"score_{item.pk}"] = ScoreField(item)
            self.initial[f"score_{item.pk}"] = stored.get(item.pk)

    @staticmethod
    def _school_of(teacher: Teacher, day: date) -> int | None:
        return Appointment.objects.filter(on_day(day), teacher=teacher).values_list("school_id", flat=True).first()

    def _get_validation_exclusions(self) -> set[str]:
        # Where the school was not found, the teacher's field says why.
        return super()._get_validation_exclusions() | (
            {"school"} if not self.cleaned_data.get("school", True) else set()
        )

    def panels(self) -> Iterator[tuple[Label, list[forms.BoundField]]]:
        """Return title and fields of each panel that this user fills in."""
        for title, names in self.PANELS:
            if shown := [self[name] for name in names if name in self.fields]:
                yield title, shown

    def score_fields(self) -> list[forms.BoundField]:
        """Return the fields of the items' scores, in the rubric's order."""
        return [self[name] for name in self.fields if name.startswith("score_")]

    def scores(self) -> dict[int, Decimal]:
        """Return item id → score of a valid form."""
        return {
            field.field.item.pk: score
            for field in self.score_fields()
            if isinstance(field.field, ScoreField) and (score := self.cleaned_data.get(field.name)) is not None
        }

    def clean(self) -> dict[str, Any]:
        """Find the school where none is named; ask for all scores, and for those of a rubric chosen just now."""
        super().clean()
        data = self.cleaned_data
        self._find_school(data)
        fields, scores = self.score_fields(), self.scores()
        shown = str(self.rubric_shown.pk) if self.rubric_shown else ""
        if shown and not scores and self.data.get("scored_by", shown) != shown:
            self.add_error("rubric", _("Now score the items of this rubric below, or leave them all empty."))
        elif scores:
            for field in fields:
                if field.name not in self.errors and data.get(field.name) is None:
                    self.add_error(field.name, _("Score every item of the rubric, or none."))
        return data

    def _find_school(self, data: dict[str, Any]) -> None:
        teacher, day = data.get("teacher"), data.get("date")
        if not teacher or not day or data.get("school"):
            return
        if "school" in self.fields:
            school = self._school_of(teacher, day)
            data["school"] = School.objects.visible_to(self.user).filter(pk=school or 0).first()
            if not data["school"]:
                self.add_error("teacher", _("The teacher belonged to no school of yours on this day."))


class RubricForm(RecordForm):
    """A rubric and its items, one a line."""

    items = forms.CharField(
        label=_("Rubric items"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("One item a line: its name, a blank, its maximum. The maxima add up to 100."),
    )

    class Meta(RecordForm.Meta):
        model = Rubric
        fields = ["township", "name", "edition", "document", "excellent_from", "good_from", "fair_from", "in_use"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["items"] = self.instance.items_text.replace("；", "\n")

    def clean_items(self) -> list[RubricItem]:
        """Return the items."""
        rubric: Rubric = self.instance
        return rubric.read_items(self.cleaned_data["items"])


class ObservationQuotaForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ObservationQuota
        fields = ["township", "term", "position", "lessons", "document"]


class ProgressForm(forms.Form):
    """Which term's and school's progress to show: by default the term of today, else the year's last; all schools."""

    term = forms.ChoiceField(label=_("term"), widget=forms.Select(attrs=SMALL))
    school = forms.ModelChoiceField(
        School.objects.none(),
        label=_("school"),
        empty_label=_("All schools"),
        required=False,
        widget=forms.Select(attrs=SMALL),
    )

    def __init__(self, data: QueryDict, *, user: Actor, year: SchoolYear | None) -> None:
        self.terms = {str(term.pk): term for term in Term.objects.select_related("school_year")}
        asked = data.copy()
        own = [term for term in self.terms.values() if year and term.school_year_id == year.pk]
        today = timezone.localdate()
        if not data.get("term") and own:
            now = next((term for term in own if term.starts_on <= today <= term.ends_on), own[-1])
            asked["term"] = str(now.pk)
        super().__init__(asked)
        terms, schools = self.fields["term"], self.fields["school"]
        assert isinstance(terms, forms.ChoiceField)
        assert isinstance(schools, forms.ModelChoiceField)
        terms.choices = [(key, str(term)) for key, term in self.terms.items()]
        schools.queryset = School.objects.visible_to(user).to_choose()
        if user.scope.school:
            del self.fields["school"]

    def clean_term(self) -> Term:
        """Return the term."""
        return self.terms[self.cleaned_data["term"]]
