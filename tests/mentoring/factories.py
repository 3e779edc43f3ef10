"""Mentoring pairs, with fixed readable values."""

from datetime import date

import factory

from apps.mentoring.models import MentoringPair
from tests.factories import SchoolFactory


class MentoringPairFactory(factory.django.DjangoModelFactory):
    """A pair of two teachers, paired for the school year 2025."""

    class Meta:
        model = MentoringPair

    school = factory.SubFactory(SchoolFactory)
    subject, starts_on, ends_on = "chinese", date(2025, 9, 10), date(2026, 7, 5)
    agreement = "每周互相听课一节。"
