"""Research activities: who took part, who came as a guest, what was photographed."""

import hashlib
from typing import ClassVar, Self

from django.contrib.admin import display
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record
from apps.core.scope import Scope, ScopedQuerySet
from apps.schools.models import BY_SCHOOL, Designation, Level, Researcher, School, Subject
from apps.teachers.models import Teacher

BY_ACTIVITY = {
    "district": "activity__school__township__district",
    "township": "activity__school__township",
    "school": "activity__school",
}


class ActivityQuerySet(ScopedQuerySet["Activity"]):
    """Activities."""

    def search(self, text: str) -> Self:
        """Return the activities whose title, day or school contain the words of `text`."""
        found = self.select_related("school")
        for word in text.split():
            found = found.filter(Q(title__icontains=word) | Q(school__name=word) | Q(date__icontains=word))
        return found


def attended(scope: Scope) -> Q:
    """Return the condition that the scope's teacher took part in an activity."""
    return Q(pk__in=Attendance.objects.filter(teacher=scope.teacher).values("activity"))


@audited()
class Activity(Record):
    """A research activity (教研活动) held at a school on a day."""

    class Kind(models.TextChoices):
        SALON = "salon", _("teaching salon")
        TRAINING = "training", _("training")
        MEETING = "meeting", _("observation and discussion")
        VISIT = "visit", _("researchers' visit")
        ETHICS_STUDY = "ethics_study", _("ethics study")
        BASE_MEETING = "base_meeting", _("base leadership meeting")
        LECTURE = "lecture", _("lecture")
        PREPARATION = "preparation", _("joint lesson preparation")

    reached_from = BY_SCHOOL | {"teacher": attended}
    dated_by = "date"
    picked_by_text = True

    school = models.ForeignKey(School, models.PROTECT, related_name="activities", verbose_name=_("host school"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, default=Level.SCHOOL, validators=[MinValueValidator(1)]
    )
    title = models.CharField(_("topic of the activity"), max_length=100)
    date = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=60, blank=True)
    chair = models.CharField(_("chaired by"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    document = models.CharField(
        _("document studied"),
        max_length=100,
        blank=True,
        help_text=_("For an ethics study: the law or code that was studied."),
    )
    base = models.ForeignKey(
        Designation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("subject base"),
        limit_choices_to={"kind": Designation.Kind.SUBJECT_BASE},
    )
    hours = models.DecimalField(
        _("training hours granted"),
        max_digits=4,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    summary = models.TextField(_("what came of it"), blank=True)

    objects: ClassVar = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("research activity")
        verbose_name_plural = _("research activities")
        ordering = ["-date", "school__code", "title"]
        indexes = [models.Index(fields=["school", "date"])]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "date", "title"],
                name="activity_once",
                violation_error_message=_("The school already has an activity of this title on this day."),
            ),
            models.CheckConstraint(
                name="activity_hours_sensible",
                condition=Q(hours__range=(0, 100)),
                violation_error_message=_("An activity grants 0 to 100 hours."),
            ),
            models.CheckConstraint(
                name="activity_level_known",
                condition=Q(level__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def names(self) -> tuple[str, ...]:
        return (f"{self.date:%Y-%m-%d} {self.school} {self.title}",)

    def clean(self) -> None:
        if self.base and self.school_id and self.base.school.township_id != self.school.township_id:
            raise ValidationError({"base": _("The subject base belongs to another township than the host school.")})


@audited()
class Attendance(Record):
    """A teacher took part in an activity, in a role; a reflection (心得体会) may have been written."""

    class Role(models.TextChoices):
        ATTENDEE = "attendee", _("attendee")
        SPEAKER = "speaker", _("main speaker")
        HOST = "host", _("host")

    reached_from = BY_ACTIVITY | {"school": "school", "teacher": "teacher"}
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances", verbose_name=_("activity"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="attendances", verbose_name=_("teacher"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("the teacher's school"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ATTENDEE)
    hours = models.DecimalField(
        _("training hours"),
        max_digits=4,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    reflection = models.CharField(_("reflection written"), max_length=100, blank=True, help_text=_("Its title."))

    class Meta:
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance records")
        ordering = ["-activity__date", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "teacher"],
                name="attendance_once",
                violation_error_message=_("The teacher is already on this activity's list."),
            ),
            models.CheckConstraint(
                name="attendance_hours_sensible",
                condition=Q(hours__range=(0, 100)),
                violation_error_message=_("An activity grants 0 to 100 hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.activity}"


@audited()
class ActivityGuest(Record):
    """A guest of an activity, such as a district researcher who comments or a director who speaks."""

    reached_from = BY_ACTIVITY
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="guests", verbose_name=_("activity"))
    researcher = models.ForeignKey(
        Researcher, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("researcher")
    )
    name = models.CharField(
        _("other guest"), max_length=40, blank=True, help_text=_("Somebody who is no researcher of the district.")
    )
    organisation = models.CharField(_("organisation"), max_length=60, blank=True)
    commented = models.BooleanField(_("commented on the lessons"), default=False)
    spoke = models.BooleanField(_("made a speech"), default=False)

    class Meta:
        verbose_name = _("guest of an activity")
        verbose_name_plural = _("guests of activities")
        ordering = ["-activity__date", "researcher__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "researcher"],
                name="guest_researcher_once",
                violation_error_message=_("The guest is already on this activity's list."),
            ),
            models.UniqueConstraint(
                fields=["activity", "name"],
                condition=~Q(name=""),
                name="guest_name_once",
                violation_error_message=_("The guest is already on this activity's list."),
            ),
            models.CheckConstraint(
                name="guest_is_researcher_or_named",
                condition=Q(researcher__isnull=False, name="") | (Q(researcher__isnull=True) & ~Q(name="")),
                violation_error_message=_("Choose a researcher, or write another guest's name, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.guest

    @property
    def guest(self) -> str:
        """Return the guest's name."""
        return str(self.researcher or self.name)


def digest_of(picture: "File[bytes]") -> str:
    """Return what tells a picture as it is kept from all others."""
    picture.seek(0)
    digest = hashlib.file_digest(picture, "sha256").hexdigest()
    picture.seek(0)
    return digest


@audited(without=["digest"])
class Photo(Record):
    """A photo of an activity, with its caption; the training album counts them."""

    reached_from = BY_ACTIVITY
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos", verbose_name=_("activity"))
    image = models.ImageField(_("picture"), upload_to="photos/%Y/")
    caption = models.CharField(_("caption"), max_length=100)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["activity__date", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "digest"],
                condition=~Q(digest=""),
                name="photo_once_in_activity",
                violation_error_message=_("The activity has this picture already."),
            )
        ]

    def __str__(self) -> str:
        return self.caption

    def clean(self) -> None:
        """Tell a new picture from others by what is in its file."""
        if self.image and not getattr(self.image, "_committed", True) and not self.digest:
            self.digest = digest_of(self.image.file)

    @property
    @display(description=_("picture"))
    def thumbnail(self) -> SafeString:
        """Return the picture, small, for lists; fetched through the view that checks who may see it."""
        return format_html(
            '<img class="object-fit-cover rounded" width="96" height="72" loading="lazy" src="{}" alt="{}">',
            reverse("research:photo_file", args=[self.pk]),
            self.caption,
        )
