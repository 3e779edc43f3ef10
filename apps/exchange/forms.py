from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm, mark_empty_choice

from .models import ExchangeRound, Posting


class ExchangeRoundForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ExchangeRound
        fields = [
            "township", "school_year", "document", "opens_on", "closes_on", "reference_date", "exchange_share",
            "backbone_share", "years_at_school", "oldest_man", "oldest_woman",
        ]  # fmt: skip


class PostingForm(RecordForm):
    """A posting; once written, only what the roster does not follow from can be changed."""

    class Meta(RecordForm.Meta):
        model = Posting
        fields = ["round", "teacher", "from_school", "to_school", "way", "starts_on", "ends_on", "score", "grade"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("round", "teacher", "from_school", "to_school", "starts_on", "ends_on")
        for name in names if self.instance.pk else ("score", "grade"):
            self.fields.pop(name, None)
        if "round" in self.fields:
            self.fields["round"].queryset = self.fields["round"].queryset.select_related("school_year")


class AssessForm(forms.ModelForm):
    """The result of a posting's comprehensive assessment."""

    class Meta:
        model = Posting
        fields = ["score", "grade"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            mark_empty_choice(field)


class EndForm(forms.Form):
    """The last day of a posting."""

    ends_on = forms.DateField(
        label=_("Last day at the host school"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
