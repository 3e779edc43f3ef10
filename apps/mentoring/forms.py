from django import forms
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm

from .models import MentoringPair

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MentoringPairForm(RecordForm):
    """A pair without its result, which is given when the pair ends."""

    class Meta(RecordForm.Meta):
        model = MentoringPair
        fields = ["mentor", "apprentice", "school", "subject", "starts_on", "ends_on", "agreement", "agreed_on"]
        widgets = {"agreement": forms.Textarea(attrs={"rows": 4})}


class EndForm(forms.Form):
    """The last day of a pair and its result."""

    on = forms.DateField(label=_("Ended on"), widget=DAY)
    result = forms.ChoiceField(label=_("Result of the pairing"), choices=MentoringPair.Result, widget=forms.RadioSelect)


class ExtendForm(forms.Form):
    """The new last day of a pair."""

    until = forms.DateField(label=_("Extended until"), widget=DAY)
