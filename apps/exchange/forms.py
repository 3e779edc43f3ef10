from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.schools.models import School
from apps.teachers.models import Teacher, on_day
from apps.webui.forms import DASH, RecordForm

from .models import ExchangeRound, Posting


def sending_school(teacher: Teacher, starts_on: date, user: Actor) -> School | None:
    """Return the school to which a teacher belongs on the day before a posting starts, None for none that one sees."""
    rows = teacher.appointments.filter(on_day(starts_on - timedelta(days=1)))
    return School.objects.visible_to(user).filter(pk__in=rows.values("school")).first()


class ExchangeRoundForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ExchangeRound
        fields = [
            "township", "school_year", "document", "opens_on", "closes_on", "reference_date", "exchange_share",
            "backbone_share", "years_at_school", "gaps_break", "oldest_man", "oldest_woman",
        ]  # fmt: skip


class PostingForm(RecordForm):
    """A posting; once written, only what the roster does not follow from can be changed."""

    fetch = {"round": ("school_year",)}

    class Meta(RecordForm.Meta):
        model = Posting
        fields = ["round", "teacher", "from_school", "to_school", "way", "starts_on", "ends_on", "score", "grade"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("round", "teacher", "from_school", "to_school", "starts_on", "ends_on")
        for name in names if self.instance.pk else ("score", "grade"):
            self.fields.pop(name, None)
        if "from_school" in self.fields:
            self.fields["from_school"].required = False
            self.fields["from_school"].help_text = _("Empty: the school to which the teacher belongs until then.")

    def clean(self) -> dict[str, Any]:
        """Find the sending school where none is named: the one to which the teacher belongs on the day before."""
        super().clean()
        data = self.cleaned_data
        teacher, day = data.get("teacher"), data.get("starts_on")
        if "from_school" in self.fields and "from_school" not in self.errors and not data.get("from_school"):
            school = sending_school(teacher, day, self.user) if teacher and day else None
            if teacher and day and school is None:
                self.add_error(
                    "from_school", _("The teacher belonged to no school of yours on the day before. Choose one.")
                )
            data["from_school"] = school
        return data

    def _get_validation_exclusions(self) -> set[str]:
        # A sending school that was not found is told above.
        return super()._get_validation_exclusions() | (
            {"from_school"} if not self.cleaned_data.get("from_school", True) else set()
        )


class AssessForm(forms.Form):
    """The result of a posting's comprehensive assessment, and the version that was seen."""

    score = forms.DecimalField(
        label=_("Comprehensive assessment"), min_value=0, max_value=100, max_digits=4, decimal_places=1
    )
    grade = forms.ChoiceField(label=_("Result of the assessment"), choices=[("", DASH), *Posting.Grade.choices])
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndForm(forms.Form):
    """The last day of a posting."""

    ends_on = forms.DateField(
        label=_("Last day at the host school"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
