from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.actors import Actor
from apps.core.rules import keeps_records
from apps.schools.models import Township
from apps.webui.forms import RecordForm

from .models import HandbookEntry, HandbookScore, Requirement


class RequirementForm(RecordForm):
    fetch = {"term": ("school_year",)}

    class Meta(RecordForm.Meta):
        model = Requirement
        fields = ["township", "term", "dimension", "kind", "minimum", "points", "document"]


class HandbookEntryForm(RecordForm):
    """An entry; its school follows from its teacher and its day."""

    fetch = {"requirement": ("term__school_year",)}

    class Meta(RecordForm.Meta):
        model = HandbookEntry
        fields = ["teacher", "requirement", "date", "title", "content"]
        widgets = {"content": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "teacher" in self.fields and not keeps_records(self.user):
            # Who heads a school writes for nobody else.
            del self.fields["teacher"]
            if not self.instance.pk:
                self.instance.teacher_id = self.user.teacher_id

    def _get_validation_exclusions(self) -> set[str]:
        # The action finds the school.
        return super()._get_validation_exclusions() | {"school"}


class ReviewForm(forms.Form):
    """What a reviewer says about an entry, and the version that was read."""

    quality = forms.ChoiceField(
        label=_("Quality"), choices=[("", "—"), *HandbookEntry.Quality.choices], required=False,
        help_text=_("When approved."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Reviewer's comment"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("Needed to return an entry: what to revise."),
    )  # fmt: skip
    read_version = forms.IntegerField(widget=forms.HiddenInput)


class HandbookScoreForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = HandbookScore
        fields = ["school", "teacher", "closed_on", "asked", "done", "score"]


class CloseYearForm(forms.Form):
    """Which township's handbook year is closed, and on which day."""

    township = forms.ModelChoiceField(Township.objects.none(), label=_("Township"))
    closed_on = forms.DateField(
        label=_("Year closed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["township"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Township.objects.visible_to(user)
        if user.scope.township:
            # Who works in one township need not choose it.
            field.widget = forms.HiddenInput()
            field.initial = user.scope.township
