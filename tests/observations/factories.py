"""One factory a model of observations, with fixed readable values."""

from datetime import date

import factory

from apps.observations.models import Observation, ObservationQuota, ObservationScore, Rubric, RubricItem
from tests.factories import TermFactory, TownshipFactory

ITEMS = (("教学目标", 10), ("教学内容", 20), ("教学过程", 40), ("教学效果", 30))


class RubricFactory(factory.django.DjangoModelFactory):
    """A rubric with four items that add up to 100."""

    class Meta:
        model = Rubric
        django_get_or_create = ["township", "name", "edition"]

    township = factory.SubFactory(TownshipFactory)
    name, edition = "高效课堂评价量表", "2025年版"

    @classmethod
    def _create(cls, model_class: type, *args: object, **kwargs: object) -> Rubric:
        rubric = super()._create(model_class, *args, **kwargs)
        if not rubric.items.exists():
            RubricItem.objects.bulk_create(
                RubricItem(rubric=rubric, order=order, name=name, maximum=maximum)
                for order, (name, maximum) in enumerate(ITEMS, 1)
            )
        return rubric


class ObservationFactory(factory.django.DjangoModelFactory):
    """A submitted observation of a drop-in lesson; the observer is somebody from elsewhere unless named."""

    class Meta:
        model = Observation

    school = factory.LazyAttribute(lambda o: o.teacher.appointments.get().school)
    date = date(2025, 10, 13)
    lesson_no, subject, grade, class_name, topic = 1, "chinese", 7, "七年级1班", "春"
    observer_name = factory.LazyAttribute(
        lambda o: "" if getattr(o, "observer_teacher", None) or getattr(o, "observer_researcher", None) else "周敏"
    )
    status = Observation.Status.SUBMITTED


class ObservationScoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ObservationScore

    maximum = factory.LazyAttribute(lambda o: o.item.maximum)
    score = 9


class ObservationQuotaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ObservationQuota

    township = factory.SubFactory(TownshipFactory)
    term = factory.SubFactory(TermFactory)
    position, lessons = "teacher", 2
