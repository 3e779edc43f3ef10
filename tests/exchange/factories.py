"""One factory a model of the exchange, with fixed readable values."""

from datetime import date

import factory

from apps.exchange.models import ExchangeRound, Posting
from tests.factories import SchoolYearFactory, TownshipFactory


class ExchangeRoundFactory(factory.django.DjangoModelFactory):
    """The round of the school year 2025: six years, men up to 50, women up to 45, counted on 31 August."""

    class Meta:
        model = ExchangeRound
        django_get_or_create = ["township", "school_year"]

    township = factory.SubFactory(TownshipFactory)
    school_year = factory.SubFactory(SchoolYearFactory)
    document = "《慕仪镇中小学教师交流聘用办法》"
    opens_on, closes_on, reference_date = date(2025, 7, 10), date(2026, 7, 10), date(2025, 8, 31)


class PostingFactory(factory.django.DjangoModelFactory):
    """A posting from the first day of the school year; the roster does not follow it (that is the action's work)."""

    class Meta:
        model = Posting

    round = factory.SubFactory(ExchangeRoundFactory)
    starts_on = date(2025, 9, 1)
