"""How many activities the schools of a stage hold in a term (教研活动计划)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audited
from apps.core.models import Record, Term
from apps.schools.models import BY_TOWNSHIP, School, Township


@audited()
class ActivityQuota(Record):
    """How many research activities each school of a stage must hold in a term."""

    reached_from = BY_TOWNSHIP
    dated_by = ("term__starts_on", "term__ends_on")

    township = models.ForeignKey(Township, models.PROTECT, related_name="activity_quotas", verbose_name=_("township"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="+", verbose_name=_("term"))
    stage = models.CharField(_("stage"), max_length=20, choices=School.Stage)
    times = models.PositiveSmallIntegerField(
        _("activities to hold"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    document = models.CharField(_("document"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("activity plan")
        verbose_name_plural = _("activity plans")
        ordering = ["-term__starts_on", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["township", "term", "stage"],
                name="activity_quota_once_a_term",
                violation_error_message=_("The activity plan of this stage in this term is already set."),
            ),
            models.CheckConstraint(
                name="activity_quota_asks_for_something",
                condition=Q(times__gte=1),
                violation_error_message=_("Ask for at least one activity."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.get_stage_display()}"


def planned() -> Q:
    """Return the condition that an activity counts for a plan: its school has one in the begun term of its day."""
    plans = ActivityQuota.objects.filter(
        township=OuterRef("school__township"),
        stage=OuterRef("school__stage"),
        term__starts_on__lte=OuterRef("date"),
        term__ends_on__gte=OuterRef("date"),
    )
    return Q(Exists(plans.filter(term__starts_on__lte=timezone.localdate())))
