from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.teachers.models import Teacher
from apps.webui.forms import RecordForm

from .actions import shrink_picture
from .models import (
    Activity,
    ActivityGuest,
    ActivityQuota,
    Attendance,
    BaseMember,
    Photo,
    ProjectMember,
    ResearcherSurvey,
    SmallProject,
)

PICTURES = "image/jpeg,image/png,image/webp,image/heic,image/heif,.heic,.heif"


def with_schools(field: forms.Field) -> None:
    """Fetch the schools along with the designations of a field: their labels name them."""
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        field.queryset = field.queryset.select_related("school")


class ActivityForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = Activity
        fields = [
            "school", "kind", "level", "title", "date", "place", "chair", "subject", "document", "base", "hours",
            "summary",
        ]  # fmt: skip
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_schools(self.fields["base"])


class AttendanceForm(RecordForm):
    """A teacher on an activity's list; the teacher's school of that day is found by itself."""

    class Meta(RecordForm.Meta):
        model = Attendance
        fields = ["activity", "teacher", "role", "hours", "reflection"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].required = False
        self.fields["hours"].help_text = _("Empty: as many as the activity grants.")
        if not self.instance.pk:
            self.fields["hours"].initial = None

    def _get_validation_exclusions(self) -> set[str]:
        # The action finds the school.
        return super()._get_validation_exclusions() | {"school"}


class ActivityGuestForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ActivityGuest
        fields = ["activity", "researcher", "name", "organisation", "commented", "spoke"]


class PhotoForm(RecordForm):
    """One photo; another picture is another photo."""

    class Meta(RecordForm.Meta):
        model = Photo
        fields = ["activity", "image", "caption"]
        widgets = {"image": forms.FileInput(attrs={"accept": PICTURES})}

    def clean_image(self) -> Any:
        """Return the picture as it is kept; raise ValidationError for what is none."""
        image = self.cleaned_data["image"]
        return shrink_picture(image) if isinstance(image, UploadedFile) else image


class BaseMemberForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = BaseMember
        fields = ["designation", "teacher", "role"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_schools(self.fields["designation"])


class ResearcherSurveyForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ResearcherSurvey
        fields = ["school", "researcher", "date", "audience", "topic", "issued", "returned"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user.researcher_id and not self.instance.pk:
            self.fields["researcher"].initial = self.user.researcher_id


class ActivityQuotaForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ActivityQuota
        fields = ["township", "term", "stage", "times", "document"]


class SmallProjectForm(RecordForm):
    """A project as it was applied for; what happens to it afterwards are verbs on its page."""

    class Meta(RecordForm.Meta):
        model = SmallProject
        fields = ["school", "no", "title", "level", "subject", "team_limit", "applied_on", "outcome"]
        widgets = {"outcome": forms.Textarea(attrs={"rows": 4})}


class ProjectMemberForm(RecordForm):
    class Meta(RecordForm.Meta):
        model = ProjectMember
        fields = ["project", "teacher", "role", "task"]


# What verbs ask for.


class DayForm(forms.Form):
    """The day on which it happened."""

    on = forms.DateField(
        label=_("on which day"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class OutcomeForm(forms.Form):
    """What came of a project."""

    outcome = forms.CharField(label=_("outcome"), widget=forms.Textarea(attrs={"rows": 6}))


class ConcludeForm(DayForm):
    """The verdict on a project."""

    result = forms.ChoiceField(label=_("result"), choices=SmallProject.Result)


class TeachersField(forms.ModelMultipleChoiceField[Teacher]):
    """Several teachers, each under the surest name."""

    def label_from_instance(self, obj: Teacher) -> str:
        """Return what stands beside the tick."""
        return obj.names()[-1]


class AttendanceListForm(forms.Form):
    """The teachers of a school who took part: all of them, unless one takes a tick away."""

    def __init__(self, *args: Any, teachers: QuerySet[Teacher], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teachers"] = TeachersField(
            teachers, initial=teachers, label=_("teachers who took part"), widget=forms.CheckboxSelectMultiple
        )


class PicturesInput(forms.FileInput):
    """Several files at once."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several files."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Return the files; raise ValidationError for none, or for an empty one."""
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(PicturesField, self).clean(file, initial) for file in files or [None]]


class PhotosForm(forms.Form):
    """Pictures of an activity with their captions."""

    files = PicturesField(  # type: ignore[assignment]  # the stubs take a field for the form's own `files`
        label=_("pictures"),
        widget=PicturesInput(attrs={"accept": PICTURES}),
        allow_empty_file=True,  # named with the others that are no pictures
        help_text=_("JPEG, PNG, WebP or HEIC, each of at most 5 MB. Place and camera data are taken out."),
    )
    captions = forms.CharField(
        label=_("captions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, in the order of the pictures. Without one, a picture takes the activity's title."),
    )

    def clean_captions(self) -> list[str]:
        """Return the captions, one a picture."""
        return str(self.cleaned_data["captions"]).splitlines()
