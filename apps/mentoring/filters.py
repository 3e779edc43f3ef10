"""What the list of mentoring pairs is filtered by and its figures are counted by."""

from typing import cast

import django_filters
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.actors import Actor
from apps.core.scope import NO_ROWS
from apps.figures.filters import IdFilter
from apps.figures.measures import UNITS, Measure
from apps.schools.filters import BySchoolFilter

from .models import MentoringPair
from .rules import waits_for


class MentoringPairFilter(BySchoolFilter):
    """Mentoring pairs; a period shows those that were paired on any day of it."""

    concluded = django_filters.BooleanFilter(label=_("ended in the period with a result"))
    due = django_filters.BooleanFilter(label=_("agreed time over, without a result"))
    waiting = django_filters.BooleanFilter(label=_("waiting for a result from me"))
    mentor = IdFilter(label=_("mentor"))
    apprentice = IdFilter(label=_("apprentice"))
    by_period = True
    search = ("mentor__name", "mentor__no", "apprentice__name", "apprentice__no", "school__name", "agreement")
    measures = (
        Measure("count", _("mentoring pairs"), pgettext_lazy("unit", "pairs"), lambda where: Count("pk", filter=where)),
        Measure(
            "apprentices",
            _("apprentices"),
            UNITS["people"],
            lambda where: Count("apprentice", distinct=True, filter=where),
        ),
        Measure("mentors", _("mentors"), UNITS["people"], lambda where: Count("mentor", distinct=True, filter=where)),
        Measure(
            "schools",
            _("schools"),
            pgettext_lazy("unit", "schools"),
            lambda where: Count("school", distinct=True, filter=where),
        ),
    )

    class Meta:
        model = MentoringPair
        fields = ["subject", "result"]

    def where_concluded(self, value: bool) -> Q:
        """Return the condition that a pair ended within the period with a result, or did not."""
        concluded = ~Q(result="")
        if period := self.form.cleaned_data.get("period"):
            concluded &= Q(ends_on__range=(period.starts_on, period.ends_on))
        return concluded if value else ~concluded

    def where_due(self, value: bool) -> Q:
        """Return the condition that a pair's agreed time is over and its result still to be given, or is not."""
        due = Q(result="", ends_on__lt=timezone.localdate())
        return due if value else ~due

    def where_waiting(self, value: bool) -> Q:
        """Return the condition that a pair waits for its result from who looks, or does not."""
        found = waits_for(cast(Actor, self.actor)) if self.actor else NO_ROWS
        return found if value else ~found
