"""Mentoring pairs (师徒结对): an experienced teacher guides another one for an agreed time."""

from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.constraints import NoOverlap
from apps.core.models import Record
from apps.core.scope import Scope, ScopedQuerySet
from apps.schools.models import BY_SCHOOL, School, Subject
from apps.teachers.models import Teacher


class MentoringPairQuerySet(ScopedQuerySet["MentoringPair"]):
    """Mentoring pairs."""

    def search(self, text: str) -> Self:
        """Return the pairs in which each word of `text` stands in the name of one of the two."""
        found = self
        for word in text.replace("—", " ").split():
            found = found.filter(Q(mentor__name__icontains=word) | Q(apprentice__name__icontains=word))
        return found


def one_of_the_two(scope: Scope) -> Q:
    """Return the condition that the scope's teacher is the mentor or the apprentice."""
    return Q(mentor=scope.teacher) | Q(apprentice=scope.teacher)


@audited()
class MentoringPair(Record):
    """A mentor and an apprentice (师傅，徒弟); it belongs to the apprentice's school at the time of pairing.

    `ends_on` is the agreed last day until the pair has a result, and then the day on which it ended.
    """

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("qualified")
        UNQUALIFIED = "unqualified", _("unqualified")

    reached_from = BY_SCHOOL | {"teacher": one_of_the_two}
    dated_by = ("starts_on", "ends_on")

    mentor = models.ForeignKey(Teacher, models.PROTECT, related_name="pairs_as_mentor", verbose_name=_("mentor"))
    apprentice = models.ForeignKey(
        Teacher, models.PROTECT, related_name="pairs_as_apprentice", verbose_name=_("apprentice")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="mentoring_pairs", verbose_name=_("school"))
    subject = models.CharField(
        _("subject"),
        max_length=20,
        choices=Subject,
        blank=True,
        help_text=_("Empty where the pair is about no subject, such as the work of a class teacher."),
    )
    starts_on = models.DateField(_("paired from"))
    ends_on = models.DateField(_("paired until"), null=True, blank=True)
    agreement = models.TextField(_("what was agreed"), blank=True)
    agreed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    result = models.CharField(_("result of the pairing"), max_length=20, choices=Result, blank=True)

    objects: ClassVar = MentoringPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentoring pair")
        verbose_name_plural = _("mentoring pairs")
        ordering = ["-starts_on", "school__code", "mentor__no", "apprentice__no"]
        indexes = [models.Index(fields=["school", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                name="mentoring_not_of_oneself",
                condition=~Q(mentor=F("apprentice")),
                violation_error_message=_("Nobody is the own mentor."),
            ),
            models.CheckConstraint(
                name="mentoring_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on")),
                violation_error_message=_("A pair must end after it begins."),
            ),
            models.CheckConstraint(
                name="mentoring_result_when_ended",
                condition=Q(result="") | Q(ends_on__isnull=False),
                violation_error_message=_("Only a pair that has ended, with its last day, has a result."),
            ),
            NoOverlap(
                name="mentoring_no_overlap",
                fields=["mentor", "apprentice", "subject"],
                span=["starts_on", "ends_on"],
                violation_error_message=_("These two are already a pair in this subject at that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor}—{self.apprentice}"

    def clean(self) -> None:
        """Refuse people of another township than the school's."""
        if not self.school_id:
            return
        for name in ("mentor", "apprentice"):
            if getattr(self, f"{name}_id") and getattr(self, name).township_id != self.school.township_id:
                raise ValidationError({name: _("The teacher belongs to another township than the school.")})
