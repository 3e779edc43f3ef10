from typing import Any

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.user.has_perm("teachers.view_personal_data"):
            del self.fields["id_number"], self.fields["phone"]


class AppointmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Appointment
        fields = ["teacher", "school", "kind", "starts_on", "ends_on"]


class TeachingAssignmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = TeachingAssignment
        fields = ["teacher", "school", "school_year", "grade", "class_name", "subject", "weekly_hours"]
