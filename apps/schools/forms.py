from django.forms import Textarea
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm

from .models import CultureNote, Designation, District, Researcher, School, SchoolGrade, StudyGroup, Township


class DistrictForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = District
        fields = ["name", "code", "office_name"]


class TownshipForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Township
        fields = ["district", "name", "code", "office_name", "backbone_from", "number_pattern"]


class SchoolForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = School
        fields = ["township", "code", "name", "aliases", "stage", "posts", "opened_on", "closed_on"]


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
