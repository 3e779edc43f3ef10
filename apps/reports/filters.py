from typing import cast

import django_filters
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.scope import NO_ROWS
from apps.figures.filters import RecordFilter
from apps.figures.measures import Measure
from apps.schools.filters import BySchoolFilter

from .models import AnnualSummary, SummaryBatch, SummarySection
from .rules import account_id


class AnnualSummaryFilter(BySchoolFilter):
    """Summaries; `of` says what they are of."""

    of = django_filters.ChoiceFilter(
        label=_("summary of"),
        choices=[("township", _("the township")), ("school", _("schools")), ("teacher", _("teachers"))],
    )
    waiting = django_filters.BooleanFilter(label=_("waiting for my review"))
    search = ("title",)
    measures = (
        Measure(
            "count", _("annual summaries"), pgettext_lazy("unit", "summaries"), lambda where: Count("pk", filter=where)
        ),
    )

    class Meta:
        model = AnnualSummary
        fields = ["status"]

    def where_of(self, value: str) -> Q:
        """Return the condition that a summary is of the township, of a school, or of a teacher."""
        whole = Q(school__isnull=True, teacher__isnull=True)
        return whole if value == "township" else Q(**{f"{value}__isnull": False})

    def where_waiting(self, value: bool) -> Q:
        """Return the condition that a summary waits for the review of who looks, or does not."""
        account = account_id(cast(Actor, self.actor)) if self.actor else None
        found = Q(reviewer=account, status=AnnualSummary.Status.REVIEW) if account else NO_ROWS
        return found if value else ~found


class SummaryBatchFilter(BySchoolFilter):
    stage = None
    measures = (
        Measure("count", _("batches"), pgettext_lazy("unit", "batches"), lambda where: Count("pk", filter=where)),
    )

    class Meta:
        model = SummaryBatch
        fields = ["what", "status"]


class SummarySectionFilter(RecordFilter):
    search = ("heading", "text")

    class Meta:
        model = SummarySection
        fields: list[str] = []
