from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import DASH, RecordForm

from .models import ExchangeRound, Posting


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
