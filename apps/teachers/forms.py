from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

from apps.webui.forms import RecordForm

from .models import Appointment, Teacher, TeachingAssignment


class TeacherForm(RecordForm):
    """A teacher; personal data stands in the form only for those who may see it in full."""

    class Meta(RecordForm.Meta):
        model = Teacher
        fields = [
            "township", "no", "name", "sex", "id_number", "birth_date", "phone", "started_work_on", "education",
            "title", "title_since", "position", "staffing", "subject", "backbone_level",
            "backbone_kind", "backbone_since",
        ]  # fmt: skip
        labels = {"name": _("Name")}
        widgets = {"id_number": TextInput(attrs={"maxlength": 18}), "phone": TextInput(attrs={"inputmode": "tel"})}


class AppointmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Appointment
        fields = ["teacher", "school", "kind", "starts_on", "since_known", "ends_on"]


class TeachingAssignmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = TeachingAssignment
        fields = ["teacher", "school", "school_year", "grade", "class_name", "subject", "weekly_hours"]
