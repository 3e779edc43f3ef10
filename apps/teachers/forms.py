from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import AsksSince, RecordForm, since_question

from .models import Appointment, Teacher, TeachingAssignment


class TeacherFacts(AsksSince):
    """What is asked where a teacher's facts are changed."""

    education_since_is = since_question("education")
    title_since_is = since_question("title")
    position_since_is = since_question("position")
    staffing_since_is = since_question("staffing")
    backbone_since_is = since_question("backbone_level", "backbone_kind")


class TeacherForm(TeacherFacts, RecordForm):
    """A teacher; personal data stands in the form only for those who may see it in full."""

    field_order = (
        "township", "no", "name", "sex", "id_number", "birth_date", "phone", "started_work_on", "subject",
        "education", "education_since_is", "education_since", "title", "title_since_is", "title_since",
        "position", "position_since_is", "position_since", "staffing", "staffing_since_is", "staffing_since",
        "backbone_level", "backbone_kind", "backbone_since_is", "backbone_since",
    )  # fmt: skip

    class Meta(RecordForm.Meta):
        model = Teacher
        fields = [
            "township", "no", "name", "sex", "id_number", "birth_date", "phone", "started_work_on", "education",
            "education_since", "title", "title_since", "position", "position_since", "staffing", "staffing_since",
            "subject", "backbone_level", "backbone_kind", "backbone_since",
        ]  # fmt: skip
        labels = {"name": _("Name")}
        widgets = {"id_number": TextInput(attrs={"maxlength": 18}), "phone": TextInput(attrs={"inputmode": "tel"})}


class AppointmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Appointment
        fields = ["teacher", "school", "kind", "starts_on", "ends_on"]


class TeachingAssignmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = TeachingAssignment
        fields = ["teacher", "school", "school_year", "grade", "class_name", "subject", "weekly_hours"]
