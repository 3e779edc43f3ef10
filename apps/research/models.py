"""Research activities and who took part, photos, subject bases' members, researchers' surveys, small projects."""

from auditlog.registry import auditlog
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import Record
from apps.core.scope import Scope, ScopedQuerySet
from apps.schools.models import BY_SCHOOL, Designation, Level, Researcher, School, Subject
from apps.teachers.models import Teacher

UNTOLD = ["version", "created_at", "updated_at"]


class ActivityQuerySet(ScopedQuerySet):
    """Activities."""

    def search(self, text: str) -> "ActivityQuerySet":
        """Return the activities whose title, day or school contain the words of `text`."""
        found = self.select_related("school")
        for word in text.split():
            found = found.filter(Q(title__icontains=word) | Q(school__name=word) | Q(date__icontains=word))
        return found


def attended(scope: Scope) -> Q:
    """Return the condition that the scope's teacher took part in an activity."""
    return Q(pk__in=Attendance.objects.filter(teacher=scope.teacher).values("activity"))


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
    title = models.CharField(_("title"), max_length=100)
    date = models.DateField(_("date"))
    place = models.CharField(_("place"), max_length=60, blank=True)
    chair = models.CharField(_("chaired by"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    document = models.CharField(
        _("document studied"), max_length=100, blank=True, help_text=_("For an ethics study: the law or code that was studied.")
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
        _("training hours granted"), max_digits=4, decimal_places=1, default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    summary = models.TextField(_("what came of it"), blank=True)

    objects = ActivityQuerySet.as_manager()

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


class Attendance(Record):
    """A teacher took part in an activity, in a role; a reflection (心得体会) may have been written."""

    class Role(models.TextChoices):
        ATTENDEE = "attendee", _("attendee")
        SPEAKER = "speaker", _("main speaker")
        HOST = "host", _("host")

    reached_from = {
        "district": "activity__school__township__district",
        "township": "activity__school__township",
        "school": "school",
        "teacher": "teacher",
    }
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="attendances", verbose_name=_("activity"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="attendances", verbose_name=_("teacher"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("the teacher's school"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.ATTENDEE)
    hours = models.DecimalField(
        _("training hours"), max_digits=4, decimal_places=1, default=0, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    reflection = models.CharField(_("reflection written"), max_length=100, blank=True, help_text=_("Its title."))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
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


class ActivityGuest(Record):
    """A guest of an activity, such as a district researcher who comments or a director who speaks."""

    reached_from = {
        "district": "activity__school__township__district",
        "township": "activity__school__township",
        "school": "activity__school",
    }
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="guests", verbose_name=_("activity"))
    researcher = models.ForeignKey(
        Researcher, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("researcher")
    )
    name = models.CharField(_("other guest"), max_length=40, blank=True, help_text=_("Somebody who is no researcher of the district."))
    organisation = models.CharField(_("organisation"), max_length=60, blank=True)
    commented = models.BooleanField(_("commented on the lessons"), default=False)
    spoke = models.BooleanField(_("made a speech"), default=False)

    class Meta:
        verbose_name = _("guest of an activity")
        verbose_name_plural = _("guests of activities")
        ordering = ["-activity__date", "researcher__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "researcher", "name"],
                name="guest_once",
                violation_error_message=_("The guest is already on this activity's list."),
            ),
            models.CheckConstraint(
                name="guest_is_researcher_or_named",
                condition=Q(researcher__isnull=False, name="") | (Q(researcher__isnull=True) & ~Q(name="")),
                violation_error_message=_("Choose a researcher, or write another guest's name, not both."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.researcher or self.name)


class Photo(Record):
    """A photo of an activity, with its caption; the training album counts them."""

    reached_from = ActivityGuest.reached_from
    dated_by = "activity__date"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos", verbose_name=_("activity"))
    image = models.ImageField(_("picture"), upload_to="photos/%Y/")
    caption = models.CharField(_("caption"), max_length=100)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["activity__date", "pk"]

    def __str__(self) -> str:
        return self.caption


class BaseMember(Record):
    """A member of a subject base's leading group or team (学科示范基地建设领导小组)."""

    class Role(models.TextChoices):
        LEADER = "leader", _("group leader")
        DEPUTY = "deputy", _("deputy leader")
        MEMBER = "member", _("member")

    reached_from = {
        "district": "designation__school__township__district",
        "township": "designation__school__township",
        "school": "designation__school",
        "teacher": "teacher",
    }
    dated_by = ("designation__awarded_on", "designation__ends_on")

    designation = models.ForeignKey(
        Designation,
        models.CASCADE,
        related_name="members",
        verbose_name=_("subject base"),
        limit_choices_to={"kind": Designation.Kind.SUBJECT_BASE},
    )
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="+", verbose_name=_("teacher"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)

    class Meta:
        verbose_name = _("base member")
        verbose_name_plural = _("base members")
        ordering = ["designation__school__code", "role", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["designation", "teacher"],
                name="base_member_once",
                violation_error_message=_("The teacher already belongs to this base."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_role_display()}"


class ResearcherSurvey(Record):
    """A questionnaire survey that a district researcher made among a school's teachers or students."""

    class Audience(models.TextChoices):
        TEACHERS = "teachers", _("teachers")
        STUDENTS = "students", _("students")
        BOTH = "both", _("teachers and students")

    reached_from = BY_SCHOOL
    dated_by = "date"

    school = models.ForeignKey(School, models.PROTECT, related_name="surveys", verbose_name=_("school"))
    researcher = models.ForeignKey(Researcher, models.PROTECT, related_name="surveys", verbose_name=_("researcher"))
    date = models.DateField(_("date"))
    audience = models.CharField(_("asked"), max_length=20, choices=Audience)
    topic = models.CharField(_("topic"), max_length=100)
    issued = models.PositiveIntegerField(_("forms issued"), default=0)
    returned = models.PositiveIntegerField(_("forms returned"), default=0)

    class Meta:
        verbose_name = _("researchers' survey")
        verbose_name_plural = _("researchers' surveys")
        ordering = ["-date", "school__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "date", "topic"],
                name="survey_once",
                violation_error_message=_("This survey is already recorded."),
            ),
            models.CheckConstraint(
                name="survey_returns_at_most_issued",
                condition=Q(returned__lte=F("issued")),
                violation_error_message=_("No more forms can come back than were issued."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.topic}"


class SmallProjectQuerySet(ScopedQuerySet):
    """Small projects."""

    def search(self, text: str) -> "SmallProjectQuerySet":
        """Return the projects whose number or title contains a word of `text`."""
        return self.filter(Q(*[(f"{path}__icontains", word) for word in text.split() for path in ("no", "title")], _connector=Q.OR))


def member_of(scope: Scope) -> Q:
    """Return the condition that the scope's teacher belongs to a project's team."""
    return Q(pk__in=ProjectMember.objects.filter(teacher=scope.teacher).values("project"))


class SmallProject(Record):
    """A teacher team's small research project (小课题), by stage."""

    class Stage(models.TextChoices):
        APPLIED = "applied", _("applied for")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("not approved")
        RUNNING = "running", _("under way")
        MIDTERM = "midterm", _("mid-term review passed")
        CLOSING = "closing", _("closing applied for")
        CLOSED = "closed", _("closed")
        DROPPED = "dropped", _("dropped")

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    reached_from = BY_SCHOOL | {"teacher": member_of}
    dated_by = ("applied_on", "closed_on")
    picked_by_text = True
    state_looks = {"applied": "wait", "closing": "wait", "closed": "done", "rejected": "none", "dropped": "none"}

    school = models.ForeignKey(School, models.PROTECT, related_name="projects", verbose_name=_("school"))
    no = models.CharField(_("project number"), max_length=30)
    title = models.CharField(_("title"), max_length=120)
    level = models.PositiveSmallIntegerField(
        _("level"), choices=Level, default=Level.TOWN, validators=[MinValueValidator(1)]
    )
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    stage = models.CharField(_("stage of the project"), max_length=20, choices=Stage, default=Stage.APPLIED)
    applied_on = models.DateField(_("applied on"))
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    opened_on = models.DateField(_("opened on (report)"), null=True, blank=True)
    midterm_on = models.DateField(_("mid-term review on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=20, choices=Result, blank=True)
    outcome = models.TextField(_("outcome"), blank=True)

    objects = SmallProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("small project")
        verbose_name_plural = _("small projects")
        ordering = ["-applied_on", "no"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "no"],
                name="project_no_once_in_school",
                violation_error_message=_("The school already has a project with this number."),
            ),
            models.CheckConstraint(
                name="project_dates_in_order",
                condition=(Q(approved_on__isnull=True) | Q(approved_on__gte=F("applied_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("applied_on"))),
                violation_error_message=_("A project is approved and closed after it was applied for."),
            ),
            models.CheckConstraint(
                name="project_result_when_closed",
                condition=Q(result="") | Q(stage="closed", closed_on__isnull=False),
                violation_error_message=_("Only a closed project, with its closing day, has a result."),
            ),
            models.CheckConstraint(
                name="project_level_known",
                condition=Q(level__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def names(self) -> tuple[str, ...]:
        return (f"{self.no} {self.title}",)


class ProjectMember(Record):
    """A teacher on a small project's team; the team has at most as many as the call allows."""

    class Role(models.TextChoices):
        LEADER = "leader", _("project leader")
        MEMBER = "member", _("project member")

    reached_from = {
        "district": "project__school__township__district",
        "township": "project__school__township",
        "school": "project__school",
        "teacher": "teacher",
    }
    dated_by = ("project__applied_on", "project__closed_on")

    project = models.ForeignKey(SmallProject, models.CASCADE, related_name="members", verbose_name=_("small project"))
    teacher = models.ForeignKey(Teacher, models.PROTECT, related_name="projects", verbose_name=_("teacher"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    task = models.CharField(_("task"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("project member")
        verbose_name_plural = _("project members")
        ordering = ["project__no", "role", "teacher__no"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "teacher"],
                name="project_member_once",
                violation_error_message=_("The teacher already belongs to this project."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="leader"),
                name="project_one_leader",
                violation_error_message=_("A project has one leader."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher} {self.get_role_display()}"


for model in (Activity, Attendance, ActivityGuest, Photo, BaseMember, ResearcherSurvey, SmallProject, ProjectMember):
    auditlog.register(model, exclude_fields=UNTOLD)
