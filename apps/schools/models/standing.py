"""What belongs to a school: its designations, its grades, its classroom culture, its study groups."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record, SchoolYear
from apps.core.scope import ScopedQuerySet

from .places import BY_SCHOOL, Level, School, Subject


@audited()
class Designation(Record):
    """A title a school holds (称号): experimental school (实验校) or subject demonstration base (学科示范基地)."""

    class Kind(models.TextChoices):
        EXPERIMENTAL = "experimental", _("experimental school")
        SUBJECT_BASE = "subject_base", _("subject demonstration base")

    reached_from = BY_SCHOOL
    dated_by = ("awarded_on", "ends_on")

    school = models.ForeignKey(School, models.PROTECT, related_name="designations", verbose_name=_("school"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, validators=[MinValueValidator(1)])
    project = models.CharField(
        _("project"), max_length=100, help_text=_("What it is for, such as the efficient classroom.")
    )
    subject = models.CharField(_("subject"), max_length=20, choices=Subject, blank=True)
    awarded_on = models.DateField(_("awarded on"))
    ends_on = models.DateField(_("held until"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=100, blank=True)
    goals = models.TextField(_("goals"), blank=True, help_text=_("For a base: the goals it has set."))

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["-level", "school__code", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "kind", "project", "subject", "awarded_on"],
                name="designation_once",
                violation_error_message=_("This designation is already recorded."),
            ),
            models.CheckConstraint(
                name="designation_ends_after_award",
                condition=Q(ends_on__gt=F("awarded_on")),
                violation_error_message=_("A designation ends after it was awarded."),
            ),
            models.CheckConstraint(
                name="designation_has_level",
                condition=Q(level__range=(1, 6)),
                violation_error_message=_("Choose a level from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.get_level_display()}{self.get_kind_display()}"

    def names(self) -> tuple[str, ...]:
        return (f"{self.school} {self.project}{self.get_subject_display()}（{self.get_kind_display()}）",)


GRADES = [
    (1, _("grade 1")),
    (2, _("grade 2")),
    (3, _("grade 3")),
    (4, _("grade 4")),
    (5, _("grade 5")),
    (6, _("grade 6")),
    (7, _("grade 7")),
    (8, _("grade 8")),
    (9, _("grade 9")),
]


class SchoolGradeQuerySet(ScopedQuerySet["SchoolGrade"]):
    """Grades of schools."""

    def of_open_schools(self) -> Self:
        """Return the grades of schools that go on after the grade's school year."""
        return self.exclude(school__closed_on__lte=F("school_year__ends_on"))


@audited()
class SchoolGrade(Record):
    """A grade of a school in a school year; an experimental one (实验年级) teaches by the reform."""

    reached_from = BY_SCHOOL
    dated_by = "school_year__ends_on"

    school = models.ForeignKey(School, models.CASCADE, related_name="grades", verbose_name=_("school"))
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name=_("school year"))
    grade = models.PositiveSmallIntegerField(_("grade"), choices=GRADES)
    classes = models.PositiveSmallIntegerField(_("classes"), validators=[MinValueValidator(1), MaxValueValidator(60)])
    students = models.PositiveIntegerField(_("students"), default=0)
    experimental = models.BooleanField(_("experimental grade"), default=False)

    objects: ClassVar = SchoolGradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("school grade")
        verbose_name_plural = _("school grades")
        ordering = ["-school_year__start_year", "school__code", "grade"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "grade"],
                name="grade_once_a_year",
                violation_error_message=_("The school already has this grade in this school year."),
            ),
            models.CheckConstraint(
                name="grade_between_1_and_9",
                condition=Q(grade__range=(1, 9)),
                violation_error_message=_("Choose a grade from the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.get_grade_display()}"


@audited()
class CultureNote(Record):
    """A piece of classroom culture of a school, such as a reading formula beside every blackboard."""

    reached_from = BY_SCHOOL
    dated_by = ("since", "until")

    school = models.ForeignKey(School, models.CASCADE, related_name="culture_notes", verbose_name=_("school"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("wording"), blank=True)
    place = models.CharField(_("where it hangs"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("classroom culture note")
        verbose_name_plural = _("classroom culture notes")
        ordering = ["school__code", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "title"],
                name="culture_note_once",
                violation_error_message=_("The school already has this note."),
            ),
            models.CheckConstraint(
                name="culture_note_ends_after_start",
                condition=Q(until__gt=F("since")),
                violation_error_message=_("It ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.title}"


@audited()
class StudyGroup(Record):
    """A study group of students with its name and slogan (学习小组); no student's name is kept."""

    reached_from = BY_SCHOOL
    dated_by = "school_year__ends_on"

    school = models.ForeignKey(School, models.CASCADE, related_name="study_groups", verbose_name=_("school"))
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name=_("school year"))
    class_name = models.CharField(_("class"), max_length=20)
    name = models.CharField(_("group name"), max_length=40)
    slogan = models.CharField(_("slogan"), max_length=100, blank=True)
    size = models.PositiveSmallIntegerField(_("students"), default=6, validators=[MaxValueValidator(20)])

    class Meta:
        verbose_name = _("study group")
        verbose_name_plural = _("study groups")
        ordering = ["-school_year__start_year", "school__code", "class_name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "class_name", "name"],
                name="study_group_once",
                violation_error_message=_("The class already has a group of this name."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.class_name} {self.name}"
