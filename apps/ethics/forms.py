from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm

from . import models

LONG = forms.Textarea(attrs={"rows": 4})


class AssessmentCycleForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.AssessmentCycle
        fields = [
            "township", "school_year", "opens_on", "closes_on", "student_weight", "parent_weight", "school_weight",
            "excellent_from", "qualified_from", "basic_from", "excellent_share", "smallest_group", "bar_months",
            "document",
        ]  # fmt: skip


class QuestionnaireForm(RecordForm):
    """A questionnaire with its questions, one a line."""

    questions = forms.CharField(
        label=_("Questions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One question a line; its best score after a bar, such as: Does the teacher treat all alike?｜10"),
    )

    class Meta(RecordForm.Meta):
        model = models.Questionnaire
        fields = ["cycle", "audience", "title", "opens_on", "closes_on", "issued"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["questions"].initial = self.instance.questions()

    def clean_questions(self) -> list[models.QuestionnaireItem]:
        """Return the unsaved questions."""
        questionnaire: models.Questionnaire = self.instance
        return questionnaire.read_questions(self.cleaned_data["questions"])


class SurveyResponseForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.SurveyResponse
        fields = ["questionnaire", "school", "teacher", "serial", "score"]


class EthicsAssessmentForm(RecordForm):
    """The scores of an assessment; schools do not type what questionnaires count, nor move it to another teacher."""

    class Meta(RecordForm.Meta):
        model = models.EthicsAssessment
        fields = ["cycle", "teacher", "school", "school_score", "student_score", "parent_score", "note"]
        widgets = {"note": LONG}


class DecisionForm(forms.Form):
    """The grade that the office decides."""

    grade = forms.ChoiceField(
        label=_("Grade of the assessment"), choices=models.EthicsAssessment.Grade, widget=forms.RadioSelect
    )


class MisconductCaseForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.MisconductCase
        fields = [
            "no", "school", "teacher", "received_on", "source", "kind", "facts", "finding", "handling", "decided_on",
            "ends_on", "document",
        ]  # fmt: skip
        widgets = {"facts": LONG}


class HonourForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.Honour
        fields = ["teacher", "school", "kind", "title", "level", "occasion", "awarded_on", "document"]


class ContestForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.Contest
        fields = ["township", "kind", "title", "date"]


class ContestEntryForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.ContestEntry
        fields = ["contest", "teacher", "school", "title", "prize"]


class CampaignForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.Campaign
        fields = ["township", "theme", "starts_on", "ends_on", "document", "meaning"]
        widgets = {"meaning": LONG}


class CampaignParticipantForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = models.CampaignParticipant
        fields = ["campaign", "teacher", "school"]
