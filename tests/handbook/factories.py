"""One factory a model of the action handbook, with fixed readable values."""

from datetime import date
from decimal import Decimal

import factory

from apps.handbook.models import HandbookEntry, HandbookScore, Requirement
from tests.factories import TermFactory, TownshipFactory


class RequirementFactory(factory.django.DjangoModelFactory):
    """Two learning guides in the first term, worth 10 points."""

    class Meta:
        model = Requirement
        django_get_or_create = ["township", "term", "kind"]

    township = factory.SubFactory(TownshipFactory)
    term = factory.SubFactory(TermFactory)
    dimension, kind = Requirement.Dimension.CLASSROOM, Requirement.Kind.LEARNING_GUIDE
    minimum, points = 2, 10


class HandbookEntryFactory(factory.django.DjangoModelFactory):
    """A submitted entry at the school where its teacher serves."""

    class Meta:
        model = HandbookEntry

    school = factory.LazyAttribute(lambda o: o.teacher.appointments.get().school)
    requirement = factory.SubFactory(RequirementFactory)
    date = date(2025, 10, 13)
    title = factory.Sequence(lambda n: f"《春》导学案{n}")
    content = "一、学习目标"
    status = HandbookEntry.Status.SUBMITTED


class HandbookScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = HandbookScore

    school = factory.LazyAttribute(lambda o: o.teacher.appointments.get().school)
    closed_on = date(2026, 7, 3)
    asked, done, score = 4, 3, Decimal("80.0")
