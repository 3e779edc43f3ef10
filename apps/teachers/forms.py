from typing import Any

from django import forms
from django.forms import TextInput
from django.utils.translation import gettext_lazy as _

from apps.schools.models import School
from apps.webui.forms import DASH, AsksSince, RecordForm, since_question

from .models import Appointment, Leave, Teacher, TeachingAssignment


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own date picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


class TeacherFacts(AsksSince):
    """What is asked where a teacher's facts are changed."""

    education_since_is = since_question("education")
    title_since_is = since_question("title")
    position_since_is = since_question("position")
    staffing_since_is = since_question("staffing")
    backbone_since_is = since_question("backbone_level", "backbone_kind")


class TeacherForm(TeacherFacts, RecordForm):
    """A teacher; personal data stands in the form only for those who may see it in full.

    A new one comes with the first appointment: at which school, since when.
    """

    school = forms.ModelChoiceField(School.objects.all(), label=_("School"))
    arrived_on = day_field(_("Arrived at this school on"))

    field_order = (
        "township", "no", "name", "school", "arrived_on", "sex", "id_number", "birth_date", "phone",
        "started_work_on", "subject", "education", "education_since_is", "education_since",
        "title", "title_since_is", "title_since",
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("school", "arrived_on") if self.instance.pk else ():
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """Refuse a school of another township."""
        data = super().clean() or {}
        school, township = data.get("school"), data.get("township") or self.instance.township_id
        if school and township and school.township_id != getattr(township, "pk", township):
            self.add_error("school", _("The school belongs to another township than the teacher."))
        return data


class AppointmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Appointment
        fields = ["teacher", "school", "kind", "starts_on", "since_known", "ends_on", "end_reason"]


class LeaveForm(RecordForm):
    """A leave; the school follows from the teacher."""

    class Meta(RecordForm.Meta):
        model = Leave
        fields = ["teacher", "kind", "starts_on", "ends_on"]


class TeachingAssignmentForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = TeachingAssignment
        fields = ["teacher", "school", "school_year", "grade", "class_name", "subject", "weekly_hours"]


# What verbs ask.


class PlaceForm(forms.Form):
    """A school of the teacher's township, and the first day there."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("School"), empty_label=DASH)
    on = day_field(_("First day there"))

    def __init__(self, *args: Any, township: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.filter(township=township)  # type: ignore[attr-defined]


class DepartureForm(forms.Form):
    """Why a teacher leaves, and the last day of service."""

    reason = forms.ChoiceField(label=_("Reason for leaving"), choices=[("", DASH), *Appointment.EndReason.choices])
    on = day_field(_("Last day of service"))


class TakeLeaveForm(forms.Form):
    """What leave a teacher takes, from when, and until when if that is known."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=[("", DASH), *Leave.Kind.choices])
    starts_on = day_field(_("First day of the leave"))
    ends_on = day_field(
        _("Last day of the leave"), required=False, help_text=_("Empty while the day of return is not known.")
    )


class BackForm(forms.Form):
    """The first day back from leave."""

    on = day_field(_("First day back"))
