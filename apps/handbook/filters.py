"""Filters of the action handbook, and what can be counted of it."""

import django_filters
from django.db.models import Avg, Count, Q, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.labels import Label
from apps.core.scope import NO_ROWS
from apps.figures.filters import IdFilter, RecordFilter
from apps.figures.measures import UNITS, Measure, percent
from apps.teachers.filters import ByTeacherFilter
from apps.teachers.models import Teacher

from .models import (
    REVIEWED,
    HandbookEntry,
    HandbookScore,
    Requirement,
    asked_at,
    handed_in,
    unfinished,
    waits_for,
)

APPROVED = Q(status=HandbookEntry.Status.APPROVED)
IS_REVIEWED = Q(status__in=REVIEWED)
IS_GUIDE = Q(requirement__kind=Requirement.Kind.LEARNING_GUIDE)
COPIES = pgettext_lazy("unit", "copies")


def teachers() -> Measure:
    """Return the measure of how many teachers the rows are about."""
    return Measure(
        "teachers", _("teachers"), UNITS["people"], lambda where: Count("teacher", distinct=True, filter=where)
    )


def entries(key: str, label: Label, condition: Q | None = None, unit: Label = UNITS["pieces"]) -> Measure:
    """Return the measure of how many entries there are, or are under a condition."""
    return Measure(key, label, unit, lambda where: Count("pk", filter=where & condition if condition else where))


class RequirementFilter(RecordFilter):
    unfinished = django_filters.BooleanFilter(label=_("still asked of me"))
    measures = (Measure("count", _("handbook requirements"), _("items"), lambda where: Count("pk", filter=where)),)

    class Meta:
        model = Requirement
        fields = ["dimension", "kind"]

    def where_unfinished(self, value: bool) -> Q:
        """Return the condition that the teacher who looks has still to hand in entries, or has none to hand in."""
        teacher = self.actor.teacher_id if self.actor else None
        found = unfinished(teacher) if teacher else NO_ROWS
        return found if value else ~found


class HandbookEntryFilter(ByTeacherFilter):
    """Entries; drafts count as entries, and as reviewed counts what was approved or returned."""

    status = django_filters.ChoiceFilter(label=_("status"), choices=HandbookEntry.Status)
    dimension = django_filters.ChoiceFilter(
        label=_("dimension"), field_name="requirement__dimension", choices=Requirement.Dimension
    )
    kind = django_filters.ChoiceFilter(
        label=_("kind of entry"), field_name="requirement__kind", choices=Requirement.Kind
    )
    reviewed = django_filters.BooleanFilter(label=_("reviewed"))
    handed_in = django_filters.BooleanFilter(label=_("handed in"))
    waiting = django_filters.BooleanFilter(label=_("waiting for my review"))
    of_principals = django_filters.BooleanFilter(label=_("principals' own"))
    asked_at = IdFilter(label=_("asked for at the school"), of="schools.school")
    requirement = IdFilter(label=_("requirement"))
    search = ("title", "teacher__name", "teacher__no", "teacher__pinyin")
    measures = (
        entries("count", _("handbook entries")),
        teachers(),
        entries("reviewed", _("reviewed entries"), IS_REVIEWED),
        entries("approved", _("approved entries"), APPROVED),
        entries("guides", _("learning guides"), IS_GUIDE, COPIES),
        Measure(
            "rate",
            _("share of reviewed entries"),
            UNITS["percent"],
            lambda where: percent(Count("pk", filter=where & IS_REVIEWED), Count("pk", filter=where)),
            places=1,
        ),
    )

    class Meta:
        model = HandbookEntry
        fields = ["quality"]

    def where_reviewed(self, value: bool) -> Q:
        """Return the condition that an entry was approved or returned, or was not."""
        return IS_REVIEWED if value else ~IS_REVIEWED

    def where_handed_in(self, value: bool) -> Q:
        """Return the condition that an entry waits for review or is approved, or is still in its teacher's hands."""
        return handed_in() if value else ~handed_in()

    def where_waiting(self, value: bool) -> Q:
        """Return the condition that an entry waits for the review of who looks, or does not."""
        found = waits_for(self.actor) if self.actor else NO_ROWS
        return found if value else ~found

    def where_of_principals(self, value: bool) -> Q:
        """Return the condition that an entry is a principal's, or another teacher's."""
        found = Q(teacher__position=Teacher.Position.PRINCIPAL)
        return found if value else ~found

    def where_asked_at(self, value: int) -> Q:
        """Return the condition that an entry counts for what is asked of the teachers of this school."""
        return asked_at(value)


class HandbookScoreFilter(ByTeacherFilter):
    search = ("teacher__name", "teacher__no", "teacher__pinyin")
    measures = (
        teachers(),
        Measure("average", _("average score"), UNITS["points"], lambda where: Avg("score", filter=where), places=1),
        Measure(
            "completion",
            _("share of the entries asked for that were done"),
            UNITS["percent"],
            lambda where: percent(Sum("done", filter=where), Sum("asked", filter=where)),
            places=1,
        ),
    )

    class Meta:
        model = HandbookScore
        fields: list[str] = []
