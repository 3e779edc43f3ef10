from typing import Any

from django import forms
from django.forms import Textarea
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import DASH, AsksSince, RecordForm, since_question

from .models import CultureNote, Designation, District, Researcher, School, SchoolGrade, StudyGroup, Township


class PlaceForm(RecordForm):
    """A place whose code is issued where none is typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Left empty, one is issued.")

    def _get_validation_exclusions(self) -> set[str]:
        # The action issues the code.
        return super()._get_validation_exclusions() | (set() if self.cleaned_data.get("code") else {"code"})


class DistrictForm(PlaceForm):
    class Meta(RecordForm.Meta):
        model = District
        fields = ["name", "code", "office_name"]


class TownshipForm(PlaceForm):
    class Meta(RecordForm.Meta):
        model = Township
        fields = ["district", "name", "code", "office_name", "backbone_from", "number_pattern"]


class SchoolFacts(AsksSince):
    """What is asked where a school's name or stage is changed."""

    name_since_is = since_question("name")
    stage_since_is = since_question("stage")


class SchoolForm(SchoolFacts, RecordForm):
    field_order = (
        "township", "code", "name", "name_since_is", "name_since", "aliases", "stage", "stage_since_is", "stage_since",
        "posts", "opened_on", "closed_on",
    )  # fmt: skip

    class Meta(RecordForm.Meta):
        model = School
        fields = [
            "township", "code", "name", "name_since", "aliases", "stage", "stage_since", "posts", "opened_on",
            "closed_on",
        ]  # fmt: skip


class MergeForm(forms.Form):
    """The school that takes over, and its first day with the other's people."""

    into = forms.ModelChoiceField(School.objects.none(), label=_("Merge into"), empty_label=DASH)
    on = forms.DateField(
        label=_("First day at the other school"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, school: School, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = School.objects.filter(township=school.township_id, closed_on__isnull=True).exclude(pk=school.pk)
        choices = self.fields["into"]
        if isinstance(choices, forms.ModelChoiceField):
            choices.queryset = others


class DesignationForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Designation
        fields = ["school", "kind", "level", "project", "subject", "awarded_on", "ends_on", "document", "goals"]
        widgets = {"goals": Textarea(attrs={"rows": 4})}


class SchoolGradeForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = SchoolGrade
        fields = ["school", "school_year", "grade", "classes", "students", "experimental"]


class CultureNoteForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = CultureNote
        fields = ["school", "title", "text", "place", "since", "until"]
        widgets = {"text": Textarea(attrs={"rows": 4})}


class StudyGroupForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = StudyGroup
        fields = ["school", "school_year", "class_name", "name", "slogan", "size"]


class ResearcherForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Researcher
        fields = ["district", "name", "duty", "stage", "subject", "townships"]
        labels = {"name": _("Name")}
