"""One factory a model of teacher ethics, with fixed readable values."""

from datetime import date
from decimal import Decimal

import factory

from apps.ethics.models import (
    AssessmentCycle,
    Campaign,
    CampaignParticipant,
    Contest,
    ContestEntry,
    EthicsAssessment,
    Honour,
    MisconductCase,
    Questionnaire,
    QuestionnaireItem,
    SurveyResponse,
)
from tests.factories import SchoolFactory, SchoolYearFactory, TeacherFactory, TownshipFactory


class CycleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AssessmentCycle
        django_get_or_create = ["township", "school_year"]

    township = factory.SubFactory(TownshipFactory)
    school_year = factory.SubFactory(SchoolYearFactory)
    opens_on = factory.LazyAttribute(lambda o: date(o.school_year.start_year + 1, 5, 20))
    closes_on = factory.LazyAttribute(lambda o: date(o.school_year.start_year + 1, 6, 20))


class AtSchool(factory.django.DjangoModelFactory):
    """Base of rows with a school and a teacher who serves there."""

    class Meta:
        abstract = True

    school = factory.SubFactory(SchoolFactory)
    teacher = factory.LazyAttribute(lambda o: TeacherFactory(school=o.school))


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Questionnaire
        django_get_or_create = ["cycle", "audience"]

    cycle = factory.SubFactory(CycleFactory)
    audience, title = Questionnaire.Audience.STUDENT, "学生测评"
    opens_on, closes_on, issued = date(2026, 5, 20), date(2026, 6, 10), 40


class QuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuestionnaireItem

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    order, text, maximum = 1, "老师是否公平对待每一位学生", 10


class ResponseFactory(AtSchool):
    class Meta:
        model = SurveyResponse

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    serial = factory.Sequence(lambda n: n + 1)
    score = Decimal(90)


class AssessmentFactory(AtSchool):
    """A draft; `grade` makes it decided."""

    class Meta:
        model = EthicsAssessment

    cycle = factory.LazyAttribute(lambda o: CycleFactory(township=o.school.township))
    status = factory.LazyAttribute(lambda o: "decided" if getattr(o, "grade", "") else "draft")
    grade = ""


class CaseFactory(AtSchool):
    """A report being looked into; `confirmed` ones were criticised a month later, and bar for 24 months."""

    class Meta:
        model = MisconductCase

    class Params:
        confirmed = factory.Trait(
            finding="confirmed", handling="criticism", decided_on=date(2025, 11, 10), barred_until=date(2027, 11, 10)
        )

    no = factory.Sequence(lambda n: f"2025-{n + 1:03}")
    received_on, source, kind = date(2025, 10, 13), "report", MisconductCase.Kind.PAID_TUTORING


class HonourFactory(AtSchool):
    class Meta:
        model = Honour

    kind, title, level = Honour.Kind.ETHICS_ADVANCED, "师德先进个人", 2
    occasion, awarded_on = Honour.Occasion.TEACHERS_DAY, date(2025, 9, 10)


class ContestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contest
        django_get_or_create = ["township", "title", "date"]

    township = factory.SubFactory(TownshipFactory)
    kind, title, date = Contest.Kind.SPEECH, "师德演讲比赛", date(2026, 5, 4)


class EntryFactory(AtSchool):
    class Meta:
        model = ContestEntry

    contest = factory.SubFactory(ContestFactory)
    title = "用爱点亮每一盏灯"


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign
        django_get_or_create = ["township", "theme"]

    township = factory.SubFactory(TownshipFactory)
    theme, starts_on, ends_on = "倾情、用心、超越、奉献", date(2025, 9, 1), date(2026, 8, 31)


class ParticipantFactory(AtSchool):
    class Meta:
        model = CampaignParticipant

    campaign = factory.SubFactory(CampaignFactory)
