from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.figures import Measure
from apps.core.filters import RecordFilter
from apps.schools.filters import BySchoolFilter

from .models import AnnualSummary, SummarySection


class AnnualSummaryFilter(BySchoolFilter):
    search = ("title",)
    measures = (
        Measure(
            "count", _("annual summaries"), pgettext_lazy("unit", "summaries"), lambda where: Count("pk", filter=where)
        ),
    )

    class Meta:
        model = AnnualSummary
        fields = ["status"]


class SummarySectionFilter(RecordFilter):
    search = ("heading", "text")

    class Meta:
        model = SummarySection
        fields = []
