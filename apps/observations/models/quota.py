"""How many lessons people must observe in a term, and how far they are."""

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record, Term
from apps.core.scope import Viewer
from apps.schools.models import BY_TOWNSHIP, School, Township
from apps.teachers.models import Teacher, serving

from .observation import Observation, is_entered


@audited()
class ObservationQuota(Record):
    """How many different lessons a person in a position must observe in a term (听课任务)."""

    reached_from = BY_TOWNSHIP
    dated_by = ("term__starts_on", "term__ends_on")

    township = models.ForeignKey(
        Township, models.PROTECT, related_name="observation_quotas", verbose_name=_("township")
    )
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", verbose_name=_("term"))
    position = models.CharField(_("position"), max_length=20, choices=Teacher.Position)
    lessons = models.PositiveSmallIntegerField(_("lessons to observe"), validators=[MaxValueValidator(200)])
    document = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("observation quota")
        verbose_name_plural = _("observation quotas")
        ordering = ["-term__starts_on", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "term", "position"],
                name="quota_once_a_term",
                violation_error_message=_("The quota of this position in this term is already set."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.get_position_display()}"


def people_with_quota(user: Viewer, term: Term, school: School | None = None) -> QuerySet[Any]:
    """Return the teachers that `user` may see and who have a quota in the term.

    School and post are those of its last day.

    Each row has `asked` and `done` (lessons; one observer has one observation of a lesson), `lacking`, `school_name`.
    Lessons observed at other schools count too.
    """
    at = school.pk if school else user.scope.school
    place = {"school": at} if at else {}
    quota = ObservationQuota.objects.filter(
        term=term, township=OuterRef("township"), position=OuterRef("then_position")
    )
    observed = (
        Observation.objects.filter(
            is_entered(), observer_teacher=OuterRef("pk"), date__range=(term.starts_on, term.ends_on)
        )
        .order_by()
        .values("observer_teacher")
        .annotate(number=Count("pk"))
    )
    people: QuerySet[Any] = (
        Teacher.objects.visible_to(user)
        .filter(serving(term.ends_on, **place))
        .with_school(term.ends_on)
        .with_facts(term.ends_on, ["position"])
        .annotate(asked=Subquery(quota.values("lessons")[:1]), done=Coalesce(Subquery(observed.values("number")), 0))
        .filter(asked__isnull=False)
        .annotate(lacking=Greatest(F("asked") - F("done"), 0))
    )
    return people
